import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { describe, expect, it } from "vitest"
import * as Partition from "../../src/cache/Partition.js"
import * as UnifiedCache from "../../src/cache/UnifiedCache.js"
import { account, ada, addAccessToken, at, change, microsoft, refreshToken, without } from "./records.js"
import { keys as pythonKeys, python } from "./samples/python.js"
import * as Values from "./samples/values.js"

const { clientId, homeAccountId, tenantId } = Values

describe("what other programs keep (feature 105)", () => {
  const foreign = {
    Unknown: { "some key": { of: ["it"] } },
    Numbers: [1, 2.5, true, null, "text"],
    AppMetadata: { strange: 1 },
    AccessToken: {
      unreadable: { credential_type: "Other", secret: "s", home_account_id: homeAccountId, environment: microsoft },
      nothing: null,
      list: [1],
      text: "text"
    }
  }

  it("stays after any change", () => {
    const added = change(foreign, (partition) => Partition.setAccount(addAccessToken(partition), account()))
    expect(added).toMatchObject(foreign)
    const renewed = change(added, (partition) => addAccessToken(partition, { cachedAt: at(20), expiresAt: at(4000) }))
    expect(renewed).toMatchObject(foreign)
    expect(Object.keys(renewed["AccessToken"] ?? {})).toHaveLength(5)
  })

  it("stays where the account goes, but for what is the account's", () => {
    const { AccessToken } = foreign
    const removed = change(
      change(foreign, (partition) => addAccessToken(partition)),
      () => Partition.empty
    )
    expect(removed).toEqual({ ...foreign, AccessToken: without(AccessToken, "unreadable") })
  })

  it("is not written over under a key that ours would have", () => {
    const key = `${homeAccountId}-${microsoft}-accesstoken-${clientId}-${tenantId}-user.read openid profile`
    const bound = { ...python.AccessToken[pythonKeys.accessToken], secret: "bound", key_id: "key" }
    const once = change({ AccessToken: { [key]: bound } }, (partition) => addAccessToken(partition))
    expect(Object.keys(once["AccessToken"] ?? {})).toEqual([key, `${key}#2`])
    expect(once["AccessToken"]?.[key]).toEqual(bound)
    const twice = change(once, (partition) => addAccessToken(partition, { secret: Redacted.make("newer") }))
    expect(twice["AccessToken"]).toMatchObject({ [key]: bound, [`${key}#2`]: { secret: "newer" } })
    expect(Object.keys(twice["AccessToken"] ?? {})).toHaveLength(2)
  })

  it("is kept of numbers that JavaScript cannot hold", () => {
    const entry = JSON.stringify({
      home_account_id: homeAccountId,
      environment: microsoft,
      realm: tenantId,
      username: "a"
    })
    const text = `{"Unknown":[12345678901234567890,1e400,-9007199254740993,0.5],"Account":{"a":${
      entry.replace("{", "{\"id\":123456789012345678901,")
    }}}`
    const cache = Option.getOrThrow(UnifiedCache.parse(text))
    expect(UnifiedCache.stringify(cache)).toBe(text)
    const partition = UnifiedCache.read(cache, ada)
    const renamed = Partition.setAccount(partition, account({ username: "b" }))
    expect(UnifiedCache.stringify(UnifiedCache.write(cache, ada, renamed))).toMatch(
      /\[12345678901234567890,1e400,-9007199254740993,0\.5\].*"id":123456789012345678901\b.*"username":"b"/
    )
    expect(UnifiedCache.stringify(UnifiedCache.write(UnifiedCache.empty, ada, renamed))).toContain(
      "\"id\":123456789012345678901,"
    )
  })

  it("is kept of names that prototypes have", () => {
    const entry = JSON.stringify({
      home_account_id: homeAccountId,
      environment: microsoft,
      realm: tenantId,
      username: "a"
    })
    const text = `{"__proto__":{"a":1},"Account":{"__proto__":{"b":2},"a":${
      entry.replace("{", "{\"__proto__\":{\"c\":3},\"constructor\":4,")
    }},"AppMetadata":{"__proto__":{"client_id":"${clientId}","environment":"${microsoft}"}}}`
    const cache = Option.getOrThrow(UnifiedCache.parse(text))
    const renamed = Partition.setRefreshToken(
      Partition.setAccount(UnifiedCache.read(cache, ada), account({ username: "b" })),
      refreshToken("family's", { familyId: Option.some("1") })
    )
    const after = UnifiedCache.stringify(UnifiedCache.write(cache, ada, renamed))
    for (
      const kept of ["\"__proto__\":{\"a\":1}", "\"__proto__\":{\"b\":2}", "\"__proto__\":{\"c\":3},\"constructor\":4"]
    ) {
      expect(after).toContain(kept)
    }
    expect(after).toContain("\"family_id\":\"1\"")
  })
})
