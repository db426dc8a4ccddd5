/**
 * Keys and certificates as text: base64 between a line that begins a block and one that ends it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7468
 */
import * as Either from "effect/Either"
import * as Encoding from "effect/Encoding"
import * as Option from "effect/Option"

/** @category models */
export interface Block {
  /** Such as `CERTIFICATE`. */
  readonly label: string
  /** Whether headers of old say so; the bytes are none then. */
  readonly isEncrypted: boolean
  readonly bytes: Uint8Array
}

const longest = 65_536
const begin = "-----BEGIN "

/** Environment variables often hold the two characters `\n` for a new line. */
const whitespace = /\\[nr]|\s/g

/**
 * The blocks of a text in their order, none of them where it has none; no list where a block is not well-formed.
 *
 * @category constructors
 */
export const parse = (text: string): Option.Option<ReadonlyArray<Block>> =>
  text.length > longest ? Option.none() : Option.all(text.split(begin).slice(1).map(parseBlock))

/**
 * Bytes of base64 that may be broken into lines; none where it is empty or no base64.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4648#section-4
 * @category decoders
 */
export const decodeBase64 = (text: string): Option.Option<Uint8Array> =>
  Encoding.decodeBase64(text.replace(whitespace, "")).pipe(
    Either.getRight,
    Option.filter(({ length }) => length > 0)
  )

const parseBlock = (text: string): Option.Option<Block> => {
  const [, label = "", body] = /^([A-Z0-9 ]+)-----([^-]*(?:-[^-]+)*)-----END \1-----/.exec(text) ?? []
  if (body === undefined) {
    return Option.none()
  }
  return /^\s*Proc-Type:.*ENCRYPTED/.test(body)
    ? Option.some({ label, isEncrypted: true, bytes: new Uint8Array() })
    : Option.map(decodeBase64(body), (bytes) => ({ label, isEncrypted: false, bytes }))
}
