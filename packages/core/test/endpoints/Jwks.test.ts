import { describe, expect, it } from "@effect/vitest"
import { FakeProvider, Reply, SigningKey, TokenFactory } from "@grantwork/testing"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { cached, failure, generic, issuer, nextAnswer, signIn } from "../scenario.js"

const keyRequests = Effect.map(FakeProvider.requests("keys"), (requests) => requests.length)

const signInWith = (key: SigningKey.SigningKey) =>
  Effect.gen(function*() {
    const factory = yield* TokenFactory.TokenFactory
    yield* nextAnswer({ id_token: yield* factory.idToken({}, key) })
    return yield* signIn()
  })

const publish = (...keys: ReadonlyArray<SigningKey.SigningKey>) =>
  FakeProvider.answer("keys", Reply.json({ keys: keys.map(({ publicKey }) => publicKey) }))

describe("keys", () => {
  it.effect("are asked for at the metadata's address", () =>
    Effect.gen(function*() {
      yield* signIn()
      expect(yield* FakeProvider.requests("keys")).toEqual([{
        method: "GET",
        url: `${issuer}/jwks`,
        headers: { accept: "application/json" },
        body: "",
        form: undefined,
        json: undefined
      }])
    }).pipe(Effect.provide(generic())))

  it.effect("are remembered for an hour", () =>
    Effect.gen(function*() {
      yield* signIn()
      yield* TestClock.adjust("3599 seconds")
      yield* signIn()
      expect(yield* keyRequests).toBe(1)
      yield* TestClock.adjust("2 seconds")
      yield* signIn()
      expect(yield* keyRequests).toBe(2)
    }).pipe(Effect.provide(generic())))

  it.effect("are fetched once more for an unknown kid, then not for a minute", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      const second = yield* SigningKey.generate("ES256", "key-2")
      const third = yield* SigningKey.generate("ES256", "key-3")
      yield* signIn()
      yield* TestClock.adjust("1 minute")
      yield* publish(factory.key, second)
      yield* signInWith(second)
      expect(yield* keyRequests).toBe(2)

      yield* publish(factory.key, second, third)
      yield* TestClock.adjust("59 seconds")
      expect(yield* failure(signInWith(third))).toMatchObject({ _tag: "IdTokenRejected", rule: "unknown_key" })
      expect(yield* keyRequests).toBe(2)
      yield* signInWith(second)
      expect(yield* keyRequests).toBe(2)

      yield* TestClock.adjust("1 second")
      yield* signInWith(third)
      expect(yield* keyRequests).toBe(3)
    }).pipe(Effect.provide(generic())))

  it.effect("are fetched again once for an unknown kid, and then not for a minute", () =>
    Effect.gen(function*() {
      const stranger = yield* SigningKey.generate("ES256", "stranger")
      for (const expected of [2, 2, 2]) {
        expect(yield* failure(signInWith(stranger))).toMatchObject({ rule: "unknown_key" })
        expect(yield* keyRequests).toBe(expected)
      }
    }).pipe(Effect.provide(generic())))

  it.effect("are fetched again by one of many that see an unknown kid at the same time", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      const second = yield* SigningKey.generate("ES256", "key-2")
      yield* signIn()
      yield* TestClock.adjust("2 minutes")
      const gate = yield* Deferred.make<void>()
      yield* FakeProvider.answer(
        "keys",
        Effect.as(Deferred.await(gate), Reply.json({ keys: [factory.key.publicKey, second.publicKey] }))
      )
      const answer = yield* factory.tokenAnswer({ id_token: yield* factory.idToken({}, second) })
      yield* FakeProvider.answer("token", Reply.json(answer))
      const fiber = yield* Effect.fork(
        Effect.all(Array.from({ length: 5 }, () => signIn()), { concurrency: "unbounded" })
      )
      yield* FakeProvider.awaitRequests("token", 6)
      yield* FakeProvider.awaitRequests("keys", 2)
      yield* Deferred.succeed(gate, undefined)
      expect(yield* Fiber.join(fiber)).toHaveLength(5)
      expect(yield* keyRequests).toBe(2)
    }).pipe(Effect.provide(generic())))

  it.effect("are withdrawn when the provider no longer publishes them", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      const second = yield* SigningKey.generate("ES256", "key-2")
      yield* signIn()
      yield* publish(second)
      yield* TestClock.adjust("61 minutes")
      expect(yield* failure(signInWith(factory.key))).toMatchObject({ rule: "unknown_key" })
    }).pipe(Effect.provide(generic())))

  it.effect("that could not be had are asked for again", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      yield* FakeProvider.answer("keys", [Reply.empty({ status: 503 }), Reply.json(factory.keySet)])
      expect(yield* failure(signIn())).toMatchObject({ _tag: "ServerUnavailable", status: 503 })
      expect(yield* cached).toEqual([])
      expect((yield* signIn()).source).toBe("identity-provider")
    }).pipe(Effect.provide(generic())))

  it.effect.each(
    [
      ["a page", Reply.html("<h1>Sign in to the proxy</h1>"), "not_json"],
      ["an empty body", Reply.empty(), "not_json"],
      ["no keys member", Reply.json({ jwks: [] }), "not_json"],
      ["keys that are no list", Reply.json({ keys: {} }), "not_json"],
      ["a list", Reply.text("[]"), "not_json"],
      ["404", Reply.json({ keys: [] }, { status: 404 }), "status"]
    ] as const
  )("are not %s", ([, reply, reason]) =>
    Effect.gen(function*() {
      yield* FakeProvider.answer("keys", reply)
      expect(yield* failure(signIn())).toMatchObject({ _tag: "MalformedResponse", reason, endpoint: `${issuer}/jwks` })
      expect(yield* cached).toEqual([])
    }).pipe(Effect.provide(generic())))

  it.effect("of odd shapes among good ones do no harm", () =>
    Effect.gen(function*() {
      const { key } = yield* TokenFactory.TokenFactory
      const odd = [null, 7, "key", [], {}, { kty: 7 }, { kty: "unknown", kid: "key-1" }]
      yield* FakeProvider.answer("keys", Reply.json({ keys: [...odd, key.publicKey] }))
      expect((yield* signIn()).source).toBe("identity-provider")
    }).pipe(Effect.provide(generic())))
})
