/**
 * A token from the cache, else a new one that all equal calls share.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type { AuthError, InvalidArgument } from "../AuthError.js"
import type { AccessTokenRecord } from "../cache/CacheRecord.js"
import * as Partition from "../cache/Partition.js"
import * as Argument from "../domain/Argument.js"
import * as Authority from "../domain/Authority.js"
import * as Claims from "../domain/Claims.js"
import type { Scopes } from "../domain/Scopes.js"
import type { TokenResult } from "../domain/TokenResult.js"
import { ClientApplication } from "../services/ClientApplication.js"
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
  readonly correlationId: string | undefined
}

/** @category models */
export interface Wanted extends Demands {
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
export const demands = (request: Request): Either.Either<Demands, InvalidArgument> =>
  Either.all({
    claims: Claims.parseChallenge(request.claims),
    minValidity: minValidityOf(request.minValidity)
  }).pipe(Either.map(({ claims, minValidity }) => ({
    claims,
    passesOverCache: request.forceRefresh === true || claims !== undefined,
    minValidity,
    correlationId: request.correlationId
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
  readonly requires: (partition: Partition.Partition) => Effect.Effect<unknown, AuthError>
  readonly run: (partition: Partition.Partition) => Effect.Effect<TokenResult, AuthError, R>
}

/**
 * Equal calls at the same time share one acquisition; others of the same refresh lock take their turn, and look again.
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
    const hit = find(partition, wanted, yield* Clock.currentTimeMillis)
    if (hit !== undefined) {
      return hit
    }
    yield* acquisition.requires(partition)
    return yield* SingleFlight.join(application.acquisitions, flightOf(wanted), inTurn(wanted, acquisition))
  })

const find = (partition: Partition.Partition, wanted: Wanted, now: number): TokenResult | undefined => {
  if (wanted.passesOverCache) {
    return undefined
  }
  const token = Partition.findAccessToken(partition, {
    clientId: wanted.clientId,
    scopes: wanted.scopes,
    caseSensitive: wanted.authority._tag === "OpenIdConnect",
    exactScopes: wanted.exactScopes,
    extendedCacheKey: wanted.extendedCacheKey,
    acceptsTenant: wanted.acceptsTenant,
    now,
    minValidity: wanted.minValidity
  })
  return token && Partition.tokenResult(partition, token, Option.fromNullable(wanted.correlationId))
}

const flightOf = (
  { authority, claims, extendedCacheKey, key, minValidity, passesOverCache, scopes, tenantId }: Wanted
): string =>
  JSON.stringify([
    Authority.metadataUrl(authority),
    Partition.keyText(key),
    tenantId,
    [...scopes].sort(),
    extendedCacheKey,
    claims,
    passesOverCache,
    minValidity
  ])

const inTurn = <R>(
  wanted: Wanted,
  { run }: Acquisition<R>
): Effect.Effect<TokenResult, AuthError, TokenCache | R> =>
  Effect.gen(function*() {
    const cache = yield* TokenCache
    const lock = cache.withRefreshLock(
      Partition.refreshLockName(wanted.key, wanted.scopes, wanted.extendedCacheKey)
    )
    return yield* lock(Effect.gen(function*() {
      const partition = yield* cache.read(wanted.key)
      return find(partition, wanted, yield* Clock.currentTimeMillis) ?? (yield* run(partition))
    }))
  })
