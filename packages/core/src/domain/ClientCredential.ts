/**
 * What a confidential client proves itself with.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3
 * @see https://www.rfc-editor.org/rfc/rfc7521#section-4.2
 */
import type * as Array from "effect/Array"
import * as Data from "effect/Data"
import type * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as X509 from "./Certificate.js"
import type { PrivateKey } from "./PrivateKey.js"
import type { Curve, PublicKey } from "./PublicKey.js"

/**
 * JWS algorithms that an assertion can be signed with.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-3.1
 * @category models
 */
export type SigningAlgorithm = "PS256" | "RS256" | "ES256" | "ES384" | "ES512"

/** @category constants */
export const signingAlgorithms: ReadonlyArray<SigningAlgorithm> = ["PS256", "RS256", "ES256", "ES384", "ES512"]

/**
 * What an assertion says besides its signature: how the provider finds the key, and what the caller adds.
 *
 * @category models
 */
export interface Statement {
  /** In DER, the client's own first, then those that vouch for it. */
  readonly certificates: ReadonlyArray<Uint8Array>
  /** Of the client's certificate, where the caller gave it, in hexadecimal. */
  readonly thumbprint: Option.Option<string>
  readonly keyId: Option.Option<string>
  /** Whether the certificates themselves are sent. */
  readonly sendsCertificates: boolean
  readonly claims: Readonly<Record<string, unknown>>
}

/**
 * What an assertion has to prove, and where.
 *
 * @category models
 */
export interface AssertionRequest {
  readonly clientId: string
  readonly tokenEndpoint: string
}

/**
 * Signs the bytes, digesting them as the algorithm says; ECDSA's two numbers come one after the other.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-3.4
 * @category models
 */
export type Sign = (bytes: Uint8Array, algorithm: SigningAlgorithm) => Effect.Effect<Uint8Array, unknown>

/** @category models */
export type ClientCredential = Data.TaggedEnum<{
  ClientSecret: { readonly secret: Redacted.Redacted }
  Certificate: {
    readonly statement: Statement
    readonly privateKey: PrivateKey
    readonly passphrase: Option.Option<Redacted.Redacted>
    /** Any of these, the best first; which one is up to the kind of the key. */
    readonly algorithms: Array.NonEmptyReadonlyArray<SigningAlgorithm>
  }
  Signer: { readonly statement: Statement; readonly algorithm: SigningAlgorithm; readonly sign: Sign }
  Assertion: {
    readonly ask: (request: AssertionRequest) => Effect.Effect<Redacted.Redacted, unknown>
    /** Whether one serves until it is about to expire. */
    readonly isReused: boolean
  }
}>

/** @category models */
export type Certificate = Data.TaggedEnum.Value<ClientCredential, "Certificate">

/** @category models */
export type Signer = Data.TaggedEnum.Value<ClientCredential, "Signer">

/** @category models */
export type Assertion = Data.TaggedEnum.Value<ClientCredential, "Assertion">

/** @category constructors */
export const { $match: match, Assertion, Certificate, ClientSecret, Signer } = Data.taggedEnum<ClientCredential>()

/**
 * The key that the client's own certificate is for.
 *
 * @category getters
 */
export const publicKey = ({ certificates: [own] }: Statement): Option.Option<PublicKey> =>
  Option.flatMap(Option.fromNullable(own), X509.publicKey)

/**
 * Whether a key of this kind can sign so.
 *
 * @category predicates
 */
export const fits = (key: PublicKey) => (algorithm: SigningAlgorithm): boolean =>
  key.kty === "RSA"
    ? algorithm === "PS256" || algorithm === "RS256"
    : algorithm === algorithmOfCurve[key.crv]

const algorithmOfCurve: Readonly<Record<Curve, SigningAlgorithm>> = {
  "P-256": "ES256",
  "P-384": "ES384",
  "P-521": "ES512"
}

/**
 * Whether a thumbprint in hexadecimal is as short as one of SHA-1.
 *
 * @category predicates
 */
export const isSha1 = (thumbprint: string): boolean => thumbprint.length === 40

/**
 * What must never be seen, in plain, to be masked wherever a provider sends it back: a secret. Assertions are masked as
 * they are sent; keys and passphrases never are.
 *
 * @category destructors
 */
export const secrets = (credential: Option.Option<ClientCredential>): ReadonlyArray<string> =>
  Option.toArray(credential).flatMap((one) => one._tag === "ClientSecret" ? [Redacted.value(one.secret)] : [])
