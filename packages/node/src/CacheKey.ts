/**
 * The key of one cache file, as its entry in the keychain holds it: `{id}.{secret}`, both in base64url.
 */
import type * as Crypto from "@grantwork/core/Crypto"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Encoding from "effect/Encoding"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"

const idSize = 8
const secretSize = 32

/**
 * A new key, and under a new name.
 *
 * @category constructors
 */
export const generate = (crypto: Crypto.Service): Effect.Effect<Crypto.EncryptionKey> =>
  Effect.zipWith(crypto.randomBytes(idSize), crypto.randomBytes(secretSize), (id, secret) => ({
    id: Encoding.encodeBase64Url(id),
    secret: Redacted.make(secret)
  }))

/** @category encoders */
export const stringify = ({ id, secret }: Crypto.EncryptionKey): Redacted.Redacted =>
  Redacted.make(`${id}.${Encoding.encodeBase64Url(Redacted.value(secret))}`)

/**
 * None where the text is something else.
 *
 * @category decoders
 */
export const parse = (text: Redacted.Redacted): Option.Option<Crypto.EncryptionKey> => {
  const [, id, encoded] = /^([\w-]+)\.([\w-]+)$/.exec(Redacted.value(text)) ?? []
  return id === undefined || encoded === undefined ? Option.none() : Encoding.decodeBase64Url(encoded).pipe(
    Either.getRight,
    Option.filter(({ length }) => length === secretSize),
    Option.map((secret) => ({ id, secret: Redacted.make(secret) }))
  )
}
