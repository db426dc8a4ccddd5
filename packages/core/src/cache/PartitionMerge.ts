/**
 * Two caches of one account, or of one client, made into one.
 */
import * as Option from "effect/Option"
import type { AccessTokenRecord, RefreshTokenRecord } from "./CacheRecord.js"
import type { Partition } from "./Partition.js"

/**
 * Adds what another cache holds; of two records for the same purpose the newer one stays. The partition itself comes back
 * where nothing is new.
 *
 * @category combinators
 */
export const merge = (held: Partition, added: Partition): Partition => {
  const merged = {
    accounts: mergeMaps(held.accounts, added.accounts, (ours) => ours),
    accessTokens: mergeMaps(held.accessTokens, added.accessTokens, mergeAccessTokens),
    refreshTokens: mergeMaps(
      held.refreshTokens,
      added.refreshTokens,
      (ours, theirs) => modifiedAt(theirs, added) > modifiedAt(ours, held) ? theirs : ours
    ),
    idTokens: mergeMaps(
      held.idTokens,
      added.idTokens,
      (ours, theirs) => mergeMaps(ours, theirs, (one, other) => other.claims.iat > one.claims.iat ? other : one)
    )
  }
  return merged.accounts === held.accounts && merged.accessTokens === held.accessTokens
      && merged.refreshTokens === held.refreshTokens && merged.idTokens === held.idTokens
    ? held
    : merged
}

const mergeMaps = <A>(
  held: ReadonlyMap<string, A>,
  added: ReadonlyMap<string, A>,
  both: (held: A, added: A) => A
): ReadonlyMap<string, A> => {
  const merged = new Map(held)
  let isNew = false
  for (const [name, theirs] of added) {
    const ours = held.get(name)
    const stays = ours === undefined ? theirs : both(ours, theirs)
    isNew ||= stays !== ours
    merged.set(name, stays)
  }
  return isNew ? merged : held
}

/** Who does not say when a refresh token came says it of the access token that came with it. */
const modifiedAt = (record: RefreshTokenRecord, { accessTokens }: Partition): number =>
  Option.match(record.modifiedAt, {
    onNone: () => accessTokens.get(record.clientId)?.at(0)?.cachedAt.epochMillis ?? 0,
    onSome: ({ epochMillis }) => epochMillis
  })

const mergeAccessTokens = (
  held: ReadonlyArray<AccessTokenRecord>,
  added: ReadonlyArray<AccessTokenRecord>
): ReadonlyArray<AccessTokenRecord> => {
  const newest = new Map<string, AccessTokenRecord>()
  for (const token of newestFirst([...held, ...added])) {
    const purpose = purposeOf(token)
    newest.set(purpose, newest.get(purpose) ?? token)
  }
  const merged = [...newest.values()]
  return merged.length === held.length && merged.every((token, index) => token === held[index]) ? held : merged
}

const purposeOf = ({ extendedCacheKey, keyId, requestedTenant, scopes, tenantId }: AccessTokenRecord): string =>
  JSON.stringify([tenantId, requestedTenant, extendedCacheKey, keyId, [...scopes].sort()])

/**
 * The order in which a partition keeps access tokens.
 *
 * @category getters
 */
export const newestFirst = (tokens: ReadonlyArray<AccessTokenRecord>): ReadonlyArray<AccessTokenRecord> =>
  tokens.toSorted((one, other) =>
    other.cachedAt.epochMillis - one.cachedAt.epochMillis || other.expiresAt.epochMillis - one.expiresAt.epochMillis
  )
