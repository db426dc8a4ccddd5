/**
 * Tokens in an encrypted file, whose key is in the keychain of the operating system.
 */
import { InvalidConfiguration } from "@grantwork/core/AuthError"
import * as Crypto from "@grantwork/core/Crypto"
import { TokenCache } from "@grantwork/core/TokenCache"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as FileTokenCache from "./FileTokenCache.js"
import * as Keychain from "./Keychain.js"
import * as KeychainKey from "./KeychainKey.js"
import * as KeychainSealing from "./KeychainSealing.js"

/** @category models */
export interface Options extends FileTokenCache.Options {
  /** What the keychain files the key under; `grantwork` by default. */
  readonly service?: string | undefined
  /**
   * What happens where there is no keychain: calls fail by default; `plain_file` keeps tokens unencrypted, in a file for
   * its owner only, and logs a warning.
   */
  readonly whenUnavailable?: KeychainSealing.WhenUnavailable | undefined
}

/**
 * Keeps tokens in a file as `FileTokenCache` does, encrypted by AES-256-GCM. The key is asked for at first use, and made
 * when something is first written. An unencrypted cache is read as it is, and encrypted with the next change.
 *
 * @category layers
 */
export const layer = (options: Options): Layer.Layer<TokenCache, InvalidConfiguration, Crypto.Crypto> =>
  Layer.provide(layerFromKeychain(options), Keychain.layer)

/**
 * The same with any keychain.
 *
 * @category layers
 */
export const layerFromKeychain = (
  { service = "grantwork", whenUnavailable = "fail", ...options }: Options
): Layer.Layer<TokenCache, InvalidConfiguration, Crypto.Crypto | Keychain.Keychain> =>
  Layer.effect(
    TokenCache,
    Effect.gen(function*() {
      const settings = yield* FileTokenCache.settings(options)
      yield* check({ service, whenUnavailable })
      const crypto = yield* Crypto.Crypto
      const keychain = yield* Keychain.Keychain
      const key = KeychainKey.make({ ...settings, service, crypto, keychain })
      return FileTokenCache.make(
        settings,
        KeychainSealing.make({ path: settings.path, service, whenUnavailable, crypto, key })
      )
    })
  )

const check = (
  { service, whenUnavailable }: { readonly service: unknown; readonly whenUnavailable: unknown }
): Either.Either<void, InvalidConfiguration> => {
  if (typeof service !== "string" || service === "" || service.includes("\0") || !service.isWellFormed()) {
    return wrong("service", "service has to be a non-empty text.")
  }
  return whenUnavailable === "fail" || whenUnavailable === "plain_file"
    ? Either.void
    : wrong("whenUnavailable", "whenUnavailable has to be \"fail\" or \"plain_file\".")
}

const wrong = (option: string, message: string) => Either.left(new InvalidConfiguration({ option, message }))
