/**
 * A token from the cache, else a new one that all equal calls share.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type { AuthError, InvalidArgument, NetworkFailure, ServerUnavailable, Throttled } from "../AuthError.js"
import type { AccessTokenRecord } from "../cache/CacheRecord.js"
import * as Partition from "../cache/Partition.js"
import * as Argument from "../domain/Argument.js"
import * as Authority from "../domain/Authority.js"
import * as Claims from "../domain/Claims.js"
import type { PopScheme } from "../domain/PopScheme.js"
import type { Scopes } from "../domain/Scopes.js"
import type { TokenResult } from "../domain/TokenResult.js"
import type { CacheOutcome } from "../protocol/MicrosoftHeaders.js"
import { ClientApplication, type Service as Application } from "../services/ClientApplication.js"
import * as SingleFlight from "../services/SingleFlight.js"
import { TokenCache } from "../services/TokenCache.js"

/** @category models */
export interface Request {
  readonly scopes: ReadonlyArray<string>
  /** Another tenant of the application's cloud. */
  readonly authority?: string | undefined
  /** Passes over cached access tokens. */
  readonly forceRefresh?: boolean | undefined
  /** Claims challenge, a JSON object as text; passes over cached access tokens. */
  readonly claims?: string | undefined
  /** How long a cached token has to be valid still; 5 minutes by default. */
  readonly minValidity?: Duration.DurationInput | undefined
  /** The request that the token is to be bound to, for APIs that want proof of possession. */
  readonly authScheme?: PopScheme | undefined
  readonly correlationId?: string | undefined
}

/**
 * What a request asks of the cache and, where that has nothing, of the provider.
 *
 * @category models
 */
export interface Demands {
  readonly claims: string | undefined
  readonly passesOverCache: boolean
  /** Milliseconds. */
  readonly minValidity: number
  /** Whether the caller says how long a token has to be valid. */
  readonly demandsValidity: boolean
  readonly correlationId: string | undefined
  /** Thumbprint of the key that the token is to be bound to. */
  readonly keyId: string | undefined
}

/** @category models */
export interface Wanted {
  readonly demands: Demands
  readonly key: Partition.Key
  readonly clientId: string
  readonly authority: Authority.Authority
  readonly scopes: Scopes
  /** Of the account; empty where there is none. */
  readonly tenantId: string
  readonly acceptsTenant: (token: AccessTokenRecord) => boolean
  /** Whether only a token of these very scopes will do. */
  readonly exactScopes: boolean
  /** Where the request has parameters of its own; see `ExtendedCacheKey`. */
  readonly extendedCacheKey?: string | undefined
}

const fiveMinutes = 5 * 60 * 1000

/** @category constructors */
export const demands = (request: Request, keyId: string | undefined): Either.Either<Demands, InvalidArgument> =>
  Either.all({
    claims: Claims.parseChallenge(request.claims),
    minValidity: minValidityOf(request.minValidity)
  }).pipe(Either.map(({ claims, minValidity }) => ({
    claims,
    passesOverCache: request.forceRefresh === true || claims !== undefined,
    minValidity,
    demandsValidity: request.minValidity !== undefined,
    correlationId: request.correlationId,
    keyId
  })))

const minValidityOf = (input: Duration.DurationInput | undefined): Either.Either<number, InvalidArgument> =>
  input === undefined
    ? Either.right(fiveMinutes)
    : Either.map(Argument.duration("minValidity", input), Duration.toMillis)

/**
 * How to come by a new token.
 *
 * @category models
 */
export interface Acquisition<R> {
  /** What has to hold of the partition before a call may join others. */
  readonly requires: (partition: Partition.Partition) => Effect.Effect<unknown, AuthError, ClientApplication>
  readonly run: (partition: Partition.Partition, outcome: CacheOutcome) => Effect.Effect<TokenResult, AuthError, R>
}

/**
 * Equal calls at the same time share one acquisition; others of the same refresh lock take their turn, and look again. A
 * token that the provider suggests to renew is served, and renewed as the application has it; one that is about to expire
 * is served while the provider is down.
 *
 * @category programs
 */
export const getOr = <R>(
  wanted: Wanted,
  acquisition: Acquisition<R>
): Effect.Effect<TokenResult, AuthError, ClientApplication | TokenCache | R> =>
  Effect.gen(function*() {
    const application = yield* ClientApplication
    const cache = yield* TokenCache
    const partition = yield* cache.read(wanted.key)
    const now = yield* Clock.currentTimeMillis
    const { demandsValidity, passesOverCache } = wanted.demands
    const token = passesOverCache ? undefined : find(partition, wanted, now)
    const served = token && resultOf(partition, token, wanted)
    if (token !== undefined && served !== undefined) {
      application.telemetry.hit()
      return isAging(token, application, now) ? yield* renewing(served, wanted, acquisition, partition) : served
    }
    yield* acquisition.requires(partition)
    const acquired = SingleFlight.join(
      application.acquisitions,
      flightOf(wanted),
      inTurn(wanted, acquisition, outcomeOf(partition, wanted))
    )
    return yield* passesOverCache || demandsValidity
      ? acquired
      : Effect.catchIf(acquired, isOutage, (outage) => stillValid(wanted, outage))
  })

