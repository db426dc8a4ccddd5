/**
 * A token cache that knows accounts from the start, and can be out of order.
 */
import * as Account from "@grantwork/core/Account"
import * as AuthError from "@grantwork/core/AuthError"
import * as Authority from "@grantwork/core/Authority"
import * as ClientApplication from "@grantwork/core/ClientApplication"
import * as Partition from "@grantwork/core/Partition"
import * as TokenCache from "@grantwork/core/TokenCache"
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Person from "./Person.js"

/**
 * A cached access token: for an hour from now, for the person's tenant, unless it says otherwise.
 *
 * @category models
 */
export interface AccessToken {
  readonly scopes: ReadonlyArray<string>
  readonly secret?: string | undefined
  readonly expiresIn?: Duration.DurationInput | undefined
  readonly refreshIn?: Duration.DurationInput | undefined
  /** Until when it may serve while the provider is down; not beyond its expiry by default. */
  readonly extendedExpiresIn?: Duration.DurationInput | undefined
  readonly tenantId?: string | undefined
  /** Tenant as the request named it, such as a domain. */
  readonly requestedTenant?: string | undefined
}

/**
 * One account of the application, or of another client.
 *
 * @category models
 */
export interface Entry {
  /** `Person.ada` by default. */
  readonly person?: Person.Person | undefined
  readonly clientId?: string | undefined
  /** The first of the list is the newest. */
  readonly accessTokens?: ReadonlyArray<AccessToken> | undefined
  /** `cached-refresh-token` by default; null for none. */
  readonly refreshToken?: string | null | undefined
  /** Claims that differ from good ones; null for no ID token. */
  readonly idToken?: Readonly<Record<string, unknown>> | null | undefined
}

/** @category models */
export interface Options {
  /** Operations that fail with `CacheUnavailable`. */
  readonly unavailable?: ReadonlyArray<AuthError.CacheUnavailable["operation"]> | undefined
}

/**
 * The application's cache in memory with these accounts in it.
 *
 * @category layers
 */
export const layer = (
  entries: ReadonlyArray<Entry>,
  options: Options = {}
): Layer.Layer<TokenCache.TokenCache, never, ClientApplication.ClientApplication> =>
  Layer.effect(
    TokenCache.TokenCache,
    Effect.gen(function*() {
      const application = yield* ClientApplication.ClientApplication
      const cache = yield* TokenCache.TokenCache
      const now = yield* DateTime.now
      for (const entry of entries) {
        yield* Effect.orDie(cache.modify(keyOf(entry, application), (partition) => [
          undefined,
          add(partition, entry, application, now)
        ]))
      }
      return outOfOrder(cache, options.unavailable ?? [])
    })
  ).pipe(Layer.provide(TokenCache.layerMemory))

const keyOf = ({ person = Person.ada }: Entry, { authority }: ClientApplication.Service): Partition.Key =>
  Partition.userKey(authority, Person.homeAccountId(person, authority))

/**
 * The account of a person at the application's provider, as the cache holds it.
 *
 * @category getters
 */
export const account = (person: Person.Person, { authority }: ClientApplication.Service): Account.Account =>
  new Account.Account({
    homeAccountId: Person.homeAccountId(person, authority),
    environment: Authority.environment(authority),
    tenantId: Person.tenantId(person, authority),
    localAccountId: Authority.sendsClientInfo(authority) ? person.objectId : person.subject,
    username: person.username,
    name: Option.some(person.name),
    authorityType: Authority.accountType(authority)
  })

const add = (
  before: Partition.Partition,
  entry: Entry,
  application: ClientApplication.Service,
  now: DateTime.Utc
): Partition.Partition => {
  const { authority } = application
  const { accessTokens = [], clientId = application.clientId, person = Person.ada } = entry
  const { environment, tenantId } = account(person, application)
  const seconds = Math.floor(now.epochMillis / 1000)
  const after = (duration: Duration.DurationInput) => DateTime.addDuration(now, duration)

  const withAccount = Partition.setAccount(before, account(person, application))
  const withRefreshToken = entry.refreshToken === null ? withAccount : Partition.setRefreshToken(withAccount, {
    environment,
    clientId,
    familyId: Option.none(),
    secret: Redacted.make(entry.refreshToken ?? "cached-refresh-token"),
    modifiedAt: Option.some(now)
  })
  const withIdToken = entry.idToken === null ? withRefreshToken : Partition.setIdToken(withRefreshToken, {
    environment,
    clientId,
    tenantId,
    secret: Redacted.make("cached-id-token"),
    claims: {
      ...Person.claims(person, authority),
      aud: clientId,
      iat: seconds,
      exp: seconds + 3600,
      ...entry.idToken
    }
  })
  return accessTokens.reduceRight((partition, token, index) =>
    Partition.addAccessToken(partition, {
      environment,
      clientId,
      tenantId: token.tenantId ?? tenantId,
      requestedTenant: token.requestedTenant ?? Authority.requestedTenant(authority),
      scopes: token.scopes,
      tokenType: "Bearer",
      secret: Redacted.make(token.secret ?? `cached-access-token-${index + 1}`),
      cachedAt: now,
      expiresAt: after(token.expiresIn ?? "1 hour"),
      extendedExpiresAt: Option.map(Option.fromNullable(token.extendedExpiresIn), after),
      refreshAt: Option.map(Option.fromNullable(token.refreshIn), after)
    }, authority._tag === "OpenIdConnect"), withIdToken)
}

const outOfOrder = (
  cache: TokenCache.Service,
  unavailable: ReadonlyArray<AuthError.CacheUnavailable["operation"]>
): TokenCache.Service => {
  const refuse = (operation: AuthError.CacheUnavailable["operation"]) =>
    Effect.fail(new AuthError.CacheUnavailable({ operation, message: "The token cache is out of order, as scripted." }))
  const broken = new Set(unavailable)
  return {
    read: broken.has("read") ? () => refuse("read") : cache.read,
    modify: broken.has("modify") ? () => refuse("modify") : cache.modify,
    list: broken.has("list") ? () => refuse("list") : cache.list,
    withRefreshLock: broken.has("lock") ? () => () => refuse("lock") : cache.withRefreshLock
  }
}
