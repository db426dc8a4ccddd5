import { describe, expect, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import * as SingleFlight from "../../src/services/SingleFlight.js"

const settle = Effect.forEach(Array.from({ length: 50 }), () => Effect.yieldNow(), { discard: true })

describe("SingleFlight", () => {
  it.scoped("runs equal effects once, and unequal ones apart", () =>
    Effect.gen(function*() {
      const flights = yield* SingleFlight.make<number>()
      const gate = yield* Deferred.make<void>()
      let runs = 0
      const effect = Effect.zipRight(Deferred.await(gate), Effect.sync(() => ++runs))
      const fiber = yield* Effect.fork(Effect.all(
        [
          SingleFlight.join(flights, "a", effect),
          SingleFlight.join(flights, "a", effect),
          SingleFlight.join(flights, "b", effect)
        ],
        { concurrency: "unbounded" }
      ))
      yield* settle
      yield* Deferred.succeed(gate, undefined)
      const [first, second, third] = yield* Fiber.join(fiber)
      expect(second).toBe(first)
      expect(third).not.toBe(first)
      expect(runs).toBe(2)
      expect(yield* SingleFlight.join(flights, "a", effect)).toBe(3)
    }))

  it.scoped("passes on a defect, and forgets it", () =>
    Effect.gen(function*() {
      const flights = yield* SingleFlight.make<number>()
      expect((yield* Effect.exit(SingleFlight.join(flights, "a", Effect.die("defect")))).toString()).toContain("defect")
      expect(yield* SingleFlight.join(flights, "a", Effect.succeed(1))).toBe(1)
    }))

  it.scoped("waits at the end of its scope for what is under way", () =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const flights = yield* Scope.extend(SingleFlight.make<number>(), scope)
      const gate = yield* Deferred.make<void>()
      let done = false
      const flight = Effect.as(
        Effect.zipRight(
          Deferred.await(gate),
          Effect.sync(() => {
            done = true
          })
        ),
        1
      )
      const caller = yield* Effect.fork(SingleFlight.join(flights, "a", flight))
      yield* settle
      yield* Fiber.interrupt(caller)
      const closing = yield* Effect.fork(Scope.close(scope, Exit.void))
      yield* settle
      expect(closing.unsafePoll()).toBeNull()
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(closing)
      expect(done).toBe(true)
    }))
})
