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

  const load = (operation: CacheUnavailable["operation"], key: Partition.Key) =>
    Effect.gen(function*() {
      const text = yield* unavailable(operation, store.get(Partition.keyText(key)))
      return yield* Option.match(Option.flatMap(text, UnifiedCache.parse), {
        onNone: () =>
          Option.isNone(text) ? Effect.succeed(UnifiedCache.empty) : Effect.fail(damaged(operation, "An entry")),
        onSome: (cache) => Effect.succeed(cache)
      })
    })

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

  const save = (key: Partition.Key, cache: UnifiedCache.UnifiedCache, partition: Partition.Partition) =>
    Partition.isEmpty(partition)
      ? unavailable("modify", store.remove(Partition.keyText(key)))
      : unavailable(
        "modify",
        store.set(Partition.keyText(key), UnifiedCache.stringify(UnifiedCache.write(cache, key, partition)))
      )

  return {
    read: (key) => Effect.map(load("read", key), (cache) => UnifiedCache.read(cache, key)),
    modify: (key, change) =>
      Effect.gen(function*() {
        const cache = yield* load("modify", key)
        const held = UnifiedCache.read(cache, key)
        const [result, partition] = change(held)
        if (partition !== held) {
          const isKept = !Partition.isEmpty(partition)
          // An account is listed before it is written and for as long as it is, so that none is out of reach.
          yield* key._tag === "User" && isKept ? index(key, isKept) : Effect.void
          yield* save(key, cache, partition)
          yield* key._tag === "User" && !isKept ? index(key, isKept) : Effect.void
        }
        return result
      }).pipe(Effect.uninterruptible, turns(key.provider)),
    list: (provider) =>
      Effect.flatMap(accountsOf("list", provider), (listed) =>
        Effect.map(
          Effect.forEach(listed, (homeAccountId) => {
            const key = Partition.userKeyAt(provider, homeAccountId)
            return Effect.map(load("list", key), (cache) => ({ key, partition: UnifiedCache.read(cache, key) }))
          }),
          (listed) => listed.filter(({ partition }) => !Partition.isEmpty(partition))
        )),
    withRefreshLock: locks
  }
}

const indexOf = (provider: string): string => JSON.stringify(["Accounts", provider])

const unavailable = <A>(operation: CacheUnavailable["operation"], effect: Effect.Effect<A, PlatformError>) =>
  Effect.mapError(effect, ({ message }) =>
    new CacheUnavailable({ operation, message: `The key-value store failed: ${message}` }))

const damaged = (operation: CacheUnavailable["operation"], what: string) =>
  new CacheUnavailable({
    operation,
    message: `${what} of the token cache is damaged. It is left as it is: mend or remove it in the key-value store.`
  })
