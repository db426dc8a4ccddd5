/**
 * Writes records as entries of MSAL's cache JSON, under the keys that MSAL for Python and for .NET give them.
 */
import type * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { AccessTokenRecord, AccountRecord, IdTokenRecord, RefreshTokenRecord } from "./CacheRecord.js"
import type * as Partition from "./Partition.js"
import { isIssuer, text, type Written } from "./UnifiedEntry.js"

/** A name in any letter case, except an issuer's: its subjects tell letter cases apart, and so does the issuer itself. */
const nameOf = (environment: string, ...parts: ReadonlyArray<string>): string => {
  const name = parts.join("-")
  return isIssuer(environment) ? name : name.toLowerCase()
}

const fromTime = ({ epochMillis }: DateTime.Utc): string => String(Math.floor(epochMillis / 1000))

const member = <A>(
  name: string,
  value: Option.Option<A>,
  encode: (value: A) => string
): Readonly<Record<string, string>> =>
  Option.match(value, { onNone: () => ({}), onSome: (some) => ({ [name]: encode(some) }) })

/** @category encoders */
export const accessToken = (key: Partition.Key, record: AccessTokenRecord): Written => {
  const { clientId, environment, extendedCacheKey, keyId, tokenType } = record
  const homeAccountId = key._tag === "User" ? key.homeAccountId : ""
  const target = [...record.scopes].sort().join(" ")
  const tenant = tenantOf(key, record)
  const section = keyId === undefined ? "AccessToken" : "AccessToken_With_AuthScheme"
  const type = keyId === undefined && extendedCacheKey !== undefined ? "atext" : section.toLowerCase()
  const last = [...keyId === undefined ? [] : [tokenType], ...extendedCacheKey === undefined ? [] : [extendedCacheKey]]
  return {
    section,
    key: nameOf(environment, homeAccountId, environment, type, clientId, tenant.realm, target, ...last),
    entry: {
      ...record.foreign,
      credential_type: section,
      secret: Redacted.value(record.secret),
      home_account_id: homeAccountId === "" ? null : homeAccountId,
      environment,
      client_id: clientId,
      ...tenant,
      target,
      token_type: tokenType,
      ...keyId !== undefined && { key_id: keyId },
      ...extendedCacheKey !== undefined && { ext_cache_key: extendedCacheKey },
      cached_at: fromTime(record.cachedAt),
      expires_on: fromTime(record.expiresAt),
      ...member("extended_expires_on", record.extendedExpiresAt, fromTime),
      ...member("refresh_on", record.refreshAt, fromTime)
    }
  }
}

/** MSAL finds a person's token by the tenant that answered, and a client's own by the name the tenant was asked by. */
const tenantOf = (key: Partition.Key, { requestedTenant, tenantId }: AccessTokenRecord) => {
  if (requestedTenant === tenantId) {
    return { realm: tenantId }
  }
  return key._tag === "User"
    ? { realm: tenantId, requested_realm: requestedTenant }
    : { realm: requestedTenant, tenant_id: tenantId }
}

/** @category encoders */
export const refreshToken = ({ homeAccountId }: Partition.UserKey, record: RefreshTokenRecord): Written => {
  const { clientId, environment } = record
  const target = text(record.foreign ?? {}, "target") ?? ""
  return {
    section: "RefreshToken",
    key: nameOf(environment, homeAccountId, environment, "refreshtoken", clientId, "", target),
    entry: {
      ...record.foreign,
      credential_type: "RefreshToken",
      secret: Redacted.value(record.secret),
      home_account_id: homeAccountId,
      environment,
      client_id: clientId,
      ...member("family_id", record.familyId, (familyId) => familyId),
      ...member("last_modification_time", record.modifiedAt, fromTime)
    }
  }
}

/** @category encoders */
export const idToken = ({ homeAccountId }: Partition.UserKey, record: IdTokenRecord): Written => {
  const { clientId, environment, tenantId } = record
  return {
    section: "IdToken",
    key: nameOf(environment, homeAccountId, environment, "idtoken", clientId, tenantId, ""),
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
export const account = ({ homeAccountId }: Partition.UserKey, { account, foreign }: AccountRecord): Written => {
  const { environment, tenantId } = account
  return {
    section: "Account",
    key: nameOf(environment, homeAccountId, environment, tenantId),
    entry: {
      authority_type: account.authorityType,
      ...foreign,
      home_account_id: homeAccountId,
      environment,
      realm: tenantId,
      local_account_id: account.localAccountId,
      username: account.username,
      ...member("name", account.name, (name) => name)
    }
  }
}
