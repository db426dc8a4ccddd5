import { describe, expect, it } from "vitest"
import * as Partition from "../../src/cache/Partition.js"
import * as UnifiedCache from "../../src/cache/UnifiedCache.js"
import { ada, app, change, parsed, without } from "./records.js"
import { dotnet, keys as dotnetKeys } from "./samples/dotnet.js"
import { node } from "./samples/node.js"
import { keys as pythonKeys, python } from "./samples/python.js"
import * as Values from "./samples/values.js"

const { homeAccountId, tenantId } = Values

describe("an account that is removed", () => {
  const other = {
    ...python.Account[pythonKeys.account],
    home_account_id: `b2b2b2b2-0000-4000-8000-00000067ace0.${tenantId}`,
    username: "grace@example.com"
  }
  const theirs = { ...python.AccessToken[pythonKeys.accessToken], client_id: "another client", secret: "theirs" }
  const otherCloud = { ...python.AccessToken[pythonKeys.accessToken], environment: "login.microsoftonline.us" }
  const everything = {
    AccessToken: { ...python.AccessToken, ...node.AccessToken, ...dotnet.AccessToken, theirs, otherCloud },
    RefreshToken: { ...python.RefreshToken, ...node.RefreshToken, ...dotnet.RefreshToken },
    IdToken: { ...python.IdToken, ...node.IdToken, ...dotnet.IdToken },
    Account: { ...python.Account, ...node.Account, ...dotnet.Account, other },
    AppMetadata: { ...python.AppMetadata, ...node.AppMetadata },
    Unknown: { kept: homeAccountId }
  }

  it("takes everything of it: of every client and host, for whatever use, and nothing else", () => {
    const after = change(everything, () => Partition.empty)
    const kept = (section: Readonly<Record<string, object>>, ...others: ReadonlyArray<string>) =>
      Object.fromEntries(
        Object.entries(section).filter(([key, entry]) =>
          others.includes(key) || !("home_account_id" in entry && entry.home_account_id === homeAccountId)
        )
      )
    expect(after).toEqual({
      AccessToken: kept(everything.AccessToken, "otherCloud"),
      RefreshToken: kept(everything.RefreshToken),
      IdToken: kept(everything.IdToken),
      Account: kept(everything.Account),
      AppMetadata: everything.AppMetadata,
      Unknown: everything.Unknown
    })
    expect(Object.keys(after["AccessToken"] ?? {})).toHaveLength(7)
    expect(Object.keys(after["Account"] ?? {})).toHaveLength(2)
  })

  it("leaves sections empty rather than missing", () => {
    expect(change(dotnet, () => Partition.empty)).toEqual({
      AccessToken: { [dotnetKeys.appToken]: dotnet.AccessToken[dotnetKeys.appToken] },
      RefreshToken: {},
      IdToken: {},
      Account: {},
      AppMetadata: dotnet.AppMetadata
    })
  })

  it("may be a client in its own name", () => {
    const after = change(python, () => Partition.empty, app)
    expect(Object.keys(after["AccessToken"] ?? {})).toEqual(
      Object.keys(without(python.AccessToken, pythonKeys.appToken, pythonKeys.fmiToken))
    )
  })

  it("has nothing to read any more", () => {
    const cache = parsed(everything)
    const after = UnifiedCache.write(cache, ada, Partition.empty)
    expect(UnifiedCache.read(after, ada)).toBe(Partition.empty)
    expect(UnifiedCache.keys(after)).toHaveLength(UnifiedCache.keys(cache).length - 1)
  })
})
