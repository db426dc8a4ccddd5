/**
 * What keys in Redis are called: no name of an account or of a provider shows in them.
 */
import type * as Crypto from "@grantwork/core/Crypto"
import * as Effect from "effect/Effect"
import * as Encoding from "effect/Encoding"
import * as LeastRecentlyUsed from "./LeastRecentlyUsed.js"

/**
 * The SHA-256 digest of a text in base64url, of which the latest are remembered.
 *
 * @category models
 */
export interface KeyHash {
  (text: string): Effect.Effect<string>
}

const capacity = 4096

/** @category constructors */
export const make = ({ digest }: Crypto.Service): KeyHash => {
  const known = LeastRecentlyUsed.make<string>(capacity)
  return (text) => {
    const hash = known.get(text)
    return hash === undefined
      ? Effect.tap(
        Effect.map(digest("SHA-256", new TextEncoder().encode(text)), Encoding.encodeBase64Url),
        (hash) => Effect.sync(() => known.set(text, hash))
      )
      : Effect.succeed(hash)
  }
}

/**
 * 128 random bits in base64url: 22 characters.
 *
 * @category constructors
 */
export const randomName = ({ randomBytes }: Crypto.Service): Effect.Effect<string> =>
  Effect.map(randomBytes(16), Encoding.encodeBase64Url)
