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
  idToken,
  microsoft,
  parsed,
  refreshToken,
  written
} from "./records.js"
import { dotnet, keys as dotnetKeys } from "./samples/dotnet.js"
import { node } from "./samples/node.js"
import { keys as pythonKeys, python } from "./samples/python.js"
import * as Values from "./samples/values.js"

const { clientId, homeAccountId, tenantId, uid } = Values

describe("what is written of a sign-in", () => {
  const ownId = { home_account_id: homeAccountId, environment: microsoft }

  it("is what MSAL for Python and for .NET write, under their keys", () => {
    const partition = [
      (one: Partition.Partition) =>
        Partition.addAccessToken(
          one,
          accessToken("access token", {
            requestedTenant: "organizations",
            scopes: ["profile", "User.Read", "openid"],
            extendedExpiresAt: Option.some(at(7200)),
            refreshAt: Option.some(at(1800))
          }),
          false
        ),
      (one: Partition.Partition) =>
        Partition.setRefreshToken(one, refreshToken("refresh token", { familyId: Option.some("1") })),
      (one: Partition.Partition) => Partition.setIdToken(one, idToken()),
      (one: Partition.Partition) => Partition.setAccount(one, account({ name: Option.some("Ada Lovelace") }))
    ].reduce((one, add) => add(one), Partition.empty)
    expect(written(UnifiedCache.write(UnifiedCache.empty, ada, partition))).toEqual({
      AccessToken: {
        [`${homeAccountId}-${microsoft}-accesstoken-${clientId}-${tenantId}-user.read openid profile`]: {
          credential_type: "AccessToken",
          secret: "access token",
          ...ownId,
          client_id: clientId,
          realm: tenantId,
          requested_realm: "organizations",
          target: "User.Read openid profile",
          token_type: "Bearer",
          cached_at: "1900000000",
          expires_on: "1900003600",
          extended_expires_on: "1900007200",
          refresh_on: "1900001800"
        }
      },
      RefreshToken: {
        [`${homeAccountId}-${microsoft}-refreshtoken-${clientId}--`]: {
          credential_type: "RefreshToken",
          secret: "refresh token",
          ...ownId,
          client_id: clientId,
          family_id: "1",
          last_modification_time: "1900000000"
        }
      },
      IdToken: {
        [`${homeAccountId}-${microsoft}-idtoken-${clientId}-${tenantId}-`]: {
          credential_type: "IdToken",
          secret: Values.idToken(),
          ...ownId,
          client_id: clientId,
          realm: tenantId
        }
      },
      Account: {
        [`${homeAccountId}-${microsoft}-${tenantId}`]: {
          ...ownId,
          authority_type: "MSSTS",
          realm: tenantId,
          local_account_id: uid,
          username: "ada@example.com",
          name: "Ada Lovelace"
        }
      },
      AppMetadata: {
        [`appmetadata-${microsoft}-${clientId}`]: { client_id: clientId, environment: microsoft, family_id: "1" }
      }
    })
  })

  it("in a client's own name has no owner, and the tenant as it was asked by", () => {
    const ours = accessToken("own", { requestedTenant: "contoso.example", scopes: ["b/.default", "a/.default"] })
    const sections = change({}, (partition) => Partition.addAppToken(partition, ours, false), app)
    expect(sections).toEqual({
      AccessToken: {
        [`-${microsoft}-accesstoken-${clientId}-contoso.example-a/.default b/.default`]: {
          credential_type: "AccessToken",
          secret: "own",
          home_account_id: null,
          environment: microsoft,
          client_id: clientId,
          realm: "contoso.example",
          tenant_id: tenantId,
          target: "a/.default b/.default",
          token_type: "Bearer",
          cached_at: "1900000000",
          expires_on: "1900003600"
        }
      }
    })
    expect(all(UnifiedCache.read(parsed(sections), app)).accessTokens).toMatchObject([
      { tenantId, requestedTenant: "contoso.example" }
    ])
  })

  it("with parameters of the request has their key, as MSAL for Python writes it", () => {
    const extendedCacheKey = "a0ry_zl4gccsdp7gnw927x8s0mrmnodv6tyilt0u07m"
    const scopes = ["https://graph.microsoft.com/.default"]
    const ours = accessToken("own", { scopes, extendedCacheKey, tenantId: "", requestedTenant: "contoso.example" })
    const sections = change({}, (partition) => Partition.addAppToken(partition, ours, false), app)
    expect(Object.keys(sections["AccessToken"] ?? {})).toEqual([pythonKeys.fmiToken])
    expect(sections["AccessToken"]?.[pythonKeys.fmiToken]).toMatchObject({
      credential_type: "AccessToken",
      ext_cache_key: extendedCacheKey,
      realm: "contoso.example",
      tenant_id: ""
    })
    expect(all(UnifiedCache.read(parsed(sections), app)).accessTokens).toMatchObject([{
      extendedCacheKey,
      tenantId: ""
    }])
  })

  it("bound to a key is in a section of its own, which MSAL for Python takes no bearer token from", () => {
    const ours = accessToken("own", { scopes: ["Mail.Read"], tokenType: "pop", keyId: "Thumbprint" })
    const sections = change({}, (partition) => Partition.addAccessToken(partition, ours, false))
    const name = `${homeAccountId}-${microsoft}-accesstoken_with_authscheme-${clientId}-${tenantId}-mail.read-pop`
    expect(Object.keys(sections)).toEqual(["AccessToken_With_AuthScheme"])
    expect(Object.keys(sections["AccessToken_With_AuthScheme"] ?? {})).toEqual([name])
    expect(sections["AccessToken_With_AuthScheme"]?.[name]).toMatchObject({
      credential_type: "AccessToken_With_AuthScheme",
      token_type: "pop",
      key_id: "Thumbprint",
      secret: "own"
    })
    expect(all(UnifiedCache.read(parsed(sections), ada)).accessTokens).toMatchObject([
      { tokenType: "pop", keyId: "Thumbprint" }
    ])
    const another = accessToken("another", {
      ...ours,
      keyId: "another",
      cachedAt: at(1)
    })
    const both = change(sections, (partition) => Partition.addAccessToken(partition, another, false))
    expect(all(UnifiedCache.read(parsed(both), ada)).accessTokens).toMatchObject([
      { keyId: "another" },
      { keyId: "Thumbprint" }
    ])
  })

  it("at an issuer keeps its letter case in the keys", () => {
    const issuer = "https://id.example.com/A"
    const key = Partition.userKeyAt(issuer, "Subject")
    const sections = change({}, (partition) =>
      Partition.setAccount(
        Partition.addAccessToken(
          partition,
          accessToken("a", { environment: issuer, tenantId: "", requestedTenant: "" }),
          true
        ),
        account({ homeAccountId: "Subject", environment: issuer, tenantId: "", authorityType: "Generic" })
      ), key)
    expect(Object.keys(sections["Account"] ?? {})).toEqual([`Subject-${issuer}-`])
    expect(sections["Account"]?.[`Subject-${issuer}-`]).toMatchObject({ authority_type: "Generic", realm: "" })
    expect(Object.keys(sections["AccessToken"] ?? {})).toEqual([
      `Subject-${issuer}-accesstoken-${clientId}--User.Read openid profile`
    ])
  })

  it("holds times in whole seconds, rounded down", () => {
    const { AccessToken } = change(
      {},
      (partition) => addAccessToken(partition, { cachedAt: at(0.999), expiresAt: at(60.5) })
    )
    expect(Object.values(AccessToken ?? {})).toMatchObject([{ cached_at: "1900000000", expires_on: "1900000060" }])
  })
})

