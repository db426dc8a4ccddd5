/**
 * Proof Key for Code Exchange, always S256.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7636#section-4
 */
import * as Either from "effect/Either"
import * as Encoding from "effect/Encoding"
import * as Redacted from "effect/Redacted"
import { InvalidArgument } from "../AuthError.js"

/**
 * Bytes of randomness behind a verifier, a state or a nonce.
 *
 * @category constants
 */
export const entropy = 32

const verifierSyntax = /^[A-Za-z0-9\-._~]{43,128}$/

/**
 * Checks a verifier made elsewhere.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7636#section-4.1
 * @category constructors
 */
export const parseVerifier = (verifier: Redacted.Redacted): Either.Either<Redacted.Redacted, InvalidArgument> =>
  verifierSyntax.test(Redacted.value(verifier))
    ? Either.right(verifier)
    : Either.left(
      new InvalidArgument({
        argument: "codeVerifier",
        message: "codeVerifier has to be 43 to 128 letters, digits, hyphens, dots, underscores or tildes."
      })
    )

/**
 * The bytes to digest with SHA-256 for the challenge.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7636#section-4.2
 * @category destructors
 */
export const bytesToDigest = (verifier: Redacted.Redacted): Uint8Array =>
  new TextEncoder().encode(Redacted.value(verifier))

/**
 * The challenge from the verifier's digest.
 *
 * @category constructors
 */
export const challenge = (digest: Uint8Array): string => Encoding.encodeBase64Url(digest)
