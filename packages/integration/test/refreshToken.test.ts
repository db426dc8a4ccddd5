import { describe, expect, it } from "@effect/vitest"
import { Accounts, RefreshToken, Silent } from "@grantwork/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { application } from "./support/application.js"
import { atProvider } from "./support/atProvider.js"
import { startEmulatorProvider } from "./support/emulator.js"
import { failureOf } from "./support/failureOf.js"
import { startOidcProvider } from "./support/oidcProvider.js"
import "./support/patience.js"
import type { Provider } from "./support/Provider.js"
import { providerNames, startProvider } from "./support/providers.js"
import { signIn } from "./support/signIn.js"

/** Signs in through an application of its own. */
const fromElsewhere = (provider: Provider) =>
  Effect.flatMap(signIn(provider), ({ refreshToken }) => refreshToken).pipe(
    Effect.provide(application(provider, provider.clients.public))
  )

describe.each(providerNames)("at %s", (name) => {
  const provided = atProvider(() => startProvider(name))

  it.live("signs in whom the refresh token is for, and goes on with the rotated one", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const scopes = [provider.scopes.read]
        const refreshToken = yield* fromElsewhere(provider)
        const imported = yield* RefreshToken.acquire({ refreshToken, scopes })
        expect(Redacted.value(Option.getOrThrow(imported.refreshToken))).not.toBe(Redacted.value(refreshToken))
        const account = yield* imported.account
        expect(yield* Accounts.list()).toEqual([account])
        expect(account).toEqual(provider.accounts.jane)
        expect((yield* Silent.acquire({ scopes, account })).source).toBe("cache")
        const refreshed = yield* Silent.acquire({ scopes, account, forceRefresh: true })
        expect(refreshed.source).toBe("identity-provider")
      })
    ))

  it.live.each(["used", "made up"])(
    "that is %s asks for a person, and nothing is cached",
    (kind) =>
      provided((provider) =>
        Effect.gen(function*() {
          const scopes = [provider.scopes.read]
          const used = yield* fromElsewhere(provider)
          yield* Effect.provide(
            RefreshToken.acquire({ refreshToken: used, scopes }),
            application(provider, provider.clients.public)
          )
          const refreshToken = kind === "used" ? used : Redacted.make("no-such-token")
          const error = yield* failureOf(RefreshToken.acquire({ refreshToken, scopes }))
          expect(error).toMatchObject({ _tag: "InteractionRequired", reason: "expired", error: "invalid_grant" })
          expect(JSON.stringify(error)).not.toContain(Redacted.value(refreshToken))
          expect(yield* Accounts.list()).toEqual([])
        })
      )
  )

  it.live("of another client is refused", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const refreshToken = yield* fromElsewhere(provider)
        const error = yield* failureOf(RefreshToken.acquire({ refreshToken, scopes: [provider.scopes.read] }))
        expect(error).toMatchObject({ _tag: "InteractionRequired", error: "invalid_grant" })
      }), ({ clients }) => clients.native))
})

const acquireWider = (provider: Provider) =>
  Effect.flatMap(
    fromElsewhere(provider),
    (refreshToken) => RefreshToken.acquire({ refreshToken, scopes: [provider.scopes.write] })
  )

describe("at oidc-provider", () => {
  const provided = atProvider(startOidcProvider)

  it.live("will not get more scopes than it has", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const error = yield* failureOf(acquireWider(provider))
        expect(error).toMatchObject({ _tag: "InvalidScope", error: "invalid_scope" })
      })
    ))
})

describe("at the emulator", () => {
  const provided = atProvider(startEmulatorProvider)

  it.live("gets other scopes than those it came with", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const { account, scopes } = yield* acquireWider(provider)
        expect(scopes).toContain(provider.scopes.write)
        expect(scopes).not.toContain(provider.scopes.read)
        expect(Option.getOrThrow(account)).toEqual(provider.accounts.jane)
      })
    ))
})
