import * as Option from "effect/Option"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Json from "../../src/protocol/Json.js"
import { anyCharacter } from "../anyCharacter.js"

const utf8 = (text: string) => new TextEncoder().encode(text)

describe("parse", () => {
  it("reads any JSON as written", () => {
    fc.assert(fc.property(fc.jsonValue({ stringUnit: anyCharacter }), (value) => {
      const text = JSON.stringify(value)
      fc.pre(!text.includes("__proto__"))
      expect(Json.parse(utf8(text))).toEqual(Option.some(JSON.parse(text)))
    }))
  })

  it.each([
    ["nothing", ""],
    ["a blank", " "],
    ["a page", "<!DOCTYPE html><html></html>"],
    ["a form", "access_token=a&token_type=Bearer"],
    ["a cut object", "{\"a\":1"],
    ["two values", "{}{}"],
    ["a trailing comma", "{\"a\":1,}"],
    ["single quotes", "{'a':1}"],
    ["a comment", "{} // a"],
    ["undefined", "undefined"],
    ["NaN", "NaN"],
    ["a leading zero", "01"],
    ["a raw line break in a text", "\"a\nb\""],
    ["a byte order mark alone", "\uFEFF"],
    ["JSONP", ")]}',\n{}"],
    ["a trailing NUL", "{}\u0000"]
  ])("finds none in %s", (_, text) => {
    expect(Json.parse(utf8(text))).toEqual(Option.none())
  })

  it.each([
    ["a stray continuation byte", [0x22, 0x80, 0x22]],
    ["a cut sequence", [0x22, 0xE2, 0x82, 0x22]],
    ["a cut sequence at the end", [0x31, 0xE2, 0x82]],
    ["an overlong slash", [0x22, 0xC0, 0xAF, 0x22]],
    ["half of a pair", [0x22, 0xED, 0xA0, 0x80, 0x22]],
    ["ISO 8859-1", [0x22, 0xE9, 0x22]],
    ["UTF-16", [0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00]],
    ["UTF-16 without mark", [0x7B, 0x00, 0x7D, 0x00]],
    ["UTF-32", [0xFF, 0xFE, 0, 0, 0x7B, 0, 0, 0, 0x7D, 0, 0, 0]]
  ])("finds none in %s, and reads the next answer", (_, bytes) => {
    expect(Json.parse(new Uint8Array(bytes))).toEqual(Option.none())
    expect(Json.parse(utf8("{\"a\":\"\u20AC\"}"))).toEqual(Option.some({ a: "\u20AC" }))
  })

  it("passes over a byte order mark", () => {
    expect(Json.parse(utf8("\uFEFF{\"a\":1}"))).toEqual(Option.some({ a: 1 }))
  })

  it("reads null as a value", () => {
    expect(Json.parse(utf8("null"))).toEqual(Option.some(null))
  })

  it.each([
    "{\"__proto__\":{\"access_token\":\"a\"},\"b\":1}",
    "{\"\\u005f_proto__\":{\"access_token\":\"a\"},\"b\":1}",
    "{\"b\":1,\"__proto__\":null}",
    "{\"b\":1,\"__proto__\":5,\"__proto__\":{\"access_token\":\"a\"}}"
  ])("leaves the prototype alone in %s", (text) => {
    const value = Option.getOrThrow(Json.parse(utf8(text))) as Record<string, unknown>
    expect(Object.keys(value)).toEqual(["b"])
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(value["access_token"]).toBeUndefined()
  })

  it("leaves the prototype alone at any depth", () => {
    const value = Option.getOrThrow(Json.parse(utf8("[{\"a\":[{\"__proto__\":{\"x\":1},\"b\":{\"__proto__\":[]}}]}]")))
    expect(JSON.stringify(value)).toBe("[{\"a\":[{\"b\":{}}]}]")
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain("x")
  })

  it.each([["[", "]"], ["{\"a\":", "}"]])("survives %j without end", (open, close) => {
    const depth = 1_000_000
    expect(Option.isOption(Json.parse(utf8(`${open.repeat(depth)}1${close.repeat(depth)}`)))).toBe(true)
    expect(Option.isOption(Json.parse(utf8(open.repeat(depth))))).toBe(true)
  })

  it("is an Option for any bytes", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      expect(Option.isOption(Json.parse(bytes))).toBe(true)
    }))
  })
})
