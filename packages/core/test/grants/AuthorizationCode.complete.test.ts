import { describe, expect, it } from "@effect/vitest"
import { AuthorizationCode } from "@grantwork/core"
import { FakeProvider, Reply, ScriptedHttpClient, TokenFactory } from "@grantwork/testing"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { cached, entra, failure, generic, issuer, nextAnswer, outcome, redirectUri, refuse } from "../scenario.js"

const initiate = (options: Partial<AuthorizationCode.InitiateRequest> = {}) =>
  AuthorizationCode.initiate({ scopes: ["api.read", "api.write"], redirectUri, ...options })

const tokenRequests = Effect.map(FakeProvider.requests("token"), (requests) => requests.length)

describe("complete", () => {
  it.effect("redeems the code with the verifier, and nothing extra (feature 18)", () =>
    Effect.gen(function*() {
      const flow = yield* initiate()
      const response = yield* FakeProvider.signIn(flow.authorizationUrl)
      const result = yield* AuthorizationCode.complete({ flow, response, correlationId: "mine" })
      const [request] = yield* FakeProvider.requests("token")
      expect(request).toMatchObject({ method: "POST", url: `${issuer}/token` })
      expect(request?.form).toEqual({
        client_id: FakeProvider.clientId,
        grant_type: "authorization_code",
        code: "code-1",
        redirect_uri: redirectUri,
        code_verifier: flow.codeVerifier,
        scope: "api.read api.write openid profile offline_access"
      })
      expect(result).toMatchObject({
        tokenType: "Bearer",
        scopes: ["api.read", "api.write", "openid", "profile", "offline_access"],
        tenantId: "",
        source: "identity-provider",
        correlationId: Option.some("mine")
      })
      expect(Redacted.value(result.accessToken)).toBe("access-token-1")
      expect(Option.map(result.refreshToken, Redacted.value)).toEqual(Option.some("refresh-token-1"))
      expect(result.expiresAt.epochMillis).toBe(3_600_000)
      expect(Option.getOrThrow(result.account)).toMatchObject({
        homeAccountId: "ada-subject",
        localAccountId: "ada-subject",
        environment: issuer,
        tenantId: "",
        username: "ada@example.com",
        name: Option.some("Ada Lovelace"),
        authorityType: "Generic"
      })
      expect(Option.getOrThrow(result.idTokenClaims)).toMatchObject({ sub: "ada-subject", nonce: flow.nonce })
      const [idToken] = (yield* cached)[0]?.idTokens ?? []
      expect(Option.map(result.idToken, Redacted.value)).toEqual(Option.some(idToken))
      expect(yield* cached).toEqual([{
        accounts: ["ada@example.com"],
        accessTokens: ["access-token-1"],
        refreshTokens: ["refresh-token-1"],
        idTokens: [idToken]
      }])
    }).pipe(Effect.provide(generic())))

  it.effect("knows Microsoft's accounts by client_info", () =>
    Effect.gen(function*() {
      const flow = yield* initiate()
      const result = yield* AuthorizationCode.complete({
        flow,
        response: yield* FakeProvider.signIn(flow.authorizationUrl)
      })
      const { person } = yield* TokenFactory.TokenFactory
      expect(Option.getOrThrow(result.account)).toMatchObject({
        homeAccountId: `${person.objectId}.${person.tenantId}`,
        localAccountId: person.objectId,
        environment: "login.microsoftonline.com",
        tenantId: person.tenantId,
        authorityType: "MSSTS"
      })
      expect(result.tenantId).toBe(person.tenantId)
      const [request] = yield* FakeProvider.requests("token")
      expect(request?.form).toMatchObject({ client_info: "1" })
    }).pipe(Effect.provide(entra("common"))))

  it.effect("takes the flow by way of JSON, and the response in every shape", () =>
    Effect.gen(function*() {
      const shapes: ReadonlyArray<(url: URL) => AuthorizationCode.AuthorizationResponse> = [
        (url) => url.href,
        (url) => url,
        (url) => url.search,
        (url) => url.search.slice(1),
        (url) => url.searchParams,
        (url) => Object.fromEntries(url.searchParams),
        (url) => Object.fromEntries([...url.searchParams].map(([name, value]) => [name, [value]])),
        (url) => Object.assign(Object.create(null) as object, Object.fromEntries(url.searchParams)),
        (url) => `${url.pathname}${url.search}`,
        (url) => `${url.origin}${url.pathname}#${url.searchParams.toString()}`
      ]
      for (const shape of shapes) {
        const flow = yield* initiate()
        const response = shape(new URL(yield* FakeProvider.signIn(flow.authorizationUrl)))
        const result = yield* AuthorizationCode.complete({
          flow: JSON.parse(JSON.stringify(flow)) as unknown,
          response
        })
        expect(result.source).toBe("identity-provider")
      }
      expect(yield* tokenRequests).toBe(shapes.length)
    }).pipe(Effect.provide(generic())))

  it.effect("replays the flow's claims", () =>
    Effect.gen(function*() {
      const claims = "{\"access_token\":{\"acrs\":{\"essential\":true,\"value\":\"c1\"}}}"
      const flow = yield* initiate({ claims })
      yield* AuthorizationCode.complete({ flow, response: yield* FakeProvider.signIn(flow.authorizationUrl) })
      const [request] = yield* FakeProvider.requests("token")
      expect(request?.form).toMatchObject({ claims })
    }).pipe(Effect.provide(generic())))

  it.effect.each<[string | undefined, object]>([
    [undefined, {}],
    ["{\"id_token\":{\"acr\":null},\"access_token\":{\"acrs\":null}}", {
      id_token: { acr: null },
      access_token: { acrs: null }
    }]
  ])(
    "tells what the application can do, beside the claims %s (features 28, 96, 97)",
    ([claims, demanded]) =>
      Effect.gen(function*() {
        const flow = yield* initiate({ claims })
        const response = yield* FakeProvider.signIn(flow.authorizationUrl)
        yield* AuthorizationCode.complete({ flow: JSON.parse(JSON.stringify(flow)), response })
        const [request] = yield* FakeProvider.requests("token")
        const sent = [new URL(flow.authorizationUrl).searchParams.get("claims"), String(request?.form?.["claims"])]
        const { access_token, ...others } = { access_token: {}, ...demanded }
        expect(sent.map((text): unknown => JSON.parse(text ?? ""))).toEqual(
          sent.map(() => ({ ...others, access_token: { ...access_token, xms_cc: { values: ["cp1"] } } }))
        )
      }).pipe(Effect.provide(generic({ clientCapabilities: ["cp1"] })))
  )

  it.effect("asks for a selection of the scopes, and for none beyond", () =>
    Effect.gen(function*() {
      const flow = yield* initiate()
      const response = yield* FakeProvider.signIn(flow.authorizationUrl)
      expect(yield* failure(AuthorizationCode.complete({ flow, response, scopes: ["api.admin"] }))).toMatchObject({
        _tag: "InvalidArgument",
        argument: "scopes"
      })
      expect(yield* tokenRequests).toBe(0)
      yield* AuthorizationCode.complete({ flow, response, scopes: ["api.write"] })
      const [request] = yield* FakeProvider.requests("token")
      expect(request?.form).toMatchObject({ scope: "api.write openid profile offline_access" })
    }).pipe(Effect.provide(generic())))
})

