import * as Either from "effect/Either"
import * as Option from "effect/Option"
import { describe, expect, it } from "vitest"
import * as Partition from "../../src/cache/Partition.js"
import * as UnifiedCache from "../../src/cache/UnifiedCache.js"
import * as AuthorityUrl from "../../src/domain/AuthorityUrl.js"
import { accessToken, idToken } from "./entries.js"
import { ada, adaIn, all, appKey, at, find, microsoft, parsed, secretsOf, type Sections } from "./records.js"
import { dotnet } from "./samples/dotnet.js"
import { node } from "./samples/node.js"
import { python } from "./samples/python.js"
import * as Values from "./samples/values.js"

const { clientId, guestTenantId, homeAccountId, tenantId, uid } = Values

describe("a sign-in that MSAL cached", () => {
  it.each([
    ["for Python", python, microsoft, ["User.Read", "openid", "profile"], 7200, Option.none()],
    ["for Node", node, "login.windows.net", ["User.Read", "openid", "profile", "email"], 10_800, "Ada Lovelace"],
    ["for .NET", dotnet, "login.windows.net", ["openid", "profile", "user.read"], 7200, "Ada Lovelace"]
  ])("%s is read in full", (_, sections, environment, scopes, extended, name) => {
    const { accessTokens, accounts, idTokens, refreshTokens } = all(adaIn(sections))
    expect(accessTokens[0]).toMatchObject({
      environment,
      clientId,
      tenantId,
      requestedTenant: tenantId,
      scopes,
      tokenType: "Bearer",
      cachedAt: at(0),
      expiresAt: at(3600),
      extendedExpiresAt: Option.some(at(extended)),
      refreshAt: Option.some(at(1800))
    })
    expect(refreshTokens).toHaveLength(1)
    expect(refreshTokens[0]).toMatchObject({ environment, clientId })
    expect(idTokens[0]).toMatchObject({
      environment,
      clientId,
      tenantId,
      claims: { sub: "ada-subject", tid: tenantId }
    })
    expect(accounts[0]?.account).toMatchObject({
      homeAccountId,
      environment,
      tenantId,
      localAccountId: uid,
      username: "ada@example.com",
      name: typeof name === "string" ? Option.some(name) : name,
      authorityType: "MSSTS"
    })
  })

  it.each([
    ["Python", python, "python", Option.some("1"), Option.some(at(0))],
    ["Node", node, "node", Option.some("1"), Option.none()],
    ["Net", dotnet, "dotnet", Option.none(), Option.none()]
  ])("by %s has its secrets, and no others", (_, sections, name, familyId, modifiedAt) => {
    const { accessTokens, refreshTokens } = all(adaIn(sections))
    expect(secretsOf(accessTokens)).toContain(`${name}-access-token`)
    expect(secretsOf(accessTokens).filter((secret) => !/(?:access|guest)-token$/.test(secret))).toEqual([])
    expect(secretsOf(refreshTokens)).toEqual([`${name}-refresh-token`])
    expect(refreshTokens[0]).toMatchObject({ familyId, modifiedAt })
  })

  it.each([
    ["Python", python, "contoso.example", "python-app-token"],
    ["Node", node, tenantId, "node-app-token"],
    ["Net", dotnet, tenantId, "dotnet-app-token"]
  ])("by %s is apart from what the client has in its own name", (_, sections, tenant, secret) => {
    const cache = parsed(sections)
    expect(find(cache, { key: appKey(tenant), acceptsTenant: () => true })).toBe(secret)
    expect(find(cache, { key: appKey("another.example"), acceptsTenant: () => true })).toBeUndefined()
    expect(secretsOf(all(UnifiedCache.read(cache, ada)).accessTokens)).not.toContain(secret)
  })

  it("names whose partitions there are", () => {
    expect(UnifiedCache.keys(parsed(python))).toEqual([
      ada,
      Partition.userKeyAt("adfs.contoso.example", "S-1-Ada"),
      appKey("contoso.example")
    ])
    expect(UnifiedCache.keys(parsed(node))).toEqual([ada, appKey(tenantId)])
    expect(UnifiedCache.keys(UnifiedCache.empty)).toEqual([])
  })

  it("at an AD FS is read by its subject, whose letter case counts", () => {
    const cache = parsed(python)
    const key = Partition.userKeyAt("adfs.contoso.example", "S-1-Ada")
    expect(find(cache, { key, acceptsTenant: ({ tenantId }) => tenantId === "adfs" })).toBe("adfs-access-token")
    expect(Partition.account(UnifiedCache.read(cache, key))).toMatchObject(Option.some({ tenantId: "adfs" }))
    const other = Partition.userKeyAt("adfs.contoso.example", "s-1-ada")
    expect(Partition.isEmpty(UnifiedCache.read(cache, other))).toBe(true)
  })
})

