/**
 * Reads entries of MSAL's cache JSON as records. None is read that cannot be used, or is meant for other uses.
 */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import { Account, AuthorityType } from "../domain/Account.js"
import * as Authority from "../domain/Authority.js"
import * as Claims from "../domain/Claims.js"
import * as Scopes from "../domain/Scopes.js"
import * as IdToken from "../protocol/IdToken.js"
import type {
  AccessTokenRecord,
  AccountRecord,
  ForeignMembers,
  IdTokenRecord,
  RefreshTokenRecord
} from "./CacheRecord.js"
import type * as Partition from "./Partition.js"
import { type Entry, environment, isNothing, requestedTenant, text } from "./UnifiedEntry.js"

const shared = ["credential_type", "secret", "home_account_id", "environment", "client_id"]
const ofAccessToken = new Set([
  ...shared,
  "realm",
  "requested_realm",
  "tenant_id",
  "target",
  "token_type",
  "ext_cache_key",
  "cached_at",
  "expires_on",
  "extended_expires_on",
  "ext_expires_on",
  "refresh_on"
])
const ofBoundAccessToken = new Set([...ofAccessToken, "key_id"])
const ofRefreshToken = new Set([...shared, "family_id", "last_modification_time"])
const ofIdToken = new Set([...shared, "realm"])
const ofAccount = new Set(["home_account_id", "environment", "realm", "local_account_id", "username", "name"])
const ofKnownAccount = new Set([...ofAccount, "authority_type"])

/**
 * Members that make a token one for special uses: bound to a key, to another program's parameters, to a resource, or to
 * the assertion it was acquired on behalf of.
 */
const special = [
  "key_id",
  "kid",
  "additionalCacheKeyComponents",
  "persisted_cache_parameters",
  "ext",
  "userAssertionHash",
  "user_assertion_hash",
  "requestedClaims",
  "requestedClaimsHash",
  "resource"
]

const specialButForKey = special.filter((name) => name !== "key_id")

/** What every token has, none where it is of another type or for special uses. */
const credential = (type: string, entry: Entry, ofSpecialUse = special) => {
  const host = environment(entry)
  const clientId = text(entry, "client_id")
  const secret = text(entry, "secret")
  return (isNothing(entry["credential_type"]) || entry["credential_type"] === type)
      && host !== undefined && clientId !== undefined && secret !== undefined
      && ofSpecialUse.every((name) => isNothing(entry[name]))
    ? { environment: host, clientId, secret }
    : undefined
}

/**
 * A bearer token.
 *
 * @category decoders
 */
export const accessToken = (entry: Entry): AccessTokenRecord | undefined =>
  isOfType("bearer", entry) || isOfType("", entry) || Predicate.isNullable(entry["token_type"])
    ? accessTokenOf(entry, credential("AccessToken", entry), { tokenType: "Bearer" }, ofAccessToken)
    : undefined

/**
 * A token that is bound to a key.
 *
 * @category decoders
 */
export const boundAccessToken = (entry: Entry): AccessTokenRecord | undefined => {
  const keyId = text(entry, "key_id")
  return isOfType("pop", entry) && keyId !== undefined
    ? accessTokenOf(
      entry,
      credential("AccessToken_With_AuthScheme", entry, specialButForKey),
      { tokenType: "pop", keyId },
      ofBoundAccessToken
    )
    : undefined
}

const isOfType = (type: string, { token_type }: Entry): boolean =>
  typeof token_type === "string" && token_type.toLowerCase() === type

const accessTokenOf = (
  entry: Entry,
  token: ReturnType<typeof credential>,
  kind: Pick<AccessTokenRecord, "keyId" | "tokenType">,
  own: ReadonlySet<string>
): AccessTokenRecord | undefined => {
  const expiresAt = time(entry, "expires_on")
  const extendedCacheKey = text(entry, "ext_cache_key")
  if (
    token === undefined || Option.isNone(expiresAt)
    || isNothing(entry["ext_cache_key"]) !== (extendedCacheKey === undefined)
  ) {
    return undefined
  }
  return {
    environment: token.environment,
    clientId: token.clientId,
    tenantId: lowerCase(entry["tenant_id"]) ?? tenant(entry),
    requestedTenant: requestedTenant(entry),
    scopes: Scopes.fromWire(text(entry, "target") ?? ""),
    ...extendedCacheKey !== undefined && { extendedCacheKey },
    ...kind,
    secret: Redacted.make(token.secret),
    cachedAt: Option.getOrElse(time(entry, "cached_at"), () => DateTime.unsafeMake(0)),
    expiresAt: expiresAt.value,
    extendedExpiresAt: time(entry, "extended_expires_on", "ext_expires_on"),
    refreshAt: time(entry, "refresh_on"),
    ...foreignMembers(entry, own)
  }
}