const find = (
  partition: Partition.Partition,
  wanted: Wanted,
  now: number,
  minValidity = wanted.demands.minValidity
) =>
  isLeftBehind(partition, wanted)
    ? undefined
    : Partition.findAccessToken(partition, purposeOf(wanted), { now, minValidity })

/** Another program that removes an account from a file does not know tokens that are bound to a key. */
const isLeftBehind = (partition: Partition.Partition, { demands, key }: Wanted): boolean =>
  demands.keyId !== undefined && key._tag === "User" && Option.isNone(Partition.account(partition))

const purposeOf = (wanted: Wanted): Partition.Purpose => ({
  clientId: wanted.clientId,
  scopes: wanted.scopes,
  caseSensitive: wanted.authority._tag === "OpenIdConnect",
  exactScopes: wanted.exactScopes,
  extendedCacheKey: wanted.extendedCacheKey,
  keyId: wanted.demands.keyId,
  acceptsTenant: wanted.acceptsTenant
})

const resultOf = (partition: Partition.Partition, token: AccessTokenRecord, { demands }: Wanted): TokenResult =>
  Partition.tokenResult(partition, token, Option.fromNullable(demands.correlationId))

const outcomeOf = (partition: Partition.Partition, wanted: Wanted): CacheOutcome => {
  if (wanted.demands.passesOverCache) {
    return "passed_over"
  }
  return Partition.knowsAccessToken(partition, purposeOf(wanted)) ? "expired" : "absent"
}

const isOutage = (error: AuthError): error is NetworkFailure | ServerUnavailable | Throttled =>
  error._tag === "NetworkFailure" || error._tag === "ServerUnavailable" || error._tag === "Throttled"

/** The cache is read again: the account may have been removed meanwhile. */
const stillValid = (wanted: Wanted, outage: AuthError) =>
  Effect.gen(function*() {
    const { extendedLifetime } = yield* ClientApplication
    const cache = yield* TokenCache
    const partition = yield* Effect.mapError(cache.read(wanted.key), () => outage)
    const now = yield* Clock.currentTimeMillis
    const token = find(partition, wanted, now, 0)
      ?? (extendedLifetime && !isLeftBehind(partition, wanted)
        ? Partition.findExtendedAccessToken(partition, purposeOf(wanted), now)
        : undefined)
    return token === undefined ? yield* Effect.fail(outage) : resultOf(partition, token, wanted)
  })

const longestJitter = 5 * 60 * 1000

/** Each process waits for a while of its own, so that not all of them renew at the same time. */
const isAging = ({ expiresAt, refreshAt }: AccessTokenRecord, { jitter, proactiveRefresh }: Application, now: number) =>
  proactiveRefresh !== "off" &&
  Option.exists(
    refreshAt,
    ({ epochMillis }) =>
      now >= epochMillis + jitter * Math.min(longestJitter, (expiresAt.epochMillis - epochMillis) / 2)
  )

const pauseAfterFailure = 60_000

/** The token that is served, or the new one where the application waits for it. */
const renewing = <R>(
  served: TokenResult,
  wanted: Wanted,
  acquisition: Acquisition<R>,
  partition: Partition.Partition
): Effect.Effect<TokenResult, never, ClientApplication | TokenCache | R> =>
  Effect.gen(function*() {
    const application = yield* ClientApplication
    const flight = flightOf(wanted)
    const isHeldBack = application.throttle.wait(flight, yield* Clock.currentTimeMillis) > 0
    if (isHeldBack || (yield* Effect.isFailure(acquisition.requires(partition)))) {
      return served
    }
    const renewed = Effect.tapError(
      inTurn(wanted, acquisition, "aging"),
      ({ _tag }) =>
        Effect.zipRight(
          Effect.logDebug(`A token could not be renewed ahead of time: ${_tag}.`),
          Effect.map(Clock.currentTimeMillis, (now) => application.throttle.holdBack(flight, now + pauseAfterFailure))
        )
    )
    return yield* application.proactiveRefresh === "wait"
      ? Effect.orElseSucceed(SingleFlight.join(application.acquisitions, flight, renewed), () => served)
      : Effect.as(SingleFlight.start(application.acquisitions, flight, renewed), served)
  })

const flightOf = (
  { authority, demands, extendedCacheKey, key, scopes, tenantId }: Wanted
): string =>
  JSON.stringify([
    Authority.metadataUrl(authority),
    Partition.keyText(key),
    tenantId,
    [...scopes].sort(),
    extendedCacheKey,
    demands.keyId ?? "",
    demands.claims,
    demands.passesOverCache,
    demands.minValidity
  ])

const inTurn = <R>(
  wanted: Wanted,
  { run }: Acquisition<R>,
  outcome: CacheOutcome
): Effect.Effect<TokenResult, AuthError, ClientApplication | TokenCache | R> =>
  Effect.gen(function*() {
    const application = yield* ClientApplication
    const cache = yield* TokenCache
    const lock = cache.withRefreshLock(Partition.refreshLockName(wanted.key, wanted.scopes, purposeOf(wanted)))
    return yield* lock(Effect.gen(function*() {
      const partition = yield* cache.read(wanted.key)
      const now = yield* Clock.currentTimeMillis
      const token = wanted.demands.passesOverCache ? undefined : find(partition, wanted, now)
      return token !== undefined && !(outcome === "aging" && isAging(token, application, now))
        ? resultOf(partition, token, wanted)
        : yield* run(partition, outcome)
    }))
  })