describe("an access token is found by its values", () => {
  const among = (change: object): Sections => ({ AccessToken: { "any key": { ...accessToken, ...change } } })

  it.each<[string, object, boolean]>([
    ["as they are", {}, true],
    ["under an alias of the same cloud", { environment: "sts.windows.net" }, true],
    ["under the host in upper case", { environment: "LOGIN.Windows.NET" }, true],
    ["under a host of another cloud", { environment: "login.microsoftonline.us" }, false],
    ["under an unknown host", { environment: "login.example.com" }, false],
    ["under a host with a port, which is another one", { environment: `${microsoft}:8443` }, false],
    ["without a host", { environment: undefined }, false],
    ["with a home account id in upper case", { home_account_id: homeAccountId.toUpperCase() }, true],
    ["for another account", { home_account_id: `${uid}.${guestTenantId}` }, false],
    ["for another client", { client_id: "another" }, false],
    ["without a client", { client_id: undefined }, false],
    ["in another tenant", { realm: guestTenantId }, false],
    ["in the tenant in upper case", { realm: tenantId.toUpperCase() }, true],
    ["in common, which is the home tenant", { realm: "common" }, true],
    ["in organizations, which is the home tenant", { realm: "Organizations" }, true],
    ["without a tenant, which is the home tenant", { realm: undefined }, true],
    ["of type bearer, as AD FS writes it", { token_type: "bearer" }, true],
    ["of no type", { token_type: undefined }, true],
    ["of an empty type", { token_type: "" }, true],
    ["of another type", { token_type: "pop" }, false],
    ["of a type that is no text", { token_type: 1 }, false],
    ["without a credential type", { credential_type: undefined }, true],
    ["of another credential type", { credential_type: "AccessToken_With_AuthScheme" }, false],
    ["with an empty secret", { secret: "" }, false],
    ["with a secret that is no text", { secret: 1 }, false],
    ["bound to a key, by Python", { key_id: "key" }, false],
    ["bound to a key, by .NET", { kid: "key" }, false],
    [
      "bound to a key",
      { credential_type: "AccessToken_With_AuthScheme", token_type: "pop", key_id: "key" },
      false
    ],
    ["for Python's parameters", { ext_cache_key: "hash" }, false],
    ["for parameters that are no text", { ext_cache_key: 1 }, false],
    ["for Node's parameters", { additionalCacheKeyComponents: { fmi_path: "a" } }, false],
    ["for .NET's parameters", { ext: { a: "b" } }, false],
    ["for parameters .NET keeps", { persisted_cache_parameters: { a: "b" } }, false],
    ["on behalf of a person, by Node", { userAssertionHash: "hash" }, false],
    ["on behalf of a person, by .NET", { user_assertion_hash: "hash" }, false],
    ["for claims, by an older Node", { requestedClaimsHash: "hash" }, false],
    ["for a resource", { resource: "https://mcp.example.com" }, false],
    [
      "for special uses of which nothing is said",
      { key_id: null, ext: {}, userAssertionHash: "", ext_cache_key: "", resource: null },
      true
    ],
    ["with an unknown member", { unheard_of: { of: ["it"] } }, true]
  ])("%s: %#", (_, change, isFound) => {
    expect(find(parsed(among(change)))).toBe(isFound ? "secret" : undefined)
  })

  it.each<[string, unknown, boolean]>([
    ["as text", String(Values.now + 60), true],
    ["as a number", Values.now + 60, true],
    ["with a fraction", `${Values.now + 60}.75`, true],
    ["a moment ago", String(Values.now), false],
    ["as text that is none", "soon", false],
    ["as empty text", "", false],
    ["as NaN", "NaN", false],
    ["in hexadecimal", "0xFFFFFFFF", false],
    ["negative", "-1", false],
    ["a negative number", -5, false],
    ["beyond all calendars", "99999999999999999999", false],
    ["infinite", "Infinity", false],
    ["missing", undefined, false],
    ["null", null, false],
    ["in a list", [Values.now + 60], false],
    ["true", true, false]
  ])("that expires %s", (_, expires_on, isFound) => {
    expect(find(parsed(among({ expires_on })))).toBe(isFound ? "secret" : undefined)
  })

  it("reads the other times where they are sensible, and the older name of one", () => {
    const read = (change: object) => all(adaIn(among(change))).accessTokens[0]
    expect(read({ cached_at: "never", refresh_on: -3, extended_expires_on: {} })).toMatchObject({
      cachedAt: at(-Values.now),
      refreshAt: Option.none(),
      extendedExpiresAt: Option.none()
    })
    expect(read({ extended_expires_on: "", ext_expires_on: String(Values.now + 9) })?.extendedExpiresAt).toEqual(
      Option.some(at(9))
    )
  })

  it("is found for whoever it is, in any letter case, and for nobody else", () => {
    const [one, other] = [`${uid.slice(0, -1)}a.${tenantId}`, `${uid.slice(0, -1)}b.${tenantId}`]
    const cache = () => parsed(among({ home_account_id: one.toUpperCase() }))
    const findOf = (homeAccountId: string) => find(cache(), { key: Partition.userKeyAt(microsoft, homeAccountId) })
    expect([one, one.toUpperCase(), other].map(findOf)).toEqual(["secret", "secret", undefined])
  })

  it("is found for an issuer's subject in its own letter case only, even if it looks like Microsoft's", () => {
    const issuer = "https://id.example.com"
    const subject = homeAccountId.toUpperCase()
    const cache = parsed(among({ environment: issuer, home_account_id: subject, realm: "" }))
    const findOf = (subject: string) =>
      find(cache, { key: Partition.userKeyAt(issuer, subject), acceptsTenant: () => true })
    expect([subject, homeAccountId].map(findOf)).toEqual(["secret", undefined])
  })

  it("belongs to nobody else where its owner is no text", () => {
    for (const home_account_id of [1, {}, ["a"], true]) {
      expect(UnifiedCache.keys(parsed(among({ home_account_id })))).toEqual([])
    }
    for (const home_account_id of ["", null, undefined]) {
      expect(UnifiedCache.keys(parsed(among({ home_account_id })))).toEqual([appKey(tenantId)])
    }
  })

  it("knows a sovereign cloud by its own alias, and an unknown host only by itself", () => {
    const cache = parsed({
      AccessToken: {
        usGov: { ...accessToken, secret: "gov", environment: "login.usgovcloudapi.net" },
        unknown: { ...accessToken, secret: "unknown", environment: "login.example.com" }
      }
    })
    const policy = { knownAuthorities: ["login.example.com"], allowInsecureLoopback: false }
    const findAt = (host: string) =>
      find(cache, {
        key: Partition.userKey(
          Either.getOrThrow(AuthorityUrl.microsoft(`https://${host}/common`, policy)),
          homeAccountId
        )
      })
    expect(["login.microsoftonline.us", "login.example.com", microsoft, "login.chinacloudapi.cn"].map(findAt)).toEqual([
      "gov",
      "unknown",
      undefined,
      undefined
    ])
  })
})

