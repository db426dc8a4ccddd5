import * as Redacted from "effect/Redacted"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Form from "../../src/protocol/Form.js"
import { anyCharacter } from "../anyCharacter.js"

const text = fc.string({ unit: anyCharacter })
const value = fc.oneof(text, text.map((one) => Redacted.make(one)), fc.constant(undefined))
const form = fc.uniqueArray(fc.tuple(fc.string({ unit: anyCharacter, minLength: 1 }), value), {
  selector: ([name]) => name,
  maxLength: 6
}).map((entries) => Object.fromEntries(entries))

const plain = (one: string | Redacted.Redacted | undefined) => Redacted.isRedacted(one) ? Redacted.value(one) : one

describe("encode", () => {
  it("is what a form parser reads back, empty values left out", () => {
    fc.assert(fc.property(form, (parameters) => {
      const sent = Object.entries(parameters).map(([name, one]) => [name, plain(one)]).filter(([, one]) =>
        one !== undefined && one !== ""
      )
      expect([...new URLSearchParams(Form.encode(parameters))]).toEqual(sent)
    }))
  })

  it("is plain ASCII without a raw separator in any value", () => {
    fc.assert(fc.property(text, (one) => {
      expect(Form.encode({ a: one, b: "c" })).toMatch(one === "" ? /^b=c$/ : /^a=[A-Za-z0-9*\-._+%]+&b=c$/)
    }))
  })

  it.each([
    [{}, ""],
    [{ a: "" }, ""],
    [{ a: undefined }, ""],
    [{ a: Redacted.make("") }, ""],
    [{ a: " " }, "a=+"],
    [{ a: "0" }, "a=0"],
    [{ a: "b", c: Redacted.make("d") }, "a=b&c=d"],
    [{ scope: "openid profile" }, "scope=openid+profile"],
    [{ password: Redacted.make("p&ss=w+rd %é\r\n") }, "password=p%26ss%3Dw%2Brd+%25%C3%A9%0D%0A"],
    [{ a: "\uD83D" }, "a=%EF%BF%BD"]
  ])("of %j", (parameters, encoded) => {
    expect(Form.encode(parameters as Form.Form)).toBe(encoded)
  })

  it("sends no member that a form only inherits", () => {
    expect(Form.encode(Object.create({ a: "b" }) as Form.Form)).toBe("")
  })
})

describe("secrets", () => {
  it("are all the wrapped values, in plain, and no other", () => {
    fc.assert(fc.property(form, (parameters) => {
      const wrapped = Object.values(parameters).flatMap((one) => Redacted.isRedacted(one) ? [Redacted.value(one)] : [])
      expect(Form.secrets(parameters)).toEqual(wrapped)
    }))
  })
})
