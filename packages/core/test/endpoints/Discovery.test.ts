import { describe, expect, it } from "@effect/vitest"
import { FakeProvider, Reply, ScriptedHttpClient, TokenFactory } from "@grantwork/testing"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { cached, entra, entraAtAlias, failure, generic, issuer, outcome, signIn } from "../scenario.js"

const metadataRequests = Effect.map(FakeProvider.requests("metadata"), (requests) => requests.length)

const answerMetadata = (differences: TokenFactory.Differences) =>
  Effect.gen(function*() {
    const factory = yield* TokenFactory.TokenFactory
    yield* FakeProvider.answer("metadata", Reply.json(factory.metadata(differences)))
  })

describe("discovery", () => {
  it.effect("asks the well-known address and nothing else", () =>
    Effect.gen(function*() {
      yield* signIn()
      const [request] = yield* FakeProvider.requests("metadata")
      expect(request).toEqual({
        method: "GET",
        url: `${issuer}/.well-known/openid-configuration`,
        headers: { accept: "application/json" },
        body: "",
        form: undefined,
        json: undefined
      })
    }).pipe(Effect.provide(generic())))

  it.effect("keeps an issuer's path and drops its last slash", () =>
    Effect.gen(function*() {
      yield* signIn()
      const [request] = yield* FakeProvider.requests("metadata")
      expect(request?.url).toBe("https://id.example.com/realms/one/.well-known/openid-configuration")
    }).pipe(Effect.provide(generic({ issuer: "https://id.example.com/realms/one/" }))))

  it.effect.each(["common", "organizations", "example.com", "7e7e7e7e-0000-4000-8000-000000000001"])(
    "asks for version 2.0 of Microsoft's tenant %s",
    (tenant) =>
      Effect.gen(function*() {
        yield* signIn()
        const [request] = yield* FakeProvider.requests("metadata")
        expect(request?.url).toBe(`https://login.windows.net/${tenant}/v2.0/.well-known/openid-configuration`)
      }).pipe(Effect.provide(entraAtAlias(tenant)))
  )

  it.effect("remembers metadata for a day (feature 117)", () =>
    Effect.gen(function*() {
      yield* signIn()
      yield* TestClock.adjust("23 hours")
      yield* TestClock.adjust("3599 seconds")
      yield* signIn()
      expect(yield* metadataRequests).toBe(1)
      yield* TestClock.adjust("2 seconds")
      yield* signIn()
      expect(yield* metadataRequests).toBe(2)
    }).pipe(Effect.provide(generic())))

  it.effect("does not remember a failure", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      yield* FakeProvider.answer("metadata", [
        Reply.empty({ status: 503 }),
        Reply.empty({ status: 404 }),
        Reply.disconnected(),
        Reply.json(factory.metadata({ issuer: "https://evil.example.com" })),
        Reply.json(factory.metadata())
      ])
      const tags = [
        (yield* failure(signIn()))._tag,
        (yield* failure(signIn()))._tag,
        (yield* failure(signIn()))._tag,
        (yield* failure(signIn()))._tag
      ]
      expect(tags).toEqual(["ServerUnavailable", "InvalidAuthority", "NetworkFailure", "InvalidAuthority"])
      expect((yield* signIn()).source).toBe("identity-provider")
      expect(yield* FakeProvider.requests("token")).toHaveLength(1)
    }).pipe(Effect.provide(generic())))

  it.effect("joins look-ups at the same time, and whoever leaves harms nobody", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      const gate = yield* Deferred.make<void>()
      yield* FakeProvider.answer("metadata", Effect.as(Deferred.await(gate), Reply.json(factory.metadata())))
      const first = yield* Effect.fork(signIn())
      yield* FakeProvider.awaitRequests("metadata")
      const others = yield* Effect.forkAll(Array.from({ length: 9 }, () => signIn()))
      yield* Effect.yieldNow()
      yield* Fiber.interrupt(first)
      yield* Deferred.succeed(gate, undefined)
      expect(yield* Fiber.join(others)).toHaveLength(9)
      expect(yield* metadataRequests).toBe(1)
      expect(yield* FakeProvider.requests("keys")).toHaveLength(1)
    }).pipe(Effect.provide(generic())))

  it.effect.each(
    [
      ["another issuer", { issuer: "https://evil.example.com" }, "issuer_mismatch"],
      ["the issuer with a slash more", { issuer: `${issuer}/` }, "issuer_mismatch"],
      ["the issuer in capitals", { issuer: "https://ID.example.com" }, "issuer_mismatch"],
      ["no issuer", { issuer: undefined }, "metadata"],
      ["an issuer that is no text", { issuer: [issuer] }, "metadata"],
      ["no token endpoint", { token_endpoint: undefined }, "metadata"],
      ["a token endpoint that is no text", { token_endpoint: { href: issuer } }, "metadata"],
      ["a token endpoint over http", { token_endpoint: "http://id.example.com/token" }, "metadata"],
      ["a token endpoint that is relative", { token_endpoint: "/token" }, "metadata"],
      ["a token endpoint with a password", { token_endpoint: "https://u:p@id.example.com/token" }, "metadata"],
      ["an authorization endpoint that runs code", { authorization_endpoint: "javascript:alert(1)" }, "metadata"],
      ["keys over http", { jwks_uri: "http://id.example.com/jwks" }, "metadata"],
      ["keys in a file", { jwks_uri: "file:///etc/keys" }, "metadata"],
      ["methods that are no list", { token_endpoint_auth_methods_supported: "client_secret_post" }, "metadata"]
    ] as const
  )("refuses %s", ([, differences, reason]) =>
    Effect.gen(function*() {
      yield* answerMetadata(differences)
      expect(yield* failure(signIn())).toMatchObject({
        _tag: "InvalidAuthority",
        reason,
        authority: issuer,
        endpoint: `${issuer}/.well-known/openid-configuration`
      })
      expect(yield* ScriptedHttpClient.requests).toHaveLength(1)
    }).pipe(Effect.provide(generic())))

  it.effect.each(
    [
      ["a page", Reply.html("<h1>Sign in to the proxy</h1>"), 200],
      ["an empty body", Reply.empty(), 200],
      ["broken JSON", Reply.text("{\"issuer\":"), 200],
      ["JSON that is not UTF-8", Reply.text(String.fromCharCode(0xd800)), 200],
      ["404", Reply.json({ error: "not_found" }, { status: 404 }), 404],
      ["400, as Microsoft does for a wrong tenant", Reply.json({ error: "invalid_tenant" }, { status: 400 }), 400],
      ["201", Reply.json({}, { status: 201 }), 201]
    ] as const
  )("takes %s for no metadata", ([, reply, status]) =>
    Effect.gen(function*() {
      yield* FakeProvider.answer("metadata", reply)
      expect(yield* failure(signIn())).toMatchObject({ _tag: "InvalidAuthority", reason: "not_found", status })
      expect(yield* cached).toEqual([])
    }).pipe(Effect.provide(generic())))

  it.effect.each(["[]", "null", "7", "\"text\""])("takes %s for no metadata", (body) =>
    Effect.gen(function*() {
      yield* FakeProvider.answer("metadata", Reply.text(body))
      expect(yield* failure(signIn())).toMatchObject({ _tag: "InvalidAuthority", reason: "metadata" })
    }).pipe(Effect.provide(generic())))

  it.effect("takes nothing from a __proto__", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      const body = JSON.stringify(factory.metadata({ token_endpoint: undefined }))
      yield* FakeProvider.answer(
        "metadata",
        Reply.text(body.replace(/^{/, "{\"__proto__\":{\"token_endpoint\":\"https://evil.example.com\"},"))
      )
      expect(yield* failure(signIn())).toMatchObject({ _tag: "InvalidAuthority", reason: "metadata" })
    }).pipe(Effect.provide(generic())))

  it.effect.each(
    [
      [500, undefined, { _tag: "ServerUnavailable" }],
      [502, undefined, { _tag: "ServerUnavailable" }],
      [429, undefined, { _tag: "Throttled" }],
      [429, "7", { _tag: "Throttled", retryAfter: 7 }],
      [503, "7", { _tag: "Throttled", retryAfter: 7 }]
    ] as const
  )(
    "takes %i with Retry-After %s for trouble of the moment",
    ([status, retryAfter, expected]) =>
      Effect.gen(function*() {
        const headers = retryAfter === undefined ? {} : { "retry-after": retryAfter }
        yield* FakeProvider.answer("metadata", Reply.html("<p>Busy</p>", { status, headers }))
        expect(yield* failure(signIn())).toMatchObject({ ...expected, status })
      }).pipe(Effect.provide(generic()))
  )
})

