/**
 * What an application is made from.
 */
import type { FileTokenCacheOptions, MemoryTokenCacheOptions, RedisTokenCacheOptions } from "./TokenCacheOptions.js"

/** What the `fetch` of any platform fits; redirects have to come back unfollowed where `init` says so. */
export type Fetch = (address: string | URL, init?: RequestInit) => Promise<Response>

/** What the `Agent`, `ProxyAgent` and every other dispatcher of undici fit. */
export interface Dispatcher {
  dispatch(options: never, handler: never): boolean
  request(options: never): Promise<unknown>
}

/** JWS algorithms that an ID token can be signed with. */
export type SigningAlgorithm =
  | "RS256"
  | "RS384"
  | "RS512"
  | "PS256"
  | "PS384"
  | "PS512"
  | "ES256"
  | "ES384"
  | "ES512"
  | "EdDSA"
  | "Ed25519"

/** Where an application keeps its tokens. */
export type TokenCacheOptions = MemoryTokenCacheOptions | FileTokenCacheOptions | RedisTokenCacheOptions

/** Options of an application without a secret: a desktop, mobile or browser application, a CLI, a device. */
export interface PublicClientOptions {
  readonly clientId: string
  /** `https://{host}/{tenant}` at Microsoft; `https://login.microsoftonline.com/common` unless there is an issuer. */
  readonly authority?: string | undefined
  /** Exact issuer of any other OpenID Connect provider; instead of an authority. */
  readonly issuer?: string | undefined
  /** Hosts outside Microsoft's clouds that `authority` may name, with their port where it is not 443. */
  readonly knownAuthorities?: ReadonlyArray<string> | undefined
  /** How far this machine's clock may be off, in seconds; 120 by default. */
  readonly clockSkew?: number | undefined
  /** Longest time for one request, from connecting to the last byte, in seconds; 30 by default. */
  readonly requestTimeout?: number | undefined
  /** Longest body read, in bytes after decompression; 1 MiB by default. */
  readonly maximumResponseSize?: number | undefined
  /** Signature algorithms accepted in ID tokens; every asymmetric one by default. */
  readonly idTokenSigningAlgorithms?: ReadonlyArray<SigningAlgorithm> | undefined
  /** Lets an authority on loopback speak http. For development only. */
  readonly allowInsecureLoopback?: boolean | undefined
  /** Where tokens are kept; in memory, without bounds, by default. */
  readonly tokenCache?: TokenCacheOptions | undefined
  /** Sends the requests, on any platform. */
  readonly fetch?: Fetch | undefined
  /** Sends the requests on Node, by way of a proxy or with certificates of your own; stays open after `dispose`. */
  readonly dispatcher?: Dispatcher | undefined
}

/** What a confidential application proves itself with. */
export interface Credential {
  readonly clientSecret: string
  /** How the client is registered to send its secret; what the provider announces by default. */
  readonly clientAuthenticationMethod?: "client_secret_basic" | "client_secret_post" | undefined
}

/** Options of an application that keeps a secret: a web application or an API. */
export interface ConfidentialClientOptions extends PublicClientOptions, Credential {}
