/**
 * Who is signed in.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { CacheUnavailable, InvalidArgument } from "../AuthError.js"
import * as Partition from "../cache/Partition.js"
import type { Account } from "../domain/Account.js"
import * as Argument from "../domain/Argument.js"
import * as Authority from "../domain/Authority.js"
import { ClientApplication } from "../services/ClientApplication.js"
import { TokenCache } from "../services/TokenCache.js"

/** @category models */
export interface Filter {
  /** Sign-in name, in any letter case. */
  readonly username?: string | undefined
}

/**
 * The accounts that this application holds tokens for, one for each person whatever the tenants.
 *
 * @category programs
 */
export const list = (
  filter: Filter = {}
): Effect.Effect<ReadonlyArray<Account>, CacheUnavailable, ClientApplication | TokenCache> =>
  Effect.gen(function*() {
    const { authority, clientId } = yield* ClientApplication
    const cache = yield* TokenCache
    const partitions = yield* cache.list(Authority.provider(authority))
    return partitions
      .filter(({ partition }) => Partition.hasClient(partition, clientId))
      .flatMap(({ partition }) => Option.toArray(Partition.account(partition)))
      .filter(({ username }) =>
        filter.username === undefined || username.toLowerCase() === filter.username.toLowerCase()
      )
  })

/**
 * The account of this identifier, none where this application holds no tokens for it.
 *
 * @category programs
 */
export const get = (
  homeAccountId: string
): Effect.Effect<Option.Option<Account>, CacheUnavailable, ClientApplication | TokenCache> =>
  Effect.gen(function*() {
    const { authority, clientId } = yield* ClientApplication
    const cache = yield* TokenCache
    const partition = yield* cache.read(Partition.userKey(authority, homeAccountId))
    return Partition.hasClient(partition, clientId) ? Partition.account(partition) : Option.none()
  })

/**
 * Removes every credential of the account and nothing of another's; a refresh that is under way saves nothing more.
 *
 * @category programs
 */
export const remove = (
  account: Account
): Effect.Effect<void, CacheUnavailable | InvalidArgument, ClientApplication | TokenCache> =>
  Effect.gen(function*() {
    const { authority } = yield* ClientApplication
    const cache = yield* TokenCache
    if (!Authority.knows(authority, account)) {
      return yield* Argument.invalid("account", "account is from another provider than this application's.")
    }
    yield* cache.modify(Partition.userKey(authority, account.homeAccountId), () => [undefined, Partition.empty])
  })
