/**
 * The whole stack from plain options.
 */
import * as Platform from "#platform"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import type * as HttpClient from "@effect/platform/HttpClient"
import { type InvalidAuthority, InvalidConfiguration } from "@grantwork/core/AuthError"
import * as ClientApplication from "@grantwork/core/ClientApplication"
import * as Crypto from "@grantwork/core/Crypto"
import type * as TokenCache from "@grantwork/core/TokenCache"
import * as Layer from "effect/Layer"
import type { Credential } from "./Credential.js"
import { fromCredential } from "./fromCredential.js"
import type { Fetch, PublicClientOptions } from "./Options.js"
import { seconds } from "./seconds.js"
import { tokenCache } from "./tokenCache.js"

/** What the programs ask for. */
export type Services =
  | ClientApplication.ClientApplication
  | HttpClient.HttpClient
  | TokenCache.TokenCache
  | Crypto.Crypto

/** The application closes first: what it still has under way goes on using the rest. */
export const layer = (
  options: PublicClientOptions,
  credential?: Credential
): Layer.Layer<Services, InvalidConfiguration | InvalidAuthority> =>
  ClientApplication.layer({
    clientId: options.clientId,
    authority: options.authority,
    issuer: options.issuer,
    knownAuthorities: options.knownAuthorities,
    instanceDiscovery: options.instanceDiscovery,
    metadata: options.metadata,
    allowedTenants: options.allowedTenants,
    clientCapabilities: options.clientCapabilities,
    ...(credential && fromCredential(credential)),
    proactiveRefresh: options.proactiveRefresh,
    extendedLifetime: options.extendedLifetime,
    retry: options.retry,
    repeatRefusals: seconds(options.repeatRefusals),
    telemetry: options.telemetry,
    applicationName: options.applicationName,
    applicationVersion: options.applicationVersion,
    clockSkew: seconds(options.clockSkew),
    requestTimeout: seconds(options.requestTimeout),
    maximumResponseSize: options.maximumResponseSize,
    idTokenSigningAlgorithms: options.idTokenSigningAlgorithms,
    allowInsecureLoopback: options.allowInsecureLoopback
  }).pipe(Layer.provideMerge(
    // One after the other: where the cache fails, no client is there that would have to be waited for.
    Layer.provideMerge(httpClient(options), Layer.provideMerge(tokenCache(options.tokenCache), Crypto.layer))
  ))

const httpClient = ({ dispatcher, fetch }: PublicClientOptions) => {
  if (fetch === undefined) {
    return Platform.httpClient(dispatcher)
  }
  return dispatcher === undefined
    ? fetchLayer(fetch)
    : Layer.fail(new InvalidConfiguration({ option: "fetch", message: "Pass either fetch or dispatcher, not both." }))
}

const fetchLayer = (fetch: Fetch) =>
  Layer.provide(
    FetchHttpClient.layer,
    Layer.succeed(
      FetchHttpClient.Fetch,
      async (address, init) => {
        const response = await fetch(address instanceof Request ? address.url : address, init)
        return response.redirected ? Response.error() : response
      }
    )
  )
