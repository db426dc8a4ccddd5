/**
 * What other programs' caches hold, taken over and handed on, in MSAL's JSON.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { CacheUnavailable, InvalidArgument } from "../AuthError.js"
import * as Partition from "../cache/Partition.js"
import { merge } from "../cache/PartitionMerge.js"
import * as UnifiedCache from "../cache/UnifiedCache.js"
import * as Argument from "../domain/Argument.js"
import * as Authority from "../domain/Authority.js"
import { ClientApplication } from "../services/ClientApplication.js"
import { TokenCache } from "../services/TokenCache.js"

/**
 * Adds what the JSON holds of every account and client; of two tokens for one purpose the newer one stays. What only
 * other programs understand is not taken over.
 *
 * @category programs
 */
export const importJson = (
  json: Redacted.Redacted
): Effect.Effect<void, CacheUnavailable | InvalidArgument, TokenCache> =>
  Effect.gen(function*() {
    const cache = yield* TokenCache
    const imported = yield* Option.match(
      Option.flatMap(Option.liftPredicate(Redacted.isRedacted)(json), (text) =>
        UnifiedCache.parse(String(Redacted.value(text)))),
      {
        onNone: () =>
          Effect.fail(Argument.invalid("json", "json has to be a token cache as MSAL serializes it.")),
        onSome: (parsed) => Effect.succeed(parsed)
      }
    )
    yield* Effect.forEach(UnifiedCache.keys(imported), (key) =>
      cache.modify(key, (held) => {
        const added = UnifiedCache.read(imported, key)
        return [undefined, Partition.isEmpty(added) ? held : merge(held, added)]
      }), { discard: true })
  })

/**
 * The application's accounts at its provider, with the tokens of all their clients, and what the client holds in its own
 * name: secrets in plain.
 *
 * @category programs
 */
export const exportJson = (): Effect.Effect<Redacted.Redacted, CacheUnavailable, ClientApplication | TokenCache> =>
  Effect.gen(function*() {
    const { authority, clientId } = yield* ClientApplication
    const cache = yield* TokenCache
    const users = yield* cache.list(Authority.provider(authority))
    const appKey = Partition.appKey(authority, clientId)
    const exported = UnifiedCache.writeAll(UnifiedCache.empty, [
      ...users,
      { key: appKey, partition: yield* cache.read(appKey) }
    ])
    return Redacted.make(UnifiedCache.stringify(exported))
  })
