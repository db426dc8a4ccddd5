import { afterEach, describe, expect, it, vi } from "@effect/vitest"
import { RefreshLocks } from "@grantwork/core"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"

const settle = Effect.repeatN(Effect.yieldNow(), 50)

/** A lock that is held until it is told otherwise, and a log of who was inside. */
const held = Effect.gen(function*() {
  const lock = RefreshLocks.make()("name")
  const log: Array<string> = []
  const gate = yield* Deferred.make<void>()
  const enter = (who: string, inside: Effect.Effect<void> = Effect.void) =>
    lock(Effect.zipRight(Effect.sync(() => log.push(who)), inside))
  const holder = yield* Effect.fork(enter("holder", Deferred.await(gate)))
  yield* settle
  return { enter, holder, lock, log, open: Deferred.succeed(gate, undefined) }
})

const names = Array.from({ length: 20 }, (_, index) => `waiter ${index}`)

describe("refresh locks", () => {
  it.effect("let those of one name pass in the order in which they came", () =>
    Effect.gen(function*() {
      const { enter, log, open } = yield* held
      const waiting = yield* Effect.forEach(names, (who) => Effect.fork(enter(who, Effect.yieldNow())))
      yield* settle
      expect(log).toEqual(["holder"])
      yield* open
      yield* Fiber.joinAll(waiting)
      expect(log).toEqual(["holder", ...names])
    }))

  it.effect("let nobody pass those who wait, not even whoever comes back", () =>
    Effect.gen(function*() {
      const { enter, log, open } = yield* held
      const again = yield* Effect.fork(Effect.zipRight(
        enter("first"),
        Effect.zipRight(enter("first again"), enter("first once more"))
      ))
      const second = yield* Effect.fork(Effect.zipRight(enter("second"), enter("second again")))
      yield* settle
      yield* open
      yield* Fiber.joinAll([again, second])
      expect(log).toEqual(["holder", "first", "second", "first again", "second again", "first once more"])
    }))

  it.effect("do not wait for other names", () =>
    Effect.gen(function*() {
      const locks = RefreshLocks.make()
      const holder = yield* Effect.fork(locks("one")(Effect.never))
      yield* settle
      expect(yield* locks("two")(Effect.succeed("passed"))).toBe("passed")
      expect(yield* locks("__proto__")(Effect.succeed("passed"))).toBe("passed")
      yield* Fiber.interrupt(holder)
    }))

  it.effect("know nothing of other locks of the same name", () =>
    Effect.gen(function*() {
      const holder = yield* Effect.fork(RefreshLocks.make()("name")(Effect.never))
      yield* settle
      expect(yield* RefreshLocks.make()("name")(Effect.succeed("passed"))).toBe("passed")
      yield* Fiber.interrupt(holder)
    }))

  it.effect("hand out what happens inside", () =>
    Effect.gen(function*() {
      const lock = RefreshLocks.make()("name")
      expect(yield* Effect.exit(lock(Effect.fail("failure")))).toEqual(Exit.fail("failure"))
      expect(yield* Effect.exit(lock(Effect.die("defect")))).toEqual(Exit.die("defect"))
      expect(yield* Effect.exit(lock(Effect.interrupt))).toMatchObject({ _tag: "Failure" })
      expect(yield* lock(Effect.succeed("result"))).toBe("result")
    }))

  it.effect("let whoever is interrupted leave at once, and keep the others' order", () =>
    Effect.gen(function*() {
      const { enter, log, open } = yield* held
      const waiting = yield* Effect.forEach(names, (who) => Effect.fork(enter(who)))
      yield* settle
      yield* Fiber.interruptAll(waiting.filter((_, index) => index % 3 !== 1))
      expect(log).toEqual(["holder"])
      yield* open
      yield* Effect.forEach(waiting, Fiber.await)
      expect(log).toEqual(["holder", ...names.filter((_, index) => index % 3 === 1)])
    }))

  it.effect("pass on what is handed to someone who is interrupted just then", () =>
    Effect.gen(function*() {
      const { enter, holder, log } = yield* held
      const [first, second] = yield* Effect.all([Effect.fork(enter("first")), Effect.fork(enter("second"))])
      yield* settle
      yield* Fiber.interruptAsFork(holder, holder.id())
      yield* Fiber.interruptAsFork(first, holder.id())
      yield* Fiber.join(second)
      expect(log.at(-1)).toBe("second")
    }))

  it.effect.each([...Array(30).keys()])(
    "are free after an interruption %i steps into it",
    (steps) =>
      Effect.gen(function*() {
        const lock = RefreshLocks.make()("name")
        const inside = Effect.repeatN(Effect.yieldNow(), 5)
        const fibers = yield* Effect.forEach([1, 2, 3], () => Effect.fork(lock(inside)))
        yield* Effect.forEach([...Array(steps).keys()], () => Effect.yieldNow())
        yield* Effect.forEach(fibers, (fiber) => Fiber.interruptAsFork(fiber, fiber.id()))
        yield* Effect.forEach(fibers, Fiber.await)
        expect(yield* lock(Effect.succeed("free"))).toBe("free")
      })
  )

  it.effect("can be waited for without interruption", () =>
    Effect.gen(function*() {
      const { enter, log, open } = yield* held
      const waiting = yield* Effect.fork(Effect.uninterruptible(enter("waiter")))
      yield* settle
      const interrupting = yield* Effect.fork(Fiber.interrupt(waiting))
      yield* settle
      expect(log).toEqual(["holder"])
      yield* open
      yield* Fiber.join(interrupting)
      expect(log).toEqual(["holder", "waiter"])
    }))

  it.effect("are freed by failures of those who wait, however many there are", () =>
    Effect.gen(function*() {
      const { lock, log, open } = yield* held
      const many = Array.from({ length: 2000 }, (_, index) => index)
      const waiting = yield* Effect.forEach(many, (index) =>
        Effect.fork(Effect.ignore(lock(Effect.zipRight(
          Effect.sync(() => log.push(String(index))),
          Effect.fail("failure")
        )))))
      yield* settle
      yield* open
      yield* Fiber.joinAll(waiting)
      expect(log).toEqual(["holder", ...many.map(String)])
    }))
})

