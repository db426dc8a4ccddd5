import { describe, expect, it } from "@effect/vitest"
import { ClientApplication, Silent } from "@grantwork/core"
import { FakeProvider, Person, PrefilledTokenCache, Reply, TokenFactory } from "@grantwork/testing"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FiberRef from "effect/FiberRef"
import * as HashMap from "effect/HashMap"
import * as Redacted from "effect/Redacted"
import { ada, cached, failure, generic, refuse } from "../scenario.js"

const people = { accounts: [{}, { person: Person.grace, refreshToken: "grace's refresh token" }] } as const

const refresh = (request: Partial<Silent.Request> = {}) =>
  Effect.flatMap(ada, (account) => Silent.acquire({ scopes: ["a"], account, ...request }))

/** The token endpoint holds back every answer until the gate opens. */
const holdBack = Effect.gen(function*() {
  const factory = yield* TokenFactory.TokenFactory
  const gate = yield* Deferred.make<void>()
  yield* FakeProvider.answer(
    "token",
    () => Effect.zipRight(Deferred.await(gate), Effect.map(factory.tokenAnswer(), (answer) => Reply.json(answer)))
  )
  return { open: Deferred.succeed(gate, undefined) }
})

const sent = Effect.map(
  FakeProvider.requests("token"),
  (requests) => requests.map(({ form }) => form?.["refresh_token"])
)

describe("equal calls at the same time", () => {
  it.effect("share one request", () =>
    Effect.gen(function*() {
      const { open } = yield* holdBack
      const calls = Array.from({ length: 20 }, (_, index) =>
        refresh({ scopes: index % 2 === 0 ? ["a", "b"] : ["b", "a"], forceRefresh: true }))
      const fiber = yield* Effect.fork(Effect.all(calls, { concurrency: "unbounded" }))
      yield* FakeProvider.awaitRequests("token")
      yield* open
      const results = yield* Fiber.join(fiber)
      expect(
        new Set(results.map(({ accessToken }) =>
          Redacted.value(accessToken)
        ))
      ).toEqual(new Set(["access-token-1"]))
      expect(yield* sent).toEqual(["cached-refresh-token"])
    }).pipe(Effect.provide(generic({}, people))))

  it.effect("share one failure, which is not remembered", () =>
    Effect.gen(function*() {
      yield* FakeProvider.answer("token", [Reply.disconnected(), Reply.disconnected()])
      const errors = yield* Effect.all(Array.from({ length: 5 }, () => failure(refresh())), {
        concurrency: "unbounded"
      })
      expect(errors.map(({ _tag }) => _tag)).toEqual(Array.from({ length: 5 }, () => "NetworkFailure"))
      expect(yield* sent).toHaveLength(1)
      yield* failure(refresh())
      expect(yield* sent).toHaveLength(2)
    }).pipe(Effect.provide(generic({}, people))))

  it.effect("survive the interruption of the first caller", () =>
    Effect.gen(function*() {
      const { open } = yield* holdBack
      const first = yield* Effect.fork(refresh())
      yield* FakeProvider.awaitRequests("token")
      const second = yield* Effect.fork(refresh())
      yield* Effect.yieldNow()
      yield* Fiber.interrupt(first)
      const third = yield* Effect.fork(refresh())
      yield* Effect.yieldNow()
      yield* open
      expect(Redacted.value((yield* Fiber.join(second)).accessToken)).toBe("access-token-1")
      expect(Redacted.value((yield* Fiber.join(third)).accessToken)).toBe("access-token-1")
      expect(yield* sent).toHaveLength(1)
    }).pipe(Effect.provide(generic({}, people))))

  it.effect("save what comes even when every caller has left", () =>
    Effect.gen(function*() {
      const { open } = yield* holdBack
      const only = yield* Effect.fork(refresh())
      yield* FakeProvider.awaitRequests("token")
      yield* Fiber.interrupt(only)
      yield* open
      expect(Redacted.value((yield* refresh()).accessToken)).toBe("access-token-1")
      expect(yield* sent).toHaveLength(1)
      expect((yield* cached)[0]).toMatchObject({ refreshTokens: ["refresh-token-1"] })
    }).pipe(Effect.provide(generic({}, people))))

  it.effect("keep their own log annotations", () =>
    Effect.gen(function*() {
      const { open } = yield* holdBack
      const first = yield* Effect.fork(Effect.annotateLogs(refresh(), "caller", "first"))
      yield* FakeProvider.awaitRequests("token")
      const follower = yield* Effect.fork(Effect.zipRight(refresh(), FiberRef.get(FiberRef.currentLogAnnotations)))
      yield* Effect.yieldNow()
      yield* open
      yield* Fiber.join(first)
      expect(HashMap.size(yield* Fiber.join(follower))).toBe(0)
    }).pipe(Effect.provide(generic({}, people))))
})

