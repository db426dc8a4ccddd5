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
 * The accounts that this application holds tokens for, or at Entra may redeem those of its family for, one for each person
 * whatever the tenants.
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
    const mayBeRelated = authority._tag === "Entra" && !isOrphan(partitions, clientId)
    return partitions
      .filter(({ partition }) => Partition.hasClient(partition, clientId) || (mayBeRelated && hasFamily(partition)))
      .flatMap(({ partition }) => Option.toArray(Partition.account(partition)))
      .filter(({ username }) =>
        filter.username === undefined || username.toLowerCase() === filter.username.toLowerCase()
      )
  })

const hasFamily = (partition: Partition.Partition): boolean => Option.isSome(Partition.familyRefreshToken(partition))

/** A refresh token without a family tells that the client belongs to none, whoever signed in. */
const isOrphan = (partitions: ReadonlyArray<{ readonly partition: Partition.Partition }>, clientId: string): boolean =>
  partitions.some(({ partition }) =>
    Option.exists(Partition.refreshToken(partition, clientId), ({ familyId }) => Option.isNone(familyId))
  )

/**
 * The account of this identifier, none where `list` would not have it.
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
    if (Partition.hasClient(partition, clientId)) {
      return Partition.account(partition)
    }
    return authority._tag === "Entra" && hasFamily(partition)
        && !isOrphan(yield* cache.list(Authority.provider(authority)), clientId)
      ? Partition.account(partition)
      : Option.none()
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
