import { describe, expect, it } from "@effect/vitest"
import { Silent } from "@grantwork/core"
import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { atProvider } from "./support/atProvider.js"
import { httpClientNames } from "./support/httpClients.js"
import "./support/patience.js"
import { providerNames, startProvider } from "./support/providers.js"
import { signIn } from "./support/signIn.js"
import { tokenRequestsDuring } from "./support/tokenRequests.js"

const together = { concurrency: "unbounded" } as const

describe.each(providerNames)("at %s", (name) => {
  const provided = atProvider(() => startProvider(name, { accessTokenLifetime: 60 }))

  it.live.each(httpClientNames)(
    "16 calls for one expired token make one request over %s",
    (over) =>
      provided((provider) =>
        Effect.gen(function*() {
          const account = yield* (yield* signIn(provider)).account
          const calls = Effect.all(
            Array.replicate(Silent.acquire({ scopes: [provider.scopes.read], account }), 16),
            together
          )
          const sent = yield* tokenRequestsDuring(
            provider,
            Effect.map(calls, (results) => {
              expect(new Set(results.map(({ accessToken }) => Redacted.value(accessToken))).size).toBe(1)
              expect(results.every(({ source }) => source === "identity-provider")).toBe(true)
            })
          )
          expect(sent).toEqual(["refresh_token"])
        }), ({ clients }) =>
        clients.public, over)
  )

  it.live("calls of different people make a request each, and nobody gets another's token", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const accounts = yield* Effect.forEach([provider.people.jane, provider.people.sam], (person) =>
          Effect.flatMap(signIn(provider, { person }), ({ account }) => account))
        const sent = yield* tokenRequestsDuring(
          provider,
          Effect.gen(function*() {
            const results = yield* Effect.forEach(
              [...accounts, ...accounts, ...accounts],
              (account) =>
                Effect.map(
                  Silent.acquire({ scopes: [provider.scopes.read], account }),
                  (result) => ({ account, result })
                ),
              together
            )
            for (const { account, result } of results) {
              expect(Option.getOrThrow(result.account).homeAccountId).toBe(account.homeAccountId)
              expect(Option.getOrThrow(result.idTokenClaims)[provider.localAccountClaim]).toBe(account.localAccountId)
            }
          })
        )
        expect(sent).toEqual(["refresh_token", "refresh_token"])
      })
    ))

  it.live("different refreshes of one account take turns, so that rotation loses nothing", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const { read, write } = provider.scopes
        const account = yield* (yield* signIn(provider, { scopes: [read, write] })).account
        const sets = [[read], [write], [read, write], []]
        const results = yield* Effect.forEach(
          sets,
          (scopes) => Silent.acquire({ scopes, account, forceRefresh: true }),
          together
        )
        expect(results.every(({ source }) => source === "identity-provider")).toBe(true)
        expect((yield* Silent.acquire({ scopes: [provider.scopes.read], account, forceRefresh: true })).source).toBe(
          "identity-provider"
        )
      })
    ))

  it.live("whoever stops waiting takes nothing from the others", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const account = yield* (yield* signIn(provider)).account
        const sent = yield* tokenRequestsDuring(
          provider,
          Effect.gen(function*() {
            const first = yield* Effect.fork(Silent.acquire({ scopes: [provider.scopes.read], account }))
            const second = yield* Effect.fork(Silent.acquire({ scopes: [provider.scopes.read], account }))
            yield* Effect.yieldNow()
            yield* Fiber.interrupt(first)
            expect((yield* Fiber.join(second)).source).toBe("identity-provider")
          })
        )
        expect(sent).toEqual(["refresh_token"])
        expect((yield* Silent.acquire({ scopes: [provider.scopes.read], account, forceRefresh: true })).source).toBe(
          "identity-provider"
        )
      })
    ))
})
