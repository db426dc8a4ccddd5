/**
 * Signs people in with the Microsoft identity platform or any OpenID Connect provider, in plain promises.
 */
export * from "./AuthError/Answer.js"
export { AuthError, type AuthErrorTag, type ErrorDetails } from "./AuthError/AuthError.js"
export * from "./AuthError/Call.js"
export * from "./AuthError/Provider.js"
export { claimsChallenge } from "./claimsChallenge.js"
export type { ClientApplication } from "./ClientApplication.js"
export { ConfidentialClientApplication } from "./ConfidentialClientApplication.js"
export type * from "./Credential.js"
export type * from "./Options.js"
export { popNonce } from "./popNonce.js"
export { PublicClientApplication } from "./PublicClientApplication.js"
export { type Pkcs12File, readPkcs12 } from "./readPkcs12.js"
export type * from "./Requests.js"
export type * from "./TokenCacheOptions.js"
export type * from "./TokenResult.js"
