/**
 * Everything cached for one account at one provider, or for a client in its own name: an immutable value, indexed for
 * look-up.
 */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { Account } from "../domain/Account.js"
import * as Scopes from "../domain/Scopes.js"
import type { TokenResult } from "../domain/TokenResult.js"
import type { AccessTokenRecord, AccountRecord, IdTokenRecord, RefreshTokenRecord, TokenKind } from "./CacheRecord.js"

export {
  type AppKey,
  appKey,
  type Key,
  keyText,
  refreshLockName,
  type UserKey,
  userKey,
  userKeyAt
} from "./PartitionKey.js"

/** @category models */
export interface Partition {
  /** One per tenant. */
  readonly accounts: ReadonlyMap<string, AccountRecord>
  /** Newest first, by client. */
  readonly accessTokens: ReadonlyMap<string, ReadonlyArray<AccessTokenRecord>>
  /** By client. */
  readonly refreshTokens: ReadonlyMap<string, RefreshTokenRecord>
  /** By client, then tenant. */
  readonly idTokens: ReadonlyMap<string, ReadonlyMap<string, IdTokenRecord>>
}

/** @category constructors */
export const empty: Partition = {
  accounts: new Map(),
  accessTokens: new Map(),
  refreshTokens: new Map(),
  idTokens: new Map()
}

/** @category predicates */
export const isEmpty = (partition: Partition): boolean =>
  partition.accounts.size + partition.accessTokens.size + partition.refreshTokens.size + partition.idTokens.size === 0

/**
 * The newest access token of a client that serves these scopes, is for an accepted tenant, and is valid for
 * `minValidity` milliseconds more; one cached in the future, by a clock since turned back, does not count. A second ahead
 * is not in the future: MSAL for Node rounds.
 *
 * @category getters
 */
export const findAccessToken = (
  partition: Partition,
  purpose: Purpose,
  { minValidity, now }: { readonly now: number; readonly minValidity: number }
): AccessTokenRecord | undefined =>
  candidates(partition, purpose).find((token) =>
    token.expiresAt.epochMillis > now
    && token.expiresAt.epochMillis - now >= minValidity
    && isFromThePast(token, now)
    && serves(token, purpose)
  )

/**
 * The newest that the provider lets serve while it is down, though it may have expired.
 *
 * @category getters
 */
export const findExtendedAccessToken = (
  partition: Partition,
  purpose: Purpose,
  now: number
): AccessTokenRecord | undefined =>
  candidates(partition, purpose).find((token) =>
    Option.exists(token.extendedExpiresAt, ({ epochMillis }) => epochMillis > now)
    && isFromThePast(token, now)
    && serves(token, purpose)
  )

const isFromThePast = ({ cachedAt }: AccessTokenRecord, now: number): boolean => cachedAt.epochMillis <= now + oneSecond

/**
 * What a token is to be good for.
 *
 * @category models
 */
export interface Purpose extends TokenKind {
  readonly clientId: string
  readonly scopes: Scopes.Scopes
  readonly caseSensitive: boolean
  /** Whether only a token of these very scopes will do. */
  readonly exactScopes?: boolean
  readonly acceptsTenant: (token: AccessTokenRecord) => boolean
}

/**
 * Whether there is an access token for a purpose, valid or not.
 *
 * @category predicates
 */
export const knowsAccessToken = (partition: Partition, purpose: Purpose): boolean =>
  candidates(partition, purpose).some((token) => serves(token, purpose))

const candidates = (partition: Partition, { clientId, scopes }: Purpose): ReadonlyArray<AccessTokenRecord> =>
  withScope(partition.accessTokens.get(clientId) ?? [], Scopes.first(scopes))

const serves = (token: AccessTokenRecord, purpose: Purpose): boolean =>
  isOfOneKind(token, purpose)
  && purpose.acceptsTenant(token)
  && (purpose.exactScopes === true
    ? Scopes.areSame(token.scopes, purpose.scopes, purpose.caseSensitive)
    : Scopes.covers(token.scopes, purpose.scopes, purpose.caseSensitive))

const isOfOneKind = (
  token: AccessTokenRecord,
  { extendedCacheKey, keyId }: TokenKind
): boolean => token.extendedCacheKey === extendedCacheKey && token.keyId === keyId

const oneSecond = 1000

const few = 8
const byScope = new WeakMap<ReadonlyArray<AccessTokenRecord>, ReadonlyMap<string, ReadonlyArray<AccessTokenRecord>>>()

/** Those that may have a scope, in their order; an index is made of a long list when it is first asked. */
const withScope = (
  tokens: ReadonlyArray<AccessTokenRecord>,
  scope: string | undefined
): ReadonlyArray<AccessTokenRecord> => {
  if (tokens.length <= few || scope === undefined) {
    return tokens
  }
  const index = byScope.get(tokens) ?? indexByScope(tokens)
  byScope.set(tokens, index)
  return index.get(scope.toLowerCase()) ?? []
}

const indexByScope = (tokens: ReadonlyArray<AccessTokenRecord>) => {
  const index = new Map<string, Array<AccessTokenRecord>>()
  for (const token of tokens) {
    for (const scope of new Set(token.scopes.map((scope) => scope.toLowerCase()))) {
      const listed = index.get(scope)
      if (listed === undefined) {
        index.set(scope, [token])
      } else {
        listed.push(token)
      }
    }
  }
  return index
}

/** @category getters */
export const refreshToken = (partition: Partition, clientId: string): Option.Option<RefreshTokenRecord> =>
  Option.fromNullable(partition.refreshTokens.get(clientId))

/**
 * The newest refresh token that a family of clients shares.
 *
 * @category getters
 */
