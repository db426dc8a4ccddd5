/**
 * The private key a client signs with, as OpenSSL and others write it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5958
 */
import * as Data from "effect/Data"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Der from "./Der.js"
import * as EncryptedKey from "./EncryptedKey.js"
import * as Pem from "./Pem.js"
import * as PublicKey from "./PublicKey.js"

/** @category models */
export interface OpenKey {
  /** In DER. */
  readonly pkcs8: Redacted.Redacted<Uint8Array>
  readonly publicKey: PublicKey.PublicKey
}

/** @category models */
export type PrivateKey = Data.TaggedEnum<{
  Open: OpenKey
  Encrypted: { readonly encrypted: EncryptedKey.EncryptedKey }
}>

const { $match, Encrypted, Open } = Data.taggedEnum<PrivateKey>()

/** @category destructors */
export const match = $match

/**
 * Why a text is no private key to sign with.
 *
 * - `malformed`: it has no private key, more than one, or a broken one
 * - `unsupported`: neither of RSA's nor of a curve known here
 * - `weak`: of RSA's, with fewer than 2048 bits
 * - `encryption`: encrypted in a way not known here
 *
 * @category models
 */
export type Refusal = "malformed" | "unsupported" | "weak" | "encryption"

/**
 * The one private key of a text in PEM: PKCS#8, encrypted or not, PKCS#1 or SEC 1. Other blocks are passed over.
 *
 * @category decoders
 */
export const parse = (text: string): Either.Either<PrivateKey, Refusal> => {
  const blocks = Option.getOrElse(Pem.parse(text), () => [])
  const [block, ...more] = blocks.filter(({ label }) => label.endsWith("PRIVATE KEY"))
  if (block === undefined || more.length > 0) {
    return Either.left("malformed")
  }
  if (block.isEncrypted) {
    return Either.left("encryption")
  }
  switch (block.label) {
    case "PRIVATE KEY":
      return Either.map(decode(block.bytes), Open)
    case "RSA PRIVATE KEY":
      return Either.map(decode(inPkcs8(PublicKey.objectIdentifiers.RSA, Der.encode(Der.tags.null), block.bytes)), Open)
    case "EC PRIVATE KEY":
      return Either.flatMap(
        parameters(block.bytes),
        (curve) => Either.map(decode(inPkcs8(PublicKey.objectIdentifiers.EC, curve, block.bytes)), Open)
      )
    case "ENCRYPTED PRIVATE KEY":
      return Either.map(EncryptedKey.decode(block.bytes), (encrypted) => Encrypted({ encrypted }))
    default:
      return Either.left("unsupported")
  }
}

/**
 * Reads PKCS#8 in DER.
 *
 * @category decoders
 */
export const decode = (pkcs8: Uint8Array): Either.Either<OpenKey, Refusal> =>
  Either.gen(function*() {
    const { algorithm, key } = yield* Either.fromOption(partsOf(pkcs8), () => "malformed" as const)
    const publicKey = yield* publicKeyOf(algorithm, key)
    return PublicKey.isStrong(publicKey)
      ? { pkcs8: Redacted.make(pkcs8), publicKey }
      : yield* Either.left("weak" as const)
  })

const partsOf = (pkcs8: Uint8Array) =>
  Option.gen(function*() {
    const fields = yield* Der.sequence(pkcs8)
    return {
      algorithm: yield* Der.elements((yield* Der.at(fields, 1, Der.tags.sequence)).content),
      key: yield* Der.sequence((yield* Der.at(fields, 2, Der.tags.octetString)).content).pipe(
        Option.orElseSome((): ReadonlyArray<Der.Element> => [])
      )
    }
  })

const publicKeyOf = (
  algorithm: ReadonlyArray<Der.Element>,
  key: ReadonlyArray<Der.Element>
): Either.Either<PublicKey.PublicKey, Refusal> => {
  const identifier = Option.map(Der.at(algorithm, 0, Der.tags.objectIdentifier), Der.objectIdentifier)
  switch (Option.getOrUndefined(identifier)) {
    case PublicKey.objectIdentifiers.RSA:
      return Option.zipWith(
        Der.at(key, 1, Der.tags.integer),
        Der.at(key, 2, Der.tags.integer),
        PublicKey.fromModulus
      ).pipe(Either.fromOption(() => "malformed"))
    case PublicKey.objectIdentifiers.EC:
      return Option.flatMap(Option.fromNullable(algorithm[1]), PublicKey.curve).pipe(
        Option.map((curve) => PublicKey.fromPoint(curve, pointOf(key))),
        Either.fromOption(() => "unsupported")
      )
    default:
      return Either.left(Option.isSome(identifier) ? "unsupported" : "malformed")
  }
}

/** Empty where the key was written without its public half. */
const pointOf = (key: ReadonlyArray<Der.Element>): Uint8Array =>
  Option.fromNullable(key.find(({ tag }) => tag === Der.tags.context1)).pipe(
    Option.flatMap(({ content }) => Der.elements(content)),
    Option.flatMap((inner) => Der.at(inner, 0, Der.tags.bitString)),
    Option.match({ onNone: () => new Uint8Array(), onSome: ({ content }) => content.subarray(1) })
  )

/** Of a key in SEC 1: the name of its curve. */
const parameters = (sec1: Uint8Array): Either.Either<Uint8Array, Refusal> =>
  Option.flatMap(Der.sequence(sec1), (key) => Option.fromNullable(key.find(({ tag }) => tag === Der.tags.context0)))
    .pipe(
      Option.map(({ content }) => content),
      Either.fromOption(() => "malformed")
    )

const version = Der.encode(Der.tags.integer, Uint8Array.of(0))

const inPkcs8 = (identifier: string, parameters: Uint8Array, key: Uint8Array): Uint8Array =>
  Der.encode(
    Der.tags.sequence,
    version,
    Der.encode(Der.tags.sequence, Der.encodeObjectIdentifier(identifier), parameters),
    Der.encode(Der.tags.octetString, key)
  )
