/**
 * What laws do to a cache again and again.
 */
import type { CacheUnavailable } from "@grantwork/core/AuthError"
import * as Partition from "@grantwork/core/Partition"
import type * as TokenCache from "@grantwork/core/TokenCache"
import * as Effect from "effect/Effect"

/**
 * Puts a partition in place of whatever there is.
 *
 * @category programs
 */
export const put = (cache: TokenCache.Service, key: Partition.Key, partition: Partition.Partition) =>
  cache.modify(key, () => [undefined, partition])

/**
 * Removes what an earlier run may have left.
 *
 * @category programs
 */
export const clear = (cache: TokenCache.Service, ...keys: ReadonlyArray<Partition.Key>) =>
  Effect.forEach(keys, (key) => put(cache, key, Partition.empty), { discard: true })

/**
 * Removes whoever an earlier run may have left at a provider.
 *
 * @category programs
 */
export const clearProvider = (cache: TokenCache.Service, provider: string) =>
  Effect.flatMap(cache.list(provider), (people) => clear(cache, ...people.map(({ key }) => key)))

/**
 * Lets other fibers go on so many times.
 *
 * @category programs
 */
export const giveWay = (times: number): Effect.Effect<void> =>
  Effect.forEach(Array.from({ length: times }), () => Effect.yieldNow(), { discard: true })

/**
 * Waits of growing length before an interruption, so that it comes at any point: by other fibers' steps, and by reads as
 * long as the store takes.
 *
 * @category constructors
 */
export const pauses = (
  cache: TokenCache.Service,
  key: Partition.Key
): ReadonlyArray<Effect.Effect<void, CacheUnavailable>> => [
  ...[...Array(12).keys(), 15, 21, 34, 55, 89, 144, 233].map(giveWay),
  ...[1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64].map((times) =>
    Effect.forEach(Array.from({ length: times }), () => cache.read(key), { discard: true })
  )
]
