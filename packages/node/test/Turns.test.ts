import { describe, expect, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import * as Turns from "../src/Turns.js"

const minute = Duration.minutes(1)

const settle = Effect.repeatN(Effect.yieldNow(), 50)

describe("turns", () => {
  it.effect("are taken one after the other, and those of other names at the same time", () =>
    Effect.gen(function*() {
      const turns = Turns.make()
      const release = yield* Deferred.make<void>()
      const log: Array<string> = []
      const turn = (name: string, label: string) =>
        turns(name, minute)(() =>
          Effect.gen(function*() {
            log.push(`${label} in`)
            yield* Deferred.await(release)
            log.push(`${label} out`)
          })
        )
      const fibers = yield* Effect.forEach(["1", "2", "3"], (label) => Effect.fork(turn("a", label)))
      const other = yield* Effect.fork(turn("b", "other"))
      yield* settle
      expect([...log].sort()).toEqual(["1 in", "other in"])
      yield* Deferred.succeed(release, undefined)
      yield* Fiber.joinAll([...fibers, other])
      expect(log.filter((entry) => !entry.startsWith("other"))).toEqual([
        "1 in",
        "1 out",
        "2 in",
        "2 out",
        "3 in",
        "3 out"
      ])
    }))

  it.effect("are waited for no longer than allowed", () =>
    Effect.gen(function*() {
      const turns = Turns.make()
      const holder = yield* Effect.fork(turns("a", minute)(() => Effect.never))
      yield* settle
      const waiting = yield* Effect.fork(turns("a", minute)(() => Effect.succeed("entered")))
      yield* TestClock.adjust("59 seconds")
      yield* settle
      expect((yield* Fiber.poll(waiting))._tag).toBe("None")
      yield* TestClock.adjust("1 seconds")
      expect(yield* Effect.flip(Fiber.join(waiting))).toMatchObject({ _tag: "CacheUnavailable", operation: "lock" })
      yield* Fiber.interrupt(holder)
      expect(yield* turns("a", minute)(() => Effect.succeed("entered"))).toBe("entered")
    }))

  it.effect("say how much time is left, and then last as long as they like", () =>
    Effect.gen(function*() {
      const turns = Turns.make()
      const first = yield* Effect.fork(turns("a", minute)(() => Effect.sleep("40 seconds")))
      yield* settle
      const second = yield* Effect.fork(
        turns("a", minute)((left) => Effect.as(Effect.sleep("1 hours"), Duration.toSeconds(left)))
      )
      yield* TestClock.adjust("40 seconds")
      yield* Fiber.join(first)
      yield* settle
      yield* TestClock.adjust("1 hours")
      expect(yield* Fiber.join(second)).toBe(20)
    }))

  it.effect("are free again after a failure, a defect and an interruption", () =>
    Effect.gen(function*() {
      const turns = Turns.make()
      const turn = turns("a", minute)
      expect(yield* Effect.flip(turn(() => Effect.fail("failure")))).toBe("failure")
      expect(Exit.isFailure(yield* Effect.exit(turn(() => Effect.die("defect"))))).toBe(true)
      const held = yield* Effect.fork(turn(() => Effect.never))
      yield* settle
      const waiting = yield* Effect.fork(turn(() => Effect.succeed("entered")))
      yield* settle
      yield* Fiber.interrupt(waiting)
      yield* Fiber.interrupt(held)
      expect(yield* turn(() => Effect.succeed("entered"))).toBe("entered")
    }))
})
