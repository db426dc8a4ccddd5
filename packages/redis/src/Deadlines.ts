/**
 * Ends what takes too long. One timer serves all, for they may take equally long: the first to begin is the first to end.
 */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import * as Monotonic from "./Monotonic.js"

/**
 * Awaits a promise, or fails when it is too late; interruptible, and too late in time even where it is not.
 *
 * @category models
 */
export interface Deadlines {
  <A, E>(promise: () => Promise<A>, onRejection: (error: unknown) => E, onTimeout: () => E): Effect.Effect<A, E>
}

interface Waiting {
  readonly end: number
  giveUp: () => void
}

/**
 * The timer ends with the scope, if nothing waits, else with the last that could be too late.
 *
 * @category constructors
 */
export const make = (milliseconds: number): Effect.Effect<Deadlines, never, Scope.Scope> =>
  Effect.suspend(() => {
    const waiting = new Set<Waiting>()
    let isWatched = false
    let watcher: Fiber.Fiber<void> = Fiber.void

    const watch: Effect.Effect<void> = Effect.flatMap(Monotonic.now, (now) => {
      for (const one of waiting) {
        if (one.end > now) {
          return Effect.zipRight(Effect.sleep(one.end - now), watch)
        }
        waiting.delete(one)
        one.giveUp()
      }
      isWatched = false
      return Effect.void
    })

    const watching = Effect.suspend(() => {
      if (isWatched) {
        return Effect.void
      }
      isWatched = true
      return Effect.map(Effect.forkDaemon(Effect.interruptible(watch)), (fiber) => {
        watcher = fiber
      })
    })

    const deadlines: Deadlines = <A, E>(
      promise: () => Promise<A>,
      onRejection: (error: unknown) => E,
      onTimeout: () => E
    ) =>
      Effect.flatMap(Monotonic.now, (now) => {
        const one: Waiting = { end: now + milliseconds, giveUp: () => {} }
        waiting.add(one)
        return Effect.zipRight(
          watching,
          Effect.async<A, E>((resume) => {
            one.giveUp = () => resume(Effect.failSync(onTimeout))
            new Promise<A>((settle) => settle(promise())).then(
              (value) => resume(Effect.succeed(value)),
              (error: unknown) => resume(Effect.fail(onRejection(error)))
            ).finally(() => waiting.delete(one))
            return Effect.sync(() => waiting.delete(one))
          })
        )
      })

    const stop = Effect.suspend(() => {
      if (waiting.size > 0) {
        return Effect.void
      }
      isWatched = false
      return Fiber.interrupt(watcher)
    })

    return Effect.acquireRelease(Effect.succeed(deadlines), () => stop)
  })
