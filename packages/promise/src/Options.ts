/**
 * What an application is made from.
 */
import type { Credential } from "./Credential.js"
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
  /**
   * Whether Microsoft is asked about a host that is neither in its known clouds nor in `knownAuthorities`: at its own service
   * (`true`), at another's address, or not at all, so that the host is refused (`false`, the default).
   */
  readonly instanceDiscovery?: boolean | string | undefined
  /** The authority's metadata, as its openid-configuration has it, so that it need not be asked. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
  /** Tenant ids that may sign in at an authority for several, or a check of one; every one it serves by default. */
  readonly allowedTenants?: ReadonlyArray<string> | ((tenantId: string) => boolean) | undefined
  /** What the application can do, sent with every request: `["cp1"]` at Microsoft for one that meets claims challenges. */
  readonly clientCapabilities?: ReadonlyArray<string> | undefined
  /**
   * What happens to a token that the provider suggests to renew: it is served while a new one is fetched in the background,
   * by default; or the call waits for the new one; or it is served until it is about to expire.
   */
  readonly proactiveRefresh?: "background" | "wait" | "off" | undefined
  /** Whether an expired token serves while the provider is down, for as long as it lets it (`ext_expires_in`); false by default. */
  readonly extendedLifetime?: boolean | undefined
  /** Whether a request is sent once more after a lost connection, a timeout or a 5xx answer, unless it may be used up; true by default. */
  readonly retry?: boolean | undefined
  /** How long the very same request fails again as it did when it was refused, without being sent, in seconds; 0 by default. */
  readonly repeatRefusals?: number | undefined
  /** Whether Microsoft is told which library asks and how earlier calls went; true by default. No other provider is. */
  readonly telemetry?: boolean | undefined
  /** The application's own name, for Microsoft's logs. */
  readonly applicationName?: string | undefined
  /** The application's own version, for Microsoft's logs. */
  readonly applicationVersion?: string | undefined
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

/** Options of an application that proves itself: a web application, an API or a daemon. */
export type ConfidentialClientOptions = PublicClientOptions & Credential
