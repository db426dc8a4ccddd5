/**
 * The whole stack in one layer.
 */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import type * as HttpClient from "@effect/platform/HttpClient"
import type * as ConfigError from "effect/ConfigError"
import * as Layer from "effect/Layer"
import type { InvalidAuthority, InvalidConfiguration } from "./AuthError.js"
import * as ClientApplication from "./services/ClientApplication.js"
import * as Crypto from "./services/Crypto.js"
import * as TokenCache from "./services/TokenCache.js"

/**
 * Everything a grant asks for.
 *
 * @category models
 */
export type Services =
  | ClientApplication.ClientApplication
  | HttpClient.HttpClient
  | TokenCache.TokenCache
  | Crypto.Crypto

// Provided to the application, so that it closes first: a refresh under way still needs them.
const defaults = Layer.mergeAll(FetchHttpClient.layer, TokenCache.layerMemory, Crypto.layer)

/**
 * The application over `fetch`, Web Crypto and a cache in memory. To change one of these, merge the four layers yourself.
 *
 * @category layers
 */
export const layer = (
  options: ClientApplication.Options
): Layer.Layer<Services, InvalidConfiguration | InvalidAuthority> =>
  Layer.provideMerge(ClientApplication.layer(options), defaults)

/**
 * The same from the environment: `AZURE_CLIENT_ID`, `AZURE_TENANT_ID`, `AZURE_AUTHORITY_HOST`, `AZURE_CLIENT_SECRET`.
 *
 * @category layers
 */
export const layerConfig: Layer.Layer<
  Services,
  InvalidConfiguration | InvalidAuthority | ConfigError.ConfigError
> = Layer.provideMerge(ClientApplication.layerConfig(), defaults)
