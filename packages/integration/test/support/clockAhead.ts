import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/** Runs a program that takes the time to be later than it is. */
export const clockAhead = (by: Duration.DurationInput) => <A, E, R>(program: Effect.Effect<A, E, R>) =>
  Effect.clockWith((clock) => {
    const millis = Duration.toMillis(by)
    const nanos = BigInt(millis) * 1_000_000n
    return Effect.withClock(program, {
      [Clock.ClockTypeId]: Clock.ClockTypeId,
      unsafeCurrentTimeMillis: () => clock.unsafeCurrentTimeMillis() + millis,
      unsafeCurrentTimeNanos: () => clock.unsafeCurrentTimeNanos() + nanos,
      currentTimeMillis: Effect.map(clock.currentTimeMillis, (now) => now + millis),
      currentTimeNanos: Effect.map(clock.currentTimeNanos, (now) => now + nanos),
      sleep: (duration) => clock.sleep(duration)
    })
  })
