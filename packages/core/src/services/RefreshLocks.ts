/**
 * Locks by name within this process; whoever stops waiting leaves the queue.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"

/**
 * Runs effects of the same name one after the other, in the order in which they came.
 *
 * @category models
 */
export interface RefreshLocks {
  (name: string): <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

/** Done once whoever waits for it may go. */
type Turn = Deferred.Deferred<void>

/** @category constructors */
export const make = (): RefreshLocks => {
  /** Whoever goes now stands first. */
  const queues = new Map<string, Set<Turn>>()

  const begin = ([first]: Iterable<Turn>) => first && Deferred.unsafeDone(first, Effect.void)

  const join = (name: string, turn: Turn) => {
    const queue = queues.get(name) ?? new Set()
    queues.set(name, queue.add(turn))
    begin(queue)
  }

  const leave = (name: string, turn: Turn) => {
    const queue = queues.get(name)
    queue?.delete(turn)
    return queue?.size === 0 ? queues.delete(name) : begin(queue ?? [])
  }

  return (name) => (effect) =>
    Effect.acquireUseRelease(
      Effect.tap(Deferred.make<void>(), (turn) => join(name, turn)),
      (turn) => Effect.zipRight(Deferred.await(turn), effect),
      (turn) => Effect.sync(() => leave(name, turn))
    )
}
