import { describe, expect, it } from "@effect/vitest"
import { Accounts, ClientApplication, ClientCredentials, Partition, Silent, TokenCache } from "@grantwork/core"
import { FakeProvider, Reply, TokenFactory } from "@grantwork/testing"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { cached, entra, failure, generic, nextAnswer, refuse } from "../scenario.js"

const scopes = ["api://orders/.default"]
const tenant = "7e7e7e7e-0000-4000-8000-000000000001"
const application = { clientSecret: Redacted.make("s3cret of ours") }

const daemon = entra(tenant, { application })

const acquire = (request: Partial<ClientCredentials.Request> = {}) => ClientCredentials.acquire({ scopes, ...request })

/** What a provider answers a client in its own name. */
const answerBare = nextAnswer({
  id_token: undefined,
  refresh_token: undefined,
  client_info: undefined,
  scope: undefined
})

describe("ClientCredentials", () => {
  it.effect("sends the client's credential and the scopes, and nothing of a person", () =>
    Effect.gen(function*() {
      yield* answerBare
      const result = yield* acquire({ correlationId: "mine" })
      const [request] = yield* FakeProvider.requests("token")
      expect(request?.form).toEqual({
        client_id: FakeProvider.clientId,
        client_secret: "s3cret of ours",
        grant_type: "client_credentials",
        scope: "api://orders/.default"
      })
      expect(result).toMatchObject({
        scopes,
        source: "identity-provider",
        tenantId: tenant,
        account: Option.none(),
        idToken: Option.none(),
        idTokenClaims: Option.none(),
        refreshToken: Option.none(),
        correlationId: Option.some("mine")
      })
    }).pipe(Effect.provide(daemon)))

  it.effect("serves from the cache until the token is about to expire (feature 111)", () =>
    Effect.gen(function*() {
      const first = yield* acquire()
      const again = yield* acquire()
      expect(again).toMatchObject({ source: "cache", account: Option.none(), tenantId: tenant })
      expect(Redacted.value(again.accessToken)).toBe(Redacted.value(first.accessToken))
      yield* TestClock.adjust("56 minutes")
      expect((yield* acquire({ minValidity: "1 minute" })).source).toBe("cache")
      expect((yield* acquire()).source).toBe("identity-provider")
      expect(yield* FakeProvider.requests("token")).toHaveLength(2)
    }).pipe(Effect.provide(daemon)))

  const others: ReadonlyArray<readonly [string, Partial<ClientCredentials.Request>]> = [
    ["another resource", { scopes: ["api://stock/.default"] }],
    ["a forced refresh", { forceRefresh: true }],
    ["a claims challenge", { claims: "{\"access_token\":{\"nbf\":{\"essential\":true}}}" }]
  ]

  it.effect.each(others)("asks anew for %s", ([, request]) =>
    Effect.gen(function*() {
      yield* acquire()
      expect((yield* acquire(request)).source).toBe("identity-provider")
      expect(yield* FakeProvider.requests("token")).toHaveLength(2)
    }).pipe(Effect.provide(daemon)))

  it.effect("drops what an answer says of a person", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      yield* nextAnswer({ id_token: yield* factory.idToken({ nonce: "unverified" }), refresh_token: "theirs" })
      const result = yield* acquire()
      expect(result).toMatchObject({ account: Option.none(), idToken: Option.none(), refreshToken: Option.none() })
      expect(yield* Accounts.list()).toEqual([])
      expect(yield* cached).toEqual([])
    }).pipe(Effect.provide(daemon)))

  it.effect("keeps a client's token and a person's apart", () =>
    Effect.gen(function*() {
      yield* answerBare
      yield* acquire()
      const [account] = yield* Accounts.list()
      const person = yield* Silent.acquire({ scopes, account })
      expect(Redacted.value(person.accessToken)).toBe("cached-access-token-1")
      expect(Redacted.value((yield* acquire()).accessToken)).not.toBe("cached-access-token-1")
      yield* Accounts.remove(Option.getOrThrow(person.account))
      expect((yield* acquire()).source).toBe("cache")
    }).pipe(Effect.provide(entra(tenant, { application, accounts: [{ accessTokens: [{ scopes }] }] }))))

  it.effect("makes one request of a hundred equal calls, and remembers no failure", () =>
    Effect.gen(function*() {
      yield* refuse({ error: "temporarily_unavailable" }, 503)
      expect(yield* failure(acquire())).toMatchObject({ _tag: "ServerUnavailable" })
      yield* answerBare
      const fibers = yield* Effect.forEach(Array.from({ length: 100 }), () => Effect.fork(acquire()))
      yield* Effect.forEach(fibers.slice(0, 50), (fiber) => Fiber.interrupt(fiber))
      const results = yield* Fiber.join(Fiber.all(fibers.slice(50)))
      expect(new Set(results.map(({ accessToken }) => Redacted.value(accessToken))).size).toBe(1)
      expect(yield* FakeProvider.requests("token")).toHaveLength(2)
    }).pipe(Effect.provide(daemon)))

  it.effect("asks any provider, with no scopes if there are none", () =>
    Effect.gen(function*() {
      yield* nextAnswer({ id_token: undefined, refresh_token: undefined, scope: "reports" })
      expect(yield* acquire({ scopes: [] })).toMatchObject({ scopes: ["reports"], tenantId: "" })
      const [request] = yield* FakeProvider.requests("token")
      expect(request?.form).not.toHaveProperty("scope")
      expect((yield* acquire({ scopes: [] })).source).toBe("cache")
    }).pipe(Effect.provide(generic(application))))
})