/** @category decoders */
export const refreshToken = (entry: Entry): RefreshTokenRecord | undefined => {
  const token = credential("RefreshToken", entry)
  return token && isNothing(entry["ext_cache_key"])
    ? {
      environment: token.environment,
      clientId: token.clientId,
      familyId: Option.fromNullable(text(entry, "family_id")),
      secret: Redacted.make(token.secret),
      modifiedAt: time(entry, "last_modification_time"),
      ...foreignMembers(entry, ofRefreshToken)
    }
    : undefined
}

/** @category decoders */
export const idToken = (entry: Entry): IdTokenRecord | undefined => {
  const token = credential("IdToken", entry)
  const claims = token === undefined ? Option.none() : IdToken.unverifiedClaims(token.secret)
  return token === undefined || Option.isNone(claims) ? undefined : {
    environment: token.environment,
    clientId: token.clientId,
    tenantId: typeof entry["realm"] === "string"
      ? tenant(entry)
      : Option.getOrElse(Claims.text(claims.value, "tid", "tfp", "acr"), () => tenant(entry)).toLowerCase(),
    secret: Redacted.make(token.secret),
    claims: claims.value,
    ...foreignMembers(entry, ofIdToken)
  }
}

/** @category decoders */
export const account = ({ homeAccountId }: Partition.UserKey, entry: Entry): AccountRecord | undefined => {
  const host = environment(entry)
  const tenantId = tenant(entry)
  const authorityType = AuthorityType.literals.find((type) => type === entry["authority_type"]) ?? "MSSTS"
  return host === undefined ? undefined : {
    account: accountOf({
      homeAccountId,
      environment: host,
      tenantId,
      localAccountId: text(entry, "local_account_id") ?? localAccountId(homeAccountId, tenantId),
      username: text(entry, "username") ?? "",
      name: Option.fromNullable(text(entry, "name")),
      authorityType
    }),
    ...foreignMembers(entry, entry["authority_type"] === authorityType ? ofKnownAccount : ofAccount)
  }
}

type Members = ConstructorParameters<typeof Account>[0]

const accountOf = (members: Members): Account => new Account(members, { disableValidation: true })

/**
 * The account with other members, each of the right type.
 *
 * @category combinators
 */
export const accountWith = (account: Account, members: Partial<Members>): Account => {
  const { authorityType, environment, homeAccountId, localAccountId, name, tenantId, username } = account
  return accountOf({ authorityType, environment, homeAccountId, localAccountId, name, tenantId, username, ...members })
}

/** `uid.utid` names the person within the home tenant. */
const localAccountId = (homeAccountId: string, tenantId: string): string =>
  tenantId !== "" && homeAccountId.endsWith(`.${tenantId}`) ? homeAccountId.slice(0, -tenantId.length - 1) : ""

/** The tenant that answered; the home tenant where none is told, or a name for several. */
const tenant = (entry: Entry): string => {
  const realm = lowerCase(entry["realm"])
  return realm === undefined || Authority.isPlaceholder(realm) ? homeTenant(entry) ?? realm ?? "" : realm
}

const lowerCase = (value: unknown): string | undefined => typeof value === "string" ? value.toLowerCase() : undefined

/** `uid.utid` ends in it. */
const homeTenant = (entry: Entry): string | undefined => {
  const homeAccountId = text(entry, "home_account_id")?.toLowerCase() ?? ""
  const last = homeAccountId.slice(homeAccountId.lastIndexOf(".") + 1)
  return last.length < homeAccountId.length && Authority.isTenantId(last) ? last : undefined
}

const lastSecondOfYear9999 = 253_402_300_799
const decimal = /^\d+(?:\.\d+)?$/

/** Seconds since 1970, as text or as a number. */
const time = (entry: Entry, ...names: ReadonlyArray<string>): Option.Option<DateTime.Utc> => {
  const value = names.map((name) => entry[name]).find((value) => !isNothing(value))
  const seconds = typeof value === "string" && decimal.test(value) ? Number(value) : value
  return typeof seconds === "number" && seconds >= 0 && seconds <= lastSecondOfYear9999
    ? Option.some(DateTime.unsafeMake(Math.floor(seconds) * 1000))
    : Option.none()
}

const foreignMembers = (entry: Entry, own: ReadonlySet<string>): { readonly foreign?: ForeignMembers } => {
  const members = Object.entries(entry).filter(([name]) => !own.has(name))
  return members.length === 0 ? {} : { foreign: Object.fromEntries(members) }
}
