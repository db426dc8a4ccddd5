import { describe, expect, it } from "@effect/vitest"
import { AuthorizationCode, RefreshToken, UsernamePassword } from "@grantwork/core"
import { FakeProvider, Reply, TokenFactory } from "@grantwork/testing"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { cached, entra, failure, generic, issuer, nextAnswer, redirectUri, refuse, signIn } from "../scenario.js"

const basic = (clientId: string, secret: string) => `Basic ${Buffer.from(`${clientId}:${secret}`).toString("base64")}`

const announcing = (methods: unknown) =>
  Effect.gen(function*() {
    const factory = yield* TokenFactory.TokenFactory
    yield* FakeProvider.answer(
      "metadata",
      Reply.json(factory.metadata({ token_endpoint_auth_methods_supported: methods }))
    )
  })

describe("a token request", () => {
  it.effect("of a public client names the client in its form, and sends nothing else", () =>
    Effect.gen(function*() {
      yield* signIn(["api.read"])
      const [request] = yield* FakeProvider.requests("token")
      expect(request).toMatchObject({
        method: "POST",
        url: `${issuer}/token`,
        form: {
          client_id: FakeProvider.clientId,
          grant_type: "password",
          username: "ada@example.com",
          password: "pa&ss word",
          scope: "api.read openid profile offline_access"
        }
      })
      expect(Object.keys(request?.form ?? {})).toHaveLength(5)
      expect(request?.headers).toEqual({
        accept: "application/json",
        "content-type": "application/x-www-form-urlencoded",
        "content-length": String(request?.body.length)
      })
    }).pipe(Effect.provide(generic())))

  it.effect("to Microsoft carries the correlation id and asks for client_info (feature 119) (feature 121)", () =>
    Effect.gen(function*() {
      yield* UsernamePassword.acquire({
        username: "ada@example.com",
        password: Redacted.make("pw"),
        scopes: ["User.Read"],
        claims: "{\"access_token\":{\"nbf\":null}}",
        correlationId: "11111111-2222-4333-8444-555555555555"
      })
      const [request] = yield* FakeProvider.requests("token")
      expect(request?.url).toBe("https://login.microsoftonline.com/common/oauth2/v2.0/token")
      expect(request?.form).toEqual({
        client_id: FakeProvider.clientId,
        grant_type: "password",
        username: "ada@example.com",
        password: "pw",
        scope: "User.Read openid profile offline_access",
        claims: "{\"access_token\":{\"nbf\":null}}",
        client_info: "1"
      })
      expect(request?.headers).toEqual({
        accept: "application/json",
        "client-request-id": "11111111-2222-4333-8444-555555555555",
        "return-client-request-id": "true",
        "x-anchormailbox": "UPN:ada@example.com",
        "x-client-sku": "Grantwork",
        "x-client-ver": "0.1.0",
        "x-ms-lib-capability": "retry-after, h429",
        "x-client-current-telemetry": "4|301,0|",
        "x-client-last-telemetry": "4|0|||",
        "content-type": "application/x-www-form-urlencoded",
        "content-length": String(request?.body.length)
      })
    }).pipe(Effect.provide(entra("common"))))

  it.effect.each(["", "with space", "a\r\nx-evil: 1", "a".repeat(65), "ümlaut"])(
    "refuses %j as correlation id before anything is sent",
    (correlationId) =>
      Effect.gen(function*() {
        const error = yield* failure(
          UsernamePassword.acquire({ username: "a", password: Redacted.make("pw"), scopes: [], correlationId })
        )
        expect(error).toMatchObject({ _tag: "InvalidArgument", argument: "correlationId" })
        expect(yield* FakeProvider.requests("metadata")).toEqual([])
      }).pipe(Effect.provide(entra("common")))
  )

  const secret = "s e&c:r=%et+é"
  const encoded = "s+e%26c%3Ar%3D%25et%2B%C3%A9"

  it.effect.each(
    [
      ["both", ["client_secret_basic", "client_secret_post"], "post"],
      ["post alone", ["client_secret_post"], "post"],
      ["basic alone", ["client_secret_basic"], "basic"],
      ["neither", ["private_key_jwt"], "post"],
      ["an empty list", [], "post"],
      ["nothing", undefined, "basic"],
      ["null", null, "basic"]
    ] as const
  )("of a client with a secret, where %s is announced", ([, methods, expected]) =>
    Effect.gen(function*() {
      yield* announcing(methods)
      yield* signIn()
      const [request] = yield* FakeProvider.requests("token")
      const grant = {
        grant_type: "password",
        username: "ada@example.com",
        password: "pa&ss word",
        scope: "openid profile offline_access"
      }
      if (expected === "post") {
        expect(request?.form).toEqual({ ...grant, client_id: FakeProvider.clientId, client_secret: secret })
        expect(request?.headers).not.toHaveProperty("authorization")
      } else {
        expect(request?.form).toEqual(grant)
        expect(request?.headers["authorization"]).toBe(basic(FakeProvider.clientId, encoded))
      }
    }).pipe(Effect.provide(generic({ clientSecret: Redacted.make(secret) }))))

  it.effect("keeps a query that the token endpoint has", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      const metadata = factory.metadata({ token_endpoint: `${issuer}/token?p=policy` })
      yield* FakeProvider.answer("metadata", Reply.json(metadata))
      yield* signIn()
      yield* refuse({ error: "invalid_scope" })
      expect((yield* failure(signIn())).endpoint).toBe(`${issuer}/token`)
    }).pipe(Effect.provide(generic())))
})

