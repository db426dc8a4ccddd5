/**
 * Where tokens are kept between calls: partitions that are read and modified as a whole, one per account, and one per
 * client and tenant for what the client holds in its own name.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { CacheUnavailable } from "../AuthError.js"
import * as Partition from "../cache/Partition.js"
import * as RefreshLocks from "./RefreshLocks.js"

/** @category models */
export interface UserPartition {
  readonly key: Partition.UserKey
  readonly partition: Partition.Partition
}

/**
 * A cache. Times may be kept in whole seconds, records and scopes in any order, and of a client's own partition nothing
 * but access tokens. What every cache promises is in `TokenCacheContract` of `@grantwork/testing`, law by law.
 *
 * @category models
 */
export interface Service {
  /** The partition, empty where there is none. */
  readonly read: (key: Partition.Key) => Effect.Effect<Partition.Partition, CacheUnavailable>
  /**
   * Replaces a partition in one step, whole or not at all; an empty one is dropped. The change is pure: it may run more
   * than once.
   */
  readonly modify: <A>(
    key: Partition.Key,
    change: (partition: Partition.Partition) => readonly [A, Partition.Partition]
  ) => Effect.Effect<A, CacheUnavailable>
  /** Every person's partition at a provider. */
  readonly list: (provider: string) => Effect.Effect<ReadonlyArray<UserPartition>, CacheUnavailable>
  /**
   * Lets one acquisition of this name, as `Partition.refreshLockName` gives it, run at a time wherever the cache is
   * shared. Nothing else waits for it, and whoever holds it reads what those before it wrote.
   */
  readonly withRefreshLock: (
    name: string
  ) => <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E | CacheUnavailable, R>
}

/** @category services */
export class TokenCache extends Context.Tag("@grantwork/core/TokenCache")<TokenCache, Service>() {}

/**
 * Keeps tokens in this process's memory, for as long as the layer lives.
 *
 * @category layers
 */
export const layerMemory: Layer.Layer<TokenCache> = Layer.sync(TokenCache, () => {
  const users = new Map<string, Map<string, Partition.Partition>>()
  const apps = new Map<string, Partition.Partition>()
  const get = (key: Partition.Key) =>
    (key._tag === "User" ? users.get(key.provider)?.get(key.homeAccountId) : apps.get(Partition.keyText(key)))
      ?? Partition.empty

  const set = (key: Partition.Key, partition: Partition.Partition) => {
    if (key._tag === "App") {
      return put(apps, Partition.keyText(key), partition)
    }
    const partitions = users.get(key.provider) ?? new Map<string, Partition.Partition>()
    put(partitions, key.homeAccountId, partition)
    return partitions.size === 0 ? users.delete(key.provider) : users.set(key.provider, partitions)
  }

  return {
    read: (key) => Effect.sync(() => get(key)),
    modify: (key, change) =>
      Effect.sync(() => {
        const [result, partition] = change(get(key))
        set(key, partition)
        return result
      }),
    list: (provider) =>
      Effect.sync(() =>
        Array.from(users.get(provider) ?? [], ([homeAccountId, partition]) => ({
          key: Partition.userKeyAt(provider, homeAccountId),
          partition
        }))
      ),
    withRefreshLock: RefreshLocks.make()
  }
})

const put = (partitions: Map<string, Partition.Partition>, name: string, partition: Partition.Partition) =>
  Partition.isEmpty(partition) ? partitions.delete(name) : partitions.set(name, partition)
