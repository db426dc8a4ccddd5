import * as Option from "effect/Option"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as ErrorResponse from "../../src/protocol/ErrorResponse.js"

const decode = (body: unknown) => Option.getOrThrow(ErrorResponse.decode(body))
const codesOf = (body: object) => decode({ error: "invalid_grant", ...body }).errorCodes

describe("decode", () => {
  it("reads every member", () => {
    expect(decode({
      error: "invalid_grant",
      error_description: "AADSTS50126: no",
      error_codes: [50126],
      error_uri: "https://login.microsoftonline.com/error?code=50126",
      suberror: "basic_action",
      claims: "{\"access_token\":{}}",
      correlation_id: "c",
      trace_id: "t",
      timestamp: "2030-01-01 00:00:00Z"
    })).toEqual({
      error: "invalid_grant",
      errorDescription: "AADSTS50126: no",
      errorCodes: [50126],
      errorUri: "https://login.microsoftonline.com/error?code=50126",
      suberror: "basic_action",
      claims: "{\"access_token\":{}}",
      correlationId: "c",
      traceId: "t",
      timestamp: "2030-01-01 00:00:00Z"
    })
  })

  it.each([
    [null],
    [undefined],
    ["error"],
    [5],
    [[]],
    [["error"]],
    [{}],
    [{ error: "" }],
    [{ error: null }],
    [{ error: 5 }],
    [{ error: {} }],
    [{ error: ["invalid_grant"] }],
    [{ error_description: "no" }],
    [{ errors: "invalid_grant" }]
  ])("finds none in %j", (body) => {
    expect(ErrorResponse.decode(body)).toEqual(Option.none())
  })

  it.each([null, 5, true, "", [], {}, ["a"]])("takes %j as absent wherever a text belongs", (value) => {
    const body = {
      error: "invalid_grant",
      error_description: value,
      error_uri: value,
      suberror: value,
      claims: value,
      correlation_id: value,
      trace_id: value,
      timestamp: value
    }
    expect(decode(body)).toEqual(decode({ error: "invalid_grant" }))
  })

  it("is an Option for any JSON", () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue(), fc.jsonValue(), (codes, description, uri) => {
      expect(Option.isSome(ErrorResponse.decode({
        error: "invalid_grant",
        error_codes: codes,
        error_description: description,
        error_uri: uri
      }))).toBe(true)
      expect(Option.isOption(ErrorResponse.decode(codes))).toBe(true)
    }))
  })
})

