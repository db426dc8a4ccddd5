/**
 * Joins equal effects that run at the same time into one.
 */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FiberMap from "effect/FiberMap"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type { AuthError } from "../AuthError.js"

/** @category models */
export interface SingleFlight<A> extends FiberMap.FiberMap<string, A, AuthError> {}

/**
 * Lasts as long as the scope, which waits for what is under way before it closes.
 *
 * @category constructors
 */
export const make = <A>(): Effect.Effect<SingleFlight<A>, never, Scope.Scope> =>
  Effect.tap(
    Effect.map(
      FiberMap.make<string, A, AuthError>(),
      (fibers) => Object.assign(fibers, { toJSON: () => ({ _id: "SingleFlight" }) })
    ),
    (fibers) => Effect.addFinalizer(() => Effect.ignore(FiberMap.awaitEmpty(fibers)))
  )

/**
 * Runs the effect, or awaits the equal one under way. It runs in the scope of the single flight: a caller that is
 * interrupted stops waiting, and nobody else's result is lost.
 *
 * @category combinators
 */
export const join = <A, R>(
  flights: SingleFlight<A>,
  key: string,
  effect: Effect.Effect<A, AuthError, R>
): Effect.Effect<A, AuthError, R> =>
  Effect.flatMap(FiberMap.runtime(flights)<R>(), (fork) =>
    Effect.suspend(() => {
      const fiber = Option.getOrElse(FiberMap.unsafeGet(flights, key), () => fork(key, effect))
      return Effect.flatten(Fiber.await(fiber))
    }))

/**
 * Begins the effect, unless an equal one is under way, and waits for neither.
 *
 * @category combinators
 */
export const start = <A, R>(
  flights: SingleFlight<A>,
  key: string,
  effect: Effect.Effect<A, AuthError, R>
): Effect.Effect<void, never, R> =>
  Effect.map(FiberMap.runtime(flights)<R>(), (fork) => {
    if (Option.isNone(FiberMap.unsafeGet(flights, key))) {
      fork(key, effect)
    }
  })
