/**
 * One acquisition of a name at a time in the whole fleet: a lease in Redis, held for as long as the acquisition takes.
 */
import { CacheUnavailable } from "@grantwork/core/AuthError"
import * as RefreshLocks from "@grantwork/core/RefreshLocks"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as Backoff from "./Backoff.js"
import type { Commands } from "./Commands.js"
import type { RedisFailure } from "./RedisFailure.js"
import * as Scripts from "./Scripts.js"

/** @category models */
export interface RefreshLock {
  /** The use is told whether there is a lease. */
  (key: string): <A, E, R>(
    use: (isLeased: boolean) => Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E | CacheUnavailable, R>
}

/** @category models */
export interface Options {
  readonly commands: Commands
  /** A name of its own for each holder. */
  readonly token: Effect.Effect<string>
  readonly timeout: Duration.Duration
  /** Where leases are given back that could not be at once. */
  readonly scope: Scope.Scope
  /** Whether there is a lease in the end, or it goes on without. */
  readonly attempt: (taken: Effect.Effect<boolean, RedisFailure>) => Effect.Effect<boolean, CacheUnavailable>
}

const lease = Duration.seconds(30)

const polling = Backoff.doubling("20 millis", "200 millis")

/**
 * Waits in the queue of this process, then for whoever holds the lease. A crashed holder's lease ends by itself; a lost
 * one is not noticed, for what it protects cannot be taken back.
 *
 * @category constructors
 */
export const make = ({ attempt, commands, scope, timeout, token }: Options): RefreshLock => {
  const locks = RefreshLocks.make()

  const evaluate = (script: string, key: string, ...words: ReadonlyArray<string>) =>
    commands.send((redis) => redis.eval(script, { keys: [key], arguments: [...words] }))

  const release = (key: string, holder: string) => evaluate(Scripts.release, key, holder)

  const releaseLater = (key: string, holder: string) =>
    release(key, holder).pipe(
      Effect.retry(Schedule.upTo(Schedule.spaced("1 second"), lease)),
      Effect.ignore,
      Effect.interruptible,
      Effect.forkIn(scope)
    )

  const request = (key: string, holder: string) =>
    commands.send((redis) =>
      redis.set(key, holder, { expiration: { type: "PX", value: Duration.toMillis(lease) }, condition: "NX" })
    ).pipe(
      // What was sent may be done yet, though nobody waits for the answer.
      Effect.tapError((failure) => isUnknown(failure) ? releaseLater(key, holder) : Effect.void),
      Effect.onInterrupt(() => releaseLater(key, holder))
    )

  const take = (key: string, holder: string) =>
    request(key, holder).pipe(
      Effect.repeat({ until: (reply) => reply !== null, schedule: polling }),
      Effect.as(true),
      attempt,
      Effect.interruptible
    )

  const renewal = (key: string, holder: string) =>
    evaluate(Scripts.extend, key, holder, String(Duration.toMillis(lease))).pipe(
      Effect.retry(Schedule.spaced("1 second")),
      Effect.schedule(Schedule.spaced(Duration.times(lease, 1 / 3))),
      Effect.interruptible,
      Effect.forkDaemon
    )

  const renewed = (key: string, holder: string) => <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    Effect.acquireUseRelease(renewal(key, holder), () => effect, Fiber.interrupt)

  return (key) => (use) =>
    Effect.flatMap(token, (holder) => {
      let isStarted = false
      const start = Effect.sync(() => {
        isStarted = true
      })
      const inTurn = locks(key)(Effect.acquireUseRelease(
        take(key, holder),
        (isLeased) => Effect.zipRight(start, isLeased ? renewed(key, holder)(use(true)) : use(false)),
        (isLeased) => isLeased ? Effect.catchAll(release(key, holder), () => releaseLater(key, holder)) : Effect.void
      ))
      const tooLate = Effect.zipRight(
        Effect.sleep(timeout),
        Effect.suspend(() => isStarted ? Effect.never : Effect.fail(heldTooLong(timeout)))
      )
      return Effect.raceFirst(inTurn, tooLate)
    })
}

const isUnknown = ({ reason }: RedisFailure): boolean => reason === "silent" || reason === "unreachable"

const heldTooLong = (timeout: Duration.Duration) =>
  new CacheUnavailable({
    operation: "lock",
    message: `Others have been acquiring this account's tokens for more than ${Duration.format(timeout)}.`
      + " Try again, or raise refreshTimeout."
  })
