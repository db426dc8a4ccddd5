/**
 * What each call takes.
 */
import type { Account } from "./TokenResult.js"

/** What every request may have. */
export interface Abortable {
  /** Makes the call reject with the signal's reason, an `AbortError` by default, whatever else happens. */
  readonly signal?: AbortSignal | undefined
}

interface Traceable extends Abortable {
  /** Identifier for the provider's logs, 1 to 64 letters, digits or hyphens; random by default. */
  readonly correlationId?: string | undefined
}

/** The HTTP request that a token is to be good for, and for no other one. */
export interface PopScheme {
  readonly method: "GET" | "POST" | "PUT" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS"
  /** Absolute; host, port and path are bound, the query is not. */
  readonly url: string
  /** What the API gave out against replays, where it does. */
  readonly nonce?: string | undefined
}

/** Request of `isPopSupported`. */
export interface PopSupportRequest extends Abortable {}

/** Request of `acquireTokenSilent` and `acquireTokenSilentWithError`. */
export interface SilentRequest extends Traceable {
  readonly scopes: ReadonlyArray<string>
  /** Whose token, as `getAccounts` or an earlier result tells; none asks for interaction. */
  readonly account: Account | null | undefined
  /** Passes over cached access tokens. */
  readonly forceRefresh?: boolean | undefined
  /** Claims challenge, a JSON object as text; passes over cached access tokens. */
  readonly claims?: string | undefined
  /** Another tenant of the application's cloud. */
  readonly authority?: string | undefined
  /** How long a cached token has to be valid still, in seconds; 300 by default. */
  readonly minValidity?: number | undefined
  /** The request that the token is to be bound to, for APIs that want proof of possession. */
  readonly authScheme?: PopScheme | undefined
}

/** Request of `initiateAuthCodeFlow`. */
export interface AuthCodeFlowRequest extends Abortable {
  /** Empty for sign-in only. */
  readonly scopes: ReadonlyArray<string>
  readonly redirectUri: string
  /** Random by default. */
  readonly state?: string | undefined
  /** Such as `login`, `consent`, `select_account` or `none`. */
  readonly prompt?: string | undefined
  readonly loginHint?: string | undefined
  readonly domainHint?: string | undefined
  /** Who is to sign in again: hints that the cache has of them are sent, unless the prompt is `select_account`. */
  readonly account?: Account | undefined
  /** A session at Microsoft, sent with the prompt `none`. */
  readonly sid?: string | undefined
  /** Claims challenge, a JSON object as text. */
  readonly claims?: string | undefined
  /** Longest time since the person signed in, in seconds. */
  readonly maxAge?: number | undefined
  readonly responseMode?: "query" | "form_post" | "fragment" | undefined
  /** Further parameters of the address, by name; none that the request sets itself. */
  readonly extraParameters?: Readonly<Record<string, string>> | undefined
  /** Scopes to consent to at once though the token is not for them, such as another API's. */
  readonly extraScopesToConsent?: ReadonlyArray<string> | undefined
}

/** The query or form body as text or as a web framework parsed it, or the address that was called. */
export type AuthorizationResponse = string | URL | URLSearchParams | Readonly<Record<string, unknown>>

/** Request of `acquireTokenByAuthCodeFlow`. */
export interface AuthCodeFlowResponse extends Traceable {
  /** As `initiateAuthCodeFlow` returned it, perhaps by way of JSON; it is checked. */
  readonly flow: unknown
  /** What came to the redirect URI. */
  readonly authResponse: AuthorizationResponse
  /** A selection of the flow's scopes; all of them by default. */
  readonly scopes?: ReadonlyArray<string> | undefined
}

/** Request of `getAuthorizationRequestUrl`. */
export interface AuthorizationUrlRequest extends AuthCodeFlowRequest {
  /** Goes into the ID token; pass it to `acquireTokenByAuthorizationCode` too. */
  readonly nonce?: string | undefined
  /** 43 to 128 unreserved characters; pass it to `acquireTokenByAuthorizationCode` too. */
  readonly codeVerifier?: string | undefined
}

/** Request of `acquireTokenByAuthorizationCode`. */
export interface AuthorizationCodeRequest extends Traceable {
  readonly code: string
  readonly redirectUri: string
  readonly scopes: ReadonlyArray<string>
  /** The nonce of `getAuthorizationRequestUrl`; without it, an ID token that has one is rejected. */
  readonly nonce?: string | undefined
  /** The verifier of `getAuthorizationRequestUrl`. */
  readonly codeVerifier?: string | undefined
  /** Claims challenge, a JSON object as text. */
  readonly claims?: string | undefined
}

/** Request of `acquireTokenByUsernamePassword`. */
export interface UsernamePasswordRequest extends Traceable {
  readonly username: string
  readonly password: string
  readonly scopes: ReadonlyArray<string>
  /** Claims challenge, a JSON object as text. */
  readonly claims?: string | undefined
  /** The request that the token is to be bound to, for APIs that want proof of possession. */
  readonly authScheme?: PopScheme | undefined
}

/** Request of `acquireTokenByRefreshToken`. */
export interface RefreshTokenRequest extends Traceable {
  readonly refreshToken: string
  readonly scopes: ReadonlyArray<string>
}

/** Request of `acquireTokenByClientCredential`. */
export interface ClientCredentialRequest extends Traceable {
  /** At Microsoft one resource's: `api://orders/.default`. */
  readonly scopes: ReadonlyArray<string>
  /** For whom the token is within a Federated Managed Identity, such as an agent's path; cached apart from others. */
  readonly fmiPath?: string | undefined
  /** Another tenant of the application's cloud. */
  readonly authority?: string | undefined
  /** Passes over cached tokens. */
  readonly forceRefresh?: boolean | undefined
  /** Claims challenge, a JSON object as text; passes over cached tokens. */
  readonly claims?: string | undefined
  /** How long a cached token has to be valid still, in seconds; 300 by default. */
  readonly minValidity?: number | undefined
  /** The request that the token is to be bound to, for APIs that want proof of possession. */
  readonly authScheme?: PopScheme | undefined
}

/** Request of `removeTokensForClient`. */
export interface RemoveTokensForClientRequest extends Abortable {
  /** Another tenant of the application's cloud. */
  readonly authority?: string | undefined
}

/** Request of `getAccounts`. */
export interface AccountsRequest extends Abortable {
  /** Sign-in name, in any letter case; every account by default. */
  readonly username?: string | undefined
}

/** Request of `getAccount`. */
export interface AccountRequest extends Abortable {
  readonly homeAccountId: string
}

/** Request of `removeAccount`. */
export interface RemoveAccountRequest extends Abortable {
  readonly account: Account
}

/** Request of `importTokenCache`. */
export interface ImportTokenCacheRequest extends Abortable {
  /** A token cache as MSAL serializes it, or as `exportTokenCache` returned it. */
  readonly json: string
}

/** Request of `exportTokenCache`. */
export interface ExportTokenCacheRequest extends Abortable {}
