/**
 * Tokens in any `KeyValueStore`, for one process: each partition is a text of MSAL's JSON under a key of its own.
 */
import type { PlatformError } from "@effect/platform/Error"
import * as KeyValueStore from "@effect/platform/KeyValueStore"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { CacheUnavailable } from "../AuthError.js"
import * as Partition from "../cache/Partition.js"
import * as UnifiedCache from "../cache/UnifiedCache.js"
import * as RefreshLocks from "./RefreshLocks.js"
import { type Service, TokenCache } from "./TokenCache.js"

const HomeAccountIds = Schema.parseJson(Schema.Array(Schema.String))

/**
 * Keeps tokens where the store does, and accounts in an index per provider. Two processes must not share the store: its
 * entries are read, and then set.
 *
 * @category layers
 */
export const layer: Layer.Layer<TokenCache, never, KeyValueStore.KeyValueStore> = Layer.effect(
  TokenCache,
  Effect.map(KeyValueStore.KeyValueStore, (store) => make(KeyValueStore.prefix(store, "grantwork/")))
)

const make = (store: KeyValueStore.KeyValueStore): Service => {
  const turns = RefreshLocks.make()
  const locks = RefreshLocks.make()

  const get = (operation: CacheUnavailable["operation"], key: Partition.Key) =>
    unavailable(operation, store.get(Partition.keyText(key)))

  /** None where there is no entry. */
  const load = (operation: CacheUnavailable["operation"], key: Partition.Key) =>
    Effect.flatMap(
      get(operation, key),
      Option.match({
        onNone: () => Effect.succeedNone,
        onSome: (text) => Effect.asSome(Effect.mapError(UnifiedCache.parse(text), () => damaged(operation, "An entry")))
      })
    )

  /** The others are listed all the same. */
  const withoutDamaged = (entry: Option.Option<string>) => {
    const cache = Option.flatMap(entry, UnifiedCache.parse)
    return Option.isSome(entry) && Option.isNone(cache)
      ? Effect.as(Effect.logWarning(damaged("list", "An entry").message), cache)
      : Effect.succeed(cache)
  }

  const partitionIn = (entry: Option.Option<UnifiedCache.UnifiedCache>, key: Partition.Key) =>
    Option.match(entry, { onNone: () => Partition.empty, onSome: (cache) => UnifiedCache.read(cache, key) })

  const accountsOf = (operation: CacheUnavailable["operation"], provider: string) =>
    Effect.flatMap(
      unavailable(operation, store.get(indexOf(provider))),
      Option.match({
        onNone: () => Effect.succeed<ReadonlyArray<string>>([]),
        onSome: (text) =>
          Effect.mapError(Schema.decode(HomeAccountIds)(text), () => damaged(operation, "The index of accounts"))
      })
    )

  const index = ({ homeAccountId, provider }: Partition.UserKey, isKept: boolean) =>
    Effect.gen(function*() {
      const listed = yield* accountsOf("modify", provider)
      if (listed.includes(homeAccountId) === isKept) {
        return
      }
      const next = isKept ? [...listed, homeAccountId] : listed.filter((one) => one !== homeAccountId)
      yield* unavailable("modify", store.set(indexOf(provider), JSON.stringify(next)))
    })

  const save = (
    key: Partition.Key,
    entry: Option.Option<UnifiedCache.UnifiedCache>,
    partition: Partition.Partition
  ) => {
    const name = Partition.keyText(key)
    if (!Partition.isEmpty(partition)) {
      const cache = Option.getOrElse(entry, () => UnifiedCache.empty)
      return unavailable("modify", store.set(name, UnifiedCache.stringify(UnifiedCache.write(cache, key, partition))))
    }
    return Option.isSome(entry) ? unavailable("modify", store.remove(name)) : Effect.void
  }

  /** An account is listed before it is written and for as long as it is, so that none is out of reach. */
  const saveAndList = (
    key: Partition.Key,
    entry: Option.Option<UnifiedCache.UnifiedCache>,
    partition: Partition.Partition
  ) => {
    const saving = save(key, entry, partition)
    if (key._tag === "App") {
      return saving
    }
    return Partition.isEmpty(partition)
      ? Effect.zipRight(saving, index(key, false))
      : Effect.zipRight(index(key, true), saving)
  }

  return {
    read: (key) => Effect.map(load("read", key), (entry) => partitionIn(entry, key)),
    modify: (key, change) =>
      Effect.gen(function*() {
        const entry = yield* load("modify", key)
        const held = partitionIn(entry, key)
        const [result, partition] = change(held)
        // What is removed already may be listed still, where its removal was cut short.
        if (partition !== held || Option.isNone(entry)) {
          yield* saveAndList(key, entry, partition)
        }
        return result
      }).pipe(Effect.uninterruptible, turns(key.provider)),
    list: (provider) =>
      Effect.flatMap(accountsOf("list", provider), (listed) =>
        Effect.map(
          Effect.forEach(listed, (homeAccountId) => {
            const key = Partition.userKeyAt(provider, homeAccountId)
            return Effect.map(
              Effect.flatMap(get("list", key), withoutDamaged),
              (entry) => ({ key, partition: partitionIn(entry, key) })
            )
          }),
          (people) => people.filter(({ partition }) => !Partition.isEmpty(partition))
        )),
    withRefreshLock: locks
  }
}

const indexOf = (provider: string): string => JSON.stringify(["Accounts", provider])

/** The store's own words may repeat what it was given. */
const unavailable = <A>(operation: CacheUnavailable["operation"], effect: Effect.Effect<A, PlatformError>) =>
  Effect.mapError(effect, (error) => {
    const reason = error._tag === "SystemError" ? error.reason : error._tag
    return new CacheUnavailable({
      operation,
      message: `The key-value store failed to ${error.method}: ${reason}. Try again once it works.`
    })
  })

const damaged = (operation: CacheUnavailable["operation"], what: string) =>
  new CacheUnavailable({
    operation,
    message: `${what} of the token cache is damaged. It is left as it is: mend or remove it in the key-value store.`
  })