describe("unequal calls at the same time", () => {
  it.effect("of one account run one after the other, each with the newest refresh token", () =>
    Effect.gen(function*() {
      const { open } = yield* holdBack
      const fibers = yield* Effect.fork(Effect.all(
        [refresh(), refresh({ scopes: ["b"] }), refresh({ scopes: ["a"], forceRefresh: true })],
        { concurrency: "unbounded" }
      ))
      yield* FakeProvider.awaitRequests("token")
      for (const _ of Array.from({ length: 20 })) {
        yield* Effect.yieldNow()
      }
      const first = yield* sent
      yield* open
      yield* Fiber.join(fibers)
      expect(first).toEqual(["cached-refresh-token"])
      expect(yield* sent).toEqual(["cached-refresh-token", "refresh-token-1", "refresh-token-2"])
    }).pipe(Effect.provide(generic({}, people))))

  it.effect("of one account take what another has brought meanwhile", () =>
    Effect.gen(function*() {
      const { open } = yield* holdBack
      const wide = yield* Effect.fork(refresh({ scopes: ["a", "b"] }))
      yield* FakeProvider.awaitRequests("token")
      const narrow = yield* Effect.fork(refresh({ scopes: ["b"] }))
      yield* Effect.yieldNow()
      yield* open
      yield* Fiber.join(wide)
      expect((yield* Fiber.join(narrow)).source).toBe("cache")
      expect(yield* sent).toHaveLength(1)
    }).pipe(Effect.provide(generic({}, people))))

  it.effect("of two accounts do not hold each other up", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      const application = yield* ClientApplication.ClientApplication
      const gate = yield* Deferred.make<void>()
      yield* FakeProvider.answer("token", ({ form }) =>
        Effect.gen(function*() {
          const forGrace = form?.["refresh_token"] === "grace's refresh token"
          if (!forGrace) {
            yield* Deferred.await(gate)
          }
          const { subject: sub, username } = forGrace ? Person.grace : Person.ada
          const idToken = yield* factory.idToken({ sub, preferred_username: username })
          return Reply.json(yield* factory.tokenAnswer({ id_token: idToken }))
        }))
      const slow = yield* Effect.fork(refresh())
      yield* FakeProvider.awaitRequests("token")
      const account = PrefilledTokenCache.account(Person.grace, application)
      const quick = yield* Silent.acquire({ scopes: ["a"], account })
      const unfinished = slow.unsafePoll()
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(slow)
      expect(quick.source).toBe("identity-provider")
      expect(unfinished).toBeNull()
    }).pipe(Effect.provide(generic({}, people))))

  it.effect("an interrupted wait for the turn frees it", () =>
    Effect.gen(function*() {
      const { open } = yield* holdBack
      const first = yield* Effect.fork(refresh())
      yield* FakeProvider.awaitRequests("token")
      const waiting = yield* Effect.fork(refresh({ scopes: ["b"] }))
      yield* Effect.yieldNow()
      yield* Fiber.interrupt(waiting)
      yield* open
      yield* Fiber.join(first)
      yield* refuse({ error: "invalid_client" })
      expect((yield* failure(refresh({ scopes: ["c"] })))._tag).toBe("InvalidClient")
    }).pipe(Effect.provide(generic({}, people))))
})
