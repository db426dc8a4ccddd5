/**
 * Names of partitions, and of what happens in them one after the other.
 */
import * as Authority from "../domain/Authority.js"
import type * as Scopes from "../domain/Scopes.js"
import type { TokenKind } from "./CacheRecord.js"

/**
 * What a person's clients share. The provider is Microsoft's cloud or an issuer, so that equal subjects at two issuers
 * stay apart.
 *
 * @category models
 */
export interface UserKey {
  readonly _tag: "User"
  readonly provider: string
  readonly homeAccountId: string
}

/**
 * What a client holds in its own name at one tenant.
 *
 * @category models
 */
export interface AppKey {
  readonly _tag: "App"
  readonly provider: string
  readonly clientId: string
  /** As the authority names it; empty where the provider has no tenants. */
  readonly tenant: string
}

/**
 * Names a partition.
 *
 * @category models
 */
export type Key = UserKey | AppKey

/**
 * Microsoft's identifiers do not tell letter cases apart; a subject does.
 *
 * @category constructors
 */
export const userKey = (authority: Authority.Authority, homeAccountId: string): UserKey =>
  userKeyAt(Authority.provider(authority), homeAccountId)

/** @category constructors */
export const userKeyAt = (provider: string, homeAccountId: string): UserKey => {
  const lowerCase = homeAccountId.toLowerCase()
  return {
    _tag: "User",
    provider,
    homeAccountId: lowerCase !== homeAccountId && isMicrosofts(provider, homeAccountId) ? lowerCase : homeAccountId
  }
}

/** `uid.utid`; an issuer, which is an address, has no such identifiers. */
const isMicrosofts = (provider: string, homeAccountId: string): boolean =>
  !provider.includes("://") && /^[\x21-\x7E]+$/.test(homeAccountId)
  && Authority.isTenantId(homeAccountId.slice(homeAccountId.lastIndexOf(".") + 1))

/** @category constructors */
export const appKey = (authority: Authority.Authority, clientId: string): AppKey => ({
  _tag: "App",
  provider: Authority.provider(authority),
  clientId,
  tenant: Authority.requestedTenant(authority)
})

/**
 * A text that no other key has.
 *
 * @category encoders
 */
export const keyText = (key: Key): string =>
  JSON.stringify(
    key._tag === "User"
      ? [key._tag, key.provider, key.homeAccountId]
      : [key._tag, key.provider, key.clientId, key.tenant]
  )

/**
 * What may not be acquired twice at the same time: anything for a person, whose refresh token may rotate, and the very
 * same scopes, asked for with the same parameters and for the same key, for a client in its own name.
 *
 * @category encoders
 */
export const refreshLockName = (key: Key, scopes: Scopes.Scopes, { extendedCacheKey, keyId }: TokenKind = {}): string =>
  key._tag === "User"
    ? keyText(key)
    : JSON.stringify([
      keyText(key),
      ...[...scopes].sort(),
      ...extendedCacheKey === undefined ? [] : [[extendedCacheKey]],
      ...keyId === undefined ? [] : [{ keyId }]
    ])
