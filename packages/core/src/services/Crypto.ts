/**
 * Randomness, digests, signatures and encryption.
 */
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Jose from "jose"
import type { SigningAlgorithm } from "../domain/ClientCredential.js"
import type { EncryptedKey } from "../domain/EncryptedKey.js"
import type { JsonWebKey, JsonWebKeySet } from "../protocol/JsonWebKeySet.js"

/**
 * A compact JWS that does not hold.
 *
 * @category errors
 */
export class SignatureRejected extends Data.TaggedError("SignatureRejected")<{
  readonly reason: "malformed" | "algorithm" | "unknown_key" | "signature"
}> {}

/**
 * A text that no given key decrypts, or that was changed since.
 *
 * @category errors
 */
export class DecryptionFailed extends Data.TaggedError("DecryptionFailed")<{
  readonly reason: "malformed" | "unknown_key" | "tampered"
}> {}

/**
 * A private key that does not serve its algorithm.
 *
 * @category errors
 */
export class KeyRejected extends Data.TaggedError("KeyRejected") {}

/**
 * A key to encrypt with by AES-256-GCM: 32 secret bytes, and the name by which they are found again.
 *
 * @category models
 */
export interface EncryptionKey {
  readonly id: string
  readonly secret: Redacted.Redacted<Uint8Array>
}

/**
 * Whether it is a name and 32 bytes. Options that name another one are refused by whoever takes them; to encrypt or
 * decrypt with one is a defect.
 *
 * @category predicates
 */
export const isEncryptionKey = (key: unknown): key is EncryptionKey => {
  if (!Predicate.isRecord(key) || typeof key["id"] !== "string" || key["id"] === "") {
    return false
  }
  const secret = Redacted.isRedacted(key["secret"]) ? Redacted.value(key["secret"]) : undefined
  return Predicate.isUint8Array(secret) && secret.length === 32
}

