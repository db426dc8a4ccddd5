import * as Effect from "effect/Effect"
import type { Provider } from "./Provider.js"

/** The grant types the provider was sent while the program ran, in order. */
export const tokenRequestsDuring = <A, E, R>(
  { grantTypes }: Provider,
  program: Effect.Effect<A, E, R>
): Effect.Effect<ReadonlyArray<string | undefined>, E, R> =>
  Effect.gen(function*() {
    const before = yield* Effect.promise(grantTypes)
    yield* program
    return (yield* Effect.promise(grantTypes)).slice(before.length)
  })