describe("a response that is no answer to the flow (feature 22)", () => {
  const cases: ReadonlyArray<
    readonly [string, (good: URLSearchParams) => AuthorizationCode.AuthorizationResponse, string, string]
  > = [
    ["without state", (good) => (good.delete("state"), good), "state", "state"],
    ["with an empty state", (good) => (good.set("state", ""), good), "state", "state"],
    ["with another flow's state", (good) => (good.set("state", "x".repeat(43)), good), "state", "state"],
    [
      "with the state and a blank",
      (good) => (good.set("state", `${good.get("state") ?? ""} `), good),
      "state",
      "state"
    ],
    [
      "with the state in capitals",
      (good) => (good.set("state", good.get("state")?.toUpperCase() ?? ""), good),
      "state",
      "state"
    ],
    ["with two states", (good) => (good.append("state", good.get("state") ?? ""), good), "state", "state"],
    ["with a wrong state and an error", () => new URLSearchParams("error=access_denied&state=wrong"), "state", "state"],
    ["that is empty", () => "", "state", "state"],
    ["with a state that is an object", (good) => ({ ...Object.fromEntries(good), state: {} }), "state", "state"],
    [
      "with its state on the prototype",
      (good) => Object.create(Object.fromEntries(good)) as Record<string, unknown>,
      "state",
      "state"
    ],
    ["with two codes", (good) => (good.append("code", "another"), good), "duplicate", "code"],
    ["with one code twice", (good) => (good.append("code", good.get("code") ?? ""), good), "duplicate", "code"],
    ["with two issuers", (good) => (good.append("iss", issuer), good), "duplicate", "iss"],
    ["with two codes in an array", (good) => ({ ...Object.fromEntries(good), code: ["a", "b"] }), "duplicate", "code"],
    ["with code and error", (good) => (good.set("error", "access_denied"), good), "code_and_error", "code"],
    ["with neither code nor error", (good) => (good.delete("code"), good), "no_code", "code"],
    ["with an empty code", (good) => (good.set("code", ""), good), "no_code", "code"],
    ["with a code that is no text", (good) => ({ ...Object.fromEntries(good), code: 7 }), "no_code", "code"],
    ["without the issuer announced", (good) => (good.delete("iss"), good), "issuer", "iss"],
    ["from another issuer", (good) => (good.set("iss", "https://evil.example.com"), good), "issuer", "iss"],
    ["from the issuer with a slash more", (good) => (good.set("iss", `${issuer}/`), good), "issuer", "iss"]
  ]

  it.effect.each(cases)("%s", ([, change, reason, parameter]) =>
    Effect.gen(function*() {
      const flow = yield* initiate()
      const good = new URL(yield* FakeProvider.signIn(flow.authorizationUrl)).searchParams
      const error = yield* failure(AuthorizationCode.complete({ flow, response: change(good) }))
      expect(error).toMatchObject({ _tag: "ResponseMismatch", reason, parameter })
      expect(error.message).toMatch(/sign-in|new one/i)
      expect(yield* tokenRequests).toBe(0)
      expect(yield* cached).toEqual([])
    }).pipe(Effect.provide(generic())))

  it.effect("an error from another issuer is not believed", () =>
    Effect.gen(function*() {
      const flow = yield* initiate()
      const response = { state: flow.state, error: "access_denied", iss: "https://evil.example.com" }
      expect(yield* failure(AuthorizationCode.complete({ flow, response }))).toMatchObject({
        _tag: "ResponseMismatch",
        reason: "issuer"
      })
    }).pipe(Effect.provide(generic())))

  it.effect("an issuer that was not announced has to be right all the same", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      const metadata = factory.metadata({ authorization_response_iss_parameter_supported: undefined })
      yield* FakeProvider.answer("metadata", Reply.json(metadata))
      const flow = yield* initiate()
      const good = new URL(yield* FakeProvider.signIn(flow.authorizationUrl)).searchParams
      good.set("iss", "https://evil.example.com")
      expect(yield* failure(AuthorizationCode.complete({ flow, response: good }))).toMatchObject({ reason: "issuer" })
      good.delete("iss")
      expect((yield* AuthorizationCode.complete({ flow, response: good })).source).toBe("identity-provider")
    }).pipe(Effect.provide(generic())))

  it.effect.each(
    [
      ["https://login.microsoftonline.com/7e7e7e7e-0000-4000-8000-000000000001/v2.0", "organizations", true],
      ["https://login.microsoftonline.com/{tenantid}/v2.0", "organizations", true],
      ["https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0", "organizations", false],
      ["https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0", "common", true],
      ["https://login.microsoftonline.com/evil.example.com/v2.0", "common", false],
      ["https://login.microsoftonline.com/a/b/v2.0", "common", false],
      ["https://evil.example.com/7e7e7e7e-0000-4000-8000-000000000001/v2.0", "common", false]
    ] as const
  )("Microsoft's iss %s at %s", ([iss, tenant, accepted]) =>
    Effect.gen(function*() {
      const flow = yield* initiate()
      const response = new URL(yield* FakeProvider.signIn(flow.authorizationUrl))
      response.searchParams.set("iss", iss)
      expect(yield* outcome(AuthorizationCode.complete({ flow, response }))).toMatchObject(
        accepted ? { _tag: "Right" } : { left: { _tag: "ResponseMismatch", reason: "issuer" } }
      )
    }).pipe(Effect.provide(entra(tenant))))

  it.effect("nothing in it steers where the code goes", () =>
    Effect.gen(function*() {
      const flow = yield* initiate()
      const response = new URL(yield* FakeProvider.signIn(flow.authorizationUrl))
      const planted = {
        cloud_instance_host_name: "evil.example.com",
        token_endpoint: "https://evil.example.com/token",
        authority: "https://evil.example.com",
        access_token: "planted",
        redirect_uri: "https://evil.example.com",
        client_id: "evil",
        client_info: "eyJ1aWQiOiJldmlsIiwidXRpZCI6ImV2aWwifQ",
        session_state: "x"
      }
      for (const [name, value] of Object.entries(planted)) {
        response.searchParams.set(name, value)
      }
      yield* AuthorizationCode.complete({ flow, response })
      const [request] = yield* FakeProvider.requests("token")
      expect(request?.form).toEqual({
        client_id: FakeProvider.clientId,
        grant_type: "authorization_code",
        code: "code-1",
        redirect_uri: redirectUri,
        code_verifier: flow.codeVerifier,
        scope: "api.read api.write openid profile offline_access",
        client_info: "1"
      })
      expect((yield* ScriptedHttpClient.requests).every(({ url }) => !url.includes("evil"))).toBe(true)
    }).pipe(Effect.provide(entra("common"))))
})

