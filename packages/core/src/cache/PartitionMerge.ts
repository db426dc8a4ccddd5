/**
 * Two caches of one account, or of one client, made into one.
 */
import * as Option from "effect/Option"
import type { AccessTokenRecord, IdTokenRecord, RefreshTokenRecord } from "./CacheRecord.js"
import type { Partition } from "./Partition.js"

/**
 * Adds what another cache holds; of two records for the same purpose the newer one stays.
 *
 * @category combinators
 */
export const merge = (held: Partition, added: Partition): Partition => ({
  accounts: new Map([...added.accounts, ...held.accounts]),
  accessTokens: mergeMaps(held.accessTokens, added.accessTokens, mergeAccessTokens),
  refreshTokens: mergeMaps(held.refreshTokens, added.refreshTokens, newer(modifiedAt)),
  idTokens: mergeMaps(held.idTokens, added.idTokens, (ours, theirs) => mergeMaps(ours, theirs, newer(issuedAt)))
})

const mergeMaps = <A>(
  held: ReadonlyMap<string, A>,
  added: ReadonlyMap<string, A>,
  both: (held: A, added: A) => A
): ReadonlyMap<string, A> => {
  const merged = new Map(held)
  for (const [name, theirs] of added) {
    const ours = held.get(name)
    merged.set(name, ours === undefined ? theirs : both(ours, theirs))
  }
  return merged
}

const newer = <A>(timeOf: (record: A) => number) => (held: A, added: A): A =>
  timeOf(added) > timeOf(held) ? added : held

const modifiedAt = (record: RefreshTokenRecord): number =>
  Option.match(record.modifiedAt, { onNone: () => 0, onSome: ({ epochMillis }) => epochMillis })

const issuedAt = ({ claims }: IdTokenRecord): number => claims.iat

const mergeAccessTokens = (
  held: ReadonlyArray<AccessTokenRecord>,
  added: ReadonlyArray<AccessTokenRecord>
): ReadonlyArray<AccessTokenRecord> => {
  const newest = new Map<string, AccessTokenRecord>()
  for (const token of newestFirst([...held, ...added])) {
    const purpose = JSON.stringify([token.tenantId, token.requestedTenant, [...token.scopes].sort()])
    newest.set(purpose, newest.get(purpose) ?? token)
  }
  return [...newest.values()]
}

/**
 * The order in which a partition keeps access tokens.
 *
 * @category getters
 */
export const newestFirst = (tokens: ReadonlyArray<AccessTokenRecord>): ReadonlyArray<AccessTokenRecord> =>
  tokens.toSorted((one, other) =>
    other.cachedAt.epochMillis - one.cachedAt.epochMillis || other.expiresAt.epochMillis - one.expiresAt.epochMillis
  )