const usable = <A, E>(keys: ReadonlyArray<EncryptionKey>, use: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  keys.every(isEncryptionKey)
    ? use
    : Effect.die(new RangeError("An encryption key has to have a name and 32 secret bytes."))

/** @category models */
export interface VerifiedSignature {
  readonly algorithm: string
  readonly keyId: Option.Option<string>
  readonly payload: Uint8Array
}

/**
 * A key pair of RSA whose private half nobody gets.
 *
 * @category models
 */
export interface ProofKey {
  readonly publicKey: JsonWebKey
  /** SHA-256 thumbprint of the public key, in base64url. */
  readonly thumbprint: string
  /** Makes a compact JWS by PS256 that names the key. */
  readonly sign: (payload: Uint8Array, type: string) => Effect.Effect<string>
}

/** @category models */
export interface Service {
  readonly randomBytes: (size: number) => Effect.Effect<Uint8Array>
  readonly digest: (
    algorithm: "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512",
    bytes: Uint8Array
  ) => Effect.Effect<Uint8Array>
  /** Makes a compact JWS with a private key. */
  readonly sign: (
    payload: Uint8Array,
    header: { readonly alg: string; readonly kid?: string },
    privateKey: JsonWebKey
  ) => Effect.Effect<string>
  /** Imports a private key, PKCS#8 in DER: what comes back signs bytes with it, and gives it to nobody. */
  readonly signer: (
    pkcs8: Redacted.Redacted<Uint8Array>,
    algorithm: SigningAlgorithm
  ) => Effect.Effect<(bytes: Uint8Array) => Effect.Effect<Uint8Array>, KeyRejected>
  /** Makes a key of 2048 bits. */
  readonly generateProofKey: Effect.Effect<ProofKey>
  /** Decrypts a private key, which is PKCS#8 in DER again unless the passphrase is wrong. */
  readonly decryptKey: (
    key: EncryptedKey,
    passphrase: Redacted.Redacted
  ) => Effect.Effect<Redacted.Redacted<Uint8Array>, DecryptionFailed>
  /** Verifies a compact JWS by the one of these keys that fits its header; keys in the header are never followed. */
  readonly verify: (
    jws: string,
    keys: JsonWebKeySet,
    algorithms: ReadonlyArray<string>
  ) => Effect.Effect<VerifiedSignature, SignatureRejected>
  /** Makes a compact JWE: `dir` with `A256GCM`, under a fresh initialization vector. */
  readonly encrypt: (plaintext: Uint8Array, key: EncryptionKey) => Effect.Effect<string>
  /** Decrypts a compact JWE by the one of these keys that its header names. */
  readonly decrypt: (
    jwe: string,
    keys: ReadonlyArray<EncryptionKey>
  ) => Effect.Effect<Uint8Array, DecryptionFailed>
}

/** @category services */
export class Crypto extends Context.Tag("@grantwork/core/Crypto")<Crypto, Service>() {}

const localKeySets = new WeakMap<JsonWebKeySet, ReturnType<typeof Jose.createLocalJWKSet>>()

/** One for each key set, for it keeps the keys it has imported. */
const localKeySet = (keys: JsonWebKeySet) => {
  const known = localKeySets.get(keys) ?? Jose.createLocalJWKSet({ keys: keys.keys.map((key) => ({ ...key })) })
  localKeySets.set(keys, known)
  return known
}

const verify = async (
  jws: string,
  keys: JsonWebKeySet,
  algorithms: ReadonlyArray<string>
): Promise<VerifiedSignature> => {
  const options = { algorithms: [...algorithms] }
  const keySet = localKeySet(keys)
  const verified = await Jose.compactVerify(jws, keySet, options).catch(async (error: unknown) => {
    if (!(error instanceof Jose.errors.JWKSMultipleMatchingKeys)) {
      throw error
    }
    for await (const key of error) {
      const attempt = await Jose.compactVerify(jws, key, options).catch(() => undefined)
      if (attempt !== undefined) {
        return attempt
      }
    }
    throw new Jose.errors.JWSSignatureVerificationFailed()
  })
  const { alg, kid } = verified.protectedHeader
  return { algorithm: alg, keyId: Option.fromNullable(kid), payload: verified.payload }
}

const decrypt = async (jwe: string, keys: ReadonlyArray<EncryptionKey>): Promise<Uint8Array> => {
  const keyOf = ({ kid }: Jose.CompactJWEHeaderParameters) => {
    const found = keys.find(({ id }) => id === kid)
    if (found === undefined) {
      throw new DecryptionFailed({ reason: "unknown_key" })
    }
    return Redacted.value(found.secret)
  }
  const { plaintext } = await Jose.compactDecrypt(jwe, keyOf, {
    keyManagementAlgorithms: ["dir"],
    contentEncryptionAlgorithms: ["A256GCM"]
  })
  return plaintext
}

const signatures = {
  PS256: { name: "RSA-PSS", hash: "SHA-256", saltLength: 32 },
  RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  ES256: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
  ES384: { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" },
  ES512: { name: "ECDSA", namedCurve: "P-521", hash: "SHA-512" }
} as const

const signer = async (pkcs8: Redacted.Redacted<Uint8Array>, algorithm: SigningAlgorithm) => {
  const { subtle } = globalThis.crypto
  const parameters = signatures[algorithm]
  const key = await subtle.importKey("pkcs8", new Uint8Array(Redacted.value(pkcs8)), parameters, false, ["sign"])
  return (bytes: Uint8Array) =>
    Effect.map(
      Effect.promise(() => subtle.sign(parameters, key, new Uint8Array(bytes))),
      (signature) => new Uint8Array(signature)
    )
}

const generateProofKey = async (): Promise<ProofKey> => {
  const { privateKey, publicKey } = await Jose.generateKeyPair("PS256", { modulusLength: 2048 })
  const { e = "", n = "" } = await Jose.exportJWK(publicKey)
  const jwk = { kty: "RSA", n, e }
  const thumbprint = await Jose.calculateJwkThumbprint(jwk)
  return {
    publicKey: jwk,
    thumbprint,
    sign: (payload, typ) =>
      Effect.promise(() =>
        new Jose.CompactSign(payload).setProtectedHeader({ alg: "PS256", kid: thumbprint, typ }).sign(privateKey)
      )
  }
}

const decryptKey = async (
  { ciphertext, hash, initializationVector, iterations, keyLength, salt }: EncryptedKey,
  passphrase: Redacted.Redacted
) => {
  const { subtle } = globalThis.crypto
  const secret = new TextEncoder().encode(Redacted.value(passphrase))
  const key = await subtle.deriveKey(
    { name: "PBKDF2", hash, salt: new Uint8Array(salt), iterations },
    await subtle.importKey("raw", secret, "PBKDF2", false, ["deriveKey"]),
    { name: "AES-CBC", length: keyLength },
    false,
    ["decrypt"]
  )
  const iv = new Uint8Array(initializationVector)
  const plaintext = await subtle.decrypt({ name: "AES-CBC", iv }, key, new Uint8Array(ciphertext))
  return Redacted.make(new Uint8Array(plaintext))
}

const decryptionFailure = (error: unknown): DecryptionFailed => {
  if (error instanceof DecryptionFailed) {
    return error
  }
  return new DecryptionFailed({ reason: error instanceof Jose.errors.JWEDecryptionFailed ? "tampered" : "malformed" })
}

const reasonOf = (error: unknown): SignatureRejected["reason"] => {
  if (error instanceof Jose.errors.JWKSNoMatchingKey) {
    return "unknown_key"
  }
  if (error instanceof Jose.errors.JWSSignatureVerificationFailed) {
    return "signature"
  }
  return error instanceof Jose.errors.JOSEAlgNotAllowed ? "algorithm" : "malformed"
}

/**
 * Web Crypto and jose.
 *
 * @category layers
 */
export const layer: Layer.Layer<Crypto> = Layer.succeed(Crypto, {
  randomBytes: (size) => Effect.sync(() => globalThis.crypto.getRandomValues(new Uint8Array(size))),
  digest: (algorithm, bytes) =>
    Effect.map(
      Effect.promise(() => globalThis.crypto.subtle.digest(algorithm, new Uint8Array(bytes))),
      (digest) => new Uint8Array(digest)
    ),
  sign: (payload, header, privateKey) =>
    Effect.promise(async () =>
      new Jose.CompactSign(payload)
        .setProtectedHeader(header)
        .sign(await Jose.importJWK({ ...privateKey }, header.alg))
    ),
  signer: (pkcs8, algorithm) =>
    Effect.tryPromise({ try: () => signer(pkcs8, algorithm), catch: () => new KeyRejected() }),
  generateProofKey: Effect.promise(generateProofKey),
  decryptKey: (key, passphrase) =>
    Effect.tryPromise({
      try: () => decryptKey(key, passphrase),
      catch: () => new DecryptionFailed({ reason: "tampered" })
    }),
  verify: (jws, keys, algorithms) =>
    Effect.tryPromise({
      try: () => verify(jws, keys, algorithms),
      catch: (error) => new SignatureRejected({ reason: reasonOf(error) })
    }),
  encrypt: (plaintext, key) =>
    usable(
      [key],
      Effect.promise(() =>
        new Jose.CompactEncrypt(plaintext)
          .setProtectedHeader({ alg: "dir", enc: "A256GCM", kid: key.id })
          .encrypt(Redacted.value(key.secret))
      )
    ),
  decrypt: (jwe, keys) => usable(keys, Effect.tryPromise({ try: () => decrypt(jwe, keys), catch: decryptionFailure }))
})