describe("an error response", () => {
  it.effect.each(
    [
      [{ error: "access_denied" }, { _tag: "AccessDenied" }],
      [{ error: "access_denied", suberror: "cancel" }, { _tag: "AccessDenied", suberror: "cancel" }],
      [{ error: "login_required" }, { _tag: "InteractionRequired", reason: "login" }],
      [{ error: "interaction_required", claims: "{\"a\":1}" }, {
        _tag: "InteractionRequired",
        reason: "claims",
        claims: "{\"a\":1}"
      }],
      [{ error: "consent_required" }, { _tag: "InteractionRequired", reason: "consent" }],
      [{ error: "account_selection_required" }, { _tag: "InteractionRequired", reason: "login" }],
      [{ error: "invalid_scope" }, { _tag: "InvalidScope" }],
      [{ error: "unauthorized_client" }, { _tag: "InvalidClient" }],
      [{ error: "server_error" }, { _tag: "ServerUnavailable" }],
      [{ error: "temporarily_unavailable" }, { _tag: "ServerUnavailable" }],
      [{ error: "unsupported_response_type" }, { _tag: "ServerRefused" }],
      [{ error: "server_error", error_description: "AADSTS90014: missing" }, { errorCodes: [90014] }]
    ] as const
  )("%j", ([response, expected]) =>
    Effect.gen(function*() {
      const flow = yield* initiate()
      const error = yield* failure(AuthorizationCode.complete({
        flow,
        response: {
          error_description: "What happened.",
          error_uri: "https://id.example.com/e",
          ...response,
          state: flow.state,
          iss: issuer,
          access_token: "planted"
        }
      }))
      expect(error).toMatchObject({
        errorDescription: "What happened.",
        errorUri: "https://id.example.com/e",
        ...("error_description" in response ? { errorDescription: response.error_description } : {}),
        ...expected,
        error: response.error,
        endpoint: `${issuer}/authorize`
      })
      expect(JSON.stringify(error)).not.toContain("planted")
      expect(yield* tokenRequests).toBe(0)
      expect(yield* cached).toEqual([])
    }).pipe(Effect.provide(generic())))

  it.effect("of the token endpoint", () =>
    Effect.gen(function*() {
      const flow = yield* initiate()
      const response = yield* FakeProvider.signIn(flow.authorizationUrl)
      yield* refuse({ error: "invalid_grant", error_codes: [54005], error_description: "AADSTS54005: redeemed" })
      expect(yield* failure(AuthorizationCode.complete({ flow, response }))).toMatchObject({
        _tag: "InvalidGrant",
        errorCodes: [54005],
        endpoint: `${issuer}/token`
      })
      expect(yield* cached).toEqual([])
    }).pipe(Effect.provide(generic())))
})

