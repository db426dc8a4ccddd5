/**
 * Redeems an account's cached refresh token, and writes the answer back.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-6
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import { type AuthError, InteractionRequired, withDetails } from "../AuthError.js"
import type { RefreshTokenRecord } from "../cache/CacheRecord.js"
import * as Partition from "../cache/Partition.js"
import type { Account } from "../domain/Account.js"
import type * as Authority from "../domain/Authority.js"
import type { Scopes } from "../domain/Scopes.js"
import type { TokenResult } from "../domain/TokenResult.js"
import * as IdToken from "../protocol/IdToken.js"
import { ClientApplication } from "../services/ClientApplication.js"
import type { Crypto } from "../services/Crypto.js"
import { TokenCache } from "../services/TokenCache.js"
import * as IdTokenVerification from "./IdTokenVerification.js"
import * as TokenRequest from "./TokenRequest.js"
import * as TokenSaving from "./TokenSaving.js"
import * as VerifiedTokens from "./VerifiedTokens.js"

/** @category models */
export interface Request {
  readonly key: Partition.Key
  readonly authority: Authority.Authority
  readonly account: Account
  readonly scopes: Scopes
  readonly claims: string | undefined
  readonly correlationId: string | undefined
}

/**
 * Refreshes from what the partition holds. A verified answer is saved whole; where the provider's keys cannot be had,
 * the rotated refresh token alone is; where the ID token is rejected, or the account was removed meanwhile, nothing is.
 * A refused refresh token is read again once: another program may have put a newer one in its place.
 *
 * @category programs
 */
export const refresh = (
  request: Request,
  partition: Partition.Partition
): Effect.Effect<TokenResult, AuthError, ClientApplication | HttpClient.HttpClient | TokenCache | Crypto> =>
  Effect.gen(function*() {
    const { clientId } = yield* ClientApplication
    const held = yield* heldRefreshToken(partition, clientId)
    return yield* redeem(request, partition, held).pipe(
      Effect.catchIf(({ error }) => error === "invalid_grant", (refusal) =>
        Effect.gen(function*() {
          const cache = yield* TokenCache
          const current = yield* cache.read(request.key)
          const newer = Option.filter(
            Partition.refreshToken(current, clientId),
            () => !Partition.holdsRefreshToken(current, held)
          )
          return yield* Option.match(newer, {
            onNone: () => Effect.fail(refusal),
            onSome: (record) => redeem(request, current, record)
          })
        }))
    )
  })

const redeem = (
  request: Request,
  partition: Partition.Partition,
  held: RefreshTokenRecord
): Effect.Effect<TokenResult, AuthError, ClientApplication | HttpClient.HttpClient | TokenCache | Crypto> =>
  Effect.gen(function*() {
    const { clientId } = yield* ClientApplication
    const account = Option.getOrElse(Partition.account(partition), () => request.account)
    const issued = yield* TokenRequest.send(grantOf(request, held, account)).pipe(
      Effect.tapErrorTag("InteractionRequired", (error) => dropIfDead(request.key, held, error))
    )
    const idTokenClaims = yield* IdTokenVerification.verify(issued).pipe(
      Effect.tapError((error) => isRejected(error) ? Effect.void : keepRotation(request.key, held, issued))
    )
    const tokens = VerifiedTokens.make(issued, idTokenClaims)
    const previous = Partition.idToken(partition, clientId, tokens.tenantId)
    yield* Either.mapLeft(
      IdToken.checkSamePerson(idTokenClaims, Option.map(previous, ({ claims }) => claims), account),
      withDetails({ endpoint: issued.metadata.tokenEndpoint, correlationId: issued.correlationId })
    )
    yield* replace(request.key, held, (current) => TokenSaving.add(current, clientId, tokens))
    return {
      ...TokenSaving.resultOf(tokens),
      idToken: Option.orElse(tokens.idToken, () => Option.map(previous, ({ secret }) => secret)),
      idTokenClaims: Option.orElse(idTokenClaims, () => Option.map(previous, ({ claims }) => claims)),
      refreshToken: Option.none()
    }
  })

const isRejected = (error: AuthError): boolean => error._tag === "IdTokenRejected" && error.rule !== "unknown_key"

/**
 * The client's refresh token; a person has to sign in where there is none.
 *
 * @category getters
 */
export const heldRefreshToken = (
  partition: Partition.Partition,
  clientId: string
) =>
  Effect.mapError(
    Partition.refreshToken(partition, clientId),
    () =>
      Option.isNone(Partition.account(partition))
        ? new InteractionRequired({
          reason: "no_account",
          message: "This account is not signed in here, or was removed. Sign in interactively."
        })
        : new InteractionRequired({
          reason: "no_token",
          message: "No usable token and no refresh token is cached for this account. Sign in interactively;"
            + " some providers give a refresh token only with the prompt consent."
        })
  )

const grantOf = (request: Request, held: RefreshTokenRecord, account: Account): TokenRequest.Grant => ({
  grantType: "refresh_token",
  authority: request.authority,
  parameters: { refresh_token: held.secret },
  scopes: request.scopes,
  claims: request.claims,
  correlationId: request.correlationId,
  idToken: { nonce: "unchecked", maxAge: Option.none(), required: false },
  hint: { account }
})

const dropIfDead = (key: Partition.Key, held: RefreshTokenRecord, { suberror }: InteractionRequired) =>
  suberror === "bad_token" || suberror === "token_expired"
    ? replace(key, held, (current) => Partition.removeRefreshToken(current, held))
    : Effect.void

const keepRotation = (
  key: Partition.Key,
  held: RefreshTokenRecord,
  { receivedAt, response }: TokenRequest.IssuedTokens
) =>
  Option.match(response.refreshToken, {
    onNone: () => Effect.void,
    onSome: (secret) =>
      replace(
        key,
        held,
        (current) => Partition.setRefreshToken(current, { ...held, secret, modifiedAt: Option.some(receivedAt) })
      )
  })

const replace = (
  key: Partition.Key,
  held: RefreshTokenRecord,
  change: (current: Partition.Partition) => Partition.Partition
) =>
  Effect.flatMap(TokenCache, (cache) =>
    cache.modify(key, (current) => [
      undefined,
      Partition.holdsRefreshToken(current, held) ? change(current) : current
    ]))