describe("a token of other scopes", () => {
  const answerWith = (scope: string, secret: string) =>
    nextAnswer({ id_token: undefined, refresh_token: undefined, access_token: secret, scope })
  const secretOf = (scopes: ReadonlyArray<string>) =>
    Effect.map(acquire({ scopes }), ({ accessToken }) => Redacted.value(accessToken))

  it.effect("is never served, not for none and not for fewer", () =>
    Effect.gen(function*() {
      yield* answerWith("admin read", "powerful")
      expect(yield* secretOf(["admin", "read"])).toBe("powerful")
      yield* answerWith("", "plain")
      expect(yield* secretOf([])).toBe("plain")
      yield* answerWith("read", "reading")
      expect(yield* secretOf(["read"])).toBe("reading")
      for (const [scopes, secret] of [[["read", "admin"], "powerful"], [[], "plain"], [["read"], "reading"]] as const) {
        expect(yield* secretOf(scopes)).toBe(secret)
      }
      expect(yield* FakeProvider.requests("token")).toHaveLength(3)
    }).pipe(Effect.provide(generic(application))))

  it.effect("granted under another name is found again, and takes the place of the one before", () =>
    Effect.gen(function*() {
      const { clientId, authority } = yield* ClientApplication.ClientApplication
      const cache = yield* TokenCache.TokenCache
      for (const round of [1, 2, 3]) {
        yield* answerWith(`granted-${round}`, `secret-${round}`)
        expect(yield* acquire({ scopes: ["asked"], forceRefresh: true })).toMatchObject({
          scopes: [`granted-${round}`]
        })
        expect(yield* secretOf(["asked"])).toBe(`secret-${round}`)
      }
      const partition = yield* cache.read(Partition.appKey(authority, clientId))
      expect(partition.accessTokens.get(clientId)).toHaveLength(1)
    }).pipe(Effect.provide(generic(application))))

  it.effect("holds nobody up", () =>
    Effect.gen(function*() {
      const gate = yield* Deferred.make<void>()
      const reply = Reply.json({ access_token: "slow", token_type: "Bearer", expires_in: 3600 })
      yield* FakeProvider.answer("token", () => Effect.as(Deferred.await(gate), reply))
      const held = yield* Effect.fork(secretOf(["slow"]))
      yield* FakeProvider.awaitRequests("token")
      yield* answerWith("quick", "quick")
      expect(yield* secretOf(["quick"])).toBe("quick")
      yield* Deferred.succeed(gate, undefined)
      expect(yield* Fiber.join(held)).toBe("slow")
    }).pipe(Effect.provide(generic(application))))
})