describe("a flow that is not ours", () => {
  const garbage: ReadonlyArray<unknown> = [undefined, null, {}, [], "flow", 7, true]

  it.effect.each(garbage.map((flow) => [flow]))("%j", ([flow]) =>
    Effect.gen(function*() {
      const error = yield* failure(AuthorizationCode.complete({ flow, response: "code=c&state=s" }))
      expect(error._tag).toBe("InvalidArgument")
      expect(error).toMatchObject({ argument: expect.stringMatching(/^flow/) as string })
      expect(yield* ScriptedHttpClient.requests).toEqual([])
    }).pipe(Effect.provide(generic())))

  const changes: ReadonlyArray<readonly [string, (flow: AuthorizationCode.AuthorizationFlow) => object]> = [
    ["flow.state", (flow) => ({ ...flow, state: "" })],
    ["flow.state", (flow) => ({ ...flow, state: undefined })],
    ["flow.state", (flow) => ({ ...flow, state: "another" })],
    ["flow.nonce", (flow) => ({ ...flow, nonce: "another" })],
    ["flow.nonce", (flow) => ({ ...flow, nonce: undefined })],
    ["flow.codeVerifier", (flow) => ({ ...flow, codeVerifier: "x".repeat(43) })],
    ["flow.codeVerifier", (flow) => ({ ...flow, codeVerifier: 7 })],
    ["flow.redirectUri", (flow) => ({ ...flow, redirectUri: "https://evil.example.com/" })],
    ["flow.scopes", (flow) => ({ ...flow, scopes: [...flow.scopes, "api.admin"] })],
    ["flow.scopes", (flow) => ({ ...flow, scopes: "api.read" })],
    ["flow.clientId", (flow) => ({ ...flow, clientId: "another-client" })],
    ["flow.authority", (flow) => ({ ...flow, authority: "https://evil.example.com/.well-known/openid-configuration" })],
    ["flow.claims", (flow) => ({ ...flow, claims: "{}" })],
    ["flow.maxAge", (flow) => ({ ...flow, maxAge: 1 })],
    ["flow.maxAge", (flow) => ({ ...flow, maxAge: -1 })],
    ["flow.authorizationUrl", (flow) => ({ ...flow, authorizationUrl: "not an address" })],
    [
      "flow.state",
      (flow) => ({ ...flow, authorizationUrl: flow.authorizationUrl.replace(/state=[^&]*/, "state=another") })
    ]
  ]

  it.effect.each(changes)("with a changed %s", ([argument, change]) =>
    Effect.gen(function*() {
      const flow = yield* initiate()
      const response = yield* FakeProvider.signIn(flow.authorizationUrl)
      const error = yield* failure(AuthorizationCode.complete({ flow: change(flow), response }))
      expect(error).toMatchObject({ _tag: "InvalidArgument", argument })
      expect(yield* tokenRequests).toBe(0)
    }).pipe(Effect.provide(generic())))

  it.effect("whose longest age was taken out", () =>
    Effect.gen(function*() {
      const { maxAge: _, ...flow } = yield* initiate({ maxAge: 0 })
      const response = yield* FakeProvider.signIn(flow.authorizationUrl)
      expect(yield* failure(AuthorizationCode.complete({ flow, response }))).toMatchObject({ argument: "flow.maxAge" })
    }).pipe(Effect.provide(generic())))

  it.effect("that began at another tenant", () =>
    Effect.gen(function*() {
      const flow = yield* Effect.provide(initiate(), entra("example.com"))
      expect(yield* failure(AuthorizationCode.complete({ flow, response: `code=c&state=${flow.state}` })))
        .toMatchObject({
          argument: "flow.authority"
        })
    }).pipe(Effect.provide(entra("example.org"))))
})

