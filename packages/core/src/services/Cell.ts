/**
 * What is looked up once and remembered for a while; failures are not.
 */
import * as Cache from "effect/Cache"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type { AuthError } from "../AuthError.js"
import * as SingleFlight from "./SingleFlight.js"

/** @category models */
export interface Cell<A> {
  readonly remembered: Cache.Cache<string, A>
  readonly lookups: SingleFlight.SingleFlight<A>
  readonly toJSON: () => unknown
}

const capacity = 256

/** @category constructors */
export const make = <A>(timeToLive: Duration.DurationInput): Effect.Effect<Cell<A>, never, Scope.Scope> =>
  Effect.map(
    Effect.all({
      remembered: Cache.make<string, A>({ capacity, timeToLive, lookup: () => Effect.never }),
      lookups: SingleFlight.make<A>()
    }),
    (cell) => ({ ...cell, toJSON: () => ({ _id: "Cell" }) })
  )

/**
 * The remembered value, else the look-up's.
 *
 * @category getters
 */
export const get = <A, R>(
  cell: Cell<A>,
  key: string,
  lookup: Effect.Effect<A, AuthError, R>
): Effect.Effect<A, AuthError, R> =>
  Effect.flatMap(
    cell.remembered.getOptionComplete(key),
    Option.match({
      onNone: () => renew(cell, key, lookup),
      onSome: (value) => Effect.succeed(value)
    })
  )

/**
 * The look-up's value, whatever is remembered.
 *
 * @category combinators
 */
export const renew = <A, R>(
  cell: Cell<A>,
  key: string,
  lookup: Effect.Effect<A, AuthError, R>
): Effect.Effect<A, AuthError, R> =>
  SingleFlight.join(cell.lookups, key, Effect.tap(lookup, (value) => cell.remembered.set(key, value)))
