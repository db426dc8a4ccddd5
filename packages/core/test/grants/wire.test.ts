import { describe, expect, it } from "@effect/vitest"
import { AuthorizationCode, ClientCredentials, RefreshToken, Silent, UsernamePassword } from "@grantwork/core"
import { FakeProvider, Person, TokenFactory } from "@grantwork/testing"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { ada, entra, generic, issuer, nextAnswer, redirectUri } from "../scenario.js"

const tenant = Person.ada.tenantId
const correlationId = "11111111-2222-4333-8444-555555555555"
const anchor = { "x-anchormailbox": `Oid:${Person.ada.objectId}@${tenant}` }
const provider = entra(tenant, { accounts: [{}], application: { clientSecret: Redacted.make("s3cret") } })
const client = { client_id: FakeProvider.clientId, client_secret: "s3cret" }
const delegated = { ...client, scope: "a openid profile offline_access", client_info: "1" }

/** The one request was this and nothing more. */
const expectSent = (telemetry: string, headers: object, form: object) =>
  Effect.gen(function*() {
    const requests = yield* FakeProvider.requests("token")
    expect(requests).toHaveLength(1)
    const [request] = requests
    expect(request?.method).toBe("POST")
    expect(request?.url).toBe(`https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`)
    expect(request?.form).toEqual(form)
    expect(request?.headers).toEqual({
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded",
      "content-length": String(request?.body.length),
      "client-request-id": correlationId,
      "return-client-request-id": "true",
      "x-client-sku": "Grantwork",
      "x-client-ver": "0.1.0",
      "x-ms-lib-capability": "retry-after, h429",
      "x-client-current-telemetry": telemetry,
      "x-client-last-telemetry": "4|0|||",
      ...headers
    })
  })

describe("on the wire to Microsoft", () => {
  it.effect("an authorization code (feature 119) (feature 120) (feature 121)", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      yield* nextAnswer({ id_token: yield* factory.idToken() })
      const code = Redacted.make("the-code")
      yield* AuthorizationCode.redeem({ code, redirectUri, scopes: ["a"], correlationId })
      yield* expectSent("4|832,0|", {}, {
        ...delegated,
        grant_type: "authorization_code",
        code: "the-code",
        redirect_uri: redirectUri
      })
    }).pipe(Effect.provide(provider)))

  it.effect("a silent refresh (feature 119) (feature 120) (feature 121)", () =>
    Effect.gen(function*() {
      yield* Silent.acquire({ scopes: ["a"], account: yield* ada, correlationId })
      yield* expectSent("4|84,2|", anchor, {
        ...delegated,
        grant_type: "refresh_token",
        refresh_token: "cached-refresh-token"
      })
    }).pipe(Effect.provide(provider)))

  it.effect("a refresh token from elsewhere (feature 119) (feature 120) (feature 121)", () =>
    Effect.gen(function*() {
      yield* RefreshToken.acquire({ refreshToken: Redacted.make("theirs"), scopes: ["a"], correlationId })
      yield* expectSent("4|85,1|", {}, { ...delegated, grant_type: "refresh_token", refresh_token: "theirs" })
    }).pipe(Effect.provide(provider)))

  it.effect("a client in its own name (feature 119) (feature 120) (feature 121)", () =>
    Effect.gen(function*() {
      yield* nextAnswer({ id_token: undefined, refresh_token: undefined, client_info: undefined })
      yield* ClientCredentials.acquire({ scopes: ["api://b/.default"], correlationId })
      yield* expectSent("4|730,2|", {}, { ...client, grant_type: "client_credentials", scope: "api://b/.default" })
    }).pipe(Effect.provide(provider)))

  it.effect("a flow that ends (feature 119) (feature 120) (feature 121)", () =>
    Effect.gen(function*() {
      const flow = yield* AuthorizationCode.initiate({ scopes: ["a"], redirectUri })
      const factory = yield* TokenFactory.TokenFactory
      yield* nextAnswer({ id_token: yield* factory.idToken({ nonce: flow.nonce }) })
      const { objectId: uid, tenantId: utid } = Person.ada
      const client_info = Buffer.from(JSON.stringify({ uid, utid })).toString("base64url")
      const response = { code: "the-code", state: flow.state, client_info }
      yield* AuthorizationCode.complete({ flow, response, correlationId })
      yield* expectSent("4|832,0|", anchor, {
        ...delegated,
        grant_type: "authorization_code",
        code: "the-code",
        redirect_uri: redirectUri,
        code_verifier: flow.codeVerifier
      })
    }).pipe(Effect.provide(provider)))

  it.effect("a name and a password (feature 119) (feature 120) (feature 121)", () =>
    Effect.gen(function*() {
      const { username } = Person.ada
      yield* UsernamePassword.acquire({ username, password: Redacted.make("hers"), scopes: ["a"], correlationId })
      yield* expectSent("4|301,0|", { "x-anchormailbox": `UPN:${username}` }, {
        ...delegated,
        grant_type: "password",
        username,
        password: "hers"
      })
    }).pipe(Effect.provide(provider)))

  it.effect("a login hint in the authorization address (feature 30)", () =>
    Effect.gen(function*() {
      const url = yield* AuthorizationCode.requestUrl({ redirectUri, scopes: ["a"], loginHint: "ada@example.com" })
      expect(new URL(url).searchParams.get("X-AnchorMailbox")).toBe("UPN:ada@example.com")
    }).pipe(Effect.provide(provider)))
})

describe("on the wire to another provider", () => {
  const application = {
    clientSecret: Redacted.make("s3cret"),
    clientAuthenticationMethod: "client_secret_post"
  } as const

  it.effect.each(
    [
      ["a silent refresh", Effect.flatMap(ada, (account) => Silent.acquire({ scopes: ["a"], account })), {
        grant_type: "refresh_token",
        refresh_token: "cached-refresh-token",
        scope: "a openid profile"
      }],
      ["a client in its own name", ClientCredentials.acquire({ scopes: ["a"] }), {
        grant_type: "client_credentials",
        scope: "a"
      }]
    ] as const
  )("%s says nothing of Microsoft's (item 71)", ([, program, form]) =>
    Effect.gen(function*() {
      yield* program
      const [request] = yield* FakeProvider.requests("token")
      expect(request?.url).toBe(`${issuer}/token`)
      expect(request?.form).toEqual({ ...client, ...form })
      expect(Object.keys(request?.headers ?? {}).sort()).toEqual(["accept", "content-length", "content-type"])
    }).pipe(Effect.provide(generic(application, { accounts: [{}] }))))
})
