/**
 * Sign-in and tokens by OAuth 2.0 and OpenID Connect, as Effect programs.
 */

/** Who signed in. */
export * as Account from "./domain/Account.js"

/** Who is signed in. */
export * as Accounts from "./grants/Accounts.js"

/** Every way a program can fail. */
export * as AuthError from "./AuthError.js"

/** Who signs people in. */
export * as Authority from "./domain/Authority.js"

/** Sign-in with a browser. */
export * as AuthorizationCode from "./grants/AuthorizationCode.js"

/** A cache in memory, of so many accounts at most. */
export * as BoundedTokenCache from "./services/BoundedTokenCache.js"

/** What other programs' caches hold, taken over and handed on. */
export * as CacheTransfer from "./grants/CacheTransfer.js"

/** Claims of ID tokens, and claims challenges. */
export * as Claims from "./domain/Claims.js"

/** The client application. */
export * as ClientApplication from "./services/ClientApplication.js"

/** A token in the client's own name. */
export * as ClientCredentials from "./grants/ClientCredentials.js"

/** Randomness, digests and signatures. */
export * as Crypto from "./services/Crypto.js"

/** The whole stack in one layer. */
export * as Grantwork from "./Grantwork.js"

/** A cache in any key-value store. */
export * as KeyValueTokenCache from "./services/KeyValueTokenCache.js"

/** Everything cached for one account. */
export * as Partition from "./cache/Partition.js"

/** Locks by name within this process. */
export * as RefreshLocks from "./services/RefreshLocks.js"

/** Tokens that are good for one HTTP request only. */
export * as ProofOfPossession from "./acquisition/ProofOfPossession.js"

/** An HTTP client for an API that wants a token. */
export * as ProtectedResource from "./grants/ProtectedResource.js"

/** Tokens for a refresh token from elsewhere. */
export * as RefreshToken from "./grants/RefreshToken.js"

/** What a token is for. */
export * as Scopes from "./domain/Scopes.js"

/** Tokens without a person. */
export * as Silent from "./grants/Silent.js"

/** Where tokens are kept between calls. */
export * as TokenCache from "./services/TokenCache.js"

/** What every grant returns. */
export type * as TokenResult from "./domain/TokenResult.js"

/** MSAL's cache JSON. */
export * as UnifiedCache from "./cache/UnifiedCache.js"

/** Sign-in with name and password. */
export * as UsernamePassword from "./grants/UsernamePassword.js"

/** What a protected resource demands. */
export * as WwwAuthenticate from "./protocol/WwwAuthenticate.js"
