import * as Option from "effect/Option"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as ClientInfo from "../../src/protocol/ClientInfo.js"
import { anyCharacter } from "../anyCharacter.js"

const base64 = (text: string) => Buffer.from(text, "utf8").toString("base64")
const base64url = (text: string) => Buffer.from(text, "utf8").toString("base64url")

/** Its base64 has `+` and `/` in it, and needs padding. */
const json = "{\"uid\":\"u>>>~~???\",\"utid\":\"tt\"}"

describe("homeAccountId", () => {
  it("reads either alphabet, padded or not", () => {
    const standard = base64(json)
    expect(standard).toMatch(/\+/)
    expect(standard).toMatch(/\//)
    expect(standard).toMatch(/=$/)
    const spellings = [
      standard,
      standard.replace(/=+$/, ""),
      base64url(json),
      `${base64url(json)}=`,
      `${base64url(json)}==`
    ]
    for (const spelling of spellings) {
      expect(ClientInfo.homeAccountId(spelling)).toEqual(Option.some("u>>>~~???.tt"))
    }
  })

  it("is the same for any spelling of any identifiers", () => {
    const identifier = fc.string({ unit: "grapheme", minLength: 1 })
    fc.assert(fc.property(identifier, identifier, (uid, utid) => {
      const text = JSON.stringify({ uid, utid, more: 1 })
      const expected = Option.some(`${uid}.${utid}`.toLowerCase())
      expect(ClientInfo.homeAccountId(base64(text))).toEqual(expected)
      expect(ClientInfo.homeAccountId(base64(text).replace(/=+$/, ""))).toEqual(expected)
      expect(ClientInfo.homeAccountId(base64url(text))).toEqual(expected)
    }))
  })

  it.each([
    ["nothing", ""],
    ["padding", "===="],
    ["blanks", "   "],
    ["no base64", "%%%%"],
    ["plain JSON", "{\"uid\":\"u\",\"utid\":\"t\"}"],
    ["a cut text", base64url("{\"uid\":\"u\",\"ut")],
    ["a list", base64url("[\"u\",\"t\"]")],
    ["null", base64url("null")],
    ["no uid", base64url("{\"utid\":\"t\"}")],
    ["no utid", base64url("{\"uid\":\"u\"}")],
    ["an empty uid", base64url("{\"uid\":\"\",\"utid\":\"t\"}")],
    ["an empty utid", base64url("{\"uid\":\"u\",\"utid\":\"\"}")],
    ["numbers", base64url("{\"uid\":1,\"utid\":2}")],
    ["a prototype", base64url("{\"__proto__\":{\"uid\":\"u\",\"utid\":\"t\"}}")],
    ["a JWT", "eyJhbGciOiJub25lIn0.eyJ1aWQiOiJ1In0."]
  ])("is none for %s", (_, text) => {
    expect(ClientInfo.homeAccountId(text)).toEqual(Option.none())
  })

  it("is an Option for any text", () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: anyCharacter }), fc.json().map(base64url)), (text) => {
      expect(Option.isOption(ClientInfo.homeAccountId(text))).toBe(true)
    }))
  })

  it.each(["=", "=a", "+", "/", "a="])("is found to be none in linear time in a text of %j", (part) => {
    expect(ClientInfo.homeAccountId(`${part.repeat(Math.floor(150_000 / part.length))}!`)).toEqual(Option.none())
  })
})
