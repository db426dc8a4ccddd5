import { describe, expect, it } from "@effect/vitest"
import { AuthorizationCode, Silent } from "@grantwork/core"
import { Browser, SignInFailed } from "@grantwork/identity-server"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { atProvider } from "./support/atProvider.js"
import { clockAhead } from "./support/clockAhead.js"
import { failureOf } from "./support/failureOf.js"
import "./support/patience.js"
import type { Provider } from "./support/Provider.js"
import { providerNames, startProvider } from "./support/providers.js"
import { goAndComeBack, redirectUri, signIn } from "./support/signIn.js"

describe.each(providerNames)("at %s", (name) => {
  const provided = atProvider(() => startProvider(name))

  describe("the session at the server", () => {
    it.live("signs in again without a page", () =>
      provided((provider) =>
        Effect.gen(function*() {
          const browser = new Browser(provider)
          yield* signIn(provider, { browser, scopes: [], prompt: undefined })
          const before = yield* Effect.promise(provider.pageVisits)
          expect(before).toBeGreaterThan(0)
          const result = yield* signIn(provider, { browser, scopes: [], prompt: "none" })
          expect(Option.getOrThrow(result.account).username).toBe(provider.people.jane.username)
          expect(yield* Effect.promise(provider.pageVisits)).toBe(before)
        })
      ))

    it.live("is missed with prompt none", () =>
      provided((provider) =>
        Effect.gen(function*() {
          const error = yield* failureOf(signIn(provider, { prompt: "none" }))
          expect(error).toMatchObject({ _tag: "InteractionRequired", reason: "login", error: "login_required" })
        })
      ))

    it.live("without consent is InteractionRequired with prompt none", () =>
      provided((provider) =>
        Effect.gen(function*() {
          const browser = new Browser(provider)
          yield* signIn(provider, { browser, scopes: [], prompt: undefined })
          const error = yield* failureOf(signIn(provider, { browser, scopes: [provider.scopes.write], prompt: "none" }))
          expect(error).toMatchObject({ _tag: "InteractionRequired", reason: "consent", error: "consent_required" })
        }), ({ asksConsent, clients }) => clients[asksConsent]))
  })

  it.live("proposes the login hint", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const { password, username } = provider.people.sam
        const result = yield* signIn(provider, { loginHint: username, person: { password } })
        expect(Option.getOrThrow(result.account).username).toBe(username)
      })
    ))

  describe("max age", () => {
    it.live("is asked for, and met by a fresh sign-in", () =>
      provided((provider) =>
        Effect.gen(function*() {
          const browser = new Browser(provider)
          yield* signIn(provider, { browser })
          const { arrived, flow } = yield* goAndComeBack(provider, { browser, maxAge: "1 hour" })
          expect(new URL(flow.authorizationUrl).searchParams.get("max_age")).toBe("3600")
          const result = yield* AuthorizationCode.complete({ flow, response: arrived.parameters })
          expect(Option.getOrThrow(result.idTokenClaims)["auth_time"]).toBeTypeOf("number")
        })
      ))

    it.live("is exceeded by one of long ago", () =>
      provided((provider) =>
        Effect.gen(function*() {
          const { arrived, flow } = yield* goAndComeBack(provider, { maxAge: "1 minute" })
          const complete = AuthorizationCode.complete({ flow, response: arrived.parameters })
          const error = yield* failureOf(clockAhead("10 minutes")(complete))
          expect(error).toMatchObject({ _tag: "IdTokenRejected", rule: "auth_time" })
        })
      ))

    it.live("does not matter where none was asked for", () =>
      provided((provider) =>
        Effect.gen(function*() {
          const { arrived, flow } = yield* goAndComeBack(provider)
          const complete = AuthorizationCode.complete({ flow, response: arrived.parameters })
          expect((yield* clockAhead("10 minutes")(complete)).source).toBe("identity-provider")
        })
      ))
  })

  describe("a code", () => {
    it.live("is good for one use, and its tokens are gone after a second", () =>
      provided((provider) =>
        Effect.gen(function*() {
          const { arrived, flow } = yield* goAndComeBack(provider)
          const complete = AuthorizationCode.complete({ flow, response: arrived.parameters })
          const account = yield* (yield* complete).account
          expect(yield* failureOf(complete)).toMatchObject({
            _tag: "InvalidGrant",
            error: "invalid_grant",
            status: 400,
            endpoint: provider.endpoints.token
          })
          const error = yield* failureOf(
            Silent.acquire({ scopes: [provider.scopes.read], account, forceRefresh: true })
          )
          expect(error).toMatchObject({ _tag: "InteractionRequired", reason: "expired" })
        })
      ))

    it.live("for fewer scopes is redeemed for fewer", () =>
      provided((provider) =>
        Effect.gen(function*() {
          const { read, write } = provider.scopes
          const { arrived, flow } = yield* goAndComeBack(provider, { scopes: [read, write] })
          const error = yield* failureOf(
            AuthorizationCode.complete({ flow, response: arrived.parameters, scopes: ["admin"] })
          )
          expect(error).toMatchObject({ _tag: "InvalidArgument", argument: "scopes" })
          const result = yield* AuthorizationCode.complete({ flow, response: arrived.parameters, scopes: [read] })
          expect(result.scopes).toContain(read)
        })
      ))
  })

  describe("the legacy pair", () => {
    const verifier = Redacted.make("a-verifier-of-at-least-forty-three-characters")
    const authorize = (provider: Provider) =>
      Effect.gen(function*() {
        const url = yield* AuthorizationCode.requestUrl({
          scopes: ["openid", provider.scopes.read],
          redirectUri,
          state: "a state",
          nonce: "a nonce",
          codeVerifier: verifier
        })
        const { parameters } = yield* Effect.promise(() => new Browser(provider).signIn(url, provider.people.jane))
        expect(parameters.get("state")).toBe("a state")
        return Redacted.make(parameters.get("code") ?? "")
      })

    it.live("redeems with verifier and nonce", () =>
      provided((provider) =>
        Effect.gen(function*() {
          const code = yield* authorize(provider)
          const result = yield* AuthorizationCode.redeem({
            code,
            redirectUri,
            scopes: [provider.scopes.read],
            nonce: "a nonce",
            codeVerifier: verifier
          })
          expect(Option.getOrThrow(result.account).username).toBe(provider.people.jane.username)
        })
      ))

    const changes: ReadonlyArray<readonly [string, Partial<AuthorizationCode.RedeemRequest>]> = [
      ["another verifier", { codeVerifier: Redacted.make("another-verifier-of-at-least-43-characters-.") }],
      ["no verifier", { codeVerifier: undefined }],
      ["another redirect URI", { redirectUri: "http://127.0.0.1/callback" }],
      ["another code", { code: Redacted.make("another") }]
    ]

    it.live.each(changes)("is refused with %s", ([, change]) =>
      provided((provider) =>
        Effect.gen(function*() {
          const code = yield* authorize(provider)
          const scopes = [provider.scopes.read]
          const request = { code, redirectUri, scopes, nonce: "a nonce", codeVerifier: verifier, ...change }
          const error = yield* failureOf(AuthorizationCode.redeem(request))
          expect(error).toMatchObject({ _tag: "InvalidGrant", error: "invalid_grant" })
        })
      ))

    it.live.each([["another nonce", "another"], ["no nonce", undefined]])(
      "rejects the ID token with %s",
      ([, nonce]) =>
        provided((provider) =>
          Effect.gen(function*() {
            const code = yield* authorize(provider)
            const scopes = [provider.scopes.read]
            const error = yield* failureOf(
              AuthorizationCode.redeem({ code, redirectUri, scopes, nonce, codeVerifier: verifier })
            )
            expect(error).toMatchObject({ _tag: "IdTokenRejected", rule: "nonce" })
          })
        )
    )
  })

  it.live("a redirect URI that is not registered leads nowhere", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const { authorizationUrl } = yield* AuthorizationCode.initiate({
          scopes: [],
          redirectUri: "https://elsewhere.example/callback"
        })
        const failure = yield* Effect.promise(() =>
          new Browser(provider).signIn(authorizationUrl, provider.people.jane).catch((error: unknown) => error)
        )
        expect(failure).toBeInstanceOf(SignInFailed)
      })
    ))
})
