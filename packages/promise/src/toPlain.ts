/**
 * From the results of core to plain data, secrets in plain. Nothing in it is shared with the cache.
 */
import type * as Core from "@grantwork/core/Account"
import type { IdTokenClaims as CoreClaims } from "@grantwork/core/Claims"
import type { TokenResult as CoreResult } from "@grantwork/core/TokenResult"
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { Account, IdTokenClaims, TokenResult } from "./TokenResult.js"

export const tokenResult = (result: CoreResult): TokenResult => ({
  accessToken: Redacted.value(result.accessToken),
  tokenType: result.tokenType,
  scopes: [...result.scopes],
  expiresAt: DateTime.toDateUtc(result.expiresAt),
  extendedExpiresAt: orNull(result.extendedExpiresAt, DateTime.toDateUtc),
  refreshAt: orNull(result.refreshAt, DateTime.toDateUtc),
  account: orNull(result.account, account),
  idToken: orNull(result.idToken, Redacted.value),
  idTokenClaims: orNull(result.idTokenClaims, claims),
  tenantId: result.tenantId,
  source: result.source,
  correlationId: Option.getOrNull(result.correlationId),
  refreshToken: orNull(result.refreshToken, Redacted.value)
})

export const optionalTokenResult = (result: Option.Option<CoreResult>): TokenResult | null =>
  orNull(result, tokenResult)

const account = (account: Core.Account): Account => ({
  homeAccountId: account.homeAccountId,
  environment: account.environment,
  tenantId: account.tenantId,
  localAccountId: account.localAccountId,
  username: account.username,
  name: Option.getOrNull(account.name),
  authorityType: account.authorityType
})

export const accounts = (accounts: ReadonlyArray<Core.Account>): ReadonlyArray<Account> => accounts.map(account)

export const optionalAccount = (found: Option.Option<Core.Account>): Account | null => orNull(found, account)

const claims = (claims: CoreClaims): IdTokenClaims => {
  const nested = Object.keys(claims).filter((name) => typeof claims[name] === "object")
  return Object.assign({ ...claims }, Object.fromEntries(nested.map((name) => [name, copy(claims[name])])))
}

const copy = (json: unknown): unknown => {
  if (Array.isArray(json)) {
    return json.map(copy)
  }
  return typeof json === "object" && json !== null
    ? Object.fromEntries(Object.entries(json).map(([name, value]) => [name, copy(value)]))
    : json
}

const orNull = <A, B>(option: Option.Option<A>, plain: (value: A) => B): B | null =>
  Option.isSome(option) ? plain(option.value) : null