describe("the names that are known", () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  it.effect("are those in use", () =>
    Effect.gen(function*() {
      const known = new Set<unknown>()
      const isName = (key: unknown) => typeof key === "string" && key.startsWith("growth")
      const { delete: remove, set } = Map.prototype
      vi.spyOn(Map.prototype, "set").mockImplementation(function(this: Map<unknown, unknown>, key, value) {
        return isName(key) ? (known.add(key), set.call(this, key, value)) : set.call(this, key, value)
      })
      vi.spyOn(Map.prototype, "delete").mockImplementation(function(this: Map<unknown, unknown>, key) {
        known.delete(key)
        return remove.call(this, key)
      })
      const locks = RefreshLocks.make()
      const holder = yield* Effect.fork(locks("growth, held")(Effect.never))
      const waiter = yield* Effect.fork(locks("growth, held")(Effect.void))
      for (let index = 0; index < 200; index++) {
        const lock = locks(`growth ${index}`)
        yield* lock(Effect.void)
        yield* Effect.ignore(lock(Effect.fail("failure")))
        const held = yield* Effect.fork(lock(Effect.never))
        const waiting = yield* Effect.fork(lock(Effect.void))
        yield* settle
        yield* index % 2 === 0 ? Fiber.interruptAll([waiting, held]) : Fiber.interruptAll([held, waiting])
      }
      expect([...known]).toEqual(["growth, held"])
      yield* Fiber.interruptAll([waiter, holder])
      expect([...known]).toEqual([])
    }))
})
