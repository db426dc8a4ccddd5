/**
 * Spares callers the wait for a Redis that has just failed: for a while nothing is sent, then one command tries.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Monotonic from "./Monotonic.js"
import { type Reason, RedisFailure } from "./RedisFailure.js"

/**
 * Runs a command, or fails with the reason `resting`.
 *
 * @category models
 */
export interface CircuitBreaker {
  <A>(command: Effect.Effect<A, RedisFailure>): Effect.Effect<A, RedisFailure>
}

interface Rest {
  readonly until: number
  readonly isTrying: boolean
}

interface Admission {
  /** The rest that this command may end. */
  readonly trial: Rest | undefined
  readonly recoveries: number
}

/** Milliseconds. */
const coolDown = 1000

/** In a row: a single one may be about one large or slow entry. */
const tolerated = 1

/**
 * Opens where Redis is out of reach, or silent twice with no answer in between; an error that it answers with is an
 * answer.
 *
 * @category constructors
 */
export const make = (): CircuitBreaker => {
  let rest: Rest | undefined
  let recoveries = 0
  let silences = 0

  const admit = Effect.flatMap(Monotonic.now, (now): Effect.Effect<Admission, RedisFailure> => {
    if (rest !== undefined && (rest.isTrying || now < rest.until)) {
      return Effect.fail(new RedisFailure({ reason: "resting" }))
    }
    rest = rest && { ...rest, isTrying: true }
    return Effect.succeed({ trial: rest, recoveries })
  })

  const conclude = (admission: Admission, exit: Exit.Exit<unknown, RedisFailure>) =>
    Effect.map(Monotonic.now, (now) => {
      if (isAnswered(exit)) {
        recoveries += rest === undefined ? 0 : 1
        rest = undefined
        silences = 0
      } else if (Exit.isInterrupted(exit)) {
        rest = rest && rest === admission.trial ? { ...rest, isTrying: false } : rest
      } else if (rest === admission.trial && recoveries === admission.recoveries) {
        const isSilent = isFailure(exit, "silent")
        silences += isSilent ? 1 : 0
        rest = isSilent && rest === undefined && silences <= tolerated
          ? undefined
          : { until: now + coolDown, isTrying: false }
      }
    })

  return (command) => Effect.acquireUseRelease(admit, () => command, conclude)
}

const isAnswered = (exit: Exit.Exit<unknown, RedisFailure>): boolean =>
  Exit.isSuccess(exit) || isFailure(exit, "refused")

const isFailure = (exit: Exit.Exit<unknown, RedisFailure>, reason: Reason): boolean =>
  Exit.isFailure(exit) && Option.exists(Cause.failureOption(exit.cause), (failure) => failure.reason === reason)
