import * as Option from "effect/Option"
import { describe, expect, it } from "vitest"
import * as Partition from "../../src/cache/Partition.js"
import * as UnifiedCache from "../../src/cache/UnifiedCache.js"
import {
  accessToken,
  account,
  ada,
  addAccessToken,
  all,
  app,
  at,
  change,
  find,
  microsoft,
  parsed,
  refreshToken,
  secretsOf,
  type Sections,
  without,
  written
} from "./records.js"
import { dotnet, keys as dotnetKeys } from "./samples/dotnet.js"
import { keys as nodeKeys, node } from "./samples/node.js"
import { keys as pythonKeys, python } from "./samples/python.js"
import * as Values from "./samples/values.js"

const { clientId, guestTenantId, homeAccountId, tenantId, uid } = Values

describe("a token that is replaced", () => {
  it.each([
    ["Python", python, pythonKeys.accessToken],
    ["Node", node, nodeKeys.accessToken],
    ["Net", dotnet, dotnetKeys.accessToken]
  ])("goes, under whichever key and host: %s", (_, sections, key) => {
    const after = change(
      sections,
      (partition) => addAccessToken(partition, { scopes: ["User.Read", "openid", "profile", "email"] })
    )
    const ours = `${homeAccountId}-${microsoft}-accesstoken-${clientId}-${tenantId}-user.read email openid profile`
    expect(without(after["AccessToken"], ours)).toEqual(without(sections.AccessToken, key))
    expect(after["AccessToken"]?.[ours]).toMatchObject({ secret: "new", target: "User.Read email openid profile" })
  })

  it("takes its duplicates with it", () => {
    const both = { ...python, AccessToken: { ...node.AccessToken, ...python.AccessToken } }
    const after = change(
      both,
      (partition) => addAccessToken(partition, { scopes: ["User.Read", "openid", "profile", "email"] })
    )
    expect(Object.keys(without(after["AccessToken"], nodeKeys.accessToken))).toHaveLength(
      Object.keys(after["AccessToken"] ?? {}).length
    )
    expect(after["AccessToken"]).not.toHaveProperty([pythonKeys.accessToken])
    expect(find(parsed(after), { now: at(10).epochMillis })).toBe("new")
  })

  it("has no say over what is for other uses, on behalf of others or of other tenants", () => {
    const after = change(node, (partition) => addAccessToken(partition, { scopes: ["User.Read", "email"] }))
    expect(after["AccessToken"]).toMatchObject(without(node.AccessToken, nodeKeys.accessToken))
  })

  it("for other parameters or none stays", () => {
    const scopes = ["https://graph.microsoft.com/.default"]
    const own = (extendedCacheKey: string | undefined) => (partition: Partition.Partition) =>
      Partition.addAppToken(
        partition,
        accessToken("new", {
          scopes,
          requestedTenant: "contoso.example",
          ...extendedCacheKey !== undefined && { extendedCacheKey }
        }),
        false
      )
    const secrets = (sections: Sections) => secretsOf(all(UnifiedCache.read(parsed(sections), app)).accessTokens).sort()
    expect(secrets(change(python, own(undefined), app))).toEqual(["new", "python-fmi-token"])
    expect(secrets(change(python, own("a0ry_zl4gccsdp7gnw927x8s0mrmnodv6tyilt0u07m"), app))).toEqual([
      "new",
      "python-app-token"
    ])
    expect(secrets(change(python, own("another"), app))).toEqual(["new", "python-app-token", "python-fmi-token"])
  })
})

