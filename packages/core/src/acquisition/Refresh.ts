/**
 * Redeems an account's cached refresh token, and writes the answer back.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-6
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { type AuthError, InteractionRequired, withDetails } from "../AuthError.js"
import type { RefreshTokenRecord } from "../cache/CacheRecord.js"
import * as Partition from "../cache/Partition.js"
import type { Account } from "../domain/Account.js"
import type * as Authority from "../domain/Authority.js"
import type { Scopes } from "../domain/Scopes.js"
import type { TokenResult } from "../domain/TokenResult.js"
import * as IdToken from "../protocol/IdToken.js"
import * as MicrosoftHeaders from "../protocol/MicrosoftHeaders.js"
import { ClientApplication } from "../services/ClientApplication.js"
import type { Crypto } from "../services/Crypto.js"
import { TokenCache } from "../services/TokenCache.js"
import * as IdTokenVerification from "./IdTokenVerification.js"
import * as RefreshTokenExpiry from "./RefreshTokenExpiry.js"
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
  readonly keyId: string | undefined
  readonly correlationId: string | undefined
  readonly outcome: MicrosoftHeaders.CacheOutcome
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
    const tried = yield* redeemable(partition, request)
    return yield* redeemAny(request, partition, tried).pipe(
      Effect.catchIf(({ error }) => error === "invalid_grant", (refusal) =>
        Effect.gen(function*() {
          const cache = yield* TokenCache
          const current = yield* cache.read(request.key)
          const newer = candidates(current, clientId, request.authority).filter((one) =>
            !tried.some((other) => isSameToken(one, other))
          )
          return yield* isNonEmpty(newer) ? redeemAny(request, current, newer) : Effect.fail(refusal)
        })),
      Effect.mapError((error) =>
        // Whether the client belongs to the family was a guess.
        isRefusal(error) && error._tag !== "InteractionRequired" && error.error !== "invalid_client"
          && tried.every((one) => one.clientId !== clientId)
          ? noToken()
          : error
      )
    )
  })

type RefreshTokens = readonly [RefreshTokenRecord, ...ReadonlyArray<RefreshTokenRecord>]

const isNonEmpty = (records: ReadonlyArray<RefreshTokenRecord>): records is RefreshTokens => records.length > 0

const isSameToken = (one: RefreshTokenRecord, other: RefreshTokenRecord): boolean =>
  Redacted.value(one.secret) === Redacted.value(other.secret)

/**
 * The family's newest first, unless the client is known to belong to none; then its own.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/refresh-tokens
 */
const candidates = (
  partition: Partition.Partition,
  clientId: string,
  authority: Authority.Authority
): ReadonlyArray<RefreshTokenRecord> => {
  const own = Option.toArray(Partition.refreshToken(partition, clientId))
  return authority._tag !== "Entra" || own.some(({ familyId }) => Option.isNone(familyId))
    ? own
    : [...new Set([...Option.toArray(Partition.familyRefreshToken(partition)), ...own])]
}

/** The first refusal counts, unless it only says that the token is another client's. */
const redeemAny = (
  request: Request,
  partition: Partition.Partition,
  [held, ...others]: RefreshTokens
): Effect.Effect<TokenResult, AuthError, ClientApplication | HttpClient.HttpClient | TokenCache | Crypto> =>
  isNonEmpty(others)
    ? Effect.catchIf(redeem(request, partition, held), isRefusal, (refusal) =>
      Effect.mapError(
        redeemAny(request, partition, others),
        (later) => isRefusal(later) && refusal.suberror !== "client_mismatch" ? refusal : later
      ))
    : redeem(request, partition, held)

const isRefusal = ({ _tag, error }: AuthError): boolean =>
  error !== undefined && _tag !== "Throttled" && _tag !== "ServerUnavailable"

