/**
 * The public half of a key that signs.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-6
 */
import * as Encoding from "effect/Encoding"
import * as Option from "effect/Option"
import * as Der from "./Der.js"

/** @category models */
export type Curve = "P-256" | "P-384" | "P-521"

/**
 * A JSON Web Key. A point of an elliptic curve that is compressed, or left out, has no coordinates.
 *
 * @category models
 */
export type PublicKey =
  | { readonly kty: "RSA"; readonly n: string; readonly e: string }
  | { readonly kty: "EC"; readonly crv: Curve; readonly x?: string; readonly y?: string }

/** @category constants */
export const objectIdentifiers = { RSA: "1.2.840.113549.1.1.1", EC: "1.2.840.10045.2.1" } as const

const curves: Readonly<Record<string, Curve>> = {
  "1.2.840.10045.3.1.7": "P-256",
  "1.3.132.0.34": "P-384",
  "1.3.132.0.35": "P-521"
}

/**
 * From the first two numbers of a key of RSA's.
 *
 * @category constructors
 */
export const fromModulus = (modulus: Der.Element, exponent: Der.Element): PublicKey => ({
  kty: "RSA",
  n: Encoding.encodeBase64Url(Der.magnitude(modulus)),
  e: Encoding.encodeBase64Url(Der.magnitude(exponent))
})

/**
 * From a point as it is written, after a byte that says how.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5480#section-2.2
 * @category constructors
 */
export const fromPoint = (crv: Curve, point: Uint8Array): PublicKey => {
  const half = (point.length - 1) / 2
  return point[0] === 4
    ? {
      kty: "EC",
      crv,
      x: Encoding.encodeBase64Url(point.subarray(1, 1 + half)),
      y: Encoding.encodeBase64Url(point.subarray(1 + half))
    }
    : { kty: "EC", crv }
}

/**
 * The curve that the parameters of a key name.
 *
 * @category getters
 */
export const curve = (parameters: Der.Element): Option.Option<Curve> =>
  parameters.tag === Der.tags.objectIdentifier
    ? Option.fromNullable(curves[Der.objectIdentifier(parameters)])
    : Option.none()

/**
 * Whether the key is long enough to sign with.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-3.5
 * @category predicates
 */
export const isStrong = (key: PublicKey): boolean => key.kty === "EC" || key.n.length * 6 >= 2048

/**
 * Whether they can be one key, as far as both are known.
 *
 * @category predicates
 */
export const areEqual = (one: PublicKey, other: PublicKey): boolean => {
  if (one.kty === "RSA" || other.kty === "RSA") {
    return one.kty === "RSA" && other.kty === "RSA" && one.n === other.n && one.e === other.e
  }
  const bothKnown = one.x !== undefined && other.x !== undefined
  return one.crv === other.crv && (!bothKnown || (one.x === other.x && one.y === other.y))
}

/**
 * From the `SubjectPublicKeyInfo` of a certificate; none where it is not of RSA's or of a curve known here.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.7
 * @category decoders
 */
export const fromSubjectPublicKeyInfo = (info: Der.Element): Option.Option<PublicKey> =>
  Option.gen(function*() {
    const fields = yield* Der.elements(info.content)
    const algorithm = yield* Option.flatMap(
      Der.at(fields, 0, Der.tags.sequence),
      ({ content }) => Der.elements(content)
    )
    const identifier = Der.objectIdentifier(yield* Der.at(algorithm, 0, Der.tags.objectIdentifier))
    const key = (yield* Der.at(fields, 1, Der.tags.bitString)).content.subarray(1)
    if (identifier === objectIdentifiers.RSA) {
      const numbers = yield* Der.sequence(key)
      return fromModulus(
        yield* Der.at(numbers, 0, Der.tags.integer),
        yield* Der.at(numbers, 1, Der.tags.integer)
      )
    }
    const crv = identifier === objectIdentifiers.EC
      ? Option.flatMap(Option.fromNullable(algorithm[1]), curve)
      : Option.none()
    return fromPoint(yield* crv, key)
  })