describe("a token for a path of Federated Managed Identity (feature 99)", () => {
  const answerWith = (secret: string) =>
    nextAnswer({ id_token: undefined, refresh_token: undefined, client_info: undefined, access_token: secret })
  const secretOf = (fmiPath: string | undefined, request: Partial<ClientCredentials.Request> = {}) =>
    Effect.map(acquire({ fmiPath, ...request }), ({ accessToken }) => Redacted.value(accessToken))
  const paths = [undefined, "agent-app-id", "value", "VALUE"]

  it.effect("is asked for by the path", () =>
    Effect.gen(function*() {
      yield* answerBare
      yield* acquire({ fmiPath: "agents/a b" })
      const [request] = yield* FakeProvider.requests("token")
      expect(request?.form).toEqual({
        client_id: FakeProvider.clientId,
        client_secret: "s3cret of ours",
        grant_type: "client_credentials",
        scope: "api://orders/.default",
        fmi_path: "agents/a b"
      })
    }).pipe(Effect.provide(daemon)))

  it.effect("is cached apart from every other path's, and from the client's own", () =>
    Effect.gen(function*() {
      for (const path of paths) {
        yield* answerWith(`for ${path}`)
        expect(yield* secretOf(path)).toBe(`for ${path}`)
      }
      for (const path of paths) {
        expect(yield* secretOf(path)).toBe(`for ${path}`)
      }
      expect(yield* FakeProvider.requests("token")).toHaveLength(paths.length)
      yield* answerWith("renewed")
      expect(yield* secretOf("value", { forceRefresh: true })).toBe("renewed")
      expect(yield* Effect.forEach(paths, (path) => secretOf(path))).toEqual([
        "for undefined",
        "for agent-app-id",
        "renewed",
        "for VALUE"
      ])
    }).pipe(Effect.provide(daemon)))

  it.effect("is kept under the key that every MSAL has for it", () =>
    Effect.gen(function*() {
      const { authority, clientId } = yield* ClientApplication.ClientApplication
      yield* answerBare
      yield* acquire({ fmiPath: "agent-app-id" })
      const cache = yield* TokenCache.TokenCache
      const partition = yield* cache.read(Partition.appKey(authority, clientId))
      expect(partition.accessTokens.get(clientId)).toMatchObject([
        { extendedCacheKey: "a0ry_zl4gccsdp7gnw927x8s0mrmnodv6tyilt0u07m" }
      ])
    }).pipe(Effect.provide(daemon)))

  it.effect("shares its request with equal calls, and holds up no others", () =>
    Effect.gen(function*() {
      const gate = yield* Deferred.make<void>()
      const reply = Reply.json({ access_token: "slow", token_type: "Bearer", expires_in: 3600 })
      yield* FakeProvider.answer("token", () => Effect.as(Deferred.await(gate), reply))
      const held = yield* Effect.fork(Effect.all([secretOf("slow"), secretOf("slow")], { concurrency: 2 }))
      yield* FakeProvider.awaitRequests("token")
      for (const path of [undefined, "quick"]) {
        yield* answerWith(`for ${path}`)
        expect(yield* secretOf(path)).toBe(`for ${path}`)
      }
      yield* Deferred.succeed(gate, undefined)
      expect(yield* Fiber.join(held)).toEqual(["slow", "slow"])
      expect(yield* FakeProvider.requests("token")).toHaveLength(3)
    }).pipe(Effect.provide(daemon)))
})

