import { describe, expect, it } from "@effect/vitest"
import { Accounts, ClientApplication, RefreshToken, Silent } from "@grantwork/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { atProvider } from "./support/atProvider.js"
import { clockAhead } from "./support/clockAhead.js"
import { startEmulatorProvider } from "./support/emulator.js"
import { failureOf } from "./support/failureOf.js"
import { startOidcProvider } from "./support/oidcProvider.js"
import "./support/patience.js"
import { providerNames, startProvider } from "./support/providers.js"
import { signIn } from "./support/signIn.js"
import { tokenRequestsDuring } from "./support/tokenRequests.js"

describe.each(providerNames)("at %s", (name) => {
  const provided = atProvider(() => startProvider(name))
  const shortly = atProvider(() => startProvider(name, { accessTokenLifetime: 60 }))
  const constantly = atProvider(() => startProvider(name, { rotatesRefreshTokens: false }))

  describe("a cached token", () => {
    it.live("serves its scopes and fewer, and nothing is sent", () =>
      provided((provider) =>
        Effect.gen(function*() {
          const { read, write } = provider.scopes
          const account = yield* (yield* signIn(provider, { scopes: [read, write] })).account
          const sent = yield* tokenRequestsDuring(
            provider,
            Effect.forEach(
              [[read, write], [write, read], [read], ["openid", write], []],
              (scopes) => Effect.map(Silent.acquire({ scopes, account }), ({ source }) => expect(source).toBe("cache"))
            )
          )
          expect(sent).toEqual([])
        })
      ))

    it.live("that is about to expire is refreshed, unless less validity will do", () =>
      shortly((provider) =>
        Effect.gen(function*() {
          const account = yield* (yield* signIn(provider)).account
          const spare = Silent.acquire({ scopes: [provider.scopes.read], account, minValidity: "1 second" })
          expect((yield* spare).source).toBe("cache")
          expect((yield* Silent.acquire({ scopes: [provider.scopes.read], account })).source).toBe("identity-provider")
          expect((yield* clockAhead("1 minute")(spare)).source).toBe("identity-provider")
        })
      ))

    it.live("is passed over for a claims challenge, and refused where it is none", () =>
      provided((provider) =>
        Effect.gen(function*() {
          const account = yield* (yield* signIn(provider)).account
          const challenged = yield* Silent.acquire({
            scopes: [provider.scopes.read],
            account,
            claims: "{\"access_token\":{}}"
          })
          expect(challenged.source).toBe("identity-provider")
          expect(yield* failureOf(Silent.acquire({ scopes: [provider.scopes.read], account, claims: "[]" })))
            .toMatchObject({
              _tag: "InvalidArgument",
              argument: "claims"
            })
        })
      ))
  })

  describe("a forced refresh", () => {
    it.live.each([["rotates", provided], ["stays the same", constantly]] as const)(
      "works round after round where the refresh token %s",
      ([, where]) =>
        where((provider) =>
          Effect.gen(function*() {
            const signedIn = yield* signIn(provider)
            const account = yield* signedIn.account
            const tokens = new Set([Redacted.value(signedIn.accessToken)])
            const rounds = [1, 2, 3, 4, 5]
            for (const _ of rounds) {
              const refreshed = yield* Silent.acquire({ scopes: [provider.scopes.read], account, forceRefresh: true })
              expect(refreshed.source).toBe("identity-provider")
              expect(Option.isNone(refreshed.refreshToken)).toBe(true)
              expect(Option.getOrThrow(refreshed.idTokenClaims)[provider.localAccountClaim]).toBe(
                account.localAccountId
              )
              tokens.add(Redacted.value(refreshed.accessToken))
              const cached = yield* Silent.acquire({ scopes: [provider.scopes.read], account })
              expect(cached.source).toBe("cache")
              expect(Redacted.value(cached.accessToken)).toBe(Redacted.value(refreshed.accessToken))
            }
            expect(tokens.size).toBe(rounds.length + 1)
          })
        )
    )
  })

  describe("a refresh token that was used elsewhere", () => {
    it.live("asks for a person, since the server revokes the grant, and the cached token still serves", () =>
      provided((provider) =>
        Effect.gen(function*() {
          const signedIn = yield* signIn(provider)
          const account = yield* signedIn.account
          const stolen = yield* signedIn.refreshToken
          yield* Silent.acquire({ scopes: [provider.scopes.read], account, forceRefresh: true })

          const replay = RefreshToken.acquire({ refreshToken: stolen, scopes: [provider.scopes.read] })
          expect(yield* failureOf(replay)).toMatchObject({ _tag: "InteractionRequired", reason: "expired" })

          const refresh = Silent.acquire({ scopes: [provider.scopes.read], account, forceRefresh: true })
          const error = yield* failureOf(refresh)
          expect(error).toMatchObject({ _tag: "InteractionRequired", reason: "expired", error: "invalid_grant" })
          expect(error.message).toContain("Sign in")
          expect(
            Option.isNone(yield* Silent.acquireOption({ scopes: [provider.scopes.read], account, forceRefresh: true }))
          ).toBe(true)
          expect((yield* Silent.acquire({ scopes: [provider.scopes.read], account })).source).toBe("cache")

          yield* signIn(provider)
          expect((yield* refresh).source).toBe("identity-provider")
        })
      ))
  })

  it.live("without an account nothing is sent", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const error = yield* failureOf(Silent.acquire({ scopes: [provider.scopes.read], account: undefined }))
        expect(error).toMatchObject({ _tag: "InteractionRequired", reason: "no_account" })
      })
    ))

  it.live("two applications on one cache do not use each other's tokens", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const scopes = [provider.scopes.read]
        const account = yield* (yield* signIn(provider, { scopes })).account
        const { native } = provider.clients
        const other = ClientApplication.layer(native)
        yield* Effect.gen(function*() {
          expect(yield* Accounts.list()).toEqual([])
          expect(yield* failureOf(Silent.acquire({ scopes, account }))).toMatchObject({
            _tag: "InteractionRequired",
            reason: "no_token"
          })
          yield* signIn(provider, { scopes })
          expect(yield* Accounts.list()).toEqual([account])
        }).pipe(Effect.provide(other))
        for (const layer of [other, Layer.empty]) {
          const refreshed = yield* Effect.provide(Silent.acquire({ scopes, account, forceRefresh: true }), layer)
          expect(Option.getOrThrow(refreshed.idTokenClaims).aud).toBe(
            (layer === other ? native : provider.clients.public).clientId
          )
        }
      })
    ))
})

