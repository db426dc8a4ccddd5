/**
 * One entry of MSAL's cache JSON, read as a record or written from one.
 *
 * @see https://github.com/AzureAD/microsoft-authentication-library-for-python/blob/dev/msal/token_cache.py
 */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { Account } from "../domain/Account.js"
import * as Authority from "../domain/Authority.js"
import * as Scopes from "../domain/Scopes.js"
import * as IdToken from "../protocol/IdToken.js"
import type { AccessTokenRecord, AccountRecord, ForeignMembers, IdTokenRecord, RefreshTokenRecord } from "./CacheRecord.js"
import * as Partition from "./Partition.js"

/** @category models */
export type Entry = Readonly<Record<string, unknown>>

/**
 * Where an entry stands in the JSON.
 *
 * @category models
 */
export interface Written {
  readonly section: Section
  readonly key: string
  readonly entry: Entry
}

/**
 * The sections whose entries belong to an account, or to a client in its own name.
 *
 * @category constants
 */
export const sections = ["AccessToken", "RefreshToken", "IdToken", "Account"] as const

/** @category models */
export type Section = typeof sections[number]

/**
 * Whose entry it is, none where it does not say.
 *
 * @category getters
 */
export const owner = (section: Section, entry: Entry): Partition.Key | undefined => {
  const environment = text(entry, "environment")
  if (environment === undefined) {
    return undefined
  }
  const provider = Authority.providerOf(environment)
  const homeAccountId = text(entry, "home_account_id")
  if (homeAccountId !== undefined) {
    return Partition.userKeyAt(provider, homeAccountId)
  }
  const clientId = text(entry, "client_id")
  return section === "AccessToken" && clientId !== undefined
    ? { _tag: "App", provider, clientId, tenant: (text(entry, "requested_realm", "realm") ?? "").toLowerCase() }
    : undefined
}

const text = (entry: Entry, ...names: ReadonlyArray<string>): string | undefined => {
  for (const name of names) {
    const value = entry[name]
    if (typeof value === "string" && value !== "") {
      return value
    }
  }
  return undefined
}

const lastMillisecondOfYear9999 = 253_402_300_799_999

/** Whole seconds since 1970, as text or as a number. */
const time = (entry: Entry, ...names: ReadonlyArray<string>): Option.Option<DateTime.Utc> => {
  const value = names.map((name) => entry[name]).find((value) => value !== undefined && value !== null)
  const seconds = typeof value === "string" && value.trim() !== "" ? Number(value) : value
  return typeof seconds === "number" && seconds >= 0 && seconds * 1000 <= lastMillisecondOfYear9999
    ? Option.some(DateTime.unsafeMake(Math.floor(seconds) * 1000))
    : Option.none()
}

const fromTime = ({ epochMillis }: DateTime.Utc): string => String(Math.floor(epochMillis / 1000))

const foreignMembers = (entry: Entry, own: ReadonlySet<string>): { readonly foreign?: ForeignMembers } => {
  const members = Object.entries(entry).filter(([name]) => !own.has(name))
  return members.length === 0 ? {} : { foreign: Object.fromEntries(members) }
}

const shared = ["credential_type", "secret", "home_account_id", "environment", "client_id"] as const

const ofAccessToken = new Set<string>([
  ...shared,
  "realm",
  "requested_realm",
  "target",
  "token_type",
  "cached_at",
  "expires_on",
  "extended_expires_on",
  "ext_expires_on",
  "refresh_on"
])

/**
 * Members that make an access token one for special purposes: bound to a key, to another program's parameters, to a
 * resource, or to the assertion it was acquired on behalf of.
 */
const special = [
  "key_id",
  "kid",
  "ext_cache_key",
  "additionalCacheKeyComponents",
  "persisted_cache_parameters",
  "ext",
  "userAssertionHash",
  "user_assertion_hash",
  "requestedClaims",
  "requestedClaimsHash",
  "resource"
]

const isSpecial = (entry: Entry): boolean => {
  const tokenType = entry["token_type"]
  return (tokenType !== undefined && tokenType !== null && String(tokenType).toLowerCase() !== "bearer")
    || special.some((name) => ![undefined, null, ""].some((nothing) => entry[name] === nothing))
}

