/**
 * Tokens without a person: from the cache, else by the cached refresh token.
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Refresh from "../acquisition/Refresh.js"
import { type AuthError, InteractionRequired, type InvalidArgument, type InvalidAuthority } from "../AuthError.js"
import * as Partition from "../cache/Partition.js"
import type { Account } from "../domain/Account.js"
import * as Argument from "../domain/Argument.js"
import * as Authority from "../domain/Authority.js"
import * as Claims from "../domain/Claims.js"
import * as Scopes from "../domain/Scopes.js"
import type { TokenResult } from "../domain/TokenResult.js"
import { ClientApplication, type Service as Application } from "../services/ClientApplication.js"
import type { Crypto } from "../services/Crypto.js"
import * as SingleFlight from "../services/SingleFlight.js"
import { TokenCache } from "../services/TokenCache.js"

/** @category models */
export interface Request {
  readonly scopes: ReadonlyArray<string>
  /** Whose token, as `Accounts` or an earlier result tells; none asks for interaction. */
  readonly account: Account | Option.Option<Account> | undefined
  /** Passes over cached access tokens. */
  readonly forceRefresh?: boolean | undefined
  /** Claims challenge, a JSON object as text; passes over cached access tokens. */
  readonly claims?: string | undefined
  /** Another tenant of the application's cloud. */
  readonly authority?: string | undefined
  /** How long a cached token has to be valid still; 5 minutes by default. */
  readonly minValidity?: Duration.DurationInput | undefined
  readonly correlationId?: string | undefined
}

const fiveMinutes = 5 * 60 * 1000

/**
 * A valid token for the scopes and the account. Equal calls at the same time share one request, and one account's
 * refreshes run one after the other. Fails with `InteractionRequired` where a person has to sign in.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-6
 * @category programs
 */
export const acquire = (
  request: Request
): Effect.Effect<TokenResult, AuthError, ClientApplication | HttpClient.HttpClient | TokenCache | Crypto> =>
  Effect.gen(function*() {
    const application = yield* ClientApplication
    const wanted = yield* read(request, application)
    const cache = yield* TokenCache
    const partition = yield* cache.read(wanted.key)
    const hit = findIn(partition, wanted, yield* Clock.currentTimeMillis)
    if (hit !== undefined) {
      return hit
    }
    yield* Refresh.heldRefreshToken(partition, wanted.clientId)
    return yield* SingleFlight.join(application.refreshes, flightOf(wanted), refreshInTurn(wanted))
  })

/**
 * Like `acquire`, with none where a person has to sign in.
 *
 * @category programs
 */
export const acquireOption = (
  request: Request
): Effect.Effect<
  Option.Option<TokenResult>,
  Exclude<AuthError, InteractionRequired>,
  ClientApplication | HttpClient.HttpClient | TokenCache | Crypto
> =>
  acquire(request).pipe(
    Effect.asSome,
    Effect.catchTag("InteractionRequired", () => Effect.succeedNone)
  )

interface Wanted extends Refresh.Request {
  readonly clientId: string
  readonly passesOverCache: boolean
  readonly minValidity: number
}

const read = (
  request: Request,
  application: Application
): Either.Either<Wanted, InvalidArgument | InvalidAuthority | InteractionRequired> => {
  const { correlationId } = request
  const scopes = Scopes.parse(request.scopes)
  const account = Option.isOption(request.account) ? Option.getOrUndefined(request.account) : request.account
  if (account === undefined || account === null) {
    return Either.flatMap(scopes, () =>
      Either.left(
        new InteractionRequired({ reason: "no_account", message: "No account was given. Sign in interactively." })
      ))
  }
  return Either.all({
    scopes,
    authority: authorityOf(request, account, application),
    claims: request.claims === undefined ? Either.right(undefined) : Claims.parseChallenge(request.claims),
    minValidity: request.minValidity === undefined
      ? Either.right(fiveMinutes)
      : Argument.duration("minValidity", request.minValidity)
  }).pipe(Either.map(({ authority, claims, minValidity, scopes }) => ({
    key: Partition.key(authority, account.homeAccountId),
    clientId: application.clientId,
    authority,
    account,
    scopes,
    claims,
    passesOverCache: request.forceRefresh === true || claims !== undefined,
    minValidity: Duration.toMillis(minValidity),
    correlationId
  })))
}

const authorityOf = (request: Request, account: Account, application: Application) =>
  Either.filterOrLeft(
    request.authority === undefined
      ? Either.right(Authority.forAccount(application.authority, account))
      : otherTenant(request.authority, application),
    (authority) => Authority.knows(authority, account),
    () => Argument.invalid("account", "account is from another provider than this application's.")
  )

const otherTenant = (
  authority: string,
  { authority: own, trustPolicy }: Application
): Either.Either<Authority.Authority, InvalidArgument | InvalidAuthority> =>
  own._tag === "OpenIdConnect"
    ? Either.filterOrLeft(
      Authority.openIdConnect(authority, trustPolicy),
      ({ issuer }) => issuer === own.issuer,
      elsewhere
    )
    : Either.filterOrLeft(Authority.entra(authority, trustPolicy), ({ cloud }) => cloud === own.cloud, elsewhere)

const elsewhere = () =>
  Argument.invalid(
    "authority",
    "authority has to be a tenant in the application's own cloud. Use another application for another provider."
  )

const findIn = (partition: Partition.Partition, wanted: Wanted, now: number): TokenResult | undefined => {
  if (wanted.passesOverCache) {
    return undefined
  }
  const token = Partition.findAccessToken(partition, {
    clientId: wanted.clientId,
    scopes: wanted.scopes,
    caseSensitive: wanted.authority._tag === "OpenIdConnect",
    acceptsTenant: (token) => Authority.servesTenant(wanted.authority, wanted.account, token),
    now,
    minValidity: wanted.minValidity
  })
  return token && Partition.tokenResult(partition, token, Option.fromNullable(wanted.correlationId))
}

const flightOf = ({ account, authority, claims, key, minValidity, passesOverCache, scopes }: Wanted): string =>
  JSON.stringify([
    Authority.metadataUrl(authority),
    key,
    account.tenantId,
    [...scopes].sort(),
    claims,
    passesOverCache,
    minValidity
  ])

const refreshInTurn = (
  wanted: Wanted
): Effect.Effect<TokenResult, AuthError, ClientApplication | HttpClient.HttpClient | TokenCache | Crypto> =>
  Effect.gen(function*() {
    const cache = yield* TokenCache
    return yield* cache.withRefreshLock(wanted.key)(Effect.gen(function*() {
      const partition = yield* cache.read(wanted.key)
      return findIn(partition, wanted, yield* Clock.currentTimeMillis) ?? (yield* Refresh.refresh(wanted, partition))
    }))
  })
