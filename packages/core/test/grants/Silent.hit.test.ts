import { describe, expect, it } from "@effect/vitest"
import { Account, Silent } from "@grantwork/core"
import { FakeProvider, Person, type PrefilledTokenCache, ScriptedHttpClient } from "@grantwork/testing"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { ada, cached, entra, failure, generic, nextAnswer, signIn } from "../scenario.js"

const holding = (...accessTokens: ReadonlyArray<PrefilledTokenCache.AccessToken>) => ({ accounts: [{ accessTokens }] })

/** Where the token came from: the cached secret, or the network. */
const origin = (request: Omit<Silent.Request, "account">) =>
  Effect.gen(function*() {
    const result = yield* Silent.acquire({ account: yield* ada, ...request })
    return result.source === "cache" ? Redacted.value(result.accessToken) : result.source
  })

describe("a cache hit", () => {
  it.effect("is a whole result, and sends nothing", () =>
    Effect.gen(function*() {
      const account = yield* ada
      const result = yield* Silent.acquire({ scopes: ["api.read"], account })
      expect(result).toMatchObject({
        tokenType: "Bearer",
        scopes: ["api.read", "openid"],
        tenantId: Person.ada.tenantId,
        source: "cache",
        account: Option.some(account),
        correlationId: Option.none(),
        refreshToken: Option.none()
      })
      expect(Redacted.value(result.accessToken)).toBe("the token")
      expect(result.expiresAt.epochMillis).toBe(3_600_000)
      expect(Option.map(result.refreshAt, ({ epochMillis }) => epochMillis)).toEqual(Option.some(1_800_000))
      expect(Option.map(result.idToken, Redacted.value)).toEqual(Option.some("cached-id-token"))
      expect(Option.map(result.idTokenClaims, ({ sub }) => sub)).toEqual(Option.some("ada-subject"))
      expect(yield* ScriptedHttpClient.requests).toEqual([])
    }).pipe(Effect.provide(entra(
      "common",
      holding({ scopes: ["api.read", "openid"], secret: "the token", refreshIn: "30 minutes" })
    ))))

  it.effect("carries the caller's correlation id", () =>
    Effect.gen(function*() {
      const result = yield* Silent.acquire({ scopes: ["a"], account: yield* ada, correlationId: "mine" })
      expect(result.correlationId).toEqual(Option.some("mine"))
    }).pipe(Effect.provide(generic({}, holding({ scopes: ["a"] })))))

  it.effect("comes as an option, too", () =>
    Effect.gen(function*() {
      const result = yield* Silent.acquireOption({ scopes: ["a"], account: yield* ada })
      expect(Option.map(result, ({ source }) => source)).toEqual(Option.some("cache"))
    }).pipe(Effect.provide(generic({}, holding({ scopes: ["a"] })))))

  it.effect("asks nothing of a token whose refresh is merely suggested", () =>
    Effect.gen(function*() {
      expect(yield* origin({ scopes: ["a"] })).toBe("cached-access-token-1")
      expect(yield* ScriptedHttpClient.requests).toEqual([])
    }).pipe(Effect.provide(generic({}, holding({ scopes: ["a"], refreshIn: "50 minutes" })))))

  it.effect("works while the network is out of order, and the lock is not needed", () =>
    Effect.gen(function*() {
      yield* FakeProvider.answer("metadata", [])
      expect(yield* origin({ scopes: ["a"] })).toBe("cached-access-token-1")
    }).pipe(Effect.provide(generic({}, { ...holding({ scopes: ["a"] }), unavailable: ["lock", "modify", "list"] }))))
})