describe("a refresh token", () => {
  const rotate = (partition: Partition.Partition) =>
    Partition.setRefreshToken(partition, refreshToken("rotated", { modifiedAt: Option.some(at(60)) }))

  it("under a wrong key is salvaged under the right one, with all its members", () => {
    const entry = {
      credential_type: "RefreshToken",
      secret: "old",
      home_account_id: homeAccountId,
      environment: microsoft,
      client_id: clientId,
      family_id: "1",
      target: "User.Read openid",
      last_modification_time: "1800000000",
      unheard_of: { of: ["it"] }
    }
    const { RefreshToken } = change({ RefreshToken: { "a wrong key": entry } }, rotate)
    expect(RefreshToken).toEqual({
      [`${homeAccountId}-${microsoft}-refreshtoken-${clientId}--user.read openid`]: {
        ...entry,
        secret: "rotated",
        last_modification_time: "1900000060"
      }
    })
  })

  it.each([
    [
      "Python",
      python,
      pythonKeys.refreshToken,
      `${homeAccountId}-${microsoft}-refreshtoken-${clientId}--user.read openid profile`
    ],
    ["Node", node, nodeKeys.refreshToken, `${homeAccountId}-${microsoft}-refreshtoken-${clientId}--`],
    ["Net", dotnet, dotnetKeys.refreshToken, `${homeAccountId}-${microsoft}-refreshtoken-${clientId}--`]
  ])("of another program's is replaced, and no other: %s", (_, sections, old, ours) => {
    const { RefreshToken } = change(sections, rotate)
    expect(without(RefreshToken, ours)).toEqual(without(sections.RefreshToken, old))
    expect(RefreshToken?.[ours]).toMatchObject({ secret: "rotated" })
  })

  it("takes its duplicates with it", () => {
    const both = { RefreshToken: { ...python.RefreshToken, ...node.RefreshToken } }
    const { RefreshToken } = change(both, rotate)
    expect(Object.values(without(RefreshToken, `s-1-ada-adfs.contoso.example-refreshtoken-${clientId}--a`)))
      .toMatchObject([
        { secret: "rotated", family_id: "1", target: "User.Read openid profile" }
      ])
  })

  it("that is dropped is dropped with them", () => {
    const both = { RefreshToken: { ...dotnet.RefreshToken, ...node.RefreshToken } }
    const { RefreshToken } = change(
      both,
      (partition) =>
        all(partition).refreshTokens.reduce(Partition.removeRefreshToken, Partition.setAccount(partition, account()))
    )
    expect(Object.keys(RefreshToken ?? {})).toEqual([dotnetKeys.onBehalfOfRefreshToken])
  })
})

describe("a client's family", () => {
  const join = (familyId: string | undefined) => (partition: Partition.Partition) =>
    Partition.setRefreshToken(partition, refreshToken("new", { familyId: Option.fromNullable(familyId) }))
  const own = `appmetadata-${microsoft}-${clientId}`

  it.each<[string, object, string | undefined, object]>([
    ["is noted", {}, "1", { [own]: { client_id: clientId, environment: microsoft, family_id: "1" } }],
    ["is not noted where there is none", {}, undefined, {}],
    ["is never erased", python.AppMetadata, undefined, python.AppMetadata],
    ["stays as it is noted", python.AppMetadata, "1", python.AppMetadata],
    [
      "is another one",
      python.AppMetadata,
      "2",
      { ...python.AppMetadata, [own]: { client_id: clientId, environment: microsoft, family_id: "2" } }
    ],
    ["is noted under an alias where Node did", node.AppMetadata, "1", node.AppMetadata],
    [
      "is noted where .NET noted none, with what else is noted there",
      { [own]: { client_id: clientId, environment: "login.windows.net", family_id: "", more: 1 } },
      "1",
      { [own]: { client_id: clientId, environment: "login.windows.net", family_id: "1", more: 1 } }
    ],
    [
      "is nothing to another client or cloud",
      {
        a: { client_id: "another", environment: microsoft },
        b: { client_id: clientId, environment: "login.microsoftonline.us" },
        c: null
      },
      "1",
      {
        a: { client_id: "another", environment: microsoft },
        b: { client_id: clientId, environment: "login.microsoftonline.us" },
        c: null,
        [own]: { client_id: clientId, environment: microsoft, family_id: "1" }
      }
    ]
  ])("%s", (_, before, familyId, after) => {
    expect(change({ AppMetadata: before }, join(familyId))["AppMetadata"]).toEqual(after)
  })
})