const redeem = (
  request: Request,
  partition: Partition.Partition,
  held: RefreshTokenRecord
): Effect.Effect<TokenResult, AuthError, ClientApplication | HttpClient.HttpClient | TokenCache | Crypto> =>
  Effect.gen(function*() {
    const application = yield* ClientApplication
    const { clientId } = application
    const account = Option.getOrElse(Partition.account(partition), () => request.account)
    const issued = yield* TokenRequest.send(grantOf(request, held, account)).pipe(
      Effect.tapErrorTag("InteractionRequired", (error) => dropIfDead(request.key, held, error))
    )
    const idTokenClaims = yield* IdTokenVerification.verify(issued).pipe(
      Effect.tapError((error) => isRejected(error) ? Effect.void : keepRotation(request.key, held, clientId, issued))
    )
    const tokens = yield* VerifiedTokens.ofPerson(issued, idTokenClaims, application)
    const previous = Partition.idToken(partition, clientId, tokens.tenantId)
    yield* Either.mapLeft(
      IdToken.checkSamePerson(
        idTokenClaims,
        Option.map(previous, ({ claims }) => claims),
        account,
        Option.getOrElse(tokens.account, () => account)
      ),
      withDetails({ endpoint: issued.metadata.tokenEndpoint, correlationId: issued.correlationId })
    )
    yield* replace(request.key, held, (current) => TokenSaving.add(current, clientId, tokens))
    yield* RefreshTokenExpiry.note(request.key, tokens)
    return {
      ...TokenSaving.resultOf(tokens),
      idToken: Option.orElse(tokens.idToken, () => Option.map(previous, ({ secret }) => secret)),
      idTokenClaims: Option.orElse(idTokenClaims, () => Option.map(previous, ({ claims }) => claims)),
      refreshToken: Option.none()
    }
  })

const isRejected = (error: AuthError): boolean => error._tag === "IdTokenRejected" && error.rule !== "unknown_key"

/**
 * The refresh tokens that may serve the client; a person has to sign in where there is none.
 *
 * @category programs
 */
export const redeemable = (
  partition: Partition.Partition,
  { authority, key }: Pick<Request, "authority" | "key">
): Effect.Effect<RefreshTokens, InteractionRequired, ClientApplication> =>
  Effect.gen(function*() {
    const { clientId } = yield* ClientApplication
    const records = candidates(partition, clientId, authority)
    const good = yield* Effect.filter(records, (record) => Effect.negate(RefreshTokenExpiry.isOver(key, record)))
    if (isNonEmpty(good)) {
      return good
    }
    return yield* isNonEmpty(records)
      ? expired()
      : Option.isSome(Partition.account(partition))
      ? noToken()
      : noAccount()
  })

const expired = () =>
  new InteractionRequired({ reason: "expired", message: "The refresh token has expired. Sign in interactively." })

const noAccount = () =>
  new InteractionRequired({
    reason: "no_account",
    message: "This account is not signed in here, or was removed. Sign in interactively."
  })

const noToken = () =>
  new InteractionRequired({
    reason: "no_token",
    message: "No usable token and no refresh token is cached for this account. Sign in interactively;"
      + " some providers give a refresh token only with the prompt consent."
  })

const grantOf = (request: Request, held: RefreshTokenRecord, account: Account): TokenRequest.Grant => ({
  grantType: "refresh_token",
  authority: request.authority,
  parameters: { refresh_token: held.secret },
  scopes: request.scopes,
  claims: request.claims,
  keyId: request.keyId,
  correlationId: request.correlationId,
  idToken: { nonce: "unchecked", maxAge: Option.none(), required: false },
  call: { api: "silent", outcome: request.outcome },
  routing: Option.some(MicrosoftHeaders.ofAccount(account)),
  hint: { account }
})

const dropIfDead = (key: Partition.Key, held: RefreshTokenRecord, { suberror }: InteractionRequired) =>
  suberror === "bad_token" || suberror === "token_expired"
    ? replace(key, held, (current) => Partition.removeRefreshToken(current, held))
    : Effect.void

const keepRotation = (
  key: Partition.Key,
  held: RefreshTokenRecord,
  clientId: string,
  { receivedAt, response }: TokenRequest.IssuedTokens
) =>
  Option.match(response.refreshToken, {
    onNone: () => Effect.void,
    onSome: (secret) =>
      replace(
        key,
        held,
        (current) =>
          Partition.setRefreshToken(current, {
            environment: held.environment,
            clientId,
            familyId: response.familyId,
            secret,
            modifiedAt: Option.some(receivedAt)
          })
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
