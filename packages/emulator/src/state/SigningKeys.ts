/**
 * The keys that tokens are signed with, and those published for checking them.
 */
import * as Effect from "effect/Effect"
import * as Jose from "jose"
import { wellKnownKeys } from "./wellKnownKeys.js"

/** @category models */
export interface SigningKeys {
  /** Signs claims with the key of the moment; with an unpublished one where `forged`. */
  readonly sign: (
    claims: Jose.JWTPayload,
    options?: { readonly type?: string; readonly forged?: boolean }
  ) => Effect.Effect<string>
  /** The claims of a token that holds, at this time. */
  readonly verify: (token: string, milliseconds: number) => Effect.Effect<Jose.JWTPayload, Jose.errors.JOSEError>
  /** Public keys, the one of the moment first. */
  readonly published: Effect.Effect<ReadonlyArray<Jose.JWK>>
  /** Signs with the next key from now on. The one before stays published unless it is withdrawn. */
  readonly rotate: (options?: { readonly withdraw?: boolean | undefined }) => Effect.Effect<void>
  readonly reset: Effect.Effect<void>
}

interface SigningKey {
  readonly id: string
  readonly privateKey: Jose.CryptoKey
  readonly publicJwk: Jose.JWK
}

const algorithm = "RS256"

const wellKnownKey = async (index: number): Promise<SigningKey | undefined> => {
  const known = wellKnownKeys[index]
  if (known === undefined) return undefined
  const { certificate, jwk, thumbprint } = known
  const privateKey = await Jose.importJWK({ kty: "RSA", ...jwk }, algorithm)
  if (privateKey instanceof Uint8Array) throw new TypeError("An RSA key is no bytes.")
  const { e, n } = jwk
  return { id: thumbprint, privateKey, publicJwk: { kty: "RSA", n, e, x5t: thumbprint, x5c: [certificate] } }
}

const freshKey = async (): Promise<SigningKey> => {
  const { privateKey, publicKey } = await Jose.generateKeyPair(algorithm)
  const publicJwk = await Jose.exportJWK(publicKey)
  return { id: await Jose.calculateJwkThumbprint(publicJwk), privateKey, publicJwk }
}

/** @category constructors */
export const make = Effect.sync((): SigningKeys => {
  const keys: Array<Promise<SigningKey>> = []
  let current = 0
  let oldest = 0
  const key = (index: number): Promise<SigningKey> => {
    for (let next = keys.length; next <= index; next++) {
      keys.push(wellKnownKey(next).then((known) => known ?? freshKey()))
    }
    return keys[index] ?? freshKey()
  }
  const publicKeys = async (): Promise<ReadonlyArray<Jose.JWK>> => {
    const before = Array.from({ length: current - oldest }, (_, offset) => key(current - 1 - offset))
    const published = await Promise.all([key(current), key(current + 1), ...before])
    return published.map(({ id, publicJwk }) => ({ ...publicJwk, kid: id, use: "sig", alg: algorithm }))
  }
  return {
    sign: (claims, { forged = false, type = "JWT" } = {}) =>
      Effect.promise(async () => {
        const { id, privateKey } = await key(current)
        const signer = forged ? (await freshKey()).privateKey : privateKey
        return new Jose.SignJWT(claims).setProtectedHeader({ alg: algorithm, typ: type, kid: id }).sign(signer)
      }),
    verify: (token, milliseconds) =>
      Effect.tryPromise({
        try: async () => {
          const keySet = Jose.createLocalJWKSet({ keys: [...(await publicKeys())] })
          const { payload } = await Jose.jwtVerify(token, keySet, {
            algorithms: [algorithm],
            currentDate: new Date(milliseconds)
          })
          return payload
        },
        catch: (error) => error instanceof Jose.errors.JOSEError ? error : new Jose.errors.JWTInvalid()
      }),
    published: Effect.promise(publicKeys),
    rotate: ({ withdraw = false } = {}) =>
      Effect.sync(() => {
        current++
        if (withdraw) oldest = current
      }),
    reset: Effect.sync(() => {
      current = 0
      oldest = 0
    })
  }
})
