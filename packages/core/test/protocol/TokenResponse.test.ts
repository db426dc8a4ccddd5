import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import fc from "fast-check"
import { inspect } from "node:util"
import { describe, expect, it } from "vitest"
import * as TokenResponse from "../../src/protocol/TokenResponse.js"

const least = { access_token: "at", token_type: "Bearer" }
const tenYears = 10 * 365 * 24 * 60 * 60

const decode = (body: object) => Either.getOrThrow(TokenResponse.decode({ ...least, ...body }))
const refusal = (body: unknown) => Either.getOrThrow(Either.flip(TokenResponse.decode(body)))

describe("decode", () => {
  it("reads every member", () => {
    const response = decode({
      expires_in: 3600,
      expires_on: 1_900_000_000,
      ext_expires_in: 7200,
      refresh_in: 1800,
      scope: "a b",
      refresh_token: "rt",
      refresh_token_expires_in: "86399",
      id_token: "idt",
      client_info: "ci",
      foci: "1"
    })
    expect(response).toMatchObject({
      tokenType: "Bearer",
      expiresIn: Option.some(3600),
      expiresOn: Option.some(1_900_000_000),
      extendedExpiresIn: Option.some(7200),
      refreshIn: Option.some(1800),
      scope: Option.some("a b"),
      refreshTokenExpiresIn: Option.some(86_399),
      clientInfo: Option.some("ci"),
      familyId: Option.some("1")
    })
    expect(Redacted.value(response.accessToken)).toBe("at")
    expect(Option.map(response.refreshToken, Redacted.value)).toEqual(Option.some("rt"))
    expect(Option.map(response.idToken, Redacted.value)).toEqual(Option.some("idt"))
  })

  it.each([["missing", {}], [
    "null",
    Object.fromEntries(
      [
        "expires_in",
        "expires_on",
        "ext_expires_in",
        "refresh_in",
        "scope",
        "refresh_token",
        "refresh_token_expires_in",
        "id_token",
        "client_info",
        "foci"
      ]
        .map((name) => [name, null])
    )
  ]])("takes optional members that are %s as absent", (_, body) => {
    const optional = Object.entries(decode(body)).filter(([name]) => !["accessToken", "tokenType"].includes(name))
    expect(optional).toHaveLength(10)
    for (const [, value] of optional) {
      expect(value).toEqual(Option.none())
    }
  })

  it("passes over members it does not know", () => {
    expect(decode({ spa_code: 1, constructor: 5, toString: null, ext: { a: [] } }).tokenType).toBe("Bearer")
  })
})

describe("access_token", () => {
  it.each([
    [null],
    [undefined],
    [[]],
    ["text"],
    [5],
    [{}],
    [{ token_type: "Bearer" }],
    [{ access_token: null }],
    [{ access_token: "" }],
    [{ access_token: 5 }],
    [{ access_token: true }],
    [{ access_token: ["at"] }],
    [{ access_token: { value: "at" } }],
    [[{ access_token: "at" }]],
    [{ Access_Token: "at" }],
    [{ error: "invalid_grant" }]
  ])("is missing in %j", (body) => {
    expect(refusal(body)).toMatchObject({ _tag: "MalformedResponse", reason: "no_access_token", field: "access_token" })
  })

  it("is not read from the prototype in a body", () => {
    expect(refusal(JSON.parse("{\"__proto__\":{\"access_token\":\"at\"},\"token_type\":\"Bearer\"}"))).toMatchObject({
      reason: "no_access_token"
    })
  })
})

describe("token_type", () => {
  it.each(["Bearer", "bearer", "BEARER", "bEaReR"])("may be %s", (token_type) => {
    expect(Either.isRight(TokenResponse.decode({ access_token: "at", token_type }))).toBe(true)
  })

  it.each([[{ access_token: "at" }], [{ access_token: "at", token_type: null }]])("is Bearer in %j", (body) => {
    expect(Either.map(TokenResponse.decode(body), (response) => response.tokenType)).toEqual(Either.right("Bearer"))
  })

  it.each(["pop", "DPoP", "mac", "N_A", "Bearer ", "Bearer,DPoP", "bearer\u0000", "\u212Aearer"])(
    "may not be %j",
    (token_type) => {
      expect(refusal({ access_token: "at", token_type })).toMatchObject({ reason: "token_type", field: "token_type" })
    }
  )

  it.each(["pop", "PoP", "POP"])("may be %s where such a token was asked for", (token_type) => {
    expect(Either.isRight(TokenResponse.decode({ access_token: "at", token_type }, "pop"))).toBe(true)
  })

  it.each([undefined, null, "Bearer", "dpop", "pop "])("may not be %j then", (token_type) => {
    const decoded = TokenResponse.decode({ access_token: "at", token_type }, "pop")
    expect(Either.getOrThrow(Either.flip(decoded))).toMatchObject({ reason: "token_type", field: "token_type" })
  })

  it.each([[5], [true], [["Bearer"]], [{}], [""]])("may not be %j", (token_type) => {
    expect(refusal({ access_token: "at", token_type })).toMatchObject({ field: "token_type" })
  })
})

