/**
 * Keys that clients sign with, as callers give them, and their checks: as many as can be made before anything is signed.
 */
import * as Array from "effect/Array"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import { InvalidConfiguration } from "../AuthError.js"
import * as Certificate from "../domain/Certificate.js"
import * as ClientCredential from "../domain/ClientCredential.js"
import { type Checked, refuse, secret } from "../domain/Configuration.js"
import * as PrivateKey from "../domain/PrivateKey.js"
import * as PublicKey from "../domain/PublicKey.js"

/** How the provider finds the key; one of the first three has to be there. */
interface KeyReference {
  /** In PEM. Of several, the client's own comes first. */
  readonly certificate?: string | undefined
  /** SHA-256 or SHA-1 thumbprint of the certificate, in hexadecimal; computed from the certificate by default. */
  readonly thumbprint?: string | undefined
  /** The key's `kid` at the provider. */
  readonly keyId?: string | undefined
  /** By default PS256, or what the key's curve asks for; RS256 at ADFS and with a SHA-1 thumbprint. */
  readonly algorithm?: ClientCredential.SigningAlgorithm | undefined
  /** Sends the certificates along, for a provider that knows their subject and issuer only. */
  readonly sendCertificate?: boolean | undefined
}

/**
 * A certificate and its private key.
 *
 * @category models
 */
export interface ClientCertificate extends KeyReference {
  /** In PEM: PKCS#8, PKCS#1 or SEC 1; PKCS#8 may be encrypted. */
  readonly privateKey: Redacted.Redacted
  /** Of an encrypted private key. */
  readonly passphrase?: Redacted.Redacted | undefined
}

/**
 * A key that signs and is never seen: a vault's, or a hardware module's.
 *
 * @category models
 */
export interface ClientSigner extends KeyReference {
  readonly sign: ClientCredential.Sign
}

/** @category models */
export interface Circumstances {
  /** Claims of the caller's own. */
  readonly claims: Readonly<Record<string, unknown>>
  /** What keys of RSA sign with unless the caller chooses. */
  readonly rsaAlgorithm: "PS256" | "RS256"
}

/**
 * A certificate's key. An encrypted one is opened when it is needed first.
 *
 * @category constructors
 */
export const certificate = (
  given: ClientCertificate,
  circumstances: Circumstances
): Checked<ClientCredential.ClientCredential> =>
  Either.gen(function*() {
    const { algorithms, statement } = yield* referenceOf("clientCertificate", given, circumstances)
    const pem = Redacted.value(yield* secret("clientCertificate.privateKey", given.privateKey))
    const privateKey = yield* Either.mapLeft(PrivateKey.parse(pem), refusedKey)
    const passphrase = given.passphrase === undefined
      ? Option.none()
      : Option.some(yield* secret("clientCertificate.passphrase", given.passphrase))
    if (privateKey._tag === "Encrypted" && Option.isNone(passphrase)) {
      return yield* refuse("clientCertificate.passphrase", "clientCertificate.passphrase is missing: the key needs it.")
    }
    const credential = { statement, privateKey, passphrase, algorithms }
    if (privateKey._tag === "Open") {
      yield* algorithmFor(privateKey, credential)
    }
    return ClientCredential.Certificate(credential)
  })

/**
 * The algorithm that an opened key signs with; refuses a key that is not the certificate's.
 *
 * @category getters
 */
export const algorithmFor = (
  { publicKey }: PrivateKey.OpenKey,
  { algorithms, statement }: Pick<ClientCredential.Certificate, "algorithms" | "statement">
): Checked<ClientCredential.SigningAlgorithm> =>
  Option.exists(ClientCredential.publicKey(statement), (certified) => !PublicKey.areEqual(certified, publicKey))
    ? refuse(
      "clientCertificate.privateKey",
      "clientCertificate.privateKey is not the key of the certificate, or of the first one where there are several."
    )
    : fitting("clientCertificate", publicKey, algorithms)

/**
 * Why a private key is refused, without a word of it.
 *
 * @category constructors
 */
export const refusedKey = (refusal: PrivateKey.Refusal): InvalidConfiguration =>
  new InvalidConfiguration({
    option: "clientCertificate.privateKey",
    message: `clientCertificate.privateKey ${keyMessages[refusal]}`
  })

const keyMessages: Readonly<Record<PrivateKey.Refusal, string>> = {
  malformed: "has to be one private key in PEM, from its BEGIN line to its END line.",
  unsupported: "is of a kind that cannot be used. Take a key of RSA, or of the curve P-256, P-384 or P-521.",
  weak: "is too short. Take an RSA key of 2048 bits or more.",
  encryption: "is encrypted in a way that cannot be read. Write it anew:"
    + " openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.pem -out new.pem"
}

/**
 * A key that another signs with.
 *
 * @category constructors
 */
