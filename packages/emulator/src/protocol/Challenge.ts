/**
 * PKCE.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7636
 */
import * as Effect from "effect/Effect"
import * as Encoding from "effect/Encoding"

/** @category predicates */
export const isChallenge = (text: string): boolean => /^[\w-]{43}$/.test(text)

/**
 * Whether the verifier fits the challenge of method S256; without a challenge there has to be no verifier.
 *
 * @category programs
 */
export const isMet = (challenge: string | undefined, verifier: string | undefined): Effect.Effect<boolean> =>
  challenge === undefined || verifier === undefined
    ? Effect.succeed(challenge === verifier)
    : Effect.map(
      Effect.promise(() => crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))),
      (digest) => /^[\w.~-]{43,128}$/.test(verifier) && Encoding.encodeBase64Url(new Uint8Array(digest)) === challenge
    )
