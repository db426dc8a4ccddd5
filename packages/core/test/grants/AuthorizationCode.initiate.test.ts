import { describe, expect, it } from "@effect/vitest"
import { Account, Accounts, AuthorizationCode } from "@grantwork/core"
import { FakeProvider, Reply, ScriptedHttpClient, TokenFactory } from "@grantwork/testing"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { createHash } from "node:crypto"
import { entra, failure, generic, issuer, redirectUri } from "../scenario.js"

const parametersOf = (url: string) => {
  const { searchParams } = new URL(url)
  expect(new Set(searchParams.keys()).size).toBe([...searchParams.keys()].length)
  return Object.fromEntries(searchParams)
}

const random = expect.stringMatching(/^[A-Za-z0-9_-]{43}$/) as string

const s256 = (verifier: string) => createHash("sha256").update(verifier).digest("base64url")

describe("initiate", () => {
  it.effect("sends the person with state, nonce and S256 challenge, and nothing extra (features 17, 21)", () =>
    Effect.gen(function*() {
      const flow = yield* AuthorizationCode.initiate({ scopes: ["api.read"], redirectUri })
      expect(flow).toEqual({
        authorizationUrl: flow.authorizationUrl,
        authority: `${issuer}/.well-known/openid-configuration`,
        clientId: FakeProvider.clientId,
        redirectUri,
        scopes: ["api.read", "openid", "profile", "offline_access"],
        state: random,
        nonce: random,
        codeVerifier: random
      })
      expect(new Set([flow.state, flow.nonce, flow.codeVerifier]).size).toBe(3)
      expect(flow.authorizationUrl.split("?")[0]).toBe(`${issuer}/authorize`)
      expect(parametersOf(flow.authorizationUrl)).toEqual({
        client_id: FakeProvider.clientId,
        response_type: "code",
        redirect_uri: redirectUri,
        scope: "api.read openid profile offline_access",
        state: flow.state,
        nonce: flow.nonce,
        code_challenge: s256(flow.codeVerifier),
        code_challenge_method: "S256"
      })
      expect((yield* ScriptedHttpClient.requests).map(({ method, url }) => `${method} ${url}`)).toEqual([
        `GET ${issuer}/.well-known/openid-configuration`
      ])
    }).pipe(Effect.provide(generic())))

  it.effect("asks Microsoft for client_info (feature 31)", () =>
    Effect.gen(function*() {
      const flow = yield* AuthorizationCode.initiate({ scopes: [], redirectUri })
      expect(flow.authorizationUrl.split("?")[0]).toBe(
        "https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize"
      )
      expect(parametersOf(flow.authorizationUrl)).toEqual({
        client_id: FakeProvider.clientId,
        response_type: "code",
        redirect_uri: redirectUri,
        scope: "openid profile offline_access",
        state: flow.state,
        nonce: flow.nonce,
        code_challenge: s256(flow.codeVerifier),
        code_challenge_method: "S256",
        client_info: "1"
      })
    }).pipe(Effect.provide(entra("organizations"))))

  it.effect("passes on every option (features 24, 25, 26, 27)", () =>
    Effect.gen(function*() {
      const claims = "{\"id_token\":{\"acr\":{\"essential\":true}}}"
      const flow = yield* AuthorizationCode.initiate({
        scopes: ["api.read", "openid"],
        redirectUri,
        state: "my state & more",
        prompt: "select_account",
        loginHint: "ada+x@example.com",
        domainHint: "example.com",
        claims,
        maxAge: "90 minutes",
        responseMode: "form_post"
      })
      expect(flow).toMatchObject({ state: "my state & more", claims, maxAge: 5400 })
      expect(parametersOf(flow.authorizationUrl)).toMatchObject({
        scope: "api.read openid profile offline_access",
        state: "my state & more",
        prompt: "select_account",
        login_hint: "ada+x@example.com",
        domain_hint: "example.com",
        claims,
        max_age: "5400",
        response_mode: "form_post"
      })
    }).pipe(Effect.provide(generic())))

  it.effect("adds further parameters to the address (feature 29)", () =>
    Effect.gen(function*() {
      const extraParameters = { acr_values: "urn:example:gold silver", ui_locales: "de", "__proto__x": "" }
      const flow = yield* AuthorizationCode.initiate({ scopes: [], redirectUri, extraParameters })
      expect(parametersOf(flow.authorizationUrl)).toMatchObject({
        client_id: FakeProvider.clientId,
        acr_values: "urn:example:gold silver",
        ui_locales: "de"
      })
      expect(flow).not.toHaveProperty("extraParameters")
    }).pipe(Effect.provide(generic())))

  it.effect("asks for consent to further scopes, which the token is not for (feature 32)", () =>
    Effect.gen(function*() {
      const flow = yield* AuthorizationCode.initiate({
        scopes: ["api.read"],
        redirectUri,
        extraScopesToConsent: ["other.read", "api.read"]
      })
      expect(parametersOf(flow.authorizationUrl)["scope"]).toBe("api.read openid profile offline_access other.read")
      expect(flow.scopes).toEqual(["api.read", "openid", "profile", "offline_access"])
      yield* AuthorizationCode.complete({ flow, response: yield* FakeProvider.signIn(flow.authorizationUrl) })
      const [request] = yield* FakeProvider.requests("token")
      expect(request?.form?.["scope"]).toBe("api.read openid profile offline_access")
    }).pipe(Effect.provide(generic())))

  it.effect("tells Microsoft who is to sign in again (features 26, 30)", () =>
    Effect.gen(function*() {
      const [account] = yield* Accounts.list()
      const again = parametersOf(
        (yield* AuthorizationCode.initiate({ scopes: [], redirectUri, account })).authorizationUrl
      )
      expect(again["login_hint"]).toBe("ada@example.com")
      expect(again["X-AnchorMailbox"]).toBe(`Oid:${account?.homeAccountId.replace(".", "@")}`)
      const silently = { scopes: [], redirectUri, prompt: "none", sid: "a session" } as const
      expect(parametersOf((yield* AuthorizationCode.initiate({ ...silently, account })).authorizationUrl))
        .toMatchObject({
          prompt: "none",
          sid: "a session"
        })
    }).pipe(Effect.provide(entra("common", { accounts: [{}] }))))

  it.effect("refuses an account of another provider", () =>
    Effect.gen(function*() {
      const [account] = yield* Accounts.list()
      const known = yield* Effect.orDie(Effect.fromNullable(account))
      const elsewhere = new Account.Account({ ...known, environment: "https://elsewhere.example" })
      expect(
        yield* failure(AuthorizationCode.initiate({ scopes: [], redirectUri, account: elsewhere }))
      ).toMatchObject({ _tag: "InvalidArgument", argument: "account" })
    }).pipe(Effect.provide(entra("common", { accounts: [{}] }))))

  it.effect("leaves out what is empty", () =>
    Effect.gen(function*() {
      const flow = yield* AuthorizationCode.initiate({
        scopes: [],
        redirectUri,
        prompt: "",
        loginHint: "",
        domainHint: "",
        claims: ""
      })
      expect(flow).not.toHaveProperty("claims")
      const parameters = parametersOf(flow.authorizationUrl)
      for (const name of ["prompt", "login_hint", "domain_hint", "claims", "max_age", "response_mode"]) {
        expect(parameters).not.toHaveProperty(name)
      }
    }).pipe(Effect.provide(generic())))

  it.effect("takes an empty claims challenge for none", () =>
    Effect.gen(function*() {
      const flow = yield* AuthorizationCode.initiate({ scopes: [], redirectUri, claims: "{}" })
      expect(parametersOf(flow.authorizationUrl)).not.toHaveProperty("claims")
    }).pipe(Effect.provide(generic())))

  it.effect("adds to the query that an authorization endpoint has", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      yield* FakeProvider.answer(
        "metadata",
        Reply.json(factory.metadata({ authorization_endpoint: `${issuer}/authorize?p=policy&state=planted` }))
      )
      const flow = yield* AuthorizationCode.initiate({ scopes: [], redirectUri })
      expect(flow.authorizationUrl.match(/\?/g)).toHaveLength(1)
      expect(parametersOf(flow.authorizationUrl)).toMatchObject({ p: "policy", state: flow.state })
    }).pipe(Effect.provide(generic())))

  it.effect("survives JSON as it is", () =>
    Effect.gen(function*() {
      const flow = yield* AuthorizationCode.initiate({ scopes: ["a"], redirectUri, maxAge: 0, claims: "{\"a\":{}}" })
      expect(JSON.parse(JSON.stringify(flow))).toEqual(flow)
    }).pipe(Effect.provide(generic())))

  it.effect("is random", () =>
    Effect.gen(function*() {
      const flows = yield* Effect.all([
        AuthorizationCode.initiate({ scopes: [], redirectUri }),
        AuthorizationCode.initiate({ scopes: [], redirectUri })
      ])
      expect(new Set(flows.flatMap(({ codeVerifier, nonce, state }) => [codeVerifier, nonce, state])).size).toBe(6)
    }).pipe(Effect.provide(generic())))

  it.effect.each([
    ["scopes", { scopes: ["with blank"] }],
    ["scopes", { scopes: [""] }],
    ["scopes", { scopes: "openid" }],
    ["scopes", { scopes: [7] }],
    ["scopes", { scopes: undefined }],
    ["redirectUri", { redirectUri: "/signed-in" }],
    ["redirectUri", { redirectUri: "" }],
    ["redirectUri", { redirectUri: `${redirectUri}#fragment` }],
    ["redirectUri", { redirectUri: undefined }],
    ["state", { state: "" }],
    ["state", { state: 7 }],
    ["claims", { claims: "not JSON" }],
    ["claims", { claims: "[]" }],
    ["claims", { claims: "null" }],
    ["maxAge", { maxAge: Infinity }],
    ["maxAge", { maxAge: "a while" }],
    ["extraParameters", { extraParameters: "acr_values=gold" }],
    ["extraParameters", { extraParameters: ["gold"] }],
    ["extraParameters", { extraParameters: { acr_values: 1 } }],
    ["extraParameters", { extraParameters: { State: "mine" } }],
    ...["client_id", "code_challenge", "redirect_uri", "nonce", "prompt", "response_type", "scope", "request_uri"].map((
      name
    ) => ["extraParameters", { extraParameters: { [name]: "mine" } }] as const),
    ["extraScopesToConsent", { extraScopesToConsent: ["a b"] }],
    ["extraScopesToConsent", { extraScopesToConsent: "a" }]
  ])("refuses %s: %j, and sends nothing", ([argument, differences]) =>
    Effect.gen(function*() {
      const request = { scopes: [], redirectUri, ...differences as Partial<AuthorizationCode.InitiateRequest> }
      expect(yield* failure(AuthorizationCode.initiate(request))).toMatchObject({ _tag: "InvalidArgument", argument })
      expect(yield* ScriptedHttpClient.requests).toEqual([])
    }).pipe(Effect.provide(generic())))

  it.effect("never repeats a claims challenge in an error", () =>
    Effect.gen(function*() {
      const error = yield* failure(AuthorizationCode.initiate({ scopes: [], redirectUri, claims: "{\"planted" }))
      expect(JSON.stringify(error)).not.toContain("planted")
    }).pipe(Effect.provide(generic())))

  it.effect("needs an authorization endpoint", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      yield* FakeProvider.answer("metadata", Reply.json(factory.metadata({ authorization_endpoint: undefined })))
      expect(yield* failure(AuthorizationCode.initiate({ scopes: [], redirectUri }))).toMatchObject({
        _tag: "InvalidAuthority",
        reason: "metadata"
      })
    }).pipe(Effect.provide(generic())))
})