export const familyRefreshToken = (partition: Partition): Option.Option<RefreshTokenRecord> => {
  const modifiedAt = (record: RefreshTokenRecord) =>
    Option.match(record.modifiedAt, { onNone: () => 0, onSome: ({ epochMillis }) => epochMillis })
  const [newest] = [...partition.refreshTokens.values()]
    .filter(({ familyId }) => Option.isSome(familyId))
    .sort((one, other) => modifiedAt(other) - modifiedAt(one))
  return Option.fromNullable(newest)
}

/** @category getters */
export const idToken = (partition: Partition, clientId: string, tenantId: string): Option.Option<IdTokenRecord> =>
  Option.fromNullable(partition.idTokens.get(clientId)?.get(tenantId))

/**
 * What a cached access token comes back as.
 *
 * @category getters
 */
export const tokenResult = (
  partition: Partition,
  token: AccessTokenRecord,
  correlationId: Option.Option<string>
): TokenResult => {
  const idTokenRecord = idToken(partition, token.clientId, token.tenantId)
  return {
    accessToken: token.secret,
    tokenType: token.tokenType,
    scopes: token.scopes,
    expiresAt: token.expiresAt,
    extendedExpiresAt: token.extendedExpiresAt,
    refreshAt: token.refreshAt,
    account: Option.orElse(
      Option.fromNullable(partition.accounts.get(token.tenantId)?.account),
      () => account(partition)
    ),
    idToken: Option.map(idTokenRecord, ({ secret }) => secret),
    idTokenClaims: Option.map(idTokenRecord, ({ claims }) => claims),
    tenantId: token.tenantId,
    source: "cache",
    correlationId,
    refreshToken: Option.none()
  }
}

/**
 * One account for the whole partition: the home tenant's, else the first.
 *
 * @category getters
 */
export const account = (partition: Partition): Option.Option<Account> => {
  const accounts = Array.from(partition.accounts.values(), ({ account }) => account)
  return Option.fromNullable(
    accounts.find((one) => one.homeAccountId.endsWith(`.${one.tenantId}`)) ?? accounts[0]
  )
}

/**
 * Whether a client holds anything here.
 *
 * @category predicates
 */
export const hasClient = (partition: Partition, clientId: string): boolean =>
  partition.refreshTokens.has(clientId) || partition.accessTokens.has(clientId) || partition.idTokens.has(clientId)

/**
 * Adds an access token in place of those it supersedes and those that are expired.
 *
 * @category combinators
 */
export const addAccessToken = (partition: Partition, added: AccessTokenRecord, caseSensitive: boolean): Partition =>
  putAccessToken(
    partition,
    added,
    (token) => token.tenantId === added.tenantId && Scopes.covers(added.scopes, token.scopes, caseSensitive)
  )

/**
 * Adds an access token of the client's own in place of those for the same scopes and those that are expired.
 *
 * @category combinators
 */
export const addAppToken = (partition: Partition, added: AccessTokenRecord, caseSensitive: boolean): Partition =>
  putAccessToken(partition, added, (token) => Scopes.areSame(token.scopes, added.scopes, caseSensitive))

const putAccessToken = (
  partition: Partition,
  added: AccessTokenRecord,
  supersedes: (token: AccessTokenRecord) => boolean
): Partition => {
  const kept = (partition.accessTokens.get(added.clientId) ?? []).filter((token) =>
    DateTime.greaterThan(token.expiresAt, added.cachedAt)
    && !(isOfOneKind(token, added) && supersedes(token))
  )
  return { ...partition, accessTokens: new Map(partition.accessTokens).set(added.clientId, [added, ...kept]) }
}

/**
 * Puts a client's refresh token in place of the one it has; a family once joined is kept, and so is what other programs
 * noted.
 *
 * @category combinators
 */
export const setRefreshToken = (partition: Partition, added: RefreshTokenRecord): Partition => {
  const held = partition.refreshTokens.get(added.clientId)
  return {
    ...partition,
    refreshTokens: new Map(partition.refreshTokens).set(added.clientId, {
      ...held?.foreign && { foreign: held.foreign },
      ...added,
      familyId: Option.orElse(added.familyId, () => held?.familyId ?? Option.none())
    })
  }
}

/**
 * Removes a client's refresh token if it is still this one.
 *
 * @category combinators
 */
export const removeRefreshToken = (partition: Partition, removed: RefreshTokenRecord): Partition => {
  if (!holdsRefreshToken(partition, removed)) {
    return partition
  }
  const refreshTokens = new Map(partition.refreshTokens)
  refreshTokens.delete(removed.clientId)
  return { ...partition, refreshTokens }
}

/**
 * Whether a client's refresh token is still this one.
 *
 * @category predicates
 */
export const holdsRefreshToken = (partition: Partition, record: RefreshTokenRecord): boolean =>
  Option.exists(
    refreshToken(partition, record.clientId),
    (held) => Redacted.value(held.secret) === Redacted.value(record.secret)
  )

/** @category combinators */
export const setIdToken = (partition: Partition, added: IdTokenRecord): Partition => ({
  ...partition,
  idTokens: new Map(partition.idTokens).set(
    added.clientId,
    new Map(partition.idTokens.get(added.clientId)).set(added.tenantId, added)
  )
})

/**
 * Puts an account in place of the one of its tenant; what other programs noted of it is kept.
 *
 * @category combinators
 */
export const setAccount = (partition: Partition, account: Account): Partition => ({
  ...partition,
  accounts: new Map(partition.accounts).set(account.tenantId, {
    ...partition.accounts.get(account.tenantId),
    account
  })
})