describe("removal of a client's own tokens", () => {
  const tokens = Effect.gen(function*() {
    const { authority } = yield* ClientApplication.ClientApplication
    const cache = yield* TokenCache.TokenCache
    const own = yield* cache.read(Partition.appKey(authority, FakeProvider.clientId))
    return { own: own.accessTokens.size, people: (yield* cached).map(({ accessTokens }) => accessTokens.length) }
  })

  it.effect("leaves people's tokens alone (item 24) (feature 59)", () =>
    Effect.gen(function*() {
      yield* answerBare
      yield* acquire()
      expect(yield* tokens).toEqual({ own: 1, people: [1] })
      yield* ClientCredentials.remove()
      expect(yield* tokens).toEqual({ own: 0, people: [1] })
      yield* ClientCredentials.remove()
      yield* answerBare
      expect((yield* acquire()).source).toBe("identity-provider")
    }).pipe(Effect.provide(
      entra(tenant, {
        accounts: [{ accessTokens: [{ scopes: ["a"] }] }],
        application: { clientSecret: Redacted.make("s3cret") }
      })
    )))

  it.effect("is of one tenant (feature 59)", () =>
    Effect.gen(function*() {
      const elsewhere = { authority: "https://login.microsoftonline.com/fabrikam.example" }
      yield* answerBare
      yield* acquire()
      yield* ClientCredentials.remove(elsewhere)
      expect((yield* acquire()).source).toBe("cache")
      const several = { authority: "https://login.microsoftonline.com/common" }
      expect(yield* failure(ClientCredentials.remove(several))).toMatchObject({ argument: "authority" })
    }).pipe(Effect.provide(daemon)))
})

describe("what cannot be asked for", () => {
  const nothingSent = Effect.map(FakeProvider.requests("token"), (requests) => expect(requests).toEqual([]))

  const wrong: ReadonlyArray<readonly [string, Partial<ClientCredentials.Request>, object]> = [
    ["a scope that describes a person", { scopes: ["openid"] }, { _tag: "InvalidArgument", argument: "scopes" }],
    ["no scope at Microsoft", { scopes: [] }, { _tag: "InvalidArgument", argument: "scopes" }],
    [
      "several tenants",
      { authority: "https://login.microsoftonline.com/organizations" },
      { _tag: "InvalidArgument", argument: "authority" }
    ],
    [
      "another cloud",
      { authority: "https://login.microsoftonline.us/contoso.example" },
      { _tag: "InvalidArgument", argument: "authority" }
    ],
    ["claims that are none", { claims: "[]" }, { _tag: "InvalidArgument", argument: "claims" }],
    ...["", "\uD800", 1, null, {}, ["path"]].map((path) =>
      [
        `the path ${JSON.stringify(path)}`,
        { fmiPath: path as string },
        { _tag: "InvalidArgument", argument: "fmiPath" }
      ] as const
    )
  ]

  it.effect.each(wrong)("%s", ([, request, expected]) =>
    Effect.gen(function*() {
      expect(yield* failure(acquire(request))).toMatchObject(expected)
      yield* nothingSent
    }).pipe(Effect.provide(daemon)))

  it.effect("anything without a credential", () =>
    Effect.gen(function*() {
      expect(yield* failure(acquire())).toMatchObject({ _tag: "InvalidConfiguration", option: "clientSecret" })
      yield* nothingSent
    }).pipe(Effect.provide(entra(tenant))))

  it.effect("a wrong credential, without a word of it", () =>
    Effect.gen(function*() {
      yield* refuse(
        { error: "invalid_client", error_description: "hunter2+pass is wrong", error_codes: [7000215] },
        401
      )
      const error = yield* failure(acquire())
      expect(error).toMatchObject({ _tag: "InvalidClient" })
      expect(error.message).not.toContain("hunter2+pass")
      yield* FakeProvider.answer("token", Reply.json({ error: "server_error" }, { status: 500 }))
      expect(yield* failure(acquire())).toMatchObject({ _tag: "ServerUnavailable" })
    }).pipe(Effect.provide(entra(tenant, { application: { clientSecret: Redacted.make("hunter2+pass") } }))))
})
