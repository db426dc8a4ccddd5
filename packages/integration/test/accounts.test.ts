import { afterAll, beforeAll, expect, it } from "@effect/vitest"
import { Accounts, Silent } from "@grantwork/core"
import { type IdentityServer, startIdentityServer } from "@grantwork/identity-server"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { application } from "./support/application.js"
import { failureOf } from "./support/failureOf.js"
import "./support/patience.js"
import { jane, sam, signIn } from "./support/signIn.js"
import { tokenRequestsDuring } from "./support/tokenRequests.js"

let server: IdentityServer

beforeAll(async () => {
  server = await startIdentityServer()
})

afterAll(() => server.close())

it.live("lists, finds and removes whom it signed in", () =>
  Effect.suspend(() =>
    Effect.gen(function*() {
      expect(yield* Accounts.list()).toEqual([])
      const first = yield* (yield* signIn(server, { person: jane })).account
      const second = yield* (yield* signIn(server, { person: sam })).account
      yield* signIn(server, { person: jane, scopes: ["write"] })

      expect((yield* Accounts.list()).map(({ username }) => username)).toEqual(["jane", "sam"])
      expect(yield* Accounts.list({ username: "SAM" })).toEqual([second])
      expect(yield* Accounts.list({ username: "nobody" })).toEqual([])
      expect(Option.getOrThrow(yield* Accounts.get(first.homeAccountId))).toEqual(first)
      expect(Option.isNone(yield* Accounts.get("nobody"))).toBe(true)

      yield* Accounts.remove(first)
      expect(yield* Accounts.list()).toEqual([second])
      expect(Option.isNone(yield* Accounts.get(first.homeAccountId))).toBe(true)
      const sent = yield* tokenRequestsDuring(
        server,
        Effect.gen(function*() {
          for (const forceRefresh of [true, false]) {
            const error = yield* failureOf(Silent.acquire({ scopes: ["read"], account: first, forceRefresh }))
            expect(error).toMatchObject({ _tag: "InteractionRequired", reason: "no_account" })
          }
        })
      )
      expect(sent).toEqual([])
      expect((yield* Silent.acquire({ scopes: ["read"], account: second })).source).toBe("cache")
      expect((yield* Silent.acquire({ scopes: ["read"], account: second, forceRefresh: true })).source).toBe(
        "identity-provider"
      )
      yield* Accounts.remove(first)
    }).pipe(Effect.provide(application(server)))
  ))
