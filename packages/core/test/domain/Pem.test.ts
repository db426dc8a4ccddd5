import * as Option from "effect/Option"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Pem from "../../src/domain/Pem.js"

const block = (label: string, body: string) => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`
const read = (text: string) =>
  Option.map(
    Pem.parse(text),
    (blocks) => blocks.map(({ bytes, isEncrypted, label }) => [label, Buffer.from(bytes).toString(), isEncrypted])
  )

describe("parse", () => {
  it("has as many blocks as there are BEGIN lines, whatever stands between them", () => {
    expect(read("")).toEqual(Option.some([]))
    expect(read("b25l")).toEqual(Option.some([]))
    expect(read(block("ONE", "b25l"))).toEqual(Option.some([["ONE", "one", false]]))
    expect(read(`Bag Attributes: 1\n${block("ONE", "b2\nVs")}subject=CN\n${block("TWO KEY", "dHdv")}`)).toEqual(
      Option.some([["ONE", "oel", false], ["TWO KEY", "two", false]])
    )
  })

  it.each([
    ["new lines of Windows", block("ONE", "b2\r\n5l").replaceAll("\n", "\r\n")],
    ["new lines of an environment variable", block("ONE", "b2\n5l").replaceAll("\n", "\\n")],
    ["no new lines", block("ONE", "b25l").replaceAll("\n", "")],
    ["indentation", block("ONE", "  b25l\n")]
  ])("takes %s", (_, text) => {
    expect(read(text)).toEqual(Option.some([["ONE", "one", false]]))
  })

  it.each([
    ["no END line", "-----BEGIN ONE-----\nb25l\n"],
    ["another END line", "-----BEGIN ONE-----\nb25l\n-----END TWO-----\n"],
    ["nothing inside", block("ONE", "")],
    ["no base64", block("ONE", "b25l!")],
    ["a label in small letters", block("one", "b25l")],
    ["a broken block behind a good one", `${block("ONE", "b25l")}-----BEGIN TWO-----`],
    ["an end of more than 65,536 characters", block("ONE", "AAAA".repeat(16_384))]
  ])("refuses a text with %s", (_, text) => {
    expect(Pem.parse(text)).toEqual(Option.none())
  })

  it("knows an encryption of old by its header", () => {
    const body = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nb25l"
    expect(read(block("RSA PRIVATE KEY", body))).toEqual(Option.some([["RSA PRIVATE KEY", "", true]]))
    expect(read(block("RSA PRIVATE KEY", "Comment: mine\n\nb25l"))).toEqual(Option.none())
  })

  it("takes any text without harm", () => {
    const part = fc.constantFrom("-----BEGIN ", "A", "-----", "\n", "-----END ", "b25l", "-", ":", "Proc-Type:")
    fc.assert(fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
      expect(Option.isOption(Pem.parse(parts.join("")))).toBe(true)
    }))
  })
})