/**
 * A bearer token for general use; none where it is another kind of token, or cannot be one.
 *
 * @category decoders
 */
export const readAccessToken = (entry: Entry): AccessTokenRecord | undefined => {
  const environment = text(entry, "environment")
  const clientId = text(entry, "client_id")
  const secret = text(entry, "secret")
  const expiresAt = time(entry, "expires_on")
  if (
    entry["credential_type"] !== "AccessToken" || isSpecial(entry)
    || environment === undefined || clientId === undefined || secret === undefined || Option.isNone(expiresAt)
  ) {
    return undefined
  }
  const realm = (text(entry, "realm") ?? "").toLowerCase()
  return {
    environment,
    clientId,
    tenantId: Authority.isPlaceholder(realm) ? homeTenant(entry) ?? realm : realm,
    requestedTenant: (text(entry, "requested_realm") ?? realm).toLowerCase(),
    scopes: Scopes.fromWire(text(entry, "target") ?? ""),
    tokenType: "Bearer",
    secret: Redacted.make(secret),
    cachedAt: Option.getOrElse(time(entry, "cached_at"), () => DateTime.unsafeMake(0)),
    expiresAt: expiresAt.value,
    extendedExpiresAt: time(entry, "extended_expires_on", "ext_expires_on"),
    refreshAt: time(entry, "refresh_on"),
    ...foreignMembers(entry, ofAccessToken)
  }
}

/** `uid.utid` names the home tenant, where a token's own is not told. */
const homeTenant = (entry: Entry): string | undefined => {
  const tenant = text(entry, "home_account_id")?.split(".").at(1)?.toLowerCase()
  return tenant !== undefined && Authority.isTenantId(tenant) ? tenant : undefined
}

const ofRefreshToken = new Set<string>([...shared, "family_id", "last_modification_time"])

/** @category decoders */
export const readRefreshToken = (entry: Entry): RefreshTokenRecord | undefined => {
  const environment = text(entry, "environment")
  const clientId = text(entry, "client_id")
  const secret = text(entry, "secret")
  return environment === undefined || clientId === undefined || secret === undefined
      || entry["credential_type"] !== "RefreshToken"
    ? undefined
    : {
      environment,
      clientId,
      familyId: Option.fromNullable(text(entry, "family_id")),
      secret: Redacted.make(secret),
      modifiedAt: time(entry, "last_modification_time"),
      ...foreignMembers(entry, ofRefreshToken)
    }
}

const ofIdToken = new Set<string>([...shared, "realm"])

/** @category decoders */
export const readIdToken = (entry: Entry): IdTokenRecord | undefined => {
  const environment = text(entry, "environment")
  const clientId = text(entry, "client_id")
  const secret = text(entry, "secret")
  const claims = secret === undefined ? Option.none() : IdToken.unverifiedClaims(secret)
  const realm = (text(entry, "realm") ?? "").toLowerCase()
  return environment === undefined || clientId === undefined || secret === undefined || Option.isNone(claims)
      || entry["credential_type"] !== "IdToken"
    ? undefined
    : {
      environment,
      clientId,
      tenantId: Authority.isPlaceholder(realm) ? homeTenant(entry) ?? realm : realm,
      secret: Redacted.make(secret),
      claims: claims.value,
      ...foreignMembers(entry, ofIdToken)
    }
}

const ofAccount = new Set(["home_account_id", "environment", "realm", "local_account_id", "username", "name"])

/** @category decoders */
export const readAccount = (entry: Entry): AccountRecord | undefined => {
  const homeAccountId = text(entry, "home_account_id")
  const environment = text(entry, "environment")
  if (homeAccountId === undefined || environment === undefined) {
    return undefined
  }
  const realm = (text(entry, "realm") ?? "").toLowerCase()
  return {
    account: new Account({
      homeAccountId,
      environment,
      tenantId: Authority.isPlaceholder(realm) ? homeTenant(entry) ?? realm : realm,
      localAccountId: text(entry, "local_account_id") ?? "",
      username: text(entry, "username") ?? "",
      name: Option.fromNullable(text(entry, "name")),
      authorityType: entry["authority_type"] === "Generic" ? "Generic" : "MSSTS"
    }),
    ...foreignMembers(entry, ofAccount)
  }
}

