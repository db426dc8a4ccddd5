import { describe, expect, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import * as CircuitBreaker from "../src/CircuitBreaker.js"
import { type Reason, RedisFailure } from "../src/RedisFailure.js"

const make = () => {
  const guarded = CircuitBreaker.make()
  let sent = 0
  return {
    /** What becomes of a command that would end so, and whether it was sent at all. */
    run: (outcome: Effect.Effect<unknown, RedisFailure>) =>
      Effect.gen(function*() {
        const before = sent
        const exit = yield* Effect.either(guarded(Effect.suspend(() => {
          sent += 1
          return outcome
        })))
        return `${exit._tag === "Right" ? "done" : exit.left.reason}, ${sent - before} sent`
      }),
    guarded
  }
}

const failing = (reason: Reason) => Effect.fail(new RedisFailure({ reason }))

describe("the circuit breaker", () => {
  it.effect.each<readonly [times: number, reason: Reason]>([[2, "silent"], [1, "unreachable"]])(
    "sends nothing for a second after Redis was %d times %s, then one",
    ([times, reason]) =>
      Effect.gen(function*() {
        const { run } = make()
        for (let time = 0; time < times; time++) {
          expect(yield* run(Effect.void)).toBe("done, 1 sent")
        }
        for (let time = 0; time < times; time++) {
          expect(yield* run(failing(reason))).toBe(`${reason}, 1 sent`)
        }
        expect(yield* run(Effect.void)).toBe("resting, 0 sent")
        yield* TestClock.adjust("999 millis")
        expect(yield* run(Effect.void)).toBe("resting, 0 sent")
        yield* TestClock.adjust("1 millis")
        expect(yield* run(failing(reason))).toBe(`${reason}, 1 sent`)
        expect(yield* run(Effect.void)).toBe("resting, 0 sent")
        yield* TestClock.adjust("1 second")
        expect(yield* run(Effect.void)).toBe("done, 1 sent")
        expect(yield* run(Effect.void)).toBe("done, 1 sent")
      })
  )

  it.effect.each<readonly [answer: string, Effect.Effect<unknown, RedisFailure>]>([
    ["done", Effect.void],
    ["refused", failing("refused")]
  ])(
    "bears any number of silences, as long as an answer is between two: %s",
    ([told, answer]) =>
      Effect.gen(function*() {
        const { run } = make()
        for (let silence = 0; silence < 5; silence++) {
          expect(yield* run(failing("silent"))).toBe("silent, 1 sent")
          expect(yield* run(answer)).toBe(`${told}, 1 sent`)
        }
      })
  )

  it.effect("takes an error that Redis answers with for an answer", () =>
    Effect.gen(function*() {
      const { run } = make()
      expect(yield* run(failing("refused"))).toBe("refused, 1 sent")
      expect(yield* run(failing("unreachable"))).toBe("unreachable, 1 sent")
      yield* TestClock.adjust("1 second")
      expect(yield* run(failing("refused"))).toBe("refused, 1 sent")
      expect(yield* run(Effect.void)).toBe("done, 1 sent")
    }))

  it.effect("rests again after a trial that was silent, though it was the first silence", () =>
    Effect.gen(function*() {
      const { run } = make()
      yield* run(failing("unreachable"))
      yield* TestClock.adjust("1 second")
      expect(yield* run(failing("silent"))).toBe("silent, 1 sent")
      expect(yield* run(Effect.void)).toBe("resting, 0 sent")
      yield* TestClock.adjust("1 second")
      expect(yield* run(Effect.void)).toBe("done, 1 sent")
    }))

  it.effect("lets one command try at a time", () =>
    Effect.gen(function*() {
      const { guarded, run } = make()
      yield* run(failing("unreachable"))
      yield* TestClock.adjust("1 second")
      const answer = yield* Deferred.make<void, RedisFailure>()
      const trial = yield* Effect.fork(guarded(Deferred.await(answer)))
      yield* Effect.yieldNow()
      expect(yield* run(Effect.void)).toBe("resting, 0 sent")
      yield* TestClock.adjust("1 hour")
      expect(yield* run(Effect.void)).toBe("resting, 0 sent")
      yield* Deferred.succeed(answer, undefined)
      yield* Fiber.join(trial)
      expect(yield* run(Effect.void)).toBe("done, 1 sent")
    }))

  it.effect("lets another one try where the first is interrupted", () =>
    Effect.gen(function*() {
      const { guarded, run } = make()
      yield* run(failing("unreachable"))
      yield* TestClock.adjust("1 second")
      const trial = yield* Effect.fork(guarded(Effect.never))
      yield* Effect.yieldNow()
      yield* Fiber.interrupt(trial)
      expect(yield* run(Effect.void)).toBe("done, 1 sent")
    }))

  it.effect("does not hold against Redis what was sent before it came back", () =>
    Effect.gen(function*() {
      const { guarded, run } = make()
      const answer = yield* Deferred.make<void, RedisFailure>()
      const early = yield* Effect.fork(guarded(Deferred.await(answer)))
      yield* Effect.yieldNow()
      yield* run(failing("unreachable"))
      yield* TestClock.adjust("1 second")
      expect(yield* run(Effect.void)).toBe("done, 1 sent")
      yield* Deferred.fail(answer, new RedisFailure({ reason: "unreachable" }))
      expect((yield* Effect.flip(Fiber.join(early))).reason).toBe("unreachable")
      expect(yield* run(Effect.void)).toBe("done, 1 sent")
    }))

  it.effect("does not rest longer for what fails while it rests", () =>
    Effect.gen(function*() {
      const { guarded, run } = make()
      const answer = yield* Deferred.make<void, RedisFailure>()
      const early = yield* Effect.fork(guarded(Deferred.await(answer)))
      yield* Effect.yieldNow()
      yield* run(failing("unreachable"))
      yield* TestClock.adjust("900 millis")
      yield* Deferred.fail(answer, new RedisFailure({ reason: "unreachable" }))
      yield* Fiber.await(early)
      yield* TestClock.adjust("100 millis")
      expect(yield* run(Effect.void)).toBe("done, 1 sent")
    }))
})
