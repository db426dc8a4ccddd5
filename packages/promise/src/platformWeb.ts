/**
 * What every platform but Node has: `fetch`, and no files.
 */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import type * as HttpClient from "@effect/platform/HttpClient"
import { InvalidConfiguration } from "@grantwork/core/AuthError"
import type * as Crypto from "@grantwork/core/Crypto"
import type * as TokenCache from "@grantwork/core/TokenCache"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
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

/** Refused. */
export const pkcs12 = (
  _file: { readonly path: string; readonly passphrase: Redacted.Redacted | undefined }
): Effect.Effect<{ readonly certificate: string; readonly privateKey: Redacted.Redacted }, InvalidConfiguration> =>
  Effect.fail(
    new InvalidConfiguration({ option: "clientCertificate", message: "Files of PKCS#12 are read on Node only." })
  )
