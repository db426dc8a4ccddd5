/**
 * Locks by name within this process; whoever stops waiting leaves the queue.
 */
import * as Effect from "effect/Effect"

/**
 * Runs effects of the same name one after the other, in the order in which they came.
 *
 * @category models
 */
export interface RefreshLocks {
  (name: string): <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

/** @category constructors */
export const make = (): RefreshLocks => {
  const locks = new Map<string, { readonly semaphore: Effect.Semaphore; users: number }>()
  return (name) => (effect) =>
    Effect.acquireUseRelease(
      Effect.sync(() => {
        const lock = locks.get(name) ?? { semaphore: Effect.unsafeMakeSemaphore(1), users: 0 }
        lock.users += 1
        locks.set(name, lock)
        return lock
      }),
      ({ semaphore }) => semaphore.withPermits(1)(effect),
      (lock) =>
        Effect.sync(() => {
          lock.users -= 1
          return lock.users === 0 && locks.delete(name)
        })
    )
}
