/**
 * The certificate by which a provider knows a client's key.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
import type * as Array from "effect/Array"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Der from "./Der.js"
import * as Pem from "./Pem.js"
import * as PublicKey from "./PublicKey.js"

/**
 * Why a text is no certificate.
 *
 * @category models
 */
export type Refusal = "private_key" | "malformed"

/**
 * The certificates of a text, in DER: blocks of PEM, or the bare base64 of one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7468#section-5
 * @category decoders
 */
export const parse = (text: string): Either.Either<Array.NonEmptyReadonlyArray<Uint8Array>, Refusal> => {
  const blocks = Option.getOrUndefined(Pem.parse(text))
  if (blocks === undefined || blocks.some(({ label }) => label.endsWith("PRIVATE KEY"))) {
    return Either.left(text.includes("PRIVATE KEY-----") ? "private_key" : "malformed")
  }
  const [first, ...more] = blocks.length === 0
    ? Option.toArray(Pem.decodeBase64(text))
    : blocks.map(({ bytes, label }) => label === "CERTIFICATE" ? bytes : new Uint8Array())
  return first !== undefined && [first, ...more].every((der) => Option.isSome(subjectPublicKeyInfo(der)))
    ? Either.right([first, ...more])
    : Either.left("malformed")
}

/**
 * The key it vouches for; none where that is of a kind that signs nothing here.
 *
 * @category getters
 */
export const publicKey = (certificate: Uint8Array): Option.Option<PublicKey.PublicKey> =>
  Option.flatMap(subjectPublicKeyInfo(certificate), PublicKey.fromSubjectPublicKeyInfo)

const subjectPublicKeyInfo = (certificate: Uint8Array): Option.Option<Der.Element> =>
  Option.gen(function*() {
    const parts = yield* Der.sequence(certificate)
    const fields = yield* Der.sequence((yield* Der.at(parts, 0, Der.tags.sequence)).bytes)
    const hasVersion = Option.isSome(Der.at(fields, 0, Der.tags.context0))
    return yield* Der.at(fields, hasVersion ? 6 : 5, Der.tags.sequence)
  })
