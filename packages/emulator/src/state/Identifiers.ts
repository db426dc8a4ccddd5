/**
 * Codes, tokens and identifiers, the same ones for the same seed.
 */
import * as Effect from "effect/Effect"
import * as Encoding from "effect/Encoding"
import * as Random from "effect/Random"

/** @category models */
export interface Identifiers {
  /** 256 bits as base64url, behind a prefix. */
  readonly secret: (prefix: string) => Effect.Effect<string>
  readonly guid: Effect.Effect<string>
  /** Nine capitals and digits that are not easily taken for others. */
  readonly userCode: Effect.Effect<string>
}

const letters = "BCDFGHJKLMNPQRSTVWXZ23456789"

/** @category constructors */
export const make = (seed: string): Identifiers => {
  const random = Random.make(seed)
  const bytes = (count: number) =>
    Effect.map(
      Effect.replicateEffect(random.nextIntBetween(0, 256), count),
      (numbers) => Uint8Array.from(numbers)
    )
  return {
    secret: (prefix) => Effect.map(bytes(32), (value) => `${prefix}${Encoding.encodeBase64Url(value)}`),
    guid: Effect.map(bytes(16), (value) => {
      const digits = Encoding.encodeHex(value)
      return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${
        digits.slice(20)
      }`
    }),
    userCode: Effect.map(
      Effect.replicateEffect(random.nextIntBetween(0, letters.length), 9),
      (numbers) => numbers.map((number) => letters[number]).join("")
    )
  }
}
