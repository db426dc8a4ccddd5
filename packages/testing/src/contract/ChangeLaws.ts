/**
 * What a change is shown, and what becomes of it.
 */
import * as Partition from "@grantwork/core/Partition"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { describe, expectEqual, expectHeld, expectSame } from "./Expectation.js"
import * as Law from "./Law.js"
import * as Sample from "./Sample.js"
import * as Store from "./Store.js"

const nothing = Law.make("nothing is read or listed where nothing was put", (cache, sample) =>
  Effect.gen(function*() {
    const person = sample.person("nobody")
    const app = sample.app("nothing")
    yield* Store.clear(cache, person, app)
    yield* expectHeld(cache, person, Partition.empty)
    yield* expectHeld(cache, app, Partition.empty)
    const result = yield* cache.modify(person, (partition) => [Partition.isEmpty(partition), partition])
    yield* expectEqual("whether a change is shown an empty partition", result, true)
    yield* cache.modify(app, (partition) => [undefined, partition])
    yield* expectHeld(cache, person, Partition.empty)
    yield* expectEqual("how many are listed", (yield* cache.list(sample.issuer)).length, 0)
  }))

const result = Law.make(
  "modify shows the change what is kept, and hands out its result",
  (cache, sample) =>
    Effect.gen(function*() {
      const key = sample.person("ada")
      yield* Store.put(cache, key, Sample.everything(sample, key))
      const before = yield* cache.modify(key, (partition) => [partition, Sample.signedIn(sample, key, "three")])
      yield* expectSame("what the change is shown", describe(before), describe(Sample.everything(sample, key)))
      const after = yield* cache.modify(key, (partition) => [partition, partition])
      yield* expectSame(
        "what the next change is shown",
        describe(after),
        describe(Sample.signedIn(sample, key, "three"))
      )
      yield* expectHeld(cache, key, Sample.signedIn(sample, key, "three"))
    })
)

const snapshot = Law.make("what was read stays as it was read", (cache, sample) =>
  Effect.gen(function*() {
    const key = sample.person("ada")
    yield* Store.put(cache, key, Sample.everything(sample, key))
    const read = yield* cache.read(key)
    yield* cache.modify(key, (partition) => [undefined, Sample.signIn(sample, partition, key, "three")])
    yield* Store.clear(cache, key)
    yield* expectSame("what was read before", describe(read), describe(Sample.everything(sample, key)))
  }))

const defect = Law.make(
  "a change that throws changes nothing, and comes out as a defect",
  (cache, sample) =>
    Effect.gen(function*() {
      const key = sample.person("ada")
      yield* Store.put(cache, key, Sample.everything(sample, key))
      const exit = yield* Effect.exit(cache.modify(key, () => {
        throw new Error("A change that throws.")
      }))
      yield* expectEqual("whether a defect comes out", Exit.isFailure(exit) && Cause.isDie(exit.cause), true)
      yield* expectHeld(cache, key, Sample.everything(sample, key))
      yield* Store.put(cache, key, Sample.signedIn(sample, key, "three"))
      yield* expectHeld(cache, key, Sample.signedIn(sample, key, "three"))
    })
)

const interruption = Law.make(
  "an interrupted modify happens whole or not at all",
  (cache, sample) =>
    Effect.gen(function*() {
      const key = sample.person("ada")
      yield* Store.clearProvider(cache, sample.issuer)
      const pauses = Store.pauses(cache, sample.person("nobody"))
      for (const [round, pause] of [...pauses, undefined].entries()) {
        const before = yield* cache.read(key)
        const next = Sample.signIn(sample, before, key, `client ${round}`)
        const fiber: Fiber.RuntimeFiber<unknown, unknown> = yield* Effect.fork(
          Effect.withFiberRuntime<void, unknown>((self) =>
            cache.modify(key, () => {
              if (pause === undefined) {
                self.unsafeInterruptAsFork(self.id())
              }
              return [undefined, next]
            })
          )
        )
        const exit = pause === undefined
          ? yield* Fiber.await(fiber)
          : yield* Effect.zipRight(pause, Fiber.interrupt(fiber))
        const after = yield* cache.read(key)
        const hasHappened = Partition.hasClient(after, `client ${round}`)
        yield* expectEqual("whether what was acknowledged has happened", hasHappened || Exit.isFailure(exit), true)
        yield* expectSame("the partition", describe(after), describe(hasHappened ? next : before))
        const listed = yield* cache.list(sample.issuer)
        yield* expectEqual("how many are listed", listed.length, Partition.isEmpty(after) ? 0 : 1)
      }
      yield* Store.put(cache, key, Sample.signedIn(sample, key, "after"))
      yield* expectHeld(cache, key, Sample.signedIn(sample, key, "after"))
    })
)

const others = Law.make("interrupted changes hold no others up", (cache, sample) =>
  Effect.gen(function*() {
    const key = sample.person("ada")
    const clientIds = Array.from({ length: 6 }, (_, index) => `client ${index}`)
    for (const pause of Store.pauses(cache, sample.person("nobody"))) {
      yield* Store.clear(cache, key)
      const fibers = yield* Effect.forEach(clientIds, (clientId) =>
        Effect.fork(cache.modify(key, (partition) => [undefined, Sample.signIn(sample, partition, key, clientId)])))
      yield* pause
      yield* Fiber.interruptAll(fibers.filter((_, index) =>
        index % 2 === 0
      ))
      yield* Fiber.joinAll(fibers.filter((_, index) => index % 2 === 1))
      const held = yield* cache.read(key)
      const lost = clientIds.filter((clientId, index) => index % 2 === 1 && !Partition.hasClient(held, clientId))
      yield* expectEqual("whose changes are lost", lost, [])
    }
  }))

/** @category constants */
export const laws: ReadonlyArray<Law.Law> = [nothing, result, snapshot, defect, interruption, others]
