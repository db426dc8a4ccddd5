/**
 * A client's word, signed, that it is itself.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7523#section-3
 * @see https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication
 */
import * as Either from "effect/Either"
import * as Encoding from "effect/Encoding"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import { isSha1, type SigningAlgorithm, type Statement } from "../domain/ClientCredential.js"
import * as Json from "./Json.js"

/**
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-4.1
 * @category models
 */
export interface Header {
  readonly alg: SigningAlgorithm
  readonly typ: "JWT"
  readonly kid?: string
  readonly x5t?: string
  readonly "x5t#S256"?: string
  readonly x5c?: ReadonlyArray<string>
}

/**
 * Seconds that an assertion is valid for.
 *
 * @category constants
 */
export const lifetime = 600

/**
 * Claims that are made for each assertion, and nobody else's to choose.
 *
 * @category constants
 */
export const ownClaims: ReadonlyArray<string> = ["iss", "sub", "jti", "iat", "nbf", "exp"]

/**
 * Which digest of a certificate names it to the provider: SHA-1 goes with RS256, as in ADFS, unless the caller gave a
 * thumbprint.
 *
 * @category getters
 */
export const thumbprintDigest = (algorithm: SigningAlgorithm, { thumbprint }: Statement): "SHA-1" | "SHA-256" =>
  Option.match(thumbprint, { onNone: () => algorithm === "RS256", onSome: isSha1 }) ? "SHA-1" : "SHA-256"

/**
 * The header, with the certificate's thumbprint if there is one.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials#header
 * @category constructors
 */
export const header = (
  algorithm: SigningAlgorithm,
  statement: Statement,
  thumbprint: Option.Option<Uint8Array>
): Header => ({
  alg: algorithm,
  typ: "JWT",
  ...Option.match(thumbprint, {
    onNone: () => ({}),
    onSome: (digest) => ({
      [thumbprintDigest(algorithm, statement) === "SHA-1" ? "x5t" : "x5t#S256"]: Encoding.encodeBase64Url(digest)
    })
  }),
  ...Option.match(statement.keyId, { onNone: () => ({}), onSome: (kid) => ({ kid }) }),
  ...(statement.sendsCertificates && { x5c: statement.certificates.map((der) => Encoding.encodeBase64(der)) })
})

/**
 * What is signed: the header, and claims for the client at this endpoint from now on, in seconds since 1970. The caller's
 * own claims come last.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-5.1
 * @category constructors
 */
export const signingInput = (
  header: Header,
  claims: {
    readonly clientId: string
    readonly tokenEndpoint: string
    readonly id: string
    readonly now: number
    readonly others: Readonly<Record<string, unknown>>
  }
): string => {
  const payload = {
    aud: claims.tokenEndpoint,
    iss: claims.clientId,
    sub: claims.clientId,
    jti: claims.id,
    iat: claims.now,
    nbf: claims.now,
    exp: claims.now + lifetime,
    ...claims.others
  }
  return `${Encoding.encodeBase64Url(JSON.stringify(header))}.${Encoding.encodeBase64Url(JSON.stringify(payload))}`
}

/**
 * The bytes to sign.
 *
 * @category destructors
 */
export const bytesToSign = (signingInput: string): Uint8Array => new TextEncoder().encode(signingInput)

/**
 * The assertion from its signature.
 *
 * @category constructors
 */
export const complete = (signingInput: string, signature: Uint8Array): Redacted.Redacted =>
  Redacted.make(`${signingInput}.${Encoding.encodeBase64Url(signature)}`)

const compactJws = /^[\w-]+\.[\w-]+\.[\w-]+$/

/**
 * An assertion of the caller's own, without the space around it; none where it is no compact JWS.
 *
 * @category constructors
 */
export const parse = (assertion: Redacted.Redacted): Option.Option<Redacted.Redacted> =>
  Redacted.isRedacted(assertion)
    ? Option.liftPredicate(Redacted.value(assertion), Predicate.isString).pipe(
      Option.map((text) => text.trim()),
      Option.filter((text) => text.length <= longest && compactJws.test(text)),
      Option.map((text) => Redacted.make(text))
    )
    : Option.none()

const longest = 65_536

/**
 * When an assertion ends, in seconds since 1970; none where it does not say so.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4
 * @category getters
 */
export const expiry = (assertion: Redacted.Redacted): Option.Option<number> =>
  Encoding.decodeBase64Url(Redacted.value(assertion).split(".")[1] ?? "").pipe(
    Either.getRight,
    Option.flatMap(Json.parse),
    Option.filter(Predicate.isRecord),
    Option.map((claims) => claims["exp"]),
    Option.filter(Predicate.isNumber)
  )
