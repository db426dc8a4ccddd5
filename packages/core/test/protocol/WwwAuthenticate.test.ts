import * as Option from "effect/Option"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as WwwAuthenticate from "../../src/protocol/WwwAuthenticate.js"
import { anyCharacter } from "../anyCharacter.js"

const parse = (header: string | undefined) =>
  WwwAuthenticate.parse(header).map(({ parameters, scheme }) => [scheme, Object.fromEntries(parameters)])

const demanded = { access_token: { nbf: { essential: true, value: "1900000000" } } }
const json = JSON.stringify(demanded)

describe("the parser (feature 102)", () => {
  it.each<[string | undefined, ReadonlyArray<unknown>]>([
    [undefined, []],
    ["", []],
    ["  , ,", []],
    ["Bearer", [["bearer", {}]]],
    ["Bearer realm=\"\"", [["bearer", { realm: "" }]]],
    ["Bearer realm=\"a, b\", error=insufficient_claims", [["bearer", { realm: "a, b", error: "insufficient_claims" }]]],
    ["bEARER Realm = \"x\" ,\tERROR=\"y\"", [["bearer", { realm: "x", error: "y" }]]],
    ["Basic realm=\"a\", Bearer error=\"b\"", [["basic", { realm: "a" }], ["bearer", { error: "b" }]]],
    ["Negotiate, Bearer error=\"b\"", [["negotiate", {}], ["bearer", { error: "b" }]]],
    ["Negotiate abc==, Bearer error=\"b\"", [["negotiate", {}], ["bearer", { error: "b" }]]],
    ["Bearer error=\"a\", error=\"b\"", [["bearer", { error: "a" }]]],
    ["Bearer note=\"say \\\"hi\\\" \\\\ \"", [["bearer", { note: "say \"hi\" \\ " }]]],
    ["Bearer error=\"unfinished", [["bearer", {}]]],
    ["error=\"b\"", []],
    ["Bearer __proto__=\"x\"", [["bearer", Object.fromEntries([["__proto__", "x"]])]]]
  ])("reads %s", (header, challenges) => {
    expect(parse(header)).toEqual(challenges)
  })

  it("reads back any parameters that a server may write", () => {
    const name = fc.stringMatching(/^[a-z]{1,8}$/)
    const parameters = fc.dictionary(name, fc.string({ unit: anyCharacter }), { minKeys: 1, noNullPrototype: true })
    const challenges = fc.array(fc.tuple(fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/), parameters), { minLength: 1 })
    fc.assert(fc.property(challenges, (written) => {
      const header = written.map(([scheme, parameters]) =>
        `${scheme} ${
          Object.entries(parameters).map(([key, value]) => `${key}="${value.replace(/["\\]/g, "\\$&")}"`).join(", ")
        }`
      ).join(", ")
      expect(parse(header)).toEqual(header.length > 65_536 ? [] : written)
    }))
  })

  it("reads any text without harm, and in time", () => {
    fc.assert(fc.property(fc.string({ unit: anyCharacter, maxLength: 2000 }), (header) => {
      expect(Array.isArray(WwwAuthenticate.parse(header))).toBe(true)
    }))
    for (const unit of ["a ", "a=", "a=\"", "\"\\", ", ", "a,", "a b,", "=", "a= ", "\\"]) {
      WwwAuthenticate.parse(unit.repeat(30_000))
    }
  })
})

describe("a claims challenge", () => {
  const base64 = Buffer.from(json).toString("base64")
  const bearer = (claims: string, error = "insufficient_claims") =>
    `Bearer realm="", authorization_uri="https://login.example/authorize", error="${error}", claims="${claims}"`

  it.each<[string, string]>([
    ["base64", bearer(base64)],
    ["base64 without padding", bearer(base64.replace(/=+$/, ""))],
    ["base64url", bearer(Buffer.from(json).toString("base64url"))],
    ["JSON", bearer(json.replaceAll("\"", "\\\""))],
    ["for proof of possession", bearer(base64).replace("Bearer", "PoP")],
    ["after another scheme", `Negotiate, ${bearer(base64)}`],
    ["after another demand", `Bearer error="invalid_token", ${bearer(base64)}`]
  ])("is read from %s", (_, header) => {
    expect(Option.map(WwwAuthenticate.claims(header), (text): unknown => JSON.parse(text))).toEqual(
      Option.some(demanded)
    )
  })

  it.each<[string, string | undefined]>([
    ["no header", undefined],
    ["another error", bearer(base64, "invalid_token")],
    ["another scheme", bearer(base64).replace("Bearer", "Basic")],
    ["no claims", "Bearer error=\"insufficient_claims\""],
    ["claims that are no object", bearer(Buffer.from("[]").toString("base64"))],
    ["empty claims", bearer(Buffer.from("{}").toString("base64"))],
    ["claims that are nothing", bearer("%%%")]
  ])("is none with %s", (_, header) => {
    expect(WwwAuthenticate.claims(header)).toEqual(Option.none())
  })
})

describe("a nonce", () => {
  it.each<[string, string | undefined, string | undefined]>([
    ["alone", "PoP nonce=\"once\"", "once"],
    ["with another scheme", "Bearer realm=\"\", pop nonce=once", "once"],
    ["no nonce", "PoP realm=\"\"", undefined],
    ["an empty nonce", "PoP nonce=\"\"", undefined],
    ["another scheme's", "DPoP nonce=\"once\"", undefined],
    ["no header", undefined, undefined]
  ])("is read: %s", (_, header, nonce) => {
    expect(Option.getOrUndefined(WwwAuthenticate.nonce(header))).toBe(nonce)
  })
})
