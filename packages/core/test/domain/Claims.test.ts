import * as Either from "effect/Either"
import * as Option from "effect/Option"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Claims from "../../src/domain/Claims.js"
import { anyCharacter } from "../anyCharacter.js"

const refusal = <L>(result: Either.Either<unknown, L>): L => Either.getOrThrow(Either.flip(result))

describe("text", () => {
  const claims: Claims.IdTokenClaims = {
    iss: "https://issuer.example",
    sub: "sub",
    aud: "client",
    exp: 2,
    iat: 1,
    empty: "",
    number: 5,
    list: ["a"],
    name: "Jane",
    upn: "jane@example.com"
  }

  it.each([
    [["name"], Option.some("Jane")],
    [["missing", "name"], Option.some("Jane")],
    [["upn", "name"], Option.some("jane@example.com")],
    [["empty", "number", "list", "exp", "name"], Option.some("Jane")],
    [["empty", "number", "list"], Option.none()],
    [["constructor", "toString", "__proto__"], Option.none()],
    [[], Option.none()]
  ])("of %j", (names, value) => {
    expect(Claims.text(claims, ...names)).toEqual(value)
  })
})

describe("parseChallenge", () => {
  it.each([[undefined], [""], ["{}"], [" { } "]])("has nothing to send for %j", (text) => {
    expect(Claims.parseChallenge(text)).toEqual(Either.right(undefined))
  })

  it.each([
    "{\"access_token\":{\"nbf\":{\"essential\":true,\"value\":\"1604106651\"}}}",
    " {\"id_token\": {\"auth_time\": null}}\n",
    "{\"a\":1,\"a\":2}",
    "{\"constructor\":{\"prototype\":1}}"
  ])("sends %s as it is", (text) => {
    expect(Claims.parseChallenge(text)).toEqual(Either.right(text))
  })

  it.each([
    "null",
    "[]",
    "[{}]",
    "1",
    "\"{}\"",
    "true",
    "{",
    "{a:1}",
    "{}{}",
    " ",
    "eyJhIjoxfQ",
    "undefined",
    "{\"a\":1,}",
    "\uFEFF{}x"
  ])(
    "refuses %j, and does not repeat it",
    (text) => {
      const error = refusal(Claims.parseChallenge(text))
      expect(error).toMatchObject({ _tag: "InvalidArgument", argument: "claims" })
    }
  )

  it("does not repeat what may hold a secret", () => {
    const error = refusal(Claims.parseChallenge("{\"access_token\": hunter2"))
    expect(`${JSON.stringify(error)}${error.message}${String(error)}${error.stack}`).not.toContain("hunter2")
  })

  it.each([[null], [5], [{}], [{ access_token: {} }]])("refuses %j, as untyped callers may pass", (value) => {
    expect(refusal(Claims.parseChallenge(value as never))).toMatchObject({ argument: "claims" })
  })

  it("takes any JSON object, refuses any other JSON, and never throws", () => {
    fc.assert(fc.property(fc.json(), (text) => {
      const value: unknown = JSON.parse(text)
      const isObject = typeof value === "object" && value !== null && !Array.isArray(value)
      expect(Either.isRight(Claims.parseChallenge(text))).toBe(isObject)
    }))
    fc.assert(fc.property(fc.string({ unit: anyCharacter, minLength: 1 }), (text) => {
      expect(Either.isEither(Claims.parseChallenge(text))).toBe(true)
    }))
  })

  it("survives a challenge nested without end", () => {
    expect(Either.isEither(Claims.parseChallenge("{\"a\":".repeat(200_000) + "1" + "}".repeat(200_000)))).toBe(true)
  })
})

describe("claims with capabilities", () => {
  const cp1 = { values: ["cp1"] }

  it.each<[string, string | undefined, ReadonlyArray<string>, unknown]>([
    ["neither", undefined, [], undefined],
    ["claims alone", "{\"a\":1}", [], { a: 1 }],
    ["capabilities alone", undefined, ["cp1"], { access_token: { xms_cc: cp1 } }],
    ["claims of the ID token", "{\"id_token\":{\"auth_time\":null}}", ["cp1"], {
      id_token: { auth_time: null },
      access_token: { xms_cc: cp1 }
    }],
    ["claims of the access token", "{\"access_token\":{\"nbf\":{\"value\":\"1\"}}}", ["cp1"], {
      access_token: { nbf: { value: "1" }, xms_cc: cp1 }
    }],
    ["capabilities in the claims", "{\"access_token\":{\"xms_cc\":{\"values\":[\"old\"]}}}", ["cp1", "cp2"], {
      access_token: { xms_cc: { values: ["cp1", "cp2"] } }
    }],
    ["an access token's claims of another kind", "{\"access_token\":null}", ["cp1"], { access_token: { xms_cc: cp1 } }]
  ])("%s", (_, challenge, capabilities, expected) => {
    const merged = Claims.withCapabilities(challenge, capabilities)
    expect(merged === undefined ? undefined : JSON.parse(merged)).toEqual(expected)
  })

  it("keeps whatever else is demanded, and is a challenge again", () => {
    // What has this name is no claim, and not kept.
    const name = fc.string().filter((text) => text !== "__proto__")
    fc.assert(fc.property(fc.dictionary(name, fc.jsonValue()), (demands) => {
      const challenge = Either.getOrThrow(Claims.parseChallenge(JSON.stringify(demands)))
      const merged = Claims.withCapabilities(challenge, ["cp1"]) ?? ""
      expect(Either.isRight(Claims.parseChallenge(merged))).toBe(true)
      const { access_token: _, ...others } = demands
      expect(JSON.parse(merged)).toMatchObject(JSON.parse(JSON.stringify(others)))
    }))
  })
})
