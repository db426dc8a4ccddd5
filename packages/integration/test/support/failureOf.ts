import * as Effect from "effect/Effect"
import * as Either from "effect/Either"

/** What a program fails with; a success is a plain error, whatever came of it. */
export const failureOf = <A, E, R>(program: Effect.Effect<A, E, R>): Effect.Effect<E, never, R> =>
  Effect.flatMap(
    Effect.either(program),
    Either.match({
      onLeft: (error) => Effect.succeed(error),
      onRight: () => Effect.die(new Error("It did not fail."))
    })
  )
