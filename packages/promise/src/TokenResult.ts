/**
 * What comes back. All of it is plain data; what is absent is `null`.
 */

/** One person at one provider; JSON can hold it, and a parsed copy is as good as the original. */
export interface Account {
  /** Stable identifier: `uid.utid` at Microsoft, the ID token's `sub` elsewhere. */
  readonly homeAccountId: string
  /** Host of the authority at Microsoft, the issuer elsewhere. */
  readonly environment: string
  /** Tenant (realm) that answered; empty where the provider has none. */
  readonly tenantId: string
  /** Identifier within the tenant: `oid`, else `sub`. */
  readonly localAccountId: string
  /** Sign-in name; empty where the provider tells none. */
  readonly username: string
  readonly name: string | null
  /** Microsoft's cloud (`MSSTS`), an AD FS server, or another OpenID Connect provider (`Generic`). */
  readonly authorityType: "MSSTS" | "ADFS" | "Generic"
}

/** The verified claims of an ID token; times are seconds since 1970. */
export interface IdTokenClaims {
  readonly iss: string
  readonly sub: string
  readonly aud: string | ReadonlyArray<string>
  readonly exp: number
  readonly iat: number
  readonly [claim: string]: unknown
}

/** Tokens, and whose they are. The tokens in it are secrets in plain text: keep it out of logs. */
export interface TokenResult {
  /** With `authScheme` the signed request that the token is in, for the header `Authorization: PoP …`. */
  readonly accessToken: string
  /** `Bearer`, or `pop` with `authScheme`. */
  readonly tokenType: string
  /** Scopes the provider granted. */
  readonly scopes: ReadonlyArray<string>
  readonly expiresAt: Date
  /** Until when the token may serve while the provider is down. */
  readonly extendedExpiresAt: Date | null
  /** From when the provider suggests a new token. */
  readonly refreshAt: Date | null
  /** `null` where the provider did not say who signed in; such tokens are not cached. */
  readonly account: Account | null
  readonly idToken: string | null
  readonly idTokenClaims: IdTokenClaims | null
  /** Tenant that answered; empty where the provider has none. */
  readonly tenantId: string
  readonly source: "cache" | "identity-provider"
  /** Identifier of the request; `null` on a cache hit to which the caller gave none: nothing was sent. */
  readonly correlationId: string | null
  /** From every grant but silent, where the provider sent one. */
  readonly refreshToken: string | null
}

/** A sign-in that has begun; keep it on the server's side of the web session, for its verifier is a secret. */
export interface AuthCodeFlow {
  /** Where to send the person's browser. */
  readonly authorizationUrl: string
  /** Metadata address of the authority the flow began at. */
  readonly authority: string
  readonly clientId: string
  readonly redirectUri: string
  readonly scopes: ReadonlyArray<string>
  /** Consented to as well, and not for the flow's token. */
  readonly extraScopesToConsent?: ReadonlyArray<string> | undefined
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
  readonly claims?: string | undefined
  /** Seconds. */
  readonly maxAge?: number | undefined
}