describe("the ID token of a sign-in (feature 23)", () => {
  it.effect.each(
    [
      [{ nonce: "of another sign-in" }, "nonce"],
      [{ nonce: undefined }, "nonce"],
      [{ aud: "another-client" }, "aud"],
      [{ iss: "https://evil.example.com" }, "iss"],
      [{ exp: -121 }, "exp"]
    ] as const
  )("with %j is rejected before anything is cached", ([differences, rule]) =>
    Effect.gen(function*() {
      const flow = yield* initiate()
      const response = yield* FakeProvider.signIn(flow.authorizationUrl)
      const factory = yield* TokenFactory.TokenFactory
      yield* nextAnswer({ id_token: yield* factory.idToken({ nonce: flow.nonce, ...differences }) })
      expect(yield* failure(AuthorizationCode.complete({ flow, response }))).toMatchObject({
        _tag: "IdTokenRejected",
        rule
      })
      expect(yield* cached).toEqual([])
    }).pipe(Effect.provide(generic())))

  it.effect("is demanded", () =>
    Effect.gen(function*() {
      const flow = yield* initiate()
      const response = yield* FakeProvider.signIn(flow.authorizationUrl)
      yield* nextAnswer({ id_token: undefined })
      expect(yield* failure(AuthorizationCode.complete({ flow, response }))).toMatchObject({
        _tag: "IdTokenRejected",
        rule: "missing"
      })
      expect(yield* cached).toEqual([])
    }).pipe(Effect.provide(generic())))

  it.effect("cannot be verified without the provider's keys", () =>
    Effect.gen(function*() {
      yield* FakeProvider.answer("keys", Reply.disconnected())
      const flow = yield* initiate()
      const response = yield* FakeProvider.signIn(flow.authorizationUrl)
      expect(yield* failure(AuthorizationCode.complete({ flow, response }))).toMatchObject({ _tag: "NetworkFailure" })
      expect(yield* cached).toEqual([])
    }).pipe(Effect.provide(generic())))

  it.effect("cannot be saved in a cache that is out of order", () =>
    Effect.gen(function*() {
      const flow = yield* initiate()
      const response = yield* FakeProvider.signIn(flow.authorizationUrl)
      expect(yield* failure(AuthorizationCode.complete({ flow, response }))).toMatchObject({
        _tag: "CacheUnavailable",
        operation: "modify"
      })
    }).pipe(Effect.provide(generic({}, { unavailable: ["modify"] }))))
})

