/**
 * Puts verified tokens into the cache.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { CacheUnavailable } from "../AuthError.js"
import * as Partition from "../cache/Partition.js"
import * as Authority from "../domain/Authority.js"
import type { Scopes } from "../domain/Scopes.js"
import type { TokenResult } from "../domain/TokenResult.js"
import { ClientApplication } from "../services/ClientApplication.js"
import { TokenCache } from "../services/TokenCache.js"
import * as RefreshTokenExpiry from "./RefreshTokenExpiry.js"
import type { VerifiedTokens } from "./VerifiedTokens.js"

/**
 * Saves the tokens under their account; tokens without one are handed out unsaved.
 *
 * @category programs
 */
export const save = (
  tokens: VerifiedTokens
): Effect.Effect<TokenResult, CacheUnavailable, ClientApplication | TokenCache> =>
  Option.match(tokens.account, {
    onNone: () => Effect.succeed(resultOf(tokens)),
    onSome: ({ homeAccountId }) =>
      Effect.gen(function*() {
        const { clientId } = yield* ClientApplication
        const cache = yield* TokenCache
        const key = Partition.userKey(tokens.authority, homeAccountId)
        const result = yield* cache.modify(key, (partition) => [resultOf(tokens), add(partition, clientId, tokens)])
        yield* RefreshTokenExpiry.note(key, tokens)
        return result
      })
  })

/**
 * A partition with the tokens added.
 *
 * @category combinators
 */
export const add = (
  partition: Partition.Partition,
  clientId: string,
  tokens: VerifiedTokens
): Partition.Partition => {
  const { tenantId } = tokens
  const environment = Authority.environment(tokens.authority)
  const withAccessToken = Partition.addAccessToken(
    partition,
    { ...accessTokenOf(clientId, tokens), scopes: tokens.scopes },
    tokens.authority._tag === "OpenIdConnect"
  )
  const withRefreshToken = Option.match(tokens.refreshToken, {
    onNone: () => withAccessToken,
    onSome: (secret) =>
      Partition.setRefreshToken(withAccessToken, {
        environment,
        clientId,
        familyId: tokens.familyId,
        secret,
        modifiedAt: Option.some(tokens.receivedAt)
      })
  })
  const withIdToken = Option.match(Option.all([tokens.idToken, tokens.idTokenClaims]), {
    onNone: () => withRefreshToken,
    onSome: ([secret, claims]) =>
      Partition.setIdToken(withRefreshToken, { environment, clientId, tenantId, secret, claims })
  })
  return Option.match(tokens.account, {
    onNone: () => withIdToken,
    onSome: (account) => Partition.setAccount(withIdToken, account)
  })
}

/**
 * A partition with the token of a client's own added, under the scopes and the key that were asked for: what the provider
 * grants may be named otherwise, and equal calls have to find it.
 *
 * @category combinators
 */
export const addAppToken = (
  partition: Partition.Partition,
  clientId: string,
  scopes: Scopes,
  extendedCacheKey: string | undefined,
  tokens: VerifiedTokens
): Partition.Partition =>
  Partition.addAppToken(
    partition,
    { ...accessTokenOf(clientId, tokens), scopes, ...extendedCacheKey !== undefined && { extendedCacheKey } },
    tokens.authority._tag === "OpenIdConnect"
  )

const accessTokenOf = (clientId: string, tokens: VerifiedTokens) => ({
  environment: Authority.environment(tokens.authority),
  clientId,
  tenantId: tokens.tenantId,
  requestedTenant: Authority.requestedTenant(tokens.authority),
  tokenType: tokens.tokenType,
  ...tokens.keyId !== undefined && { keyId: tokens.keyId },
  secret: tokens.accessToken,
  cachedAt: tokens.receivedAt,
  expiresAt: tokens.expiresAt,
  extendedExpiresAt: tokens.extendedExpiresAt,
  refreshAt: tokens.refreshAt
})

/**
 * What is handed out.
 *
 * @category getters
 */
export const resultOf = ({
  authority: _authority,
  familyId: _familyId,
  keyId: _keyId,
  receivedAt: _receivedAt,
  refreshTokenExpiresAt: _refreshTokenExpiresAt,
  ...result
}: VerifiedTokens): TokenResult => result
