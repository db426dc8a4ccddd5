import { describe, expect, it } from "@effect/vitest"
import { Silent } from "@grantwork/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { application } from "./support/application.js"
import { clockAhead } from "./support/clockAhead.js"
import { startEmulatorProvider } from "./support/emulator.js"
import { failureOf } from "./support/failureOf.js"
import { startOidcProvider } from "./support/oidcProvider.js"
import "./support/patience.js"
import type { Provider } from "./support/Provider.js"
import { providerNames, startProvider } from "./support/providers.js"
import { signIn } from "./support/signIn.js"

const scoped = (start: () => Promise<Provider>) =>
  Effect.acquireRelease(Effect.promise(start), (provider) => Effect.promise(provider.close))

const signers: ReadonlyArray<readonly [string, () => Promise<Provider>]> = [
  ["oidc-provider that signs with RS256", () => startOidcProvider({ idTokenSigningAlg: "RS256" })],
  ["oidc-provider that signs with ES256", () => startOidcProvider({ idTokenSigningAlg: "ES256" })],
  ["oidc-provider that signs with PS256", () => startOidcProvider({ idTokenSigningAlg: "PS256" })],
  ["the emulator", () => startEmulatorProvider()]
]

describe.each(signers)("%s", (_, start) => {
  it.scopedLive("is believed, also after a refresh", () =>
    Effect.gen(function*() {
      const provider = yield* scoped(start)
      yield* Effect.gen(function*() {
        const account = yield* (yield* signIn(provider)).account
        const refreshed = yield* Silent.acquire({ scopes: [provider.scopes.read], account, forceRefresh: true })
        expect(Option.getOrThrow(refreshed.idTokenClaims)).toMatchObject({
          iss: provider.issuer,
          [provider.localAccountClaim]: account.localAccountId
        })
      }).pipe(Effect.provide(application(provider, provider.clients.public)))
    }))

  it.scopedLive("is not believed by an application that accepts other algorithms only", () =>
    Effect.gen(function*() {
      const provider = yield* scoped(start)
      const error = yield* failureOf(signIn(provider)).pipe(
        Effect.provide(application(provider, { ...provider.clients.public, idTokenSigningAlgorithms: ["EdDSA"] }))
      )
      expect(error).toMatchObject({ _tag: "IdTokenRejected", rule: "algorithm" })
    }))
})

describe.each(providerNames)("a new signing key of %s", (name) => {
  it.scopedLive("is followed with one fetch, and the keys are remembered", () =>
    Effect.gen(function*() {
      const provider = yield* scoped(() => startProvider(name))
      yield* Effect.gen(function*() {
        const scopes = [provider.scopes.read]
        const fetchesOfKeys = Effect.promise(provider.fetchesOfKeys)
        const account = yield* (yield* signIn(provider)).account
        yield* Silent.acquire({ scopes, account, forceRefresh: true })
        expect(yield* fetchesOfKeys).toBe(1)
        yield* Effect.promise(provider.rotateSigningKey)
        const later = Silent.acquire({ scopes, account, forceRefresh: true })
        for (const _ of [1, 2, 3]) {
          expect((yield* clockAhead("2 minutes")(later)).source).toBe("identity-provider")
          expect(yield* fetchesOfKeys).toBe(2)
        }
      }).pipe(Effect.provide(application(provider, provider.clients.public)))
    }))

  it.scopedLive("that comes right after the keys were fetched ends no session", () =>
    Effect.gen(function*() {
      const provider = yield* scoped(() => startProvider(name))
      yield* Effect.gen(function*() {
        const account = yield* (yield* signIn(provider)).account
        yield* Effect.promise(provider.rotateSigningKey)
        const refresh = Silent.acquire({ scopes: [provider.scopes.read], account, forceRefresh: true })
        yield* Effect.either(refresh)
        expect((yield* clockAhead("2 minutes")(refresh)).source).toBe("identity-provider")
      }).pipe(Effect.provide(application(provider, provider.clients.public)))
    }))
})
