import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"

/** What runs waits before each of its steps. */
export type Stepwise<E, R> = (step: Effect.Effect<void>) => Effect.Effect<unknown, E, R>

/** Every order of so many steps of each of two. */
export const orders = (steps: readonly [number, number]): ReadonlyArray<ReadonlyArray<0 | 1>> => {
  const [first, second] = steps
  if (first === 0 && second === 0) return [[]]
  return [
    ...first === 0 ? [] : orders([first - 1, second]).map((rest) => [0 as const, ...rest]),
    ...second === 0 ? [] : orders([first, second - 1]).map((rest) => [1 as const, ...rest])
  ]
}

/** Runs two side by side, step by step in this order, and then to their ends. */
export const interleaved = <E, R>(
  order: ReadonlyArray<0 | 1>,
  both: readonly [Stepwise<E, R>, Stepwise<E, R>]
): Effect.Effect<void, E, R> =>
  Effect.scoped(Effect.gen(function*() {
    const start = (stepwise: Stepwise<E, R>) =>
      Effect.gen(function*() {
        const waiting = yield* Queue.unbounded<Deferred.Deferred<void> | "over">()
        const step = Effect.gen(function*() {
          const gate = yield* Deferred.make<void>()
          yield* Queue.offer(waiting, gate)
          yield* Deferred.await(gate)
        })
        const fiber = yield* Effect.forkScoped(Effect.ensuring(stepwise(step), Queue.offer(waiting, "over")))
        return { fiber, waiting, next: yield* Queue.take(waiting) }
      })
    const sides = [yield* start(both[0]), yield* start(both[1])] as const
    const advance = (side: typeof sides[number]) =>
      Effect.gen(function*() {
        if (side.next === "over") return
        yield* Deferred.succeed(side.next, undefined)
        side.next = yield* Queue.take(side.waiting)
      })
    for (const side of order) {
      yield* advance(sides[side])
    }
    for (const side of sides) {
      while (side.next !== "over") yield* advance(side)
      yield* side.fiber
    }
  }))
