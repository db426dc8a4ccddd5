import * as Option from "effect/Option"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as ExactJson from "../../src/cache/ExactJson.js"

const rewritten = (text: string): string => ExactJson.stringify(Option.getOrThrow(ExactJson.parse(text)))

const name = fc.oneof(
  fc.string(),
  fc.constantFrom("\0number", "\0", "\0\0", "\u000012345678901234567890", "\\u0000", "__proto__", "\"")
)
const number = fc.oneof(
  fc.bigInt().map(String),
  fc.integer().map(String),
  fc.constantFrom("1e400", "-1E+400", "123456789012345678.5", "0.1", "2.50", "9007199254740993")
)
const { text: jsonText } = fc.letrec<{ text: string }>((tie) => ({
  text: fc.oneof(
    { maxDepth: 4 },
    number,
    name.map((one) => JSON.stringify(one)),
    fc.constantFrom("true", "false", "null"),
    fc.array(tie("text")).map((items) => `[${items.join(", ")}]`),
    fc.uniqueArray(fc.tuple(name, tie("text")), { selector: ([one]) => one })
      .map((members) => `{${members.map(([one, value]) => `${JSON.stringify(one)}: ${value}`).join(",")}}`)
  )
}))

/** What a text means, its numbers beyond JavaScript's as they are written. */
const meaning = (text: string): unknown =>
  JSON.parse(
    text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g, (token) =>
      token.startsWith("\"") || Math.abs(Number(token)) <= Number.MAX_SAFE_INTEGER
        ? token
        : JSON.stringify(["a number", token]))
  )

describe("JSON of other programs", () => {
  it("means the same when it is written again", () => {
    fc.assert(
      fc.property(jsonText.map((text) => `[${text}]`), (text) => {
        expect(meaning(rewritten(text))).toEqual(meaning(text))
      }),
      { numRuns: 1000 }
    )
  })

  it.each([
    String.raw`{"a":12345678901234567890,"b":{"\u0000number":"1-2"}}`,
    String.raw`{"a":12345678901234567890,"b":{"\u0000number":"12345678901234567890"}}`,
    String.raw`{"a":12345678901234567890,"\u0000":"\u0000\u00001"}`,
    String.raw`{"a":1e400,"b":"\\u0000","c":"\"\u0000"}`
  ])("comes out as it was: %s", (text) => {
    expect(rewritten(text)).toBe(text)
  })

  it("is none where it is nested too deeply", () => {
    expect(ExactJson.parse("[".repeat(70) + "]".repeat(70))).toEqual(Option.none())
  })
})
