/**
 * What every token cache promises, as laws that any test runner can check. Each law keeps accounts and clients of its
 * own and may be checked again, so a store may hold other content. With `@effect/vitest`:
 *
 * ```ts
 * for (const { check, name } of TokenCacheContract.laws) {
 *   it.live(name, () => Effect.provide(check, MyTokenCache.layer))
 * }
 * ```
 *
 * A clock that runs (`it.live`) ends what hangs; under a `TestClock` only the test runner does.
 */
import * as ChangeLaws from "./contract/ChangeLaws.js"
import * as IsolationLaws from "./contract/IsolationLaws.js"
import { fromShared, type Law, type SharedLaw } from "./contract/Law.js"
import * as LockLaws from "./contract/LockLaws.js"
import * as RecordLaws from "./contract/RecordLaws.js"
import * as SharedLaws from "./contract/SharedLaws.js"

export { type Law, LawBroken, type SharedLaw } from "./contract/Law.js"
export { agree, agreeOn } from "./contract/Operations.js"

/**
 * Holds for caches that several processes share: two layers over one store, each with connections and state of its own.
 *
 * @category constants
 */
export const sharedLaws: ReadonlyArray<SharedLaw> = [...SharedLaws.laws, ...LockLaws.laws]

/**
 * Holds for every cache.
 *
 * @category constants
 */
export const laws: ReadonlyArray<Law> = [
  ...RecordLaws.laws,
  ...ChangeLaws.laws,
  ...IsolationLaws.laws,
  ...sharedLaws.map(fromShared)
]
