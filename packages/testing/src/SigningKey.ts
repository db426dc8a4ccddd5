/**
 * Keys to sign ID tokens with.
 */
import type * as Crypto from "@grantwork/core/Crypto"
import * as Effect from "effect/Effect"

/** @category models */
export type Algorithm = "ES256" | "RS256"

/** @category models */
export interface SigningKey {
  /** `alg` of the tokens it signs. */
  readonly algorithm: string
  readonly kid: string
  /** As a provider publishes it. */
  readonly publicKey: Readonly<Record<string, unknown>>
  readonly privateKey: Parameters<Crypto.Service["sign"]>[2]
}

const parameters = {
  ES256: { name: "ECDSA", namedCurve: "P-256" },
  RS256: { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: "SHA-256" }
}

/**
 * A fresh key of this name.
 *
 * @category constructors
 */
export const generate = (algorithm: Algorithm, kid: string): Effect.Effect<SigningKey> =>
  Effect.promise(async () => {
    const pair = await crypto.subtle.generateKey(parameters[algorithm], true, ["sign", "verify"])
    const [publicKey, privateKey] = await Promise.all([
      crypto.subtle.exportKey("jwk", pair.publicKey),
      crypto.subtle.exportKey("jwk", pair.privateKey)
    ])
    return {
      algorithm,
      kid,
      publicKey: { ...publicKey, kid, alg: algorithm, use: "sig" },
      privateKey: { ...privateKey, kty: privateKey.kty ?? "" }
    }
  })