describe("an account", () => {
  it("that is renamed keeps what other programs note of it", () => {
    const renamed = (sections: unknown) =>
      change(sections, (partition) => Partition.setAccount(partition, account({ username: "ada.king@example.com" })))
    expect(renamed(python)["Account"]).toEqual({
      ...python.Account,
      [pythonKeys.account]: { ...python.Account[pythonKeys.account], username: "ada.king@example.com" }
    })
    const ours = `${homeAccountId}-${microsoft}-${tenantId}`
    expect(renamed(dotnet)["Account"]?.[ours]).toMatchObject({
      username: "ada.king@example.com",
      environment: microsoft,
      given_name: "Ada",
      wam_account_ids: { [clientId]: "wam-account" }
    })
    expect(Object.keys(renamed(dotnet)["Account"] ?? {})).toEqual([ours])
  })

  it("at an AD FS stays one of an AD FS (feature 62)", () => {
    const key = Partition.userKeyAt("adfs.contoso.example", "S-1-Ada")
    const { Account } = change(python, (partition) =>
      Partition.setAccount(
        partition,
        account({
          homeAccountId: "S-1-Ada",
          environment: "adfs.contoso.example",
          tenantId: "adfs",
          username: "ada",
          authorityType: "ADFS"
        })
      ), key)
    expect(Account?.["s-1-ada-adfs.contoso.example-adfs"]).toEqual({
      ...python.Account["s-1-ada-adfs.contoso.example-adfs"],
      local_account_id: uid,
      username: "ada"
    })
  })

  const guest = {
    tenantId: guestTenantId,
    localAccountId: "guest-oid",
    username: "ada_example.com#EXT#@guest.example",
    name: Option.some("Ada, a guest")
  }

  it("of a guest has no entry of its own while a profile says as much", () => {
    const renamed = (partition: Partition.Partition) =>
      Partition.setAccount(partition, account({ username: "ada.king@example.com" }))
    const sections = change(node, renamed)
    expect(Object.keys(sections["Account"] ?? {})).toEqual([`${homeAccountId}-${microsoft}-${tenantId}`])
    const accounts = UnifiedCache.read(parsed(sections), ada).accounts
    expect(accounts.get(tenantId)?.account.username).toBe("ada.king@example.com")
    expect(accounts.get(guestTenantId)?.account).toMatchObject(guest)
    expect(change(node, (partition) => Partition.setAccount(partition, account(guest)))).toEqual(node)
  })

  it("of a guest who is renamed has one, which goes before the profile", () => {
    const sections = change(
      node,
      (partition) => Partition.setAccount(partition, account({ ...guest, username: "new" }))
    )
    expect(sections["Account"]).toMatchObject(node.Account)
    expect(sections["Account"]?.[`${homeAccountId}-${microsoft}-${guestTenantId}`]).toMatchObject({ username: "new" })
    expect(UnifiedCache.read(parsed(sections), ada).accounts.get(guestTenantId)?.account.username).toBe("new")
  })

  it("is not lost where two say of each other what they have in profiles", () => {
    const profile = (one: object) => [JSON.stringify(one)]
    const told = { localAccountId: "oid", username: "ada" }
    const entry = (realm: string, other: string) => ({
      home_account_id: homeAccountId,
      environment: microsoft,
      realm,
      local_account_id: "oid",
      username: "ada",
      tenantProfiles: profile({ tenantId: other, ...told })
    })
    const cache = parsed({ Account: { a: entry(tenantId, guestTenantId), b: entry(guestTenantId, tenantId) } })
    const copy = written(UnifiedCache.write(UnifiedCache.empty, ada, UnifiedCache.read(cache, ada)))
    expect(Object.keys(copy["Account"] ?? {})).toHaveLength(2)
  })
})
