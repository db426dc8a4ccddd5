import * as Effect from "effect/Effect"

const nobody = 65_534

export const isSuperuser = process.geteuid?.() === 0

/** Runs with a common user's rights, which the superuser gives up for the moment. */
export const asNobody = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  isSuperuser
    ? Effect.acquireUseRelease(
      Effect.sync(() => process.seteuid?.(nobody)),
      () => effect,
      () => Effect.sync(() => process.seteuid?.(0))
    )
    : effect
