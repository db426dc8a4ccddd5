/**
 * The accounts of a provider, as the index has them and as far as they can be read.
 */
import * as Partition from "@grantwork/core/Partition"
import type * as TokenCache from "@grantwork/core/TokenCache"
import * as UnifiedCache from "@grantwork/core/UnifiedCache"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { AccountIndex } from "./AccountIndex.js"
import type { KeyHash } from "./KeyHash.js"
import type { PartitionStore } from "./PartitionStore.js"
import type { RedisFailure } from "./RedisFailure.js"
import type { EntryDamaged } from "./SealedPartition.js"

/** @category models */
export interface Listing {
  (provider: string): Effect.Effect<ReadonlyArray<TokenCache.UserPartition>, RedisFailure>
}

/** @category models */
export interface Options {
  readonly store: PartitionStore
  readonly index: AccountIndex
  readonly hashOf: KeyHash
  /** Told of each entry that cannot be read. */
  readonly leftOut: (damage: EntryDamaged) => Effect.Effect<void>
}

/** @category constructors */
export const make = ({ hashOf, index, leftOut, store }: Options): Listing => {
  const partitionsIn = (provider: string, hash: string | undefined, cache: UnifiedCache.UnifiedCache) =>
    Effect.filter(
      UnifiedCache.keys(cache).filter((key): key is Partition.UserKey =>
        key._tag === "User" && key.provider === provider
      ),
      // Under another name it is a copy, and nobody's.
      (key) => Effect.map(hashOf(Partition.keyText(key)), (own) => own === hash)
    ).pipe(Effect.map((keys) => keys.map((key) => ({ key, partition: UnifiedCache.read(cache, key) }))))

  return (provider) =>
    Effect.gen(function*() {
      const hashes = yield* index.list(provider)
      const entries = yield* store.loadAll(hashes)
      const listed = yield* Effect.forEach(entries, (entry, position) =>
        Either.match(entry, {
          onLeft: (damage) => Effect.as(leftOut(damage), []),
          onRight: ({ cache }) => partitionsIn(provider, hashes[position], cache)
        }))
      return listed.flat()
    })
}
