import { describe, expect, it } from "@effect/vitest"
import { Silent } from "@grantwork/core"
import { type SigningAlgorithm, startIdentityServer } from "@grantwork/identity-server"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { application } from "./support/application.js"
import { clockAhead } from "./support/clockAhead.js"
import { failureOf } from "./support/failureOf.js"
import "./support/patience.js"
import { signIn } from "./support/signIn.js"

const startServer = (idTokenSigningAlg?: SigningAlgorithm) =>
  Effect.acquireRelease(
    Effect.promise(() => startIdentityServer(idTokenSigningAlg === undefined ? {} : { idTokenSigningAlg })),
    (server) => Effect.promise(() => server.close())
  )

describe.each(["RS256", "ES256", "PS256"] as const)("a server that signs with %s", (algorithm) => {
  it.scopedLive("is believed, also after a refresh", () =>
    Effect.gen(function*() {
      const server = yield* startServer(algorithm)
      yield* Effect.gen(function*() {
        const account = yield* (yield* signIn(server)).account
        const refreshed = yield* Silent.acquire({ scopes: ["read"], account, forceRefresh: true })
        expect(Option.getOrThrow(refreshed.idTokenClaims)).toMatchObject({
          iss: server.issuer,
          sub: account.homeAccountId
        })
      }).pipe(Effect.provide(application(server)))
    }))

  it.scopedLive("is not believed by an application that accepts other algorithms only", () =>
    Effect.gen(function*() {
      const server = yield* startServer(algorithm)
      const error = yield* failureOf(signIn(server)).pipe(
        Effect.provide(application(server, { idTokenSigningAlgorithms: ["EdDSA"] }))
      )
      expect(error).toMatchObject({ _tag: "IdTokenRejected", rule: "algorithm" })
    }))
})

describe("a new signing key", () => {
  const fetchesOfKeys = (server: { readonly requests: ReadonlyArray<{ readonly path: string }> }) =>
    server.requests.filter(({ path }) => path === "/jwks").length

  it.scopedLive("is followed with one fetch, and the keys are remembered", () =>
    Effect.gen(function*() {
      const server = yield* startServer()
      yield* Effect.gen(function*() {
        const account = yield* (yield* signIn(server)).account
        yield* Silent.acquire({ scopes: ["read"], account, forceRefresh: true })
        expect(fetchesOfKeys(server)).toBe(1)
        yield* Effect.promise(() => server.rotateSigningKey())
        const later = Silent.acquire({ scopes: ["read"], account, forceRefresh: true })
        for (const _ of [1, 2, 3]) {
          expect((yield* clockAhead("2 minutes")(later)).source).toBe("identity-provider")
          expect(fetchesOfKeys(server)).toBe(2)
        }
      }).pipe(Effect.provide(application(server)))
    }))

  it.scopedLive("that comes right after the keys were fetched ends no session", () =>
    Effect.gen(function*() {
      const server = yield* startServer()
      yield* Effect.gen(function*() {
        const account = yield* (yield* signIn(server)).account
        yield* Effect.promise(() => server.rotateSigningKey())
        const refresh = Silent.acquire({ scopes: ["read"], account, forceRefresh: true })
        yield* Effect.either(refresh)
        expect((yield* clockAhead("2 minutes")(refresh)).source).toBe("identity-provider")
      }).pipe(Effect.provide(application(server)))
    }))
})
