/**
 * What Node has: undici, and files.
 */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import type * as HttpClient from "@effect/platform/HttpClient"
import { InvalidConfiguration } from "@grantwork/core/AuthError"
import type * as Crypto from "@grantwork/core/Crypto"
import type * as TokenCache from "@grantwork/core/TokenCache"
import * as FileTokenCache from "@grantwork/node/FileTokenCache"
import * as KeychainTokenCache from "@grantwork/node/KeychainTokenCache"
import * as Pkcs12 from "@grantwork/node/Pkcs12"
import type * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Undici from "undici"
import type { Dispatcher } from "./Options.js"
import { seconds } from "./seconds.js"
import type { FileTokenCacheOptions } from "./TokenCacheOptions.js"

/** The caller's dispatcher, else an agent that lives as long as the layer. */
export const httpClient = (
  dispatcher: Dispatcher | undefined
): Layer.Layer<HttpClient.HttpClient, InvalidConfiguration> => {
  if (dispatcher === undefined) {
    return NodeHttpClient.layerUndici
  }
  return isUndici(dispatcher)
    ? Layer.provide(NodeHttpClient.layerUndiciWithoutDispatcher, Layer.succeed(NodeHttpClient.Dispatcher, dispatcher))
    : Layer.fail(
      new InvalidConfiguration({
        option: "dispatcher",
        message: "dispatcher has to be a dispatcher of the undici package, such as its Agent or ProxyAgent."
      })
    )
}

const isUndici = (dispatcher: Dispatcher): dispatcher is Undici.Dispatcher =>
  typeof dispatcher?.request === "function" && typeof dispatcher.dispatch === "function"

/** A file that MSAL understands, or one that only this application's keychain opens. */
export const fileTokenCache = (
  { file, keychain = false, lockTimeout, refreshTimeout }: FileTokenCacheOptions
): Layer.Layer<TokenCache.TokenCache, InvalidConfiguration, Crypto.Crypto> => {
  const options = { path: file, lockTimeout: seconds(lockTimeout), refreshTimeout: seconds(refreshTimeout) }
  return keychain === false
    ? FileTokenCache.layer(options)
    : KeychainTokenCache.layer({ ...options, ...keychain !== true && keychain })
}

/** A key and its certificates in one file. */
export const pkcs12 = (file: Pkcs12.Options): Effect.Effect<Pkcs12.KeyAndCertificate, InvalidConfiguration> =>
  Pkcs12.read(file)
