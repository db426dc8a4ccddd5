/**
 * Tokens at rest: one record each, as they come out of a verified answer.
 */
import type * as DateTime from "effect/DateTime"
import type * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import type { Account } from "../domain/Account.js"
import type { IdTokenClaims } from "../domain/Claims.js"
import type { Scopes } from "../domain/Scopes.js"

/**
 * Members of a record in MSAL's JSON that mean something to other programs only; they are written back as they are.
 *
 * @category models
 */
export type ForeignMembers = Readonly<Record<string, unknown>>

/** @category models */
export interface AccountRecord {
  readonly account: Account
  readonly foreign?: ForeignMembers
}

/**
 * What tells tokens for the same scopes apart.
 *
 * @category models
 */
export interface TokenKind {
  /** Only a token with this very key will do, or with none. */
  readonly extendedCacheKey?: string | undefined
  /** Only a token bound to this very key will do, or to none. */
  readonly keyId?: string | undefined
}

/** @category models */
export interface AccessTokenRecord {
  /** Host of the authority at Microsoft, the issuer elsewhere. */
  readonly environment: string
  readonly clientId: string
  /** Tenant that answered; empty where the provider has none. */
  readonly tenantId: string
  /** Tenant as the authority named it, such as a domain. */
  readonly requestedTenant: string
  readonly scopes: Scopes
  /** Keeps apart what was asked for with parameters of its own, such as a path of Federated Managed Identity. */
  readonly extendedCacheKey?: string
  /** `Bearer`, or `pop` where the token is bound to a key. */
  readonly tokenType: string
  /** Thumbprint of the key that whoever presents the token has to prove to have. */
  readonly keyId?: string
  readonly secret: Redacted.Redacted
  readonly cachedAt: DateTime.Utc
  readonly expiresAt: DateTime.Utc
  readonly extendedExpiresAt: Option.Option<DateTime.Utc>
  readonly refreshAt: Option.Option<DateTime.Utc>
  readonly foreign?: ForeignMembers
}

/** @category models */
export interface RefreshTokenRecord {
  readonly environment: string
  readonly clientId: string
  readonly familyId: Option.Option<string>
  readonly secret: Redacted.Redacted
  /** None where another program wrote it without saying. */
  readonly modifiedAt: Option.Option<DateTime.Utc>
  readonly foreign?: ForeignMembers
}

/** @category models */
export interface IdTokenRecord {
  readonly environment: string
  readonly clientId: string
  readonly tenantId: string
  readonly secret: Redacted.Redacted
  readonly claims: IdTokenClaims
  readonly foreign?: ForeignMembers
}