const seconds = [
  ["expires_in", "expiresIn"],
  ["ext_expires_in", "extendedExpiresIn"],
  ["refresh_in", "refreshIn"]
] as const

describe.each(seconds)("%s", (name, field) => {
  it.each<[unknown, number]>([
    [0, 0],
    [3600, 3600],
    ["3600", 3600],
    ["0", 0],
    [" 3600 ", 3600],
    [3599.5, 3599.5],
    [-1, 0],
    ["-1", 0],
    [-1e300, 0],
    [tenYears, tenYears],
    [tenYears + 1, tenYears],
    [Number.MAX_SAFE_INTEGER, tenYears],
    [1e300, tenYears],
    ["99999999999999999999", tenYears]
  ])("of %j is %d", (value, expected) => {
    expect(decode({ [name]: value })[field]).toEqual(Option.some(expected))
  })

  it.each([
    [""],
    [" "],
    ["soon"],
    ["3600s"],
    ["NaN"],
    ["Infinity"],
    ["1e999"],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [true],
    [[3600]],
    [{}]
  ])("of %j is refused", (value) => {
    expect(refusal({ ...least, [name]: value })).toMatchObject({ reason: "wrong_type", field: name })
  })
})

describe("expires_on", () => {
  it.each<[unknown, number]>([[1_900_000_000, 1_900_000_000], ["1900000000", 1_900_000_000], [0, 0]])(
    "of %j is %d",
    (value, expected) => {
      expect(decode({ expires_on: value }).expiresOn).toEqual(Option.some(expected))
    }
  )

  it.each([-1, 1e18, 1e300, "9".repeat(30), Number.MAX_VALUE])("of %j is a moment a date can hold", (value) => {
    const { expiresOn } = decode({ expires_on: value })
    expect(Number.isNaN(new Date(Option.getOrThrow(expiresOn) * 1000).getTime())).toBe(false)
  })

  it.each([["tomorrow"], ["2030-01-01"], ["NaN"], [Number.NaN], [true], [[]]])("of %j is refused", (value) => {
    expect(refusal({ ...least, expires_on: value })).toMatchObject({ reason: "wrong_type", field: "expires_on" })
  })
})

describe.each(["scope", "refresh_token", "id_token", "client_info", "foci"])("%s", (name) => {
  it.each([[5], [true], [["a"]], [{}], [{ toString: "a" }]])("of %j is refused by name", (value) => {
    expect(refusal({ ...least, [name]: value })).toMatchObject({ reason: "wrong_type", field: name })
  })
})

describe("any answer", () => {
  it("gives an Either, and a right only with an access token", () => {
    const value = fc.oneof(fc.jsonValue(), fc.double(), fc.constantFrom("Bearer", "3600"))
    const body = fc.record({
      access_token: value,
      token_type: value,
      expires_in: value,
      expires_on: value,
      refresh_in: value,
      scope: value,
      refresh_token: value,
      id_token: value
    }, { requiredKeys: [] })
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), body), (answer) => {
        const result = TokenResponse.decode(answer)
        if (Either.isRight(result)) {
          expect(Redacted.value(result.right.accessToken)).not.toBe("")
        }
      }),
      { numRuns: 500 }
    )
  })

  it("shows no token in any print, accepted or refused", () => {
    const tokens = { access_token: "s3cr3t-at", refresh_token: "s3cr3t-rt", id_token: "s3cr3t-idt" }
    const accepted = Either.getOrThrow(TokenResponse.decode(tokens))
    const refused = [
      refusal({ ...tokens, access_token: ["s3cr3t-at"] }),
      refusal({ ...tokens, token_type: "s3cr3t" }),
      refusal({ ...tokens, refresh_token: { a: "s3cr3t" } }),
      refusal({ ...tokens, expires_in: "s3cr3t" })
    ]
    for (const value of [accepted, ...refused]) {
      expect(`${inspect(value, { depth: 9, showHidden: true })}${JSON.stringify(value)}${String(value)}`).not.toContain(
        "s3cr3t"
      )
    }
  })
})
