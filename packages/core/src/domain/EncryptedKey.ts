/**
 * A private key under a passphrase: PKCS#8 encrypted by PBES2, with PBKDF2 and AES in CBC mode, which is what OpenSSL
 * writes.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8018#section-6.2
 */
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Der from "./Der.js"

/** @category models */
export interface EncryptedKey {
  /** Hash of the HMAC that PBKDF2 repeats. */
  readonly hash: Hash
  readonly salt: Uint8Array
  readonly iterations: number
  /** Bits of the AES key. */
  readonly keyLength: 128 | 192 | 256
  readonly initializationVector: Uint8Array
  readonly ciphertext: Uint8Array
}

type Hash = "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512"

const pbes2 = "1.2.840.113549.1.5.13"
const pbkdf2 = "1.2.840.113549.1.5.12"

const hashes: Readonly<Record<string, Hash>> = {
  "1.2.840.113549.2.7": "SHA-1",
  "1.2.840.113549.2.9": "SHA-256",
  "1.2.840.113549.2.10": "SHA-384",
  "1.2.840.113549.2.11": "SHA-512"
}

const keyLengths: Readonly<Record<string, EncryptedKey["keyLength"]>> = {
  "2.16.840.1.101.3.4.1.2": 128,
  "2.16.840.1.101.3.4.1.22": 192,
  "2.16.840.1.101.3.4.1.42": 256
}

/** What takes longer than a minute to open is no key of a server's. */
const mostIterations = 50_000_000

/**
 * Reads `EncryptedPrivateKeyInfo` in DER.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5958#section-3
 * @category decoders
 */
export const decode = (bytes: Uint8Array): Either.Either<EncryptedKey, "malformed" | "encryption"> => {
  const parts = Option.gen(function*() {
    const fields = yield* Der.sequence(bytes)
    return {
      scheme: yield* algorithmAt(fields, 0),
      ciphertext: (yield* Der.at(fields, 1, Der.tags.octetString)).content
    }
  })
  return Either.flatMap(
    Either.fromOption(parts, () => "malformed" as const),
    ({ ciphertext, scheme }) =>
      Either.fromOption(
        Option.map(schemeOf(scheme), (scheme) => ({ ...scheme, ciphertext })),
        () => "encryption" as const
      )
  )
}

interface Algorithm {
  readonly identifier: string
  readonly parameters: Option.Option<Der.Element>
}

const algorithmAt = (fields: ReadonlyArray<Der.Element>, index: number): Option.Option<Algorithm> =>
  Option.gen(function*() {
    const algorithm = yield* Der.elements((yield* Der.at(fields, index, Der.tags.sequence)).content)
    return {
      identifier: Der.objectIdentifier(yield* Der.at(algorithm, 0, Der.tags.objectIdentifier)),
      parameters: Option.fromNullable(algorithm[1])
    }
  })

const parametersOf = ({ identifier, parameters }: Algorithm, expected: string) =>
  identifier === expected ? Option.flatMap(parameters, ({ bytes }) => Der.sequence(bytes)) : Option.none()

const schemeOf = (scheme: Algorithm): Option.Option<Omit<EncryptedKey, "ciphertext">> =>
  Option.gen(function*() {
    const parts = yield* parametersOf(scheme, pbes2)
    const derivation = yield* parametersOf(yield* algorithmAt(parts, 0), pbkdf2)
    const encryption = yield* algorithmAt(parts, 1)
    const hash = Option.match(algorithmAt(derivation, derivation.length - 1), {
      onNone: () => "SHA-1" as const,
      onSome: ({ identifier }) => hashes[identifier]
    })
    const iterations = yield* Option.flatMap(Der.at(derivation, 1, Der.tags.integer), Der.smallInteger)
    return {
      hash: yield* Option.fromNullable(hash),
      salt: (yield* Der.at(derivation, 0, Der.tags.octetString)).content,
      iterations: yield* Option.liftPredicate(iterations, (count) => count > 0 && count <= mostIterations),
      keyLength: yield* Option.fromNullable(keyLengths[encryption.identifier]),
      initializationVector: (yield* Option.filter(
        encryption.parameters,
        ({ content, tag }) => tag === Der.tags.octetString && content.length === 16
      )).content
    }
  })