describe("at oidc-provider", () => {
  const provided = atProvider(startOidcProvider)

  it.live("a refresh for more than was granted is InvalidScope, and costs nothing that is cached", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const account = yield* (yield* signIn(provider)).account
        expect(yield* failureOf(Silent.acquire({ scopes: ["write"], account }))).toMatchObject({
          _tag: "InvalidScope",
          error: "invalid_scope",
          status: 400
        })
        expect((yield* Silent.acquire({ scopes: ["read"], account })).source).toBe("cache")
        expect((yield* Silent.acquire({ scopes: ["read"], account, forceRefresh: true })).source).toBe(
          "identity-provider"
        )
      })
    ))

  it.live("without a refresh token a person is asked for once the access token is gone", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const scopes = ["read"]
        const signedIn = yield* signIn(provider, { scopes, prompt: "login" })
        expect(Option.isNone(signedIn.refreshToken)).toBe(true)
        const account = yield* signedIn.account
        expect((yield* Silent.acquire({ scopes, account })).source).toBe("cache")
        const error = yield* failureOf(clockAhead("1 hour")(Silent.acquire({ scopes, account })))
        expect(error).toMatchObject({ _tag: "InteractionRequired", reason: "no_token" })
      })
    ))
})

describe("at the emulator", () => {
  const provided = atProvider(startEmulatorProvider)

  it.live("a token for more than was granted comes by the refresh token, beside the one that is cached", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const { read, write } = provider.scopes
        const signedIn = yield* signIn(provider)
        const account = yield* signedIn.account
        const wider = yield* Silent.acquire({ scopes: [write], account })
        expect(wider.source).toBe("identity-provider")
        expect(wider.scopes).toContain(write)
        expect((yield* Silent.acquire({ scopes: [write], account })).source).toBe("cache")
        const cached = yield* Silent.acquire({ scopes: [read], account })
        expect(Redacted.value(cached.accessToken)).toBe(Redacted.value(signedIn.accessToken))
      })
    ))
})