describe("redeem (feature 20)", () => {
  it.effect("sends what it is given", () =>
    Effect.gen(function*() {
      const codeVerifier = Redacted.make("v".repeat(43))
      yield* AuthorizationCode.redeem({ code: Redacted.make("c&d"), redirectUri, scopes: ["api.read"] })
      yield* AuthorizationCode.redeem({
        code: Redacted.make("c"),
        redirectUri,
        scopes: [],
        codeVerifier,
        claims: "{\"a\":{}}"
      })
      const [bare, full] = yield* FakeProvider.requests("token")
      expect(bare?.form).toEqual({
        client_id: FakeProvider.clientId,
        grant_type: "authorization_code",
        code: "c&d",
        redirect_uri: redirectUri,
        scope: "api.read openid profile offline_access"
      })
      expect(full?.form).toEqual({
        client_id: FakeProvider.clientId,
        grant_type: "authorization_code",
        code: "c",
        redirect_uri: redirectUri,
        code_verifier: "v".repeat(43),
        scope: "openid profile offline_access",
        claims: "{\"a\":{}}"
      })
    }).pipe(Effect.provide(generic())))

  it.effect.each([
    ["code", { code: Redacted.make("") }],
    ["code", { code: "plain" }],
    ["code", { code: undefined }],
    ["redirectUri", { redirectUri: "signed-in" }],
    ["codeVerifier", { codeVerifier: Redacted.make("short") }],
    ["codeVerifier", { codeVerifier: "v".repeat(43) }],
    ["scopes", { scopes: ["a b"] }],
    ["claims", { claims: "[]" }]
  ])("refuses %s: %j, and sends nothing", ([argument, differences]) =>
    Effect.gen(function*() {
      const request = { code: Redacted.make("c"), redirectUri, scopes: [], ...differences as object }
      expect(yield* failure(AuthorizationCode.redeem(request))).toMatchObject({ _tag: "InvalidArgument", argument })
      expect(yield* ScriptedHttpClient.requests).toEqual([])
    }).pipe(Effect.provide(generic())))
})