describe("scopes (feature 3)", () => {
  const tokens = holding({ scopes: ["api.read", "api.write"], secret: "wide" })

  it.effect.each(
    [
      [["api.read", "api.write"], "wide"],
      [["api.write", "api.read"], "wide"],
      [["api.read"], "wide"],
      [["api.read", "openid", "profile", "offline_access", "email"], "wide"],
      [["openid"], "wide"],
      [[], "wide"],
      [["api.read", "api.admin"], "identity-provider"],
      [["api"], "identity-provider"],
      [["API.READ"], "identity-provider"]
    ] as const
  )("%j at an OpenID Connect issuer: %s", ([scopes, expected]) =>
    Effect.gen(function*() {
      expect(yield* origin({ scopes })).toBe(expected)
    }).pipe(Effect.provide(generic({}, tokens))))

  it.effect("have no letter case at Microsoft", () =>
    Effect.gen(function*() {
      expect(yield* origin({ scopes: ["API.READ"] })).toBe("wide")
    }).pipe(Effect.provide(entra("common", tokens))))

  it.effect("the newest token that fits serves", () =>
    Effect.gen(function*() {
      expect(yield* origin({ scopes: ["a"] })).toBe("newer")
      expect(yield* origin({ scopes: ["b"] })).toBe("older")
    }).pipe(Effect.provide(generic(
      {},
      holding({ scopes: ["a", "c"], secret: "newer" }, { scopes: ["a", "b"], secret: "older" })
    ))))

  it.effect("that the provider renamed are asked for again, those it granted are not", () =>
    Effect.gen(function*() {
      yield* nextAnswer({ scope: "https://api.example.com/read" })
      yield* signIn(["read"])
      expect(yield* origin({ scopes: ["https://api.example.com/read"] })).toBe("access-token-1")
      const hit = yield* Silent.acquire({ account: yield* ada, scopes: ["https://api.example.com/read"] })
      expect(hit.scopes).toEqual(["https://api.example.com/read"])
      yield* nextAnswer({ scope: "https://api.example.com/read" })
      expect(yield* origin({ scopes: ["read"] })).toBe("identity-provider")
      expect(yield* FakeProvider.requests("token")).toHaveLength(2)
    }).pipe(Effect.provide(generic())))
})

describe("validity (feature 4)", () => {
  const tokens = holding({ scopes: ["a"], expiresIn: "1 hour" })

  it.effect.each(
    [
      [55 * 60_000, undefined, "cached-access-token-1"],
      [55 * 60_000 + 1, undefined, "identity-provider"],
      [60 * 60_000, undefined, "identity-provider"],
      [59 * 60_000, "1 minute", "cached-access-token-1"],
      [59 * 60_000 + 1, "1 minute", "identity-provider"],
      [60 * 60_000 - 1, 0, "cached-access-token-1"],
      [60 * 60_000, 0, "identity-provider"],
      [60 * 60_000 + 1, 0, "identity-provider"],
      [0, "1 hour", "cached-access-token-1"],
      [1, "1 hour", "identity-provider"],
      [0, "2 hours", "identity-provider"]
    ] as const
  )("%i ms after sign-in, with minValidity %j: %s", ([millis, minValidity, expected]) =>
    Effect.gen(function*() {
      yield* TestClock.setTime(millis)
      expect(yield* origin({ scopes: ["a"], minValidity })).toBe(expected)
    }).pipe(Effect.provide(generic({}, tokens))))

  it.effect("a token from the future, of a clock since turned back, does not count (feature 5)", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(2000)
      yield* signIn(["a"])
      expect(yield* origin({ scopes: ["a"] })).toBe("access-token-1")
      yield* TestClock.setTime(999)
      expect(yield* origin({ scopes: ["a"] })).toBe("identity-provider")
    }).pipe(Effect.provide(generic())))

  it.effect.each(["a while", Infinity, {}])("minValidity %j is refused", (minValidity) =>
    Effect.gen(function*() {
      const request = { scopes: [], account: yield* ada, minValidity: minValidity as number }
      expect(yield* failure(Silent.acquire(request))).toMatchObject({
        _tag: "InvalidArgument",
        argument: "minValidity"
      })
    }).pipe(Effect.provide(generic({}, tokens))))
})

describe("what passes over the cache", () => {
  const tokens = holding({ scopes: ["a"] })

  it.effect("forceRefresh (feature 6)", () =>
    Effect.gen(function*() {
      expect(yield* origin({ scopes: ["a"], forceRefresh: false })).toBe("cached-access-token-1")
      expect(yield* origin({ scopes: ["a"], forceRefresh: true })).toBe("identity-provider")
      const [request] = yield* FakeProvider.requests("token")
      expect(request?.form).toEqual({
        client_id: FakeProvider.clientId,
        grant_type: "refresh_token",
        refresh_token: "cached-refresh-token",
        scope: "a openid profile"
      })
      expect(yield* origin({ scopes: ["a"] })).toBe("access-token-1")
    }).pipe(Effect.provide(generic({}, tokens))))

  it.effect("a claims challenge, which is sent (feature 7)", () =>
    Effect.gen(function*() {
      const claims = "{\"access_token\":{\"nbf\":{\"essential\":true,\"value\":\"1\"}}}"
      expect(yield* origin({ scopes: ["a"], claims })).toBe("identity-provider")
      const [request] = yield* FakeProvider.requests("token")
      expect(request?.form).toEqual({
        client_id: FakeProvider.clientId,
        grant_type: "refresh_token",
        refresh_token: "cached-refresh-token",
        scope: "a openid profile",
        claims
      })
    }).pipe(Effect.provide(generic({}, tokens))))

  it.effect.each(["", "{}", "{ }"])(
    "not a claims challenge that demands nothing: %j",
    (claims) =>
      Effect.gen(function*() {
        expect(yield* origin({ scopes: ["a"], claims })).toBe("cached-access-token-1")
      }).pipe(Effect.provide(generic({}, tokens)))
  )

  it.effect.each(["[]", "null", "7", "{", "nbf"])("and %j is no claims challenge", (claims) =>
    Effect.gen(function*() {
      const error = yield* failure(Silent.acquire({ scopes: ["a"], account: yield* ada, claims }))
      expect(error).toMatchObject({ _tag: "InvalidArgument", argument: "claims" })
      expect(yield* ScriptedHttpClient.requests).toEqual([])
    }).pipe(Effect.provide(generic({}, tokens))))
})

