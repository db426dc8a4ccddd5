import { describe, expect, it } from "@effect/vitest"
import { Accounts, Silent } from "@grantwork/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { atProvider } from "./support/atProvider.js"
import { failureOf } from "./support/failureOf.js"
import "./support/patience.js"
import { providerNames, startProvider } from "./support/providers.js"
import { signIn } from "./support/signIn.js"
import { tokenRequestsDuring } from "./support/tokenRequests.js"

describe.each(providerNames)("at %s", (name) => {
  const provided = atProvider(() => startProvider(name))

  it.live("lists, finds and removes whom it signed in", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const { people: { jane, sam }, scopes: { read, write } } = provider
        expect(yield* Accounts.list()).toEqual([])
        const first = yield* (yield* signIn(provider, { person: jane })).account
        const second = yield* (yield* signIn(provider, { person: sam })).account
        yield* signIn(provider, { person: jane, scopes: [write] })

        expect((yield* Accounts.list()).map(({ username }) => username)).toEqual([jane.username, sam.username])
        expect(yield* Accounts.list({ username: sam.username.toUpperCase() })).toEqual([second])
        expect(yield* Accounts.list({ username: "nobody" })).toEqual([])
        expect(Option.getOrThrow(yield* Accounts.get(first.homeAccountId))).toEqual(first)
        expect(Option.isNone(yield* Accounts.get("nobody"))).toBe(true)

        yield* Accounts.remove(first)
        expect(yield* Accounts.list()).toEqual([second])
        expect(Option.isNone(yield* Accounts.get(first.homeAccountId))).toBe(true)
        const sent = yield* tokenRequestsDuring(
          provider,
          Effect.gen(function*() {
            for (const forceRefresh of [true, false]) {
              const error = yield* failureOf(Silent.acquire({ scopes: [read], account: first, forceRefresh }))
              expect(error).toMatchObject({ _tag: "InteractionRequired", reason: "no_account" })
            }
          })
        )
        expect(sent).toEqual([])
        expect((yield* Silent.acquire({ scopes: [read], account: second })).source).toBe("cache")
        expect((yield* Silent.acquire({ scopes: [read], account: second, forceRefresh: true })).source).toBe(
          "identity-provider"
        )
        yield* Accounts.remove(first)
      })
    ))
})
