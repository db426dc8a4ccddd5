/**
 * What every grant returns.
 */
import type * as DateTime from "effect/DateTime"
import type * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import type { Account } from "./Account.js"
import type { IdTokenClaims } from "./Claims.js"
import type { Scopes } from "./Scopes.js"

/** @category models */
export interface TokenResult {
  /** With `authScheme` the signed request that the token is in, for the header `Authorization: PoP …`. */
  readonly accessToken: Redacted.Redacted
  /** `Bearer`, or `pop` with `authScheme`. */
  readonly tokenType: string
  /** Scopes the provider granted. */
  readonly scopes: Scopes
  readonly expiresAt: DateTime.Utc
  /** Until when the token may serve while the provider is down. */
  readonly extendedExpiresAt: Option.Option<DateTime.Utc>
  /** From when the provider suggests a new token. */
  readonly refreshAt: Option.Option<DateTime.Utc>
  /** None where the provider did not say who signed in; such tokens are not cached. */
  readonly account: Option.Option<Account>
  readonly idToken: Option.Option<Redacted.Redacted>
  readonly idTokenClaims: Option.Option<IdTokenClaims>
  /** Tenant that answered; empty where the provider has none. */
  readonly tenantId: string
  readonly source: "cache" | "identity-provider"
  /** None on a cache hit to which the caller gave none: nothing was sent. */
  readonly correlationId: Option.Option<string>
  /** Some from every grant but silent, where the provider sent one. */
  readonly refreshToken: Option.Option<Redacted.Redacted>
}
