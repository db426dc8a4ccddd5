/**
 * Seconds, as plain callers give times.
 */
import * as Duration from "effect/Duration"

/** The duration of so many seconds, where there are any. */
export const seconds = (value: number | undefined): Duration.Duration | undefined =>
  value === undefined ? undefined : Duration.seconds(value)