describe("the numbers", () => {
  it.each<[string, object, ReadonlyArray<number>]>([
    ["nowhere", {}, []],
    ["announced", { error_codes: [50126, 50076] }, [50126, 50076]],
    ["announced as text", { error_codes: ["50126"] }, [50126]],
    ["announced, whatever the description says", { error_codes: [1], error_description: "AADSTS50126: no" }, [1]],
    ["in the description", { error_description: "AADSTS50126: no" }, [50126]],
    ["in the middle of the description", { error_description: "So: (AADSTS50126) no" }, [50126]],
    ["several in the description", { error_description: "AADSTS70002: a. AADSTS50126: b." }, [70002, 50126]],
    ["in the description, with an empty list", { error_codes: [], error_description: "AADSTS50126: no" }, [50126]],
    ["in the address", { error_uri: "https://login.microsoftonline.com/error?code=50126" }, [50126]],
    ["in the address, behind others", { error_uri: "https://a.example/error?a=b&code=50126&c=d" }, [50126]],
    ["in an address of another kind", { error_uri: "https://a.example/errorcode=50126" }, []],
    ["inside a word", { error_description: "XAADSTS50126 AADSTS50126X AADSTS" }, []],
    ["too long", { error_description: "AADSTS1234567890123456789012345" }, []]
  ])("%s", (_, body, numbers) => {
    expect(codesOf(body)).toEqual(numbers)
  })

  it.each([
    ["text", "50126"],
    ["an object", { 0: 50126 }],
    ["null", [null]],
    ["an empty text", [""]],
    ["a blank", [" "]],
    ["a list", [[5]]],
    ["an empty list", [[]]],
    ["true", [true]],
    ["a fraction", [1.5]],
    ["a huge one", [1e300]],
    ["a word", ["abc"]],
    ["a hexadecimal one", ["0x10"]],
    ["an object", [{}]]
  ])("count as absent when announced as %s", (_, codes) => {
    expect(codesOf({ error_codes: codes, error_description: "AADSTS50126: no" })).toEqual([50126])
  })

  it("count as absent when announced as objects that turn into nothing", () => {
    const codes: unknown = JSON.parse("[{\"toString\":null,\"valueOf\":null}]")
    expect(codesOf({ error_codes: codes })).toEqual([])
  })

  it("count as absent when announced in lists without end", () => {
    const codes: unknown = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`)
    expect(codesOf({ error_codes: codes })).toEqual([])
  })

  it.each([
    ["announced", { error_codes: Array.from({ length: 100_000 }, (_, index) => index) }],
    ["in the description", {
      error_description: Array.from({ length: 100_000 }, (_, index) => `AADSTS${index}`).join(" ")
    }]
  ])("are not kept without end when %s", (_, body) => {
    expect(codesOf(body).length).toBeLessThanOrEqual(100)
    expect(codesOf(body)).toContain(1)
  })
})

describe("hideSecrets", () => {
  const secret = "hunter2-hunter2"

  it("masks a secret in every text", () => {
    const echo = `You sent ${secret}.`
    const hidden = ErrorResponse.hideSecrets({
      error: echo,
      errorDescription: echo,
      errorCodes: [1],
      errorUri: `https://a.example/?a=${secret}`,
      suberror: echo,
      claims: JSON.stringify({ a: secret }),
      correlationId: echo,
      traceId: echo,
      timestamp: echo
    }, [secret])
    expect(JSON.stringify(hidden)).not.toContain(secret)
    expect(hidden).toMatchObject({ error: "You sent <redacted>.", errorCodes: [1], claims: "{\"a\":\"<redacted>\"}" })
  })

  it("masks a secret of digits among the numbers", () => {
    const response = decode({ error: "invalid_grant", error_codes: [50126, 12345678] })
    expect(JSON.stringify(ErrorResponse.hideSecrets(response, ["12345678"]))).not.toContain("12345678")
    expect(ErrorResponse.hideSecrets(response, ["12345678"]).errorCodes).toContain(50126)
  })

  it("keeps the codes of the standard, even where a password is part of one", () => {
    const response = decode({ error: "invalid_grant", suberror: "bad_token", error_description: "invalid" })
    expect(ErrorResponse.hideSecrets(response, ["invalid", "token", "grant"])).toMatchObject({
      error: "invalid_grant",
      suberror: "bad_token",
      errorDescription: "<redacted>"
    })
  })

  it("cuts long texts, and leaves no part of a secret at the cut", () => {
    const response = decode({
      error: `e${"a".repeat(1_000_000)}`,
      error_description: `${"a".repeat(4090)}${secret}${"b".repeat(1_000_000)}`,
      claims: JSON.stringify({ a: "b".repeat(5000) })
    })
    const hidden = ErrorResponse.hideSecrets(response, [secret])
    expect(hidden.error).toHaveLength(4096)
    expect(hidden.errorDescription).toHaveLength(4096)
    expect(hidden.errorDescription).not.toContain("hunt")
    expect(JSON.parse(hidden.claims ?? "")).toEqual({ a: "b".repeat(5000) })
  })

  it("keeps what is absent absent, and everything without a secret", () => {
    const response = decode({ error: "slow_down", error_description: "no" })
    expect(ErrorResponse.hideSecrets(response, [secret])).toEqual(response)
  })
})
