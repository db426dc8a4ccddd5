import { describe, expect, it } from "@effect/vitest"
import { AuthorizationCode, ClientApplication, Silent, UsernamePassword } from "@grantwork/core"
import { FakeProvider, Person, PrefilledTokenCache, Reply, TokenFactory } from "@grantwork/testing"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { entra, failure, redirectUri } from "../scenario.js"

const people = { accounts: [{}, { person: Person.grace, refreshToken: "grace's" }] } as const

const silent = (person: Person.Person, request: Partial<Silent.Request> = {}) =>
  Effect.gen(function*() {
    const account = PrefilledTokenCache.account(person, yield* ClientApplication.ClientApplication)
    return yield* Silent.acquire({ scopes: ["a"], account, ...request })
  })

const sent = Effect.map(FakeProvider.requests("token"), (requests) => requests.length)

const refusal = Reply.json({ error: "invalid_grant" }, { status: 400 })

describe("a provider that asks to slow down", () => {
  it.effect.each([429, 503, 400])(
    "by %s with Retry-After: is left alone until then (feature 115)",
    (status) =>
      Effect.gen(function*() {
        yield* FakeProvider.answer(
          "token",
          Reply.json({ error: "invalid_grant" }, { status, headers: { "retry-after": "7" } })
        )
        yield* failure(silent(Person.ada))
        yield* TestClock.adjust("6 seconds")
        expect(yield* failure(silent(Person.ada, { claims: "{\"a\":1}" }))).toMatchObject({
          _tag: "Throttled",
          retryAfter: 1
        })
        expect(yield* sent).toBe(1)
        yield* failure(silent(Person.grace))
        yield* failure(silent(Person.ada, { scopes: ["b"] }))
        expect(yield* sent).toBe(3)
        yield* TestClock.adjust("1 second")
        yield* failure(silent(Person.ada))
        expect(yield* sent).toBe(4)
      }).pipe(Effect.provide(entra("common", people)))
  )

  it.effect.each([[undefined, 60], ["the secret", 5]] as const)(
    "without saying how long, secret %s: for %s seconds (feature 115)",
    ([secret, retryAfter]) =>
      Effect.gen(function*() {
        yield* FakeProvider.answer("token", Reply.empty({ status: 429 }))
        yield* failure(silent(Person.ada))
        expect(yield* failure(silent(Person.ada))).toMatchObject({ _tag: "Throttled", retryAfter })
        expect(yield* sent).toBe(1)
      }).pipe(Effect.provide(entra("common", {
        ...people,
        application: { clientSecret: secret === undefined ? undefined : Redacted.make(secret) }
      })))
  )
})

describe("a request that was refused", () => {
  it.effect("is sent again by default (feature 116)", () =>
    Effect.gen(function*() {
      yield* FakeProvider.answer("token", refusal)
      yield* failure(silent(Person.ada))
      yield* failure(silent(Person.ada))
      expect(yield* sent).toBe(2)
    }).pipe(Effect.provide(entra("common", people))))

  it.effect("fails again as it did for repeatRefusals, the very same alone (feature 116)", () =>
    Effect.gen(function*() {
      yield* FakeProvider.answer("token", refusal)
      const first = yield* failure(silent(Person.ada))
      const again = yield* failure(silent(Person.ada))
      expect(again).toMatchObject({ _tag: "InteractionRequired", reason: "expired", message: first.message })
      expect(yield* sent).toBe(1)
      yield* failure(silent(Person.ada, { claims: "{\"a\":1}" }))
      yield* failure(silent(Person.ada, { forceRefresh: true }))
      yield* failure(silent(Person.grace))
      expect(yield* sent).toBe(4)
      yield* TestClock.adjust("1 minute")
      yield* failure(silent(Person.ada))
      expect(yield* sent).toBe(5)
    }).pipe(Effect.provide(entra("common", { ...people, application: { repeatRefusals: "1 minute" } }))))
})

describe("a request that failed", () => {
  const password = UsernamePassword.acquire({ username: "ada", password: Redacted.make("pw"), scopes: ["a"] })

  it.effect.each(
    [
      ["a lost connection", Reply.disconnected(), 2],
      ["408", Reply.empty({ status: 408 }), 2],
      ["503", Reply.empty({ status: 503 }), 2],
      ["503 with Retry-After", Reply.empty({ status: 503, headers: { "retry-after": "1" } }), 1],
      ["429", Reply.empty({ status: 429 }), 1],
      ["400", refusal, 1]
    ] as const
  )("by %s is sent %s", ([, answer, times]) =>
    Effect.gen(function*() {
      yield* FakeProvider.answer("token", answer)
      const fiber = yield* Effect.fork(failure(password))
      yield* FakeProvider.awaitRequests("token")
      for (let step = 0; step < 20; step++) {
        yield* Effect.yieldNow()
        yield* TestClock.adjust("100 millis")
      }
      yield* fiber
      expect(yield* sent).toBe(times)
    }).pipe(Effect.provide(entra("common", { application: { retry: true } }))))

  it.effect.each([["ECONNRESET", 1], ["ECONNREFUSED", 2]] as const)(
    "with a code in it, by %s, is sent %s",
    ([reason, times]) =>
      Effect.gen(function*() {
        yield* FakeProvider.answer("token", Reply.disconnected(reason))
        const code = Redacted.make("the-code")
        const fiber = yield* Effect.fork(failure(AuthorizationCode.redeem({ code, redirectUri, scopes: ["a"] })))
        yield* FakeProvider.awaitRequests("token")
        for (let step = 0; step < 20; step++) {
          yield* Effect.yieldNow()
          yield* TestClock.adjust("100 millis")
        }
        yield* fiber
        expect(yield* sent).toBe(times)
      }).pipe(Effect.provide(entra("common", { application: { retry: true } })))
  )

  it.effect("is told of by those after it, until one succeeds (feature 120)", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      const good = Reply.json(yield* factory.tokenAnswer())
      yield* FakeProvider.answer("token", [refusal, good, good])
      yield* failure(silent(Person.ada, { correlationId: "first" }))
      yield* silent(Person.ada)
      yield* silent(Person.ada)
      yield* silent(Person.ada, { forceRefresh: true })
      const requests = yield* FakeProvider.requests("token")
      expect(requests.map(({ headers }) => headers["x-client-last-telemetry"])).toEqual([
        "4|0|||",
        "4|0|84,first|invalid_grant|",
        "4|1|||"
      ])
    }).pipe(Effect.provide(entra("common", people))))

  it.effect("to Microsoft without telemetry has none of its headers (feature 119) (feature 120)", () =>
    Effect.gen(function*() {
      yield* silent(Person.ada)
      const [request] = yield* FakeProvider.requests("token")
      expect(Object.keys(request?.headers ?? {}).filter((name) => name.startsWith("x-"))).toEqual(["x-anchormailbox"])
    }).pipe(Effect.provide(entra("common", { ...people, application: { telemetry: false } }))))
})
