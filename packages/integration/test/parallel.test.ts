import { afterAll, beforeAll, expect, it } from "@effect/vitest"
import { Silent } from "@grantwork/core"
import { type IdentityServer, startIdentityServer } from "@grantwork/identity-server"
import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { application } from "./support/application.js"
import { httpClientNames } from "./support/httpClients.js"
import "./support/patience.js"
import { jane, sam, signIn } from "./support/signIn.js"
import { tokenRequestsDuring } from "./support/tokenRequests.js"

let server: IdentityServer

beforeAll(async () => {
  server = await startIdentityServer({ accessTokenTtl: 60 })
})

afterAll(() => server.close())

const together = { concurrency: "unbounded" } as const

it.live.each(httpClientNames)(
  "16 calls for one expired token make one request over %s",
  (over) =>
    Effect.suspend(() =>
      Effect.gen(function*() {
        const account = yield* (yield* signIn(server)).account
        const calls = Effect.all(Array.replicate(Silent.acquire({ scopes: ["read"], account }), 16), together)
        const sent = yield* tokenRequestsDuring(
          server,
          Effect.map(calls, (results) => {
            expect(new Set(results.map(({ accessToken }) => Redacted.value(accessToken))).size).toBe(1)
            expect(results.every(({ source }) => source === "identity-provider")).toBe(true)
          })
        )
        expect(sent).toEqual(["refresh_token"])
      }).pipe(Effect.provide(application(server, {}, over)))
    )
)

it.live("calls of different people make a request each, and nobody gets another's token", () =>
  Effect.suspend(() =>
    Effect.gen(function*() {
      const accounts = yield* Effect.forEach([jane, sam], (person) =>
        Effect.flatMap(signIn(server, { person }), ({ account }) => account))
      const sent = yield* tokenRequestsDuring(
        server,
        Effect.gen(function*() {
          const results = yield* Effect.forEach(
            [...accounts, ...accounts, ...accounts],
            (account) =>
              Effect.map(Silent.acquire({ scopes: ["read"], account }), (result) => ({ account, result })),
            together
          )
          for (const { account, result } of results) {
            expect(Option.getOrThrow(result.account).homeAccountId).toBe(account.homeAccountId)
            expect(Option.getOrThrow(result.idTokenClaims).sub).toBe(account.homeAccountId)
          }
        })
      )
      expect(sent).toEqual(["refresh_token", "refresh_token"])
    }).pipe(Effect.provide(application(server)))
  ))

it.live("different refreshes of one account take turns, so that rotation loses nothing", () =>
  Effect.suspend(() =>
    Effect.gen(function*() {
      const account = yield* (yield* signIn(server, { scopes: ["read", "write"] })).account
      const sets = [["read"], ["write"], ["read", "write"], []]
      const results = yield* Effect.forEach(
        sets,
        (scopes) => Silent.acquire({ scopes, account, forceRefresh: true }),
        together
      )
      expect(results.every(({ source }) => source === "identity-provider")).toBe(true)
      expect((yield* Silent.acquire({ scopes: ["read"], account, forceRefresh: true })).source).toBe(
        "identity-provider"
      )
    }).pipe(Effect.provide(application(server)))
  ))

it.live("whoever stops waiting takes nothing from the others", () =>
  Effect.suspend(() =>
    Effect.gen(function*() {
      const account = yield* (yield* signIn(server)).account
      const sent = yield* tokenRequestsDuring(
        server,
        Effect.gen(function*() {
          const first = yield* Effect.fork(Silent.acquire({ scopes: ["read"], account }))
          const second = yield* Effect.fork(Silent.acquire({ scopes: ["read"], account }))
          yield* Effect.yieldNow()
          yield* Fiber.interrupt(first)
          expect((yield* Fiber.join(second)).source).toBe("identity-provider")
        })
      )
      expect(sent).toEqual(["refresh_token"])
      expect((yield* Silent.acquire({ scopes: ["read"], account, forceRefresh: true })).source).toBe(
        "identity-provider"
      )
    }).pipe(Effect.provide(application(server)))
  ))