describe("Microsoft's metadata", () => {
  const tenant = "7e7e7e7e-0000-4000-8000-000000000001"
  const host = "https://login.windows.net"

  it.effect.each(
    [
      ["common", `${host}/{tenantid}/v2.0`],
      ["organizations", `${host}/{tenantid}/v2.0`],
      [tenant, `${host}/${tenant}/v2.0`],
      [tenant, `${host}/{tenantid}/v2.0`],
      [tenant, `https://login.microsoftonline.com/${tenant}/v2.0`],
      ["example.com", `${host}/${tenant}/v2.0`]
    ] as const
  )("at %s may come from %s", ([authority, issuer]) =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      yield* answerMetadata({ issuer })
      const iss = issuer.replace("{tenantid}", tenant)
      yield* FakeProvider.answer(
        "token",
        Reply.json(yield* factory.tokenAnswer({ id_token: yield* factory.idToken({ iss }) }))
      )
      expect((yield* signIn()).tenantId).toBe(tenant)
    }).pipe(Effect.provide(entraAtAlias(authority))))

  it.effect.each(
    [
      [tenant, `${host}/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0`],
      ["organizations", `${host}/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0`],
      ["consumers", `${host}/${tenant}/v2.0`],
      ["common", `https://evil.example.com/{tenantid}/v2.0`],
      ["common", `https://login.microsoftonline.com.evil.example.com/{tenantid}/v2.0`],
      ["common", `https://login.partner.microsoftonline.cn/{tenantid}/v2.0`],
      ["common", `http://login.microsoftonline.com/{tenantid}/v2.0`],
      ["common", `${host}/{tenantid}/v2.0/`],
      ["common", `${host}/{tenantid}/`],
      ["common", `${host}/common/v2.0`]
    ] as const
  )("at %s may not come from %s (feature 73)", ([authority, issuer]) =>
    Effect.gen(function*() {
      yield* answerMetadata({ issuer })
      expect(yield* failure(signIn())).toMatchObject({ _tag: "InvalidAuthority", reason: "issuer_mismatch" })
      expect(yield* FakeProvider.requests("token")).toEqual([])
    }).pipe(Effect.provide(entraAtAlias(authority))))

  it.effect.each(["token_endpoint", "authorization_endpoint", "jwks_uri"])(
    "may not name a %s elsewhere",
    (endpoint) =>
      Effect.gen(function*() {
        for (const elsewhere of ["https://evil.example.com/x", "https://login.partner.microsoftonline.cn/x"]) {
          yield* answerMetadata({ [endpoint]: elsewhere })
          expect(yield* failure(signIn())).toMatchObject({ _tag: "InvalidAuthority", reason: "metadata" })
        }
        expect(yield* FakeProvider.requests("token")).toEqual([])
      }).pipe(Effect.provide(entraAtAlias("common")))
  )

  it.effect("may name an alias of the cloud", () =>
    Effect.gen(function*() {
      yield* answerMetadata({ jwks_uri: "https://login.microsoftonline.com/keys" })
      const factory = yield* TokenFactory.TokenFactory
      yield* ScriptedHttpClient.script({ "GET https://login.microsoftonline.com/keys": Reply.json(factory.keySet) })
      expect((yield* signIn()).source).toBe("identity-provider")
    }).pipe(Effect.provide(entraAtAlias("common"))))
})