describe("a refusal", () => {
  const password = signIn()
  const code = AuthorizationCode.redeem({ code: Redacted.make("code"), redirectUri, scopes: [] })
  const refreshToken = RefreshToken.acquire({ refreshToken: Redacted.make("rt"), scopes: [] })

  it.effect.each(
    [
      [password, { error: "interaction_required" }, { _tag: "InteractionRequired", reason: "login" }],
      [password, { error: "login_required" }, { _tag: "InteractionRequired", reason: "login" }],
      [password, { error: "consent_required" }, { _tag: "InteractionRequired", reason: "consent" }],
      [password, { error: "invalid_grant", error_codes: [65001], suberror: "consent_required" }, {
        _tag: "InteractionRequired",
        reason: "consent",
        errorCodes: [65001],
        suberror: "consent_required"
      }],
      [password, { error: "invalid_grant", suberror: "basic_action", error_codes: [50076], claims: "{\"a\":1}" }, {
        _tag: "InteractionRequired",
        reason: "mfa",
        suberror: "basic_action",
        claims: "{\"a\":1}"
      }],
      [password, { error: "interaction_required", claims: "{\"a\":1}" }, {
        _tag: "InteractionRequired",
        reason: "claims",
        claims: "{\"a\":1}"
      }],
      [password, { error: "invalid_grant", suberror: "user_password_expired" }, {
        _tag: "InteractionRequired",
        reason: "password"
      }],
      [password, { error: "invalid_grant", suberror: "message_only", error_codes: [53003] }, {
        _tag: "InteractionRequired",
        reason: "policy"
      }],
      [password, { error: "invalid_grant", error_codes: [50126] }, { _tag: "InvalidCredentials", errorCodes: [50126] }],
      [password, { error: "invalid_grant" }, { _tag: "InvalidCredentials" }],
      [password, { error: "invalid_grant", error_description: "AADSTS50126: wrong" }, {
        _tag: "InvalidCredentials",
        errorCodes: [50126],
        errorDescription: "AADSTS50126: wrong"
      }],
      [code, { error: "invalid_grant" }, { _tag: "InvalidGrant" }],
      [refreshToken, { error: "invalid_grant" }, { _tag: "InteractionRequired", reason: "expired" }],
      [refreshToken, { error: "invalid_grant", suberror: "client_mismatch" }, {
        _tag: "InvalidGrant",
        suberror: "client_mismatch"
      }],
      [password, { error: "access_denied" }, { _tag: "AccessDenied" }],
      [password, { error: "invalid_scope" }, { _tag: "InvalidScope" }],
      [password, { error: "invalid_client" }, { _tag: "InvalidClient" }],
      [password, { error: "unauthorized_client" }, { _tag: "InvalidClient" }],
      [password, { error: "invalid_request" }, { _tag: "ServerRefused", error: "invalid_request" }],
      [password, { error: "made_up" }, { _tag: "ServerRefused", error: "made_up" }],
      [password, { error: "server_error" }, { _tag: "ServerUnavailable" }],
      [password, { error: "temporarily_unavailable" }, { _tag: "ServerUnavailable" }],
      [password, { error: "invalid_grant", error_codes: [50196] }, { _tag: "Throttled" }]
    ] as const
  )("%#: %j", ([program, body, expected]) =>
    Effect.gen(function*() {
      yield* refuse(body)
      const error = yield* failure(program)
      expect(error).toMatchObject({ ...expected, status: 400, endpoint: `${issuer}/token`, error: body.error })
      expect(error.correlationId).toMatch(/^[0-9a-f-]{36}$/)
      expect(error.message.length).toBeGreaterThan(20)
      expect(yield* cached).toEqual([])
    }).pipe(Effect.provide(generic())))

  it.effect("keeps every detail that the provider gives", () =>
    Effect.gen(function*() {
      yield* refuse({
        error: "invalid_request",
        error_description: "Something is wrong.",
        error_codes: [900144, "70011"],
        error_uri: "https://id.example.com/errors/1",
        suberror: "odd",
        correlation_id: "of the provider",
        trace_id: "trace",
        timestamp: "2026-01-01 00:00:00Z"
      })
      const error = yield* failure(signIn())
      expect(error).toMatchObject({
        _tag: "ServerRefused",
        error: "invalid_request",
        errorDescription: "Something is wrong.",
        errorCodes: [900144, 70011],
        errorUri: "https://id.example.com/errors/1",
        suberror: "odd",
        correlationId: "of the provider",
        traceId: "trace",
        timestamp: "2026-01-01 00:00:00Z",
        status: 400,
        endpoint: `${issuer}/token`
      })
      expect(error.message).toContain("Something is wrong.")
    }).pipe(Effect.provide(generic())))

  it.effect("of members of the wrong type leaves those out", () =>
    Effect.gen(function*() {
      yield* refuse({ error: "invalid_scope", error_description: 7, error_codes: {}, suberror: [], claims: { a: 1 } })
      expect(yield* failure(signIn())).toMatchObject({
        _tag: "InvalidScope",
        errorDescription: undefined,
        errorCodes: [],
        suberror: undefined
      })
    }).pipe(Effect.provide(generic())))

  it.effect("carries the correlation id that was sent", () =>
    Effect.gen(function*() {
      yield* refuse({ error: "invalid_scope" })
      const error = yield* failure(UsernamePassword.acquire({
        username: "a",
        password: Redacted.make("pw"),
        scopes: [],
        correlationId: "mine"
      }))
      expect(error.correlationId).toBe("mine")
    }).pipe(Effect.provide(generic())))
})

