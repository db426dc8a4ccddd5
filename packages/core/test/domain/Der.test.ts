import * as Option from "effect/Option"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Der from "../../src/domain/Der.js"

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"))

describe("elements", () => {
  it("reads what it encodes, of any length", () => {
    const length = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constantFrom(127, 128, 255, 256, 65_535, 65_536))
    const contents = fc.array(length.map((size) => new Uint8Array(size).fill(7)), { maxLength: 4 })
    fc.assert(fc.property(contents, (contents) => {
      const encoded = Der.encode(Der.tags.sequence, ...contents.map((one) => Der.encode(Der.tags.octetString, one)))
      const read = Option.getOrThrow(Der.sequence(encoded))
      expect(Buffer.concat(read.map(({ content }) => content)).equals(Buffer.concat(contents))).toBe(true)
      expect(read.map(({ content }) => content.length)).toEqual(contents.map((one) => one.length))
      expect(read.map(({ tag }) => tag)).toEqual(contents.map(() => Der.tags.octetString))
    }))
  })

  it("takes any bytes without harm, and what it takes is all of them", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (input) => {
      const read = Der.elements(input)
      if (Option.isSome(read)) {
        expect(Buffer.concat(read.value.map(({ bytes }) => bytes))).toEqual(Buffer.from(input))
      }
    }))
  })

  it.each([
    ["a length that is cut off", "30 82 01"],
    ["a content that is cut off", "30 03 02 01"],
    ["a tag alone", "30"],
    ["an indefinite length", "30 80 00 00"],
    ["a length of five bytes", "30 85 00 00 00 00 00"],
    ["a tag of several bytes", "1f 81 01 00"]
  ])("refuses %s", (_, hex) => {
    expect(Der.elements(bytes(hex))).toEqual(Option.none())
  })

  it.each([
    ["two", "30 00 30 00"],
    ["none", ""],
    ["a set", "31 00"],
    ["broken content", "30 01 02"]
  ])("are no sequence where they are %s", (_, hex) => {
    expect(Der.sequence(bytes(hex))).toEqual(Option.none())
  })
})

describe("values", () => {
  const first = (input: Uint8Array) => Option.getOrThrow(Option.map(Der.elements(input), ([element]) => element))

  it.each([
    ["1.2.840.113549.1.1.1", "06 09 2a 86 48 86 f7 0d 01 01 01"],
    ["1.3.132.0.34", "06 05 2b 81 04 00 22"],
    ["2.16.840.1.101.3.4.1.42", "06 09 60 86 48 01 65 03 04 01 2a"],
    ["0.9.2342", "06 03 09 92 26"]
  ])("are object identifiers both ways: %s", (dotted, hex) => {
    const element = first(bytes(hex))
    expect(element === undefined ? undefined : Der.objectIdentifier(element)).toBe(dotted)
    expect(Der.encodeObjectIdentifier(dotted)).toEqual(bytes(hex))
  })

  it.each([
    ["00", Option.some(0)],
    ["08 00", Option.some(2048)],
    ["00 80", Option.some(128)],
    ["80", Option.none()],
    ["01 00 00 00 00 00 00", Option.none()],
    ["", Option.none()]
  ])("are small numbers: %s", (hex, expected) => {
    const element = first(Der.encode(Der.tags.integer, bytes(hex)))
    expect(element === undefined ? undefined : Der.smallInteger(element)).toEqual(expected)
  })
})