describe("tenants of ID tokens", () => {
  const consumers = "9188040d-6c67-4c5b-b112-36a304b66dad"
  const tenant = "7e7e7e7e-0000-4000-8000-000000000001"
  const another = "7e7e7e7e-0000-4000-8000-000000000002"
  const iss = (tid: string) => `https://login.microsoftonline.com/${tid}/v2.0`

  it.effect.each(
    [
      ["common", { tid: tenant, iss: iss(tenant) }, "accepted"],
      ["common", { tid: another, iss: iss(another) }, "accepted"],
      ["common", { tid: consumers, iss: iss(consumers) }, "accepted"],
      ["common", { tid: tenant, iss: iss(another) }, "iss"],
      ["common", { tid: tenant, iss: iss("{tenantid}") }, "iss"],
      ["common", { tid: undefined, iss: iss("undefined") }, "tid"],
      ["common", { tid: "", iss: iss("") }, "tid"],
      ["common", { tid: "example.com", iss: iss("example.com") }, "tid"],
      ["common", { tid: 7, iss: iss("7") }, "tid"],
      ["organizations", { tid: tenant, iss: iss(tenant) }, "accepted"],
      ["organizations", { tid: consumers, iss: iss(consumers) }, "tid"],
      ["organizations", { tid: consumers.toUpperCase(), iss: iss(consumers.toUpperCase()) }, "tid"],
      ["consumers", { tid: consumers, iss: iss(consumers) }, "accepted"],
      ["consumers", { tid: tenant, iss: iss(tenant) }, "tid"],
      [tenant, { tid: tenant, iss: iss(tenant) }, "accepted"],
      [tenant, { tid: another, iss: iss(another) }, "tid"],
      ["example.com", { tid: tenant, iss: iss(tenant) }, "accepted"],
      ["example.com", { tid: another, iss: iss(another) }, "iss"]
    ] as const
  )("at %s: %j", ([authority, claims, expected]) =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      const idToken = yield* factory.idToken(claims)
      yield* FakeProvider.answer("token", Reply.json(yield* factory.tokenAnswer({ id_token: idToken })))
      const result = yield* outcome(signIn())
      expect(result).toMatchObject(
        expected === "accepted"
          ? { right: { tenantId: claims.tid } }
          : { left: { _tag: "IdTokenRejected", rule: expected } }
      )
      expect(yield* cached).toHaveLength(expected === "accepted" ? 1 : 0)
    }).pipe(Effect.provide(entra(authority))))
})
