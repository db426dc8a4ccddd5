/**
 * What a token cache promises, one sentence and one program that finds out.
 */
import type { CacheUnavailable } from "@grantwork/core/AuthError"
import * as TokenCache from "@grantwork/core/TokenCache"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { expectEnd, type Unmet } from "./Expectation.js"
import * as Sample from "./Sample.js"

/**
 * The law that a cache breaks, and what is otherwise; secrets are never shown.
 *
 * @category errors
 */
export class LawBroken extends Data.TaggedError("LawBroken")<{
  readonly law: string
  /** What was looked at. */
  readonly what: string
  readonly expected: string
  readonly found: string
  readonly message: string
}> {}

/**
 * A promise of every cache.
 *
 * @category models
 */
export interface Law {
  readonly name: string
  readonly check: Effect.Effect<void, LawBroken | CacheUnavailable, TokenCache.TokenCache>
}

/**
 * A promise of caches that share their store, to two of them.
 *
 * @category models
 */
export interface SharedLaw {
  readonly name: string
  readonly check: (
    one: TokenCache.Service,
    other: TokenCache.Service
  ) => Effect.Effect<void, LawBroken | CacheUnavailable>
}

/** @category constructors */
export const make = (
  name: string,
  check: (cache: TokenCache.Service, sample: Sample.Sample) => Effect.Effect<void, Unmet | CacheUnavailable>
): Law => {
  const { check: checkShared } = makeShared(name, (cache, _, sample) => check(cache, sample))
  return { name, check: Effect.flatMap(TokenCache.TokenCache, (cache) => checkShared(cache, cache)) }
}

/** @category constructors */
export const makeShared = (
  name: string,
  check: (
    one: TokenCache.Service,
    other: TokenCache.Service,
    sample: Sample.Sample
  ) => Effect.Effect<void, Unmet | CacheUnavailable>
): SharedLaw => ({
  name,
  check: (one, other) =>
    Effect.flatMap(Sample.make(name), (sample) => check(one, other, sample)).pipe(
      expectEnd("the check", 50),
      Effect.catchTag("Unmet", (unmet) => Effect.fail(broken(name, unmet)))
    )
})

/** @category constructors */
export const broken = (law: string, { expected, found, what }: Unmet): LawBroken =>
  new LawBroken({ law, what, expected, found, message: `${law}: ${what} should be ${expected}, but is ${found}.` })

/**
 * A law of shared caches for one that is both.
 *
 * @category constructors
 */
export const fromShared = ({ check, name }: SharedLaw): Law => ({
  name,
  check: Effect.flatMap(TokenCache.TokenCache, (cache) => check(cache, cache))
})
