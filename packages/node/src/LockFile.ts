/**
 * A lock between processes: a file that only one of them can create. MSAL's programs use the same file in the same way.
 */
import { CacheUnavailable } from "@grantwork/core/AuthError"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import { randomUUID } from "node:crypto"
import * as LockEntry from "./LockEntry.js"
import * as LockOwner from "./LockOwner.js"
import * as LockSighting from "./LockSighting.js"
import * as SystemFailure from "./SystemFailure.js"

/** @category models */
export interface Options extends LockSighting.Patience {
  /** What fails where the lock file cannot be created. */
  readonly operation: SystemFailure.Operation
}

/** @category models */
export interface Held {
  /** Whether it was taken from a dead process. */
  readonly isTakenOver: boolean
  /** Whether nobody has taken it away since. */
  readonly isStillOurs: () => boolean
}

/**
 * Runs an effect while this process alone holds the lock; whoever waits can be interrupted. A holder that is dead loses
 * the lock.
 *
 * @category combinators
 */
export const withLock =
  (path: string, options: Options) =>
  <A, E, R>(use: (held: Held) => Effect.Effect<A, E, R>): Effect.Effect<A, E | CacheUnavailable, R> =>
    Effect.uninterruptibleMask((restore) =>
      Effect.gen(function*() {
        const text = LockOwner.line(randomUUID())
        const isTakenOver = yield* acquire(path, text, options, restore)
        const isStillOurs = () => LockSighting.textOf(path) === text
        const beat = yield* Effect.forkDaemon(Effect.interruptible(keepTouching(path, isStillOurs, options)))
        const release = Effect.sync(() => isStillOurs() && LockEntry.remove(path))
        return yield* restore(Effect.suspend(() => use({ isTakenOver, isStillOurs }))).pipe(
          Effect.ensuring(Effect.zipRight(Fiber.interrupt(beat), release))
        )
      })
    )

type Restore = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

const acquire = (path: string, text: string, options: Options, restore: Restore) =>
  Effect.gen(function*() {
    const start = yield* Clock.currentTimeNanos
    let isTakenOver = false
    let watched: { readonly sighting: LockSighting.LockSighting; readonly since: bigint } | undefined
    for (let attempt = 0;; attempt++) {
      const isCreated = yield* Effect.try({
        try: () => LockEntry.create(path, text),
        catch: SystemFailure.unavailable(options.operation, `The lock file ${path} cannot be created`)
      })
      if (isCreated) {
        return isTakenOver
      }
      const now = yield* Clock.currentTimeNanos
      const sighting = LockSighting.look(path)
      if (watched === undefined || !LockSighting.isSame(watched.sighting, sighting)) {
        watched = sighting && { sighting, since: now }
      }
      if (watched && LockSighting.isDead(watched.sighting, millis(now - watched.since), options)) {
        const isMovedAway = LockEntry.moveAway(path, watched.sighting)
        isTakenOver ||= isMovedAway
        if (isMovedAway) {
          continue
        }
      }
      const left = Duration.toMillis(options.timeout) - millis(now - start)
      if (left <= 0) {
        return yield* Effect.fail(stillHeld(path, sighting))
      }
      yield* restore(Effect.sleep(Duration.millis(Math.min(left, yield* pause(attempt)))))
    }
  })

const millis = (nanos: bigint): number => Number(nanos) / 1e6

const shortestPause = 5
const longestPause = 100

const pause = (attempt: number) =>
  Effect.map(Random.next, (random) => Math.min(longestPause, shortestPause * 1.3 ** attempt) * (0.5 + random / 2))

const stillHeld = (path: string, sighting: LockSighting.LockSighting | undefined): CacheUnavailable => {
  const owner = sighting && LockOwner.parse(sighting.text)
  const holder = owner === undefined
    ? "a program that does not say which process it is"
    : `process ${owner.processId}${owner.isHere ? "" : " of another host or container"}`
  return new CacheUnavailable({
    operation: "lock",
    message: `The lock file ${path} is still held by ${holder}.`
      + " End that process if it hangs; remove the file if no such process runs."
  })
}

const keepTouching = (path: string, isStillOurs: () => boolean, { heartbeat }: Options): Effect.Effect<void> =>
  heartbeat === undefined ? Effect.void : Effect.sync(() => isStillOurs() && LockEntry.touch(path)).pipe(
    Effect.delay(heartbeat),
    Effect.forever
  )
