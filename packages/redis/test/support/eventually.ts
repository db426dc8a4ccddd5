import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"

/** Looks again and again until it holds; the test runner ends what never does. */
export const eventually = <E, R>(condition: Effect.Effect<boolean, E, R>): Effect.Effect<void, E, R> =>
  Effect.asVoid(Effect.repeat(condition, { until: (holds) => holds, schedule: Schedule.spaced("5 millis") }))
