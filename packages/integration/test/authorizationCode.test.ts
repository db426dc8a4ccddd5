import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import { AuthorizationCode, Silent } from "@grantwork/core"
import {
  type AuthorizationResponse,
  Browser,
  type IdentityServer,
  SignInFailed,
  startIdentityServer
} from "@grantwork/identity-server"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { application } from "./support/application.js"
import { clockAhead } from "./support/clockAhead.js"
import { failureOf } from "./support/failureOf.js"
import "./support/patience.js"
import { goAndComeBack, jane, redirectUri, sam, signIn } from "./support/signIn.js"
import { tokenRequestsDuring } from "./support/tokenRequests.js"

let server: IdentityServer

beforeAll(async () => {
  server = await startIdentityServer()
})

afterAll(() => server.close())

const provided = <A, E>(program: Effect.Effect<A, E, Effect.Effect.Context<ReturnType<typeof signIn>>>) =>
  Effect.suspend(() => Effect.provide(program, application(server)))

type Shape = (arrived: AuthorizationResponse) => AuthorizationCode.AuthorizationResponse

const shapes: ReadonlyArray<Shape> = [
  ({ parameters }) => parameters,
  ({ parameters }) => parameters.toString(),
  ({ parameters }) => Object.fromEntries(parameters)
]

const addresses: ReadonlyArray<Shape> = [({ url }) => url, ({ url }) => url.href]

