import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import * as Deadlines from "../src/Deadlines.js"

const never = () => new Promise<never>(() => {})

const fork = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.tap(Effect.fork(effect), () => Effect.repeatN(Effect.yieldNow(), 20))

describe("a deadline", () => {
  const within = <A>(deadlines: Deadlines.Deadlines, promise: () => Promise<A>) =>
    deadlines(promise, (error) => `rejected: ${String(error)}`, () => "late")

  it.scoped("is over for each one when its time is", () =>
    Effect.gen(function*() {
      const deadlines = yield* Deadlines.make(1000)
      const first = yield* fork(within(deadlines, never))
      yield* TestClock.adjust("400 millis")
      const second = yield* fork(within(deadlines, never))
      yield* TestClock.adjust("599 millis")
      expect(first.unsafePoll()).toBeNull()
      yield* TestClock.adjust("1 millis")
      expect(yield* Effect.flip(Fiber.join(first))).toBe("late")
      yield* TestClock.adjust("399 millis")
      expect(second.unsafePoll()).toBeNull()
      yield* TestClock.adjust("1 millis")
      expect(yield* Effect.flip(Fiber.join(second))).toBe("late")
      const third = yield* fork(within(deadlines, never))
      yield* TestClock.adjust("1 second")
      expect(yield* Effect.flip(Fiber.join(third))).toBe("late")
    }))

  it.scoped("is nothing to what is answered, rejected or thrown before", () =>
    Effect.gen(function*() {
      const deadlines = yield* Deadlines.make(1000)
      expect(yield* within(deadlines, () => Promise.resolve("answer"))).toBe("answer")
      expect(yield* Effect.flip(within(deadlines, () => Promise.reject(new Error("no"))))).toBe("rejected: Error: no")
      const throwing = within(deadlines, () => {
        throw new Error("never")
      })
      expect(yield* Effect.flip(throwing)).toBe("rejected: Error: never")
    }))

  it.scoped("holds where nothing may be interrupted, too", () =>
    Effect.gen(function*() {
      const deadlines = yield* Deadlines.make(1000)
      const fiber = yield* fork(Effect.uninterruptible(within(deadlines, never)))
      yield* TestClock.adjust("1 second")
      expect(yield* Effect.flip(Fiber.join(fiber))).toBe("late")
    }))

  it.scoped("holds for what was begun before its scope ended, and for what comes after", () =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const deadlines = yield* Scope.extend(Deadlines.make(1000), scope)
      const before = yield* fork(Effect.uninterruptible(within(deadlines, never)))
      yield* Scope.close(scope, Exit.void)
      expect(before.unsafePoll()).toBeNull()
      const after = yield* fork(within(deadlines, never))
      yield* TestClock.adjust("1 second")
      expect(yield* Effect.flip(Fiber.join(before))).toBe("late")
      expect(yield* Effect.flip(Fiber.join(after))).toBe("late")
    }))

  it.scoped("lets go of whoever is interrupted", () =>
    Effect.gen(function*() {
      const deadlines = yield* Deadlines.make(1000)
      const fiber = yield* fork(within(deadlines, never))
      expect((yield* Fiber.interrupt(fiber))._tag).toBe("Failure")
      const next = yield* fork(within(deadlines, never))
      yield* TestClock.adjust("1 second")
      expect(yield* Effect.flip(Fiber.join(next))).toBe("late")
    }))
})