describe("an answer", () => {
  const json = { error: "invalid_grant" }
  const now = Date.parse("2026-01-01T00:00:00Z")

  it.effect.each(
    [
      ["a page", Reply.html("<h1>Proxy</h1>"), { _tag: "MalformedResponse", reason: "not_json", status: 200 }],
      ["a page with 400", Reply.html("<p>?</p>", { status: 400 }), { _tag: "MalformedResponse", reason: "not_json" }],
      ["nothing", Reply.empty(), { _tag: "MalformedResponse", reason: "not_json" }],
      ["nothing with 204", Reply.empty({ status: 204 }), { _tag: "MalformedResponse", status: 204 }],
      ["nothing with 400", Reply.empty({ status: 400 }), {
        _tag: "MalformedResponse",
        reason: "not_json",
        status: 400
      }],
      ["nothing with 401", Reply.empty({ status: 401 }), { _tag: "InvalidClient", status: 401 }],
      ["nothing with 403", Reply.empty({ status: 403 }), { _tag: "MalformedResponse", status: 403 }],
      ["nothing with 500", Reply.empty({ status: 500 }), { _tag: "ServerUnavailable", status: 500 }],
      ["a page with 503", Reply.html("<p>Busy</p>", { status: 503 }), { _tag: "ServerUnavailable", status: 503 }],
      ["503 with tokens", Reply.json({ access_token: "at", token_type: "Bearer" }, { status: 503 }), {
        _tag: "ServerUnavailable"
      }],
      ["400 with tokens", Reply.json({ access_token: "at", token_type: "Bearer" }, { status: 400 }), {
        _tag: "MalformedResponse",
        reason: "status"
      }],
      ["201 with tokens", Reply.json({ access_token: "at", token_type: "Bearer" }, { status: 201 }), {
        _tag: "MalformedResponse",
        reason: "status"
      }],
      ["503 with Retry-After", Reply.empty({ status: 503, headers: { "retry-after": "30" } }), {
        _tag: "Throttled",
        retryAfter: 30
      }],
      ["429", Reply.empty({ status: 429 }), { _tag: "Throttled", retryAfter: undefined }],
      ["429 with seconds", Reply.json(json, { status: 429, headers: { "retry-after": "120" } }), {
        _tag: "Throttled",
        retryAfter: 120,
        error: "invalid_grant"
      }],
      ["429 with a date", Reply.empty({ status: 429, headers: { "retry-after": "Thu, 01 Jan 2026 00:01:30 GMT" } }), {
        _tag: "Throttled",
        retryAfter: 90
      }],
      [
        "429 with a date gone by",
        Reply.empty({ status: 429, headers: { "retry-after": "Thu, 01 Jan 1970 00:00:00 GMT" } }),
        {
          _tag: "Throttled",
          retryAfter: 0
        }
      ],
      ["429 with nonsense", Reply.empty({ status: 429, headers: { "retry-after": "soon" } }), {
        _tag: "Throttled",
        retryAfter: undefined
      }],
      ["200 with an error", Reply.json({ access_token: "at", token_type: "Bearer", error: "invalid_scope" }), {
        _tag: "InvalidScope",
        status: 200
      }],
      ["a list", Reply.json([{ access_token: "at" }]), { _tag: "MalformedResponse", reason: "no_access_token" }],
      ["null", Reply.text("null"), { _tag: "MalformedResponse", reason: "no_access_token" }],
      ["a text", Reply.text("\"access_token\""), { _tag: "MalformedResponse", reason: "no_access_token" }],
      ["broken JSON", Reply.text("{\"access_token\":\"at\""), { _tag: "MalformedResponse", reason: "not_json" }]
    ] as const
  )("that is %s is no success", ([, reply, expected]) =>
    Effect.gen(function*() {
      yield* TestClock.setTime(now)
      yield* FakeProvider.answer("token", reply)
      expect(yield* failure(signIn())).toMatchObject({ ...expected, endpoint: `${issuer}/token` })
      expect(yield* cached).toEqual([])
    }).pipe(Effect.provide(generic())))

  it.effect.each(
    [
      [{ access_token: undefined }, { reason: "no_access_token", field: "access_token" }],
      [{ access_token: "" }, { reason: "no_access_token", field: "access_token" }],
      [{ access_token: null }, { reason: "no_access_token", field: "access_token" }],
      [{ access_token: { toString: "at" } }, { reason: "no_access_token", field: "access_token" }],
      [{ token_type: "mac" }, { reason: "token_type", field: "token_type" }],
      [{ token_type: "DPoP" }, { reason: "token_type", field: "token_type" }],
      [{ token_type: 7 }, { reason: "wrong_type", field: "token_type" }],
      [{ expires_in: "soon" }, { reason: "wrong_type", field: "expires_in" }],
      [{ expires_in: {} }, { reason: "wrong_type", field: "expires_in" }],
      [{ expires_in: true }, { reason: "wrong_type", field: "expires_in" }],
      [{ refresh_token: 7 }, { reason: "wrong_type", field: "refresh_token" }],
      [{ id_token: [] }, { reason: "wrong_type", field: "id_token" }],
      [{ scope: ["api.read"] }, { reason: "wrong_type", field: "scope" }]
    ] as const
  )("with %j is no success", ([differences, expected]) =>
    Effect.gen(function*() {
      yield* nextAnswer(differences)
      expect(yield* failure(signIn())).toMatchObject({ _tag: "MalformedResponse", ...expected })
      expect(yield* cached).toEqual([])
    }).pipe(Effect.provide(generic())))

  it.effect("gets nothing from a __proto__", () =>
    Effect.gen(function*() {
      yield* FakeProvider.answer(
        "token",
        Reply.text("{\"__proto__\":{\"access_token\":\"at\",\"token_type\":\"Bearer\"},\"expires_in\":1}")
      )
      expect(yield* failure(signIn())).toMatchObject({ _tag: "MalformedResponse", reason: "no_access_token" })
      expect(Object.prototype).not.toHaveProperty("access_token")
      yield* FakeProvider.answer("token", Reply.text("{\"__proto__\":{\"error\":\"invalid_scope\"}}", { status: 400 }))
      expect(yield* failure(signIn())).toMatchObject({ _tag: "MalformedResponse", reason: "status" })
    }).pipe(Effect.provide(generic())))

  it.effect.each(
    [
      [{ token_type: "bearer" }, 3600],
      [{ token_type: "BEARER" }, 3600],
      [{ token_type: undefined }, 3600],
      [{ token_type: null }, 3600],
      [{ expires_in: "3599" }, 3599],
      [{ expires_in: 7.5 }, 7.5],
      [{ expires_in: undefined }, 600],
      [{ expires_in: null }, 600],
      [{ expires_in: undefined, expires_on: now / 1000 + 1800 }, 1800],
      [{ expires_in: undefined, expires_on: String(now / 1000 + 1800) }, 1800],
      [{ expires_in: undefined, expires_on: 7 }, 0],
      [{ expires_in: 60, expires_on: now / 1000 + 1800 }, 60],
      [{ expires_in: 0 }, 0],
      [{ expires_in: -5 }, 0],
      [{ expires_in: 1e300 }, 10 * 365 * 24 * 3600]
    ] as const
  )("with %j is a success", ([differences, lifetime]) =>
    Effect.gen(function*() {
      yield* TestClock.setTime(now)
      yield* nextAnswer(differences)
      const result = yield* signIn()
      expect(result.tokenType).toBe("Bearer")
      expect(result.expiresAt.epochMillis).toBe(now + lifetime * 1000)
    }).pipe(Effect.provide(generic())))

  it.effect.each(
    [
      [{ ext_expires_in: "7200", refresh_in: "1800" }, 7200, 1800],
      [{ ext_expires_in: 7200, refresh_in: 0 }, 7200, undefined],
      [{ ext_expires_in: undefined, refresh_in: -1 }, undefined, undefined],
      [{ ext_expires_in: null, refresh_in: null }, undefined, undefined]
    ] as const
  )("may extend and suggest: %j", ([differences, extended, refresh]) =>
    Effect.gen(function*() {
      yield* nextAnswer(differences)
      const result = yield* signIn()
      const seconds = (time: typeof result.refreshAt) =>
        Option.getOrUndefined(Option.map(time, ({ epochMillis }) => epochMillis / 1000))
      expect([seconds(result.extendedExpiresAt), seconds(result.refreshAt)]).toEqual([extended, refresh])
    }).pipe(Effect.provide(generic())))

  it.effect.each(
    [
      [{ scope: "api.read api.write" }, ["api.read", "api.write"]],
      [{ scope: "  api.read   api.read  " }, ["api.read"]],
      [{ scope: undefined }, ["api.read", "openid", "profile", "offline_access"]],
      [{ scope: null }, ["api.read", "openid", "profile", "offline_access"]],
      [{ scope: " " }, ["api.read", "openid", "profile", "offline_access"]]
    ] as const
  )("grants the scopes it names, else those asked for: %j", ([differences, expected]) =>
    Effect.gen(function*() {
      yield* nextAnswer(differences)
      expect((yield* signIn(["api.read"])).scopes).toEqual(expected)
    }).pipe(Effect.provide(generic())))
})