const addressLooks = { query: /\?code=/, fragment: /callback#code=/, form_post: /callback$/ }

describe("the response", () => {
  it.live.each(["query", "fragment", "form_post"] as const)(
    "comes as %s, in whatever shape it is passed on",
    (mode) =>
      provided(Effect.gen(function*() {
        for (const shape of [...shapes, ...(mode === "form_post" ? [] : addresses)]) {
          const { arrived, flow } = yield* goAndComeBack(server, { responseMode: mode })
          expect(arrived.url.href).toMatch(addressLooks[mode])
          const result = yield* AuthorizationCode.complete({ flow, response: shape(arrived) })
          expect(Option.getOrThrow(result.account).username).toBe("jane")
        }
      }))
  )

  it.live("of a person who says no is AccessDenied", () =>
    provided(Effect.gen(function*() {
      const signsIn = failureOf(signIn(server, { person: { ...jane, consent: "deny" } }))
      const sent = yield* tokenRequestsDuring(
        server,
        Effect.tap(signsIn, (error) =>
          expect(error).toMatchObject({
            _tag: "AccessDenied",
            error: "access_denied",
            errorDescription: "The person said no",
            endpoint: `${server.issuer}/auth`
          }))
      )
      expect(sent).toEqual([])
    })))

  const mismatches: ReadonlyArray<readonly [string, Readonly<Record<string, string | undefined>>, object]> = [
    ["another state", { state: "another" }, { reason: "state", parameter: "state" }],
    ["no state", { state: undefined }, { reason: "state", parameter: "state" }],
    ["another issuer", { iss: "https://elsewhere.example" }, { reason: "issuer", parameter: "iss" }],
    ["the issuer's host alone", { iss: "localhost" }, { reason: "issuer", parameter: "iss" }],
    ["no issuer", { iss: undefined }, { reason: "issuer", parameter: "iss" }],
    ["no code", { code: undefined }, { reason: "no_code", parameter: "code" }],
    ["a code and an error", { error: "access_denied" }, { reason: "code_and_error", parameter: "code" }]
  ]

  it.live.each(mismatches)(
    "with %s is refused before anything is sent",
    ([, change, expected]) =>
      provided(Effect.gen(function*() {
        const { arrived, flow } = yield* goAndComeBack(server)
        const response = { ...Object.fromEntries(arrived.parameters), ...change }
        const sent = yield* tokenRequestsDuring(
          server,
          Effect.gen(function*() {
            const error = yield* failureOf(AuthorizationCode.complete({ flow, response }))
            expect(error).toMatchObject({ _tag: "ResponseMismatch", ...expected })
          })
        )
        expect(sent).toEqual([])
        const result = yield* AuthorizationCode.complete({ flow, response: arrived.parameters })
        expect(result.source).toBe("identity-provider")
      }))
  )

  it.live("to another sign-in of the same application is refused", () =>
    provided(Effect.gen(function*() {
      const first = yield* goAndComeBack(server)
      const second = yield* goAndComeBack(server, { person: sam })
      const error = yield* failureOf(
        AuthorizationCode.complete({ flow: first.flow, response: second.arrived.parameters })
      )
      expect(error).toMatchObject({ _tag: "ResponseMismatch", reason: "state" })
    })))

  it.live("to another sign-in, given this one's state, is refused by its code", () =>
    provided(Effect.gen(function*() {
      const first = yield* goAndComeBack(server)
      const second = yield* goAndComeBack(server, { person: sam })
      const response = { ...Object.fromEntries(second.arrived.parameters), state: first.flow.state }
      const error = yield* failureOf(AuthorizationCode.complete({ flow: first.flow, response }))
      expect(error).toMatchObject({ _tag: "InvalidGrant", error: "invalid_grant" })
    })))
})

describe("the session at the server", () => {
  it.live("signs in again without a page", () =>
    provided(Effect.gen(function*() {
      const browser = new Browser(server)
      yield* signIn(server, { browser, scopes: [], prompt: undefined })
      const before = server.requests.length
      const result = yield* signIn(server, { browser, scopes: [], prompt: "none" })
      expect(Option.getOrThrow(result.account).username).toBe("jane")
      expect(server.requests.slice(before).filter(({ path }) => path.startsWith("/interaction"))).toEqual([])
    })))

  it.live("is missed with prompt none", () =>
    provided(Effect.gen(function*() {
      const error = yield* failureOf(signIn(server, { prompt: "none" }))
      expect(error).toMatchObject({ _tag: "InteractionRequired", reason: "login", error: "login_required" })
    })))

  it.live("without consent is InteractionRequired with prompt none", () =>
    provided(Effect.gen(function*() {
      const browser = new Browser(server)
      yield* signIn(server, { browser, scopes: [], prompt: undefined })
      const error = yield* failureOf(signIn(server, { browser, scopes: ["write"], prompt: "none" }))
      expect(error).toMatchObject({ _tag: "InteractionRequired", reason: "consent", error: "consent_required" })
    })))
})

it.live("proposes the login hint", () =>
  provided(Effect.gen(function*() {
    const result = yield* signIn(server, { loginHint: "sam", person: { password: sam.password } })
    expect(Option.getOrThrow(result.account).username).toBe("sam")
  })))

describe("max age", () => {
  it.live("is asked for, and met by a fresh sign-in", () =>
    provided(Effect.gen(function*() {
      const browser = new Browser(server)
      yield* signIn(server, { browser })
      const { arrived, flow } = yield* goAndComeBack(server, { browser, maxAge: "1 hour" })
      expect(new URL(flow.authorizationUrl).searchParams.get("max_age")).toBe("3600")
      const result = yield* AuthorizationCode.complete({ flow, response: arrived.parameters })
      expect(Option.getOrThrow(result.idTokenClaims)["auth_time"]).toBeTypeOf("number")
    })))

  it.live("is exceeded by one of long ago", () =>
    provided(Effect.gen(function*() {
      const { arrived, flow } = yield* goAndComeBack(server, { maxAge: "1 minute" })
      const complete = AuthorizationCode.complete({ flow, response: arrived.parameters })
      const error = yield* failureOf(clockAhead("10 minutes")(complete))
      expect(error).toMatchObject({ _tag: "IdTokenRejected", rule: "auth_time" })
    })))

  it.live("does not matter where none was asked for", () =>
    provided(Effect.gen(function*() {
      const { arrived, flow } = yield* goAndComeBack(server)
      const complete = AuthorizationCode.complete({ flow, response: arrived.parameters })
      expect((yield* clockAhead("10 minutes")(complete)).source).toBe("identity-provider")
    })))
})

describe("a code", () => {
  it.live("is good for one use, and its tokens are gone after a second", () =>
    provided(Effect.gen(function*() {
      const { arrived, flow } = yield* goAndComeBack(server)
      const complete = AuthorizationCode.complete({ flow, response: arrived.parameters })
      const account = yield* (yield* complete).account
      expect(yield* failureOf(complete)).toMatchObject({
        _tag: "InvalidGrant",
        error: "invalid_grant",
        status: 400,
        endpoint: `${server.issuer}/token`
      })
      const error = yield* failureOf(Silent.acquire({ scopes: ["read"], account, forceRefresh: true }))
      expect(error).toMatchObject({ _tag: "InteractionRequired", reason: "expired" })
    })))

  it.live("for fewer scopes is redeemed for fewer", () =>
    provided(Effect.gen(function*() {
      const { arrived, flow } = yield* goAndComeBack(server, { scopes: ["read", "write"] })
      const error = yield* failureOf(
        AuthorizationCode.complete({ flow, response: arrived.parameters, scopes: ["admin"] })
      )
      expect(error).toMatchObject({ _tag: "InvalidArgument", argument: "scopes" })
      const result = yield* AuthorizationCode.complete({ flow, response: arrived.parameters, scopes: ["read"] })
      expect(result.scopes).toContain("read")
    })))
})

describe("the legacy pair", () => {
  const verifier = Redacted.make("a-verifier-of-at-least-forty-three-characters")
  const authorize = Effect.gen(function*() {
    const url = yield* AuthorizationCode.requestUrl({
      scopes: ["openid", "read"],
      redirectUri,
      state: "a state",
      nonce: "a nonce",
      codeVerifier: verifier
    })
    const { parameters } = yield* Effect.promise(() => new Browser(server).signIn(url, jane))
    expect(parameters.get("state")).toBe("a state")
    return Redacted.make(parameters.get("code") ?? "")
  })

  it.live("redeems with verifier and nonce", () =>
    provided(Effect.gen(function*() {
      const code = yield* authorize
      const result = yield* AuthorizationCode.redeem({
        code,
        redirectUri,
        scopes: ["read"],
        nonce: "a nonce",
        codeVerifier: verifier
      })
      expect(Option.getOrThrow(result.account).username).toBe("jane")
    })))

  const changes: ReadonlyArray<readonly [string, Partial<AuthorizationCode.RedeemRequest>]> = [
    ["another verifier", { codeVerifier: Redacted.make("another-verifier-of-at-least-43-characters-.") }],
    ["no verifier", { codeVerifier: undefined }],
    ["another redirect URI", { redirectUri: "http://127.0.0.1/callback" }],
    ["another code", { code: Redacted.make("another") }]
  ]

  it.live.each(changes)("is refused with %s", ([, change]) =>
    provided(Effect.gen(function*() {
      const code = yield* authorize
      const request = { code, redirectUri, scopes: ["read"], nonce: "a nonce", codeVerifier: verifier, ...change }
      const error = yield* failureOf(AuthorizationCode.redeem(request))
      expect(error).toMatchObject({ _tag: "InvalidGrant", error: "invalid_grant" })
    })))

  it.live.each([["another nonce", "another"], ["no nonce", undefined]])(
    "rejects the ID token with %s",
    ([, nonce]) =>
      provided(Effect.gen(function*() {
        const code = yield* authorize
        const error = yield* failureOf(
          AuthorizationCode.redeem({ code, redirectUri, scopes: ["read"], nonce, codeVerifier: verifier })
        )
        expect(error).toMatchObject({ _tag: "IdTokenRejected", rule: "nonce" })
      }))
  )
})

it.live("a redirect URI that is not registered leads nowhere", () =>
  provided(Effect.gen(function*() {
    const { authorizationUrl } = yield* AuthorizationCode.initiate({
      scopes: [],
      redirectUri: "https://elsewhere.example/callback"
    })
    const failure = yield* Effect.promise(() =>
      new Browser(server).signIn(authorizationUrl, jane).catch((error: unknown) => error)
    )
    expect(failure).toBeInstanceOf(SignInFailed)
  })))
