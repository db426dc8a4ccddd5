/**
 * Tokens at rest: one record each, as they come out of a verified answer.
 */
import type * as DateTime from "effect/DateTime"
import type * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import type { IdTokenClaims } from "../domain/Claims.js"
import type { Scopes } from "../domain/Scopes.js"

/** @category models */
export interface AccessTokenRecord {
  readonly clientId: string
  /** Tenant that answered; empty where the provider has none. */
  readonly tenantId: string
  /** Tenant as the authority named it, such as a domain. */
  readonly requestedTenant: string
  readonly scopes: Scopes
  readonly tokenType: string
  readonly secret: Redacted.Redacted
  readonly cachedAt: DateTime.Utc
  readonly expiresAt: DateTime.Utc
  readonly extendedExpiresAt: Option.Option<DateTime.Utc>
  readonly refreshAt: Option.Option<DateTime.Utc>
}

/** @category models */
export interface RefreshTokenRecord {
  readonly clientId: string
  readonly familyId: Option.Option<string>
  readonly secret: Redacted.Redacted
}

/** @category models */
export interface IdTokenRecord {
  readonly clientId: string
  readonly tenantId: string
  readonly secret: Redacted.Redacted
  readonly claims: IdTokenClaims
}
