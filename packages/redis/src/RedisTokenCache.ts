/**
 * The token cache of a fleet: tokens in Redis, one key for each partition.
 */
import type { InvalidConfiguration } from "@grantwork/core/AuthError"
import * as Crypto from "@grantwork/core/Crypto"
import * as Partition from "@grantwork/core/Partition"
import * as TokenCache from "@grantwork/core/TokenCache"
import * as UnifiedCache from "@grantwork/core/UnifiedCache"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as AccountIndex from "./AccountIndex.js"
import * as Commands from "./Commands.js"
import * as FirstLevel from "./FirstLevel.js"
import * as KeyHash from "./KeyHash.js"
import * as Listing from "./Listing.js"
import * as Modification from "./Modification.js"
import * as PartitionReader from "./PartitionReader.js"
import * as PartitionStore from "./PartitionStore.js"
import * as RefreshLock from "./RefreshLock.js"
import * as Settings from "./Settings.js"
import * as Subscription from "./Subscription.js"
import * as Unavailable from "./Unavailable.js"

/** @category models */
export type Options = Settings.Options

/**
 * Keeps tokens in Redis, shared by all who use the same prefix there. Building it sends nothing; the client may connect
 * later. Fails with `InvalidConfiguration`, which names the option.
 *
 * @category layers
 */
export const layer = (
  options: Options
): Layer.Layer<TokenCache.TokenCache, InvalidConfiguration, Crypto.Crypto> =>
  Layer.scoped(
    TokenCache.TokenCache,
    Effect.gen(function*() {
      const settings = yield* Settings.read(options)
      const commands = yield* Commands.make(settings.client, settings.commandTimeout)
      return make(settings, commands, yield* Crypto.Crypto, yield* Effect.scope)
    })
  )

const make = (
  settings: Settings.Settings,
  commands: Commands.Commands,
  crypto: Crypto.Service,
  scope: Scope.Scope
): TokenCache.Service => {
  const { continues, encryptionKeys, prefix, readsPlain, refreshTokenLifetime } = settings
  const hashOf = KeyHash.make(crypto)
  const nameOf = (kind: string, text: string) => Effect.map(hashOf(text), (hash) => `${prefix}:${kind}:${hash}`)
  const randomName = KeyHash.randomName(crypto)
  const fallback = Unavailable.fallback(continues)
  const store = PartitionStore.make({ commands, prefix, sealing: { crypto, keys: encryptionKeys, readsPlain } })
  const index = AccountIndex.make(commands, (provider) => nameOf("accounts", provider))
  const firstLevel = FirstLevel.make(settings.firstLevel)
  const reader = PartitionReader.make({
    store,
    firstLevel,
    listening: settings.firstLevel === undefined ? Effect.void : Effect.forkIn(
      Subscription.listen({
        duplicate: settings.firstLevel.duplicate,
        channel: PartitionStore.channel(prefix),
        firstLevel
      }),
      scope
    )
  })
  const modification = Modification.make({
    store,
    index,
    firstLevel,
    newVersion: randomName,
    refreshTokenLifetime,
    persists: !continues
  })
  const lock = RefreshLock.make({
    commands,
    token: randomName,
    scope,
    timeout: settings.refreshTimeout,
    attempt: (taken) => fallback("lock", taken, () => Effect.succeed(false))
  })

  const list = Listing.make({ store, index, hashOf, leftOut: Unavailable.omission() })

  return {
    read: (key) =>
      Effect.flatMap(hashOf(Partition.keyText(key)), (hash) =>
        fallback(
          "read",
          Effect.map(reader.read(hash), (cache) => UnifiedCache.read(cache, key)),
          () => Effect.succeed(Partition.empty)
        )),
    modify: (key, change) =>
      Effect.flatMap(
        hashOf(Partition.keyText(key)),
        (hash) =>
          fallback("modify", modification(key, hash, change), (error) =>
            Effect.suspend(() => {
              const shown = Modification.shown(store.remembered(hash), key)
              const [result, next] = change(shown)
              return Modification.isRemoval(shown, next) ? Effect.fail(error) : Effect.succeed(result)
            }))
      ),
    list: (provider) => fallback("list", list(provider), () => Effect.succeed([])),
    withRefreshLock: (name) => (effect) =>
      Effect.flatMap(nameOf("lock", name), (key) => lock(key)((isLeased) => reader.underLock(isLeased)(effect)))
  }
}