describe("an entry of which nothing has changed", () => {
  it.each([["Python", python], ["Node", node], ["Net", dotnet]])(
    "stays byte for byte where the partition is written as it is: %s",
    (_, sections) => {
      const cache = parsed(sections)
      const text = UnifiedCache.stringify(cache)
      for (const key of UnifiedCache.keys(cache)) {
        expect(UnifiedCache.write(cache, key, UnifiedCache.read(cache, key))).toBe(cache)
        const copied = UnifiedCache.write(cache, key, { ...UnifiedCache.read(cache, key) })
        expect(UnifiedCache.stringify(copied)).toBe(text)
      }
    }
  )

  it.each([["Python", python], ["Node", node], ["Net", dotnet]])("stays where another is added: %s", (_, sections) => {
    const added = { scopes: ["Mail.Read"] }
    const after = change(sections, (partition) => addAccessToken(partition, added))
    const key = `${homeAccountId}-${microsoft}-accesstoken-${clientId}-${tenantId}-mail.read`
    expect(after).toEqual({ ...sections, AccessToken: { ...sections.AccessToken, [key]: expect.anything() } })
  })

  it("stays where it is for other uses only, unless the account is removed", () => {
    const cache = parsed({ AccessToken: { pop: dotnet.AccessToken[dotnetKeys.popToken] } })
    const partition = UnifiedCache.read(cache, ada)
    expect(Partition.isEmpty(partition)).toBe(true)
    expect(UnifiedCache.write(cache, ada, partition)).toBe(cache)
    expect(written(UnifiedCache.write(cache, ada, Partition.empty))).toEqual({ AccessToken: {} })
  })

  it("stays where a whole account goes that has no entries", () => {
    const cache = parsed(python)
    const nobody = Partition.userKeyAt(microsoft, "nobody")
    expect(UnifiedCache.write(cache, nobody, Partition.empty)).toBe(cache)
  })
})

describe("keys that values make equal", () => {
  it("are told apart, and stay so", () => {
    const one = Partition.userKeyAt("login.example.com", "a-login.example.com-b")
    const accountOf = (key: Partition.UserKey, tenantId: string) =>
      account({ homeAccountId: key.homeAccountId, environment: key.provider, tenantId, username: tenantId })
    const two = Partition.userKeyAt("login.example.com", "a")
    const three = Partition.userKeyAt("login.example.com", "A")
    const cache = [
      [one, accountOf(one, "c")] as const,
      [two, accountOf(two, "b-login.example.com-c")] as const,
      [three, accountOf(three, "b-login.example.com-c")] as const
    ].reduce(
      (cache, [key, account]) => UnifiedCache.write(cache, key, Partition.setAccount(Partition.empty, account)),
      UnifiedCache.empty
    )
    const key = "a-login.example.com-b-login.example.com-c"
    expect(Object.keys(written(cache)["Account"] ?? {})).toEqual([key, `${key}#2`, `${key}#3`])
    const again = parsed(written(UnifiedCache.write(parsed(written(cache)), one, Partition.empty)))
    expect(UnifiedCache.keys(again)).toEqual([two, three])
    const added = UnifiedCache.write(again, one, UnifiedCache.read(cache, one))
    expect(Object.keys(written(added)["Account"] ?? {})).toEqual([`${key}#2`, `${key}#3`, key])
  })
})
