import * as Either from "effect/Either"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as ClaimsRequest from "../../src/protocol/ClaimsRequest.js"
import { EntraError } from "../../src/protocol/EntraError.js"

const { both, none, parse } = ClaimsRequest
const read = (value: unknown) => Either.getOrThrow(parse(JSON.stringify(value)))

describe("a claims parameter", () => {
  it.each<[what: string, value: unknown, expected: Partial<ClaimsRequest.ClaimsRequest>]>([
    ["that is empty", {}, none],
    ["with empty parts", { access_token: {}, id_token: {}, userinfo: {} }, none],
    ["with claims that matter here to nobody", {
      access_token: { nbf: { essential: true, value: "1563308371" } },
      id_token: { email: null, given_name: { essential: true } },
      userinfo: { picture: null }
    }, none],
    ["with null", { access_token: { acrs: null } }, { needsMfa: false, contexts: [] }],
    ["with members that are not known", { access_token: { a: { b: { c: 1 } } }, else: 1 }, none],
    ["with the capability cp1", { access_token: { xms_cc: { values: ["cp1"] } } }, { ...none, isContinuous: true }],
    ["with the capability in capitals", { access_token: { xms_cc: { values: ["other", "CP1"] } } }, {
      ...none,
      isContinuous: true
    }],
    ["with another capability", { access_token: { xms_cc: { values: ["cp2", 1, null] } } }, none],
    ["with a capability that cannot be made text", { access_token: { xms_cc: { values: [{ toString: 1 }] } } }, none],
    ["with the capability in the wrong part", { id_token: { xms_cc: { values: ["cp1"] } } }, none],
    ["with an authentication context", { access_token: { acrs: { essential: true, value: "c1" } } }, {
      needsMfa: true,
      contexts: ["c1"]
    }],
    ["with authentication contexts", { id_token: { acrs: { values: ["c1", "c2"] } } }, {
      needsMfa: true,
      contexts: ["c1", "c2"]
    }],
    ["with the challenge of policies", { access_token: { capolids: { essential: true, values: ["x"] } } }, {
      needsMfa: true,
      contexts: []
    }],
    ["with both", { access_token: { polids: { values: [] }, xms_cc: { values: ["cp1"] } } }, {
      needsMfa: true,
      isContinuous: true
    }]
  ])("%s", (_, value, expected) => {
    expect(read(value)).toMatchObject(expected)
  })

  it("asks for nothing where there is none", () => {
    expect(Either.getOrThrow(parse(undefined))).toEqual(none)
  })

  it.each([
    "",
    "{",
    "null",
    "[]",
    "1",
    "\"{}\"",
    "{\"access_token\":null}",
    "{\"access_token\":[]}",
    "{\"access_token\":{\"nbf\":1}}",
    "{\"access_token\":{\"nbf\":[]}}",
    "{\"access_token\":{\"xms_cc\":{\"values\":\"cp1\"}}}",
    "{\"access_token\":{\"xms_cc\":{\"essential\":\"yes\"}}}",
    `{"access_token":{"xms_cc":{"values":[${"[".repeat(20_000)}${"]".repeat(20_000)}]}}}`,
    `{}${" ".repeat(8191)}`,
    "[".repeat(50_000)
  ].map((text) => [text.slice(0, 60), text] as const))("is refused: %s", (_, text) => {
    expect(Either.getOrThrow(Either.flip(parse(text)))).toMatchObject({ number: 90100, error: "invalid_request" })
  })

  it("may be of eight kilobytes", () => {
    expect(Either.getOrThrow(parse(`{}${" ".repeat(8190)}`))).toEqual(none)
  })

  it("is read or refused, whatever it is", () => {
    const name = fc.constantFrom(
      "access_token",
      "id_token",
      "acrs",
      "xms_cc",
      "value",
      "values",
      "essential",
      "__proto__"
    )
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 4 }, fc.jsonValue(), fc.array(tie("tree")), fc.dictionary(name, tie("tree")))
    }))
    const text = fc.oneof(fc.string(), tree.map((value) => JSON.stringify(value) ?? ""))
    fc.assert(fc.property(text, (claims) => {
      const result = parse(claims)
      if (Either.isLeft(result)) expect(result.left).toBeInstanceOf(EntraError)
      else for (const context of result.right.contexts) expect(context).toBeTypeOf("string")
    }))
  })
})

describe("the challenges", () => {
  it("can be sent back", () => {
    expect(Either.getOrThrow(parse(ClaimsRequest.mfaChallenge))).toMatchObject({ needsMfa: true })
    expect(JSON.parse(ClaimsRequest.newerThan(1563308371))).toEqual({
      access_token: { nbf: { essential: true, value: "1563308371" } }
    })
    expect(Either.getOrThrow(parse(ClaimsRequest.newerThan(1)))).toEqual(none)
  })
})

describe("two requests", () => {
  const one = { isContinuous: true, needsMfa: false, contexts: ["c1", "c2"] }
  const other = { isContinuous: false, needsMfa: true, contexts: ["c2", "c3"] }

  it("ask for what either asks for, once", () => {
    expect(both(one, other)).toEqual({ isContinuous: true, needsMfa: true, contexts: ["c1", "c2", "c3"] })
    expect(both(one, none)).toEqual(one)
    expect(both(none, one)).toEqual(one)
  })
})
