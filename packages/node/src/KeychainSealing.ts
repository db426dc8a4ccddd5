/**
 * A cache file's JSON, encrypted with the key that the keychain has for it.
 */
import { CacheUnavailable } from "@grantwork/core/AuthError"
import type * as Crypto from "@grantwork/core/Crypto"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { open } from "node:fs/promises"
import type { Sealing } from "./CacheFile.js"
import type * as Keychain from "./Keychain.js"
import type * as KeychainKey from "./KeychainKey.js"
import * as SealedText from "./SealedText.js"
import * as SystemFailure from "./SystemFailure.js"

/** @category models */
export type WhenUnavailable = "fail" | "plain_file"

/** @category models */
export interface Options {
  /** Of the cache file. */
  readonly path: string
  readonly service: string
  readonly whenUnavailable: WhenUnavailable
  readonly crypto: Crypto.Service
  readonly key: KeychainKey.KeychainKey
}

/**
 * Never replaces what is encrypted with a key that the keychain does not have.
 *
 * @category constructors
 */
export const make = ({ crypto, key, path, service, whenUnavailable }: Options): Sealing => {
  let isWarned = false

  const unlessOutOfReach = <A>(
    operation: CacheUnavailable["operation"],
    isSealed: boolean,
    effect: Effect.Effect<A, KeychainKey.Failure>
  ): Effect.Effect<A, CacheUnavailable> =>
    Effect.mapError(effect, (failure) =>
      failure._tag === "CacheUnavailable" ? failure : new CacheUnavailable({
        operation,
        message: `${outOfReach(path, isSealed, failure.message)} ${waysOut(isSealed)}`
      }))

  /** Of the very name: what another key has encrypted is out of reach. */
  const keyOf = (id: string) =>
    Effect.flatMap(key.find(Option.some(id)), (found) =>
      Option.match(Option.filter(found, (key) => key.id === id), {
        onNone: () => Effect.fail(keyLost(path, service, Option.isSome(found))),
        onSome: Effect.succeed
      }))

  const encrypt = (json: string, key: Crypto.EncryptionKey) => crypto.encrypt(new TextEncoder().encode(json), key)

  const decrypt = (text: string, key: Crypto.EncryptionKey) =>
    Effect.option(Effect.map(crypto.decrypt(text, [key]), (bytes) => new TextDecoder().decode(bytes)))

  const warn = ({ message }: Keychain.KeychainUnavailable) =>
    Effect.suspend(() => {
      if (isWarned) {
        return Effect.void
      }
      isWarned = true
      return Effect.logWarning(`${outOfReach(path, false, message)} Tokens are kept in it unencrypted.`)
    })

  const sealNew = (json: string) => {
    const sealed = Effect.flatMap(key.findOrCreate, (key) => encrypt(json, key))
    return whenUnavailable === "fail"
      ? unlessOutOfReach("modify", false, sealed)
      : Effect.catchTag(sealed, "KeychainUnavailable", (failure) => Effect.as(warn(failure), json))
  }

  return {
    open: (text) =>
      Option.match(SealedText.keyId(text), {
        onNone: () => Effect.succeedSome(text),
        onSome: (id) => unlessOutOfReach("read", true, Effect.flatMap(keyOf(id), (key) => decrypt(text, key)))
      }),
    seal: (json) =>
      Effect.flatMap(
        SystemFailure.attempt("modify", `The token cache ${path} cannot be read`, () => headOf(path)),
        (head) =>
          Option.match(SealedText.keyId(head), {
            onNone: () => sealNew(json),
            onSome: (id) => unlessOutOfReach("modify", true, Effect.flatMap(keyOf(id), (key) => encrypt(json, key)))
          })
      )
  }
}

/** Empty where there is no file. */
const headOf = async (path: string): Promise<string> => {
  try {
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(SealedText.headLength))
      return buffer.toString("latin1", 0, bytesRead)
    } finally {
      await file.close()
    }
  } catch (error) {
    if (SystemFailure.codeOf(error) === "ENOENT") {
      return ""
    }
    throw error
  }
}

const outOfReach = (path: string, isSealed: boolean, cause: string): string =>
  isSealed
    ? `The token cache ${path} is encrypted, and its key is out of reach: ${cause}.`
    : `The token cache ${path} cannot be encrypted: ${cause}.`

const waysOut = (isSealed: boolean): string =>
  isSealed
    ? "An encrypted file is never replaced by an unencrypted one: install @napi-rs/keyring and run a keyring service,"
      + " unlocked, or remove the file to sign in again."
    : "Install @napi-rs/keyring and run a keyring service, unlocked, or choose whenUnavailable: \"plain_file\"."

const keyLost = (path: string, service: string, hasAnother: boolean): CacheUnavailable =>
  new CacheUnavailable({
    operation: "read",
    message:
      `The token cache ${path} is encrypted, and the keychain has ${hasAnother ? "another key" : "no key"} for it`
      + ` (service "${service}"). The file is left as it is: bring the key back, or remove the file to sign in again.`
  })
