/**
 * What every platform but Node has: `fetch`, and no files.
 */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import type * as HttpClient from "@effect/platform/HttpClient"
import { InvalidConfiguration } from "@grantwork/core/AuthError"
import type * as Crypto from "@grantwork/core/Crypto"
import type * as TokenCache from "@grantwork/core/TokenCache"
import * as Layer from "effect/Layer"
import type { Dispatcher } from "./Options.js"
import type { FileTokenCacheOptions } from "./TokenCacheOptions.js"

/** `fetch`; a dispatcher is refused. */
export const httpClient = (
  dispatcher: Dispatcher | undefined
): Layer.Layer<HttpClient.HttpClient, InvalidConfiguration> =>
  dispatcher === undefined ? FetchHttpClient.layer : Layer.fail(
    new InvalidConfiguration({
      option: "dispatcher",
      message: "dispatcher is for Node. Pass fetch on other platforms."
    })
  )

/** Refused. */
export const fileTokenCache = (
  _options: FileTokenCacheOptions
): Layer.Layer<TokenCache.TokenCache, InvalidConfiguration, Crypto.Crypto> =>
  Layer.fail(
    new InvalidConfiguration({
      option: "tokenCache",
      message: "tokenCache can be a file on Node only. Pass memory or redis on other platforms."
    })
  )
