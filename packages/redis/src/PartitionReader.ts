/**
 * Reads partitions: from the first level where that may be, else from Redis.
 */
import * as UnifiedCache from "@grantwork/core/UnifiedCache"
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import type { FirstLevel } from "./FirstLevel.js"
import * as Monotonic from "./Monotonic.js"
import type { PartitionStore } from "./PartitionStore.js"
import type { Failure } from "./Unavailable.js"

/** @category models */
export interface PartitionReader {
  readonly read: (hash: string) => Effect.Effect<UnifiedCache.UnifiedCache, Failure>
  /**
   * Lets what the effect reads come from Redis where it holds a lease. Without one it finds nothing: another server may be
   * redeeming the same refresh token.
   */
  readonly underLock: (isLeased: boolean) => <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

/** @category models */
export interface Options {
  readonly store: PartitionStore
  readonly firstLevel: FirstLevel
  /** Opens the first level in the background; begun with the first read. */
  readonly listening: Effect.Effect<void>
}

type Source = "first_level" | "redis" | "nothing"

/** @category constructors */
export const make = ({ firstLevel, listening, store }: Options): PartitionReader => {
  const source = FiberRef.unsafeMake<Source>("first_level")
  let isListening = false

  const listen = Effect.suspend(() => {
    const isFirst = !isListening
    isListening = true
    return isFirst ? listening : Effect.void
  })

  const load = (hash: string) =>
    Effect.suspend(() => {
      const keep = firstLevel.expect(hash)
      return Effect.zipWith(store.load(hash), Monotonic.now, (stored, now) => {
        keep(stored, now)
        return stored.cache
      })
    })

  const find = (hash: string) =>
    Effect.flatMap(Monotonic.now, (now) => {
      const cache = firstLevel.find(hash, now)
      return cache === undefined ? load(hash) : Effect.succeed(cache)
    })

  const readFrom: Record<Source, PartitionReader["read"]> = {
    first_level: (hash) => Effect.zipRight(listen, find(hash)),
    redis: load,
    nothing: () => Effect.succeed(UnifiedCache.empty)
  }

  return {
    read: (hash) => Effect.flatMap(FiberRef.get(source), (source) => readFrom[source](hash)),
    underLock: (isLeased) => Effect.locally(source, isLeased ? "redis" : "nothing")
  }
}