describe("requestUrl (feature 19)", () => {
  it.effect("has what it is given and no more", () =>
    Effect.gen(function*() {
      const url = yield* AuthorizationCode.requestUrl({ scopes: ["api.read"], redirectUri })
      expect(url.split("?")[0]).toBe(`${issuer}/authorize`)
      expect(parametersOf(url)).toEqual({
        client_id: FakeProvider.clientId,
        response_type: "code",
        redirect_uri: redirectUri,
        scope: "api.read openid profile offline_access"
      })
    }).pipe(Effect.provide(generic())))

  it.effect("takes state, nonce and verifier made elsewhere", () =>
    Effect.gen(function*() {
      const codeVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
      const url = yield* AuthorizationCode.requestUrl({
        scopes: [],
        redirectUri,
        state: "s",
        nonce: "n",
        codeVerifier: Redacted.make(codeVerifier),
        maxAge: "1 minute"
      })
      expect(parametersOf(url)).toEqual({
        client_id: FakeProvider.clientId,
        response_type: "code",
        redirect_uri: redirectUri,
        scope: "openid profile offline_access",
        state: "s",
        nonce: "n",
        code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        code_challenge_method: "S256",
        max_age: "60"
      })
      expect(url).not.toContain(codeVerifier)
    }).pipe(Effect.provide(generic())))

  it.effect.each(["short", "x".repeat(42), "x".repeat(129), `${"x".repeat(43)} `, `${"x".repeat(43)}+`])(
    "refuses the verifier %j",
    (codeVerifier) =>
      Effect.gen(function*() {
        const error = yield* failure(
          AuthorizationCode.requestUrl({ scopes: [], redirectUri, codeVerifier: Redacted.make(codeVerifier) })
        )
        expect(error).toMatchObject({ _tag: "InvalidArgument", argument: "codeVerifier" })
        expect(JSON.stringify(error)).not.toContain(codeVerifier)
      }).pipe(Effect.provide(generic()))
  )
})