describe("another client, account or tenant", () => {
  it.effect("another client's token is nobody's business", () =>
    Effect.gen(function*() {
      expect(yield* failure(Silent.acquire({ scopes: ["a"], account: yield* ada }))).toMatchObject({
        _tag: "InteractionRequired",
        reason: "no_token"
      })
      expect(yield* ScriptedHttpClient.requests).toEqual([])
    }).pipe(Effect.provide(generic({}, {
      accounts: [{ clientId: "another-client", accessTokens: [{ scopes: ["a"] }] }]
    }))))

  it.effect("an account of another provider is refused", () =>
    Effect.gen(function*() {
      const account = yield* ada
      const elsewhere = new Account.Account({ ...account, environment: "https://evil.example.com" })
      expect(yield* failure(Silent.acquire({ scopes: ["a"], account: elsewhere }))).toMatchObject({
        _tag: "InvalidArgument",
        argument: "account"
      })
    }).pipe(Effect.provide(generic({}, holding({ scopes: ["a"] })))))

  it.effect("an account's alias of the cloud is its own (feature 11)", () =>
    Effect.gen(function*() {
      const account = yield* ada
      const alias = new Account.Account({ ...account, environment: "sts.windows.net" })
      const result = yield* Silent.acquire({ scopes: ["a"], account: alias })
      expect(result.source).toBe("cache")
    }).pipe(Effect.provide(entra("common", holding({ scopes: ["a"] })))))

  const home = Person.ada.tenantId
  const guest = "90e57000-0000-4000-8000-000000000002"
  const tenants = {
    accounts: [{
      accessTokens: [
        { scopes: ["a"], secret: "as guest", tenantId: guest, requestedTenant: "guest.example.com" },
        { scopes: ["a"], secret: "at home", tenantId: home, requestedTenant: "common" }
      ]
    }]
  }
  const at = (tenant: string) => `https://login.microsoftonline.com/${tenant}`

  it.effect.each(
    [
      [undefined, "at home"],
      [at("common"), "at home"],
      [at("organizations"), "at home"],
      [at(home), "at home"],
      [at(guest), "as guest"],
      [at(guest.toUpperCase()), "as guest"],
      [at("guest.example.com"), "as guest"],
      [`https://login.windows.net/${guest}`, "as guest"]
    ] as const
  )("authority %s finds the token %s", ([authority, expected]) =>
    Effect.gen(function*() {
      expect(yield* origin({ scopes: ["a"], authority })).toBe(expected)
      expect(yield* ScriptedHttpClient.requests).toEqual([])
    }).pipe(Effect.provide(entra("common", tenants))))

  it.effect.each(
    [
      ["https://login.partner.microsoftonline.cn/common", "InvalidArgument"],
      ["https://evil.example.com/common", "InvalidAuthority"],
      ["http://login.microsoftonline.com/common", "InvalidAuthority"],
      ["https://login.microsoftonline.com/", "InvalidAuthority"],
      ["common", "InvalidAuthority"],
      ["", "InvalidAuthority"]
    ] as const
  )("authority %j is refused", ([authority, tag]) =>
    Effect.gen(function*() {
      expect((yield* failure(Silent.acquire({ scopes: ["a"], account: yield* ada, authority })))._tag).toBe(tag)
      expect(yield* ScriptedHttpClient.requests).toEqual([])
      expect(yield* cached).toHaveLength(1)
    }).pipe(Effect.provide(entra("common", tenants))))

  it.effect("an issuer has no other authority than itself", () =>
    Effect.gen(function*() {
      expect(yield* origin({ scopes: ["a"], authority: "https://id.example.com" })).toBe("cached-access-token-1")
      const error = yield* failure(
        Silent.acquire({ scopes: ["a"], account: yield* ada, authority: "https://id.example.org" })
      )
      expect(error).toMatchObject({ _tag: "InvalidArgument", argument: "authority" })
    }).pipe(Effect.provide(generic({}, holding({ scopes: ["a"] })))))
})
