/**
 * How long is waited before something is tried again.
 */
import * as Duration from "effect/Duration"
import * as Schedule from "effect/Schedule"

/**
 * Twice as long each time, up to the longest, give or take a fifth, so that servers do not keep step; whole milliseconds.
 *
 * @category constructors
 */
export const doubling = (first: Duration.DurationInput, longest: Duration.DurationInput): Schedule.Schedule<unknown> =>
  Schedule.exponential(first).pipe(
    Schedule.union(Schedule.spaced(longest)),
    Schedule.jittered,
    Schedule.modifyDelay((_, delay) => Duration.millis(Math.ceil(Duration.toMillis(delay))))
  )
