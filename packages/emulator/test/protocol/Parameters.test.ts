import * as Either from "effect/Either"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { parse, required } from "../../src/protocol/Parameters.js"

const read = (text: string) => Either.getOrThrow(parse(new URLSearchParams(text)))
const refusal = (text: string) => Either.getOrThrow(Either.flip(parse(new URLSearchParams(text))))

describe("parameters", () => {
  it.each<[text: string, expected: object]>([
    ["", {}],
    ["a=1&b=2", { a: "1", b: "2" }],
    ["a=", {}],
    ["a=%20", { a: " " }],
    ["a=b+c%2Bd", { a: "b c+d" }],
    ["a=1&A=2", { a: "1", A: "2" }],
    ["a", {}]
  ])("are read from %j", (text, expected) => {
    expect(read(text)).toEqual(expected)
  })

  it.each(["a=1&a=2", "a=1&a=1", "a=&a=1", "b=0&a=1&c=2&a=3", "a&a", "%61=1&a=2"])("repeat in %j", (text) => {
    expect(refusal(text)).toMatchObject({ number: 9000411, error: "invalid_request" })
    expect(refusal(text).description).toContain(" a ")
  })

  it("repeat without their name being told where it is none", () => {
    expect(refusal("<script>=1&<script>=2").description).not.toContain("script")
    expect(refusal(`${"a".repeat(41)}=1&${"a".repeat(41)}=2`).description).not.toContain("aaa")
  })

  it("are no way to the prototype", () => {
    const parameters = read("__proto__=a&constructor=b")
    expect(Object.getPrototypeOf(parameters)).toBe(Object.prototype)
    expect(Either.isLeft(required(read("__proto__=a"), "a"))).toBe(true)
  })

  it("are read however many there are", () => {
    const names = Array.from({ length: 50_000 }, (_, index) => `${index}=x`).join("&")
    expect(Object.keys(read(names))).toHaveLength(50_000)
  })

  it("come back as they went", () => {
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.string({ minLength: 1 })), (parameters) => {
      expect(read(new URLSearchParams(parameters).toString())).toEqual(
        Object.fromEntries(new URLSearchParams(parameters))
      )
    }))
  })
})

describe("a required parameter", () => {
  it("is there, or the refusal names it", () => {
    expect(Either.getOrThrow(required(read("code=x"), "code"))).toBe("x")
    for (const text of ["", "code=", "CODE=x"]) {
      const error = Either.getOrThrow(Either.flip(required(read(text), "code")))
      expect(error).toMatchObject({ number: 900144, error: "invalid_request", status: 400 })
      expect(error.description).toContain("code")
    }
  })
})
