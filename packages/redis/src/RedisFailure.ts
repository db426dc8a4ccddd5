/**
 * Why Redis did not do what it was asked.
 */
import * as Data from "effect/Data"

/**
 * - `silent`: no answer in time
 * - `unreachable`: no connection, or it was lost
 * - `resting`: not asked, for it failed a moment ago
 * - `refused`: answered with an error
 * - `contended`: others were faster, again and again
 *
 * @category models
 */
export type Reason = "silent" | "unreachable" | "resting" | "refused" | "contended"

/** @category errors */
export class RedisFailure extends Data.TaggedError("RedisFailure")<{
  readonly reason: Reason
  /** First word of the answer where it was an error, such as `NOPERM`. */
  readonly code?: string
}> {}

/**
 * From what the client rejects with. What Redis answers begins with a code in capitals; the client's own errors do not.
 *
 * @category constructors
 */
export const fromRejection = (error: unknown): RedisFailure => {
  const code = error instanceof Error ? /^[A-Z]{2,}(?= |$)/.exec(error.message)?.[0] : undefined
  return code === undefined
    ? new RedisFailure({ reason: "unreachable" })
    : new RedisFailure({ reason: "refused", code })
}

const passing = new Set([
  "BUSY",
  "CLUSTERDOWN",
  "LOADING",
  "MASTERDOWN",
  "MISCONF",
  "NOREPLICAS",
  "OOM",
  "READONLY",
  "TRYAGAIN",
  "UNBLOCKED"
])

/**
 * Whether the same may succeed in a while.
 *
 * @category predicates
 */
export const isPassing = ({ code, reason }: RedisFailure): boolean =>
  reason !== "refused" || (code !== undefined && passing.has(code))