export const signer = (
  given: ClientSigner,
  circumstances: Circumstances
): Checked<ClientCredential.ClientCredential> =>
  Either.gen(function*() {
    const { algorithms, statement } = yield* referenceOf("clientSigner", given, circumstances)
    if (!Predicate.isFunction(given.sign)) {
      return yield* refuse("clientSigner.sign", "clientSigner.sign has to be a function of bytes and an algorithm.")
    }
    const algorithm = Option.match(ClientCredential.publicKey(statement), {
      onNone: () => Either.right(algorithms[0]),
      onSome: (key) => fitting("clientSigner", key, algorithms)
    })
    return ClientCredential.Signer({ statement, algorithm: yield* algorithm, sign: given.sign })
  })

const fitting = (
  option: string,
  key: PublicKey.PublicKey,
  algorithms: ReadonlyArray<ClientCredential.SigningAlgorithm>
): Checked<ClientCredential.SigningAlgorithm> =>
  Either.fromOption(Array.findFirst(algorithms, ClientCredential.fits(key)), () =>
    new InvalidConfiguration({
      option: `${option}.algorithm`,
      message: `${option}.algorithm does not go with the key, which is ${
        key.kty === "RSA" ? "one of RSA" : `of the curve ${key.crv}`
      }. Leave it out to have the one that does.`
    }))

const referenceOf = (
  option: "clientCertificate" | "clientSigner",
  given: ClientCertificate | ClientSigner,
  { claims, rsaAlgorithm }: Circumstances
) =>
  Either.gen(function*() {
    if (!Predicate.isRecord(given)) {
      return yield* refuse(option, `${option} has to be an object.`)
    }
    const certificates = yield* certificatesOf(`${option}.certificate`, given.certificate)
    const thumbprint = yield* thumbprintOf(`${option}.thumbprint`, given.thumbprint)
    const keyId = yield* keyIdOf(`${option}.keyId`, given.keyId)
    if (certificates.length === 0 && Option.isNone(thumbprint) && Option.isNone(keyId)) {
      return yield* refuse(option, `${option} has to have a certificate, its thumbprint, or a keyId.`)
    }
    if (given.sendCertificate === true && certificates.length === 0) {
      return yield* refuse(`${option}.sendCertificate`, `${option}.sendCertificate needs the certificate.`)
    }
    const sendsCertificates = given.sendCertificate === true
    return {
      algorithms: yield* algorithmsOf(`${option}.algorithm`, given.algorithm, thumbprint, rsaAlgorithm),
      statement: { certificates, thumbprint, keyId, sendsCertificates, claims }
    }
  })

const certificateMessages = {
  private_key: "holds a private key, which is to be sent to nobody. Pass it as privateKey.",
  malformed: "has to be a certificate in PEM, or several, from BEGIN CERTIFICATE to END CERTIFICATE.",
  unsupported: "is for a key of a kind that cannot be used. Take one of RSA, or of the curve P-256, P-384 or P-521."
}

const certificatesOf = (option: string, given: string | undefined): Checked<ReadonlyArray<Uint8Array>> => {
  if (given === undefined) {
    return Either.right([])
  }
  return (Predicate.isString(given) ? Certificate.parse(given) : Either.left("malformed" as const)).pipe(
    Either.filterOrLeft(
      ([first]) => Option.isSome(Certificate.publicKey(first)),
      () => "unsupported" as const
    ),
    Either.orElse((refusal) => refuse(option, `${option} ${certificateMessages[refusal]}`))
  )
}

const thumbprintOf = (option: string, given: string | undefined): Checked<Option.Option<string>> => {
  if (given === undefined) {
    return Either.right(Option.none())
  }
  const digits = Predicate.isString(given) ? given.replace(/[:\s]/g, "").toLowerCase() : ""
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(digits)
    ? Either.right(Option.some(digits))
    : refuse(option, `${option} has to be a SHA-256 or SHA-1 thumbprint: 64 or 40 hexadecimal digits.`)
}

const keyIdOf = (option: string, given: string | undefined): Checked<Option.Option<string>> =>
  given === undefined || (Predicate.isString(given) && given !== "")
    ? Either.right(Option.fromNullable(given))
    : refuse(option, `${option} has to be a non-empty text.`)

const algorithmsOf = (
  option: string,
  asked: ClientCredential.SigningAlgorithm | undefined,
  thumbprint: Option.Option<string>,
  rsaAlgorithm: "PS256" | "RS256"
): Checked<Array.NonEmptyReadonlyArray<ClientCredential.SigningAlgorithm>> => {
  if (asked === undefined) {
    const ofRsa = Option.exists(thumbprint, ClientCredential.isSha1) ? "RS256" : rsaAlgorithm
    return Either.right([ofRsa, "ES256", "ES384", "ES512"])
  }
  return ClientCredential.signingAlgorithms.includes(asked)
    ? Either.right([asked])
    : refuse(option, `${option} has to be one of ${ClientCredential.signingAlgorithms.join(", ")}.`)
}