const canonical = (environment: string, ...parts: ReadonlyArray<string>): string => {
  const key = parts.join("-")
  // An issuer's subjects, and the issuer itself, tell letter cases apart.
  return environment.includes("://") ? key : key.toLowerCase()
}

/**
 * An access token under the key that MSAL for Python and for .NET give it.
 *
 * @category encoders
 */
export const writeAccessToken = (key: Partition.Key, record: AccessTokenRecord): Written => {
  const { clientId, environment } = record
  const homeAccountId = key._tag === "User" ? key.homeAccountId : ""
  const realm = record.tenantId
  const target = [...record.scopes].sort().join(" ")
  return {
    section: "AccessToken",
    key: canonical(environment, homeAccountId, environment, "accesstoken", clientId, realm, target),
    entry: {
      ...record.foreign,
      credential_type: "AccessToken",
      secret: Redacted.value(record.secret),
      home_account_id: homeAccountId === "" ? null : homeAccountId,
      environment,
      client_id: clientId,
      realm,
      ...record.requestedTenant !== realm && { requested_realm: record.requestedTenant },
      target,
      token_type: record.tokenType,
      cached_at: fromTime(record.cachedAt),
      expires_on: fromTime(record.expiresAt),
      ...Option.match(record.extendedExpiresAt, {
        onNone: () => ({}),
        onSome: (at) => ({ extended_expires_on: fromTime(at) })
      }),
      ...Option.match(record.refreshAt, { onNone: () => ({}), onSome: (at) => ({ refresh_on: fromTime(at) }) })
    }
  }
}

/** @category encoders */
export const writeRefreshToken = ({ homeAccountId }: Partition.UserKey, record: RefreshTokenRecord): Written => {
  const { clientId, environment } = record
  const target = text(record.foreign ?? {}, "target") ?? ""
  return {
    section: "RefreshToken",
    key: canonical(environment, homeAccountId, environment, "refreshtoken", clientId, "", target),
    entry: {
      ...record.foreign,
      credential_type: "RefreshToken",
      secret: Redacted.value(record.secret),
      home_account_id: homeAccountId,
      environment,
      client_id: clientId,
      ...Option.match(record.familyId, { onNone: () => ({}), onSome: (familyId) => ({ family_id: familyId }) }),
      ...Option.match(record.modifiedAt, {
        onNone: () => ({}),
        onSome: (at) => ({ last_modification_time: fromTime(at) })
      })
    }
  }
}

/** @category encoders */
export const writeIdToken = ({ homeAccountId }: Partition.UserKey, record: IdTokenRecord): Written => {
  const { clientId, environment, tenantId } = record
  return {
    section: "IdToken",
    key: canonical(environment, homeAccountId, environment, "idtoken", clientId, tenantId, ""),
    entry: {
      ...record.foreign,
      credential_type: "IdToken",
      secret: Redacted.value(record.secret),
      home_account_id: homeAccountId,
      environment,
      client_id: clientId,
      realm: tenantId
    }
  }
}

/** @category encoders */
export const writeAccount = ({ homeAccountId }: Partition.UserKey, { account, foreign }: AccountRecord): Written => {
  const { environment, tenantId } = account
  return {
    section: "Account",
    key: canonical(environment, homeAccountId, environment, tenantId),
    entry: {
      authority_type: account.authorityType,
      ...foreign,
      home_account_id: homeAccountId,
      environment,
      realm: tenantId,
      local_account_id: account.localAccountId,
      username: account.username,
      ...Option.match(account.name, { onNone: () => ({}), onSome: (name) => ({ name }) })
    }
  }
}

/**
 * What tells MSAL that a client belongs to a family.
 *
 * @category encoders
 */
export const writeAppMetadata = ({ clientId, environment, familyId }: RefreshTokenRecord) => ({
  key: `appmetadata-${environment}-${clientId}`,
  entry: { client_id: clientId, environment, family_id: Option.getOrNull(familyId) }
})
