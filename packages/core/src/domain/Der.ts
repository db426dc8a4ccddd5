/**
 * What keys and certificates are encoded in, as far as those need it.
 *
 * @see https://www.itu.int/rec/T-REC-X.690
 */
import * as Option from "effect/Option"

/**
 * A value with its tag; `bytes` are all of it, `content` is what the length counts.
 *
 * @category models
 */
export interface Element {
  readonly tag: number
  readonly content: Uint8Array
  readonly bytes: Uint8Array
}

/** @category constants */
export const tags = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  sequence: 0x30,
  /** `[0]` and `[1]`, whose content is elements. */
  context0: 0xa0,
  context1: 0xa1
} as const

/**
 * The elements one after the other; none where the bytes are anything else.
 *
 * @category decoders
 */
export const elements = (bytes: Uint8Array): Option.Option<ReadonlyArray<Element>> => {
  const found: Array<Element> = []
  for (let start = 0; start < bytes.length;) {
    const element = elementAt(bytes, start)
    if (element === undefined) {
      return Option.none()
    }
    found.push(element)
    start += element.bytes.length
  }
  return Option.some(found)
}

/**
 * The elements of the one sequence that the bytes are.
 *
 * @category decoders
 */
export const sequence = (bytes: Uint8Array): Option.Option<ReadonlyArray<Element>> =>
  Option.flatMap(
    elements(bytes),
    ([element, ...more]) =>
      element?.tag === tags.sequence && more.length === 0 ? elements(element.content) : Option.none()
  )

/**
 * The element at a place of a sequence, if it has that tag.
 *
 * @category getters
 */
export const at = (list: ReadonlyArray<Element>, index: number, tag: number): Option.Option<Element> =>
  Option.filter(Option.fromNullable(list[index]), (element) => element.tag === tag)

/**
 * An object identifier in dots.
 *
 * @category getters
 */
export const objectIdentifier = ({ content }: Element): string => {
  const arcs: Array<number> = []
  let arc = 0
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f)
    if (byte < 0x80) {
      arcs.push(arc)
      arc = 0
    }
  }
  const [first = 0, ...rest] = arcs
  const root = Math.min(2, Math.floor(first / 40))
  return [root, first - root * 40, ...rest].join(".")
}

/**
 * A small number that is not negative.
 *
 * @category getters
 */
export const smallInteger = ({ content }: Element): Option.Option<number> =>
  content.length > 0 && content.length <= 6 && (content[0] ?? 0) < 0x80
    ? Option.some(content.reduce((sum, byte) => sum * 256 + byte, 0))
    : Option.none()

/**
 * Bytes of a number that is not negative, without the zero in front that says so.
 *
 * @category getters
 */
export const magnitude = ({ content }: Element): Uint8Array => content[0] === 0 ? content.subarray(1) : content

/**
 * An element of these parts.
 *
 * @category encoders
 */
export const encode = (tag: number, ...parts: ReadonlyArray<Uint8Array>): Uint8Array => {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const header = [tag, ...encodeLength(length)]
  const bytes = new Uint8Array(header.length + length)
  bytes.set(header)
  parts.reduce((offset, part) => {
    bytes.set(part, offset)
    return offset + part.length
  }, header.length)
  return bytes
}

/**
 * An object identifier whose arcs are small.
 *
 * @category encoders
 */
export const encodeObjectIdentifier = (dotted: string): Uint8Array => {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number)
  return encode(tags.objectIdentifier, Uint8Array.from([first * 40 + second, ...rest].flatMap(encodeArc)))
}

const encodeArc = (arc: number): ReadonlyArray<number> => {
  const bytes = [arc & 0x7f]
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.unshift(0x80 | (rest & 0x7f))
  }
  return bytes
}

const encodeLength = (length: number): ReadonlyArray<number> => {
  if (length < 0x80) {
    return [length]
  }
  const bytes: Array<number> = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) {
    bytes.unshift(rest & 0xff)
  }
  return [0x80 | bytes.length, ...bytes]
}

const elementAt = (bytes: Uint8Array, start: number): Element | undefined => {
  const [tag, first] = bytes.subarray(start, start + 2)
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f || first === 0x80 || first > 0x84) {
    return undefined
  }
  const from = start + 2 + (first < 0x80 ? 0 : first - 0x80)
  const length = first < 0x80 ? first : bytes.subarray(start + 2, from).reduce((sum, byte) => sum * 256 + byte, 0)
  const end = from + length
  return end <= bytes.length
    ? { tag, content: bytes.subarray(from, end), bytes: bytes.subarray(start, end) }
    : undefined
}
