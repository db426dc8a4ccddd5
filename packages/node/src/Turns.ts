/**
 * Turns within this process, for which one waits no longer than a given time.
 */
import { CacheUnavailable } from "@grantwork/core/AuthError"
import * as RefreshLocks from "@grantwork/core/RefreshLocks"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"

/**
 * Runs effects of the same name one after the other, and tells each how much of its time is left.
 *
 * @category models
 */
export interface Turns {
  (name: string, timeout: Duration.Duration): <A, E, R>(
    use: (left: Duration.Duration) => Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E | CacheUnavailable, R>
}

/** @category constructors */
export const make = (): Turns => {
  const locks = RefreshLocks.make()
  return (name, timeout) => (use) =>
    Effect.acquireUseRelease(
      Effect.gen(function*() {
        const entered = yield* Deferred.make<void>()
        const turn = Effect.zipRight(Deferred.succeed(entered, undefined), Effect.never)
        const holder = yield* Effect.forkDaemon(Effect.interruptible(locks(name)(turn)))
        return { entered, holder, start: yield* Clock.currentTimeNanos }
      }),
      ({ entered, start }) =>
        Deferred.await(entered).pipe(
          Effect.timeoutFail({ duration: timeout, onTimeout: () => tooLong(timeout) }),
          Effect.zipRight(Clock.currentTimeNanos),
          Effect.flatMap((now) => use(Duration.subtract(timeout, Duration.nanos(now - start))))
        ),
      ({ holder }) => Fiber.interrupt(holder)
    )
}

const tooLong = (timeout: Duration.Duration): CacheUnavailable =>
  new CacheUnavailable({
    operation: "lock",
    message: `Other calls of this process have kept the token cache busy for longer than ${Duration.format(timeout)}.`
      + " Make fewer calls at a time, or give them longer."
  })