describe("the tenant of an ID token", () => {
  const tenantIn = (realm: unknown, claims: object, home_account_id = homeAccountId) =>
    all(UnifiedCache.read(
      parsed({ IdToken: { key: { ...idToken, secret: Values.idToken({ ...claims }), realm, home_account_id } } }),
      Partition.userKeyAt(microsoft, home_account_id)
    )).idTokens[0]?.tenantId

  it.each<[string, unknown, object, string, string]>([
    ["is the realm", guestTenantId, {}, homeAccountId, guestTenantId],
    ["is the realm, a policy", "B2C_1_SignIn", {}, homeAccountId, "b2c_1_signin"],
    ["is the home tenant for common", "common", {}, homeAccountId, tenantId],
    ["is empty where it is", "", { tid: guestTenantId }, homeAccountId, ""],
    ["is tid where there is no realm", undefined, { tid: guestTenantId, tfp: "p" }, homeAccountId, guestTenantId],
    ["is tfp where there is no tid", null, { tid: undefined, tfp: "Policy", acr: "a" }, homeAccountId, "policy"],
    ["is acr where there is neither", undefined, { tid: "", acr: "Acr" }, homeAccountId, "acr"],
    ["is the home tenant where there is nothing", undefined, { tid: undefined }, homeAccountId, tenantId],
    ["is empty where there is nothing at all", undefined, { tid: undefined }, "subject", ""]
  ])("%s", (_, realm, claims, owner, expected) => {
    expect(tenantIn(realm, claims, owner)).toBe(expected)
  })

  it("is of no use without a token", () => {
    expect(all(adaIn({ IdToken: { key: { ...idToken, secret: "not.a.token" } } })).idTokens).toEqual([])
  })
})
