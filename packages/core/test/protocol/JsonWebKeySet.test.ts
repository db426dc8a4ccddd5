import * as Option from "effect/Option"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as JsonWebKeySet from "../../src/protocol/JsonWebKeySet.js"

const rsa = { kty: "RSA", n: "n", e: "AQAB", kid: "1", use: "sig", alg: "RS256", x5c: ["a"] }
const ec = { kty: "EC", crv: "P-256", x: "x", y: "y" }

describe("decode", () => {
  it("keeps public keys whole, in their order", () => {
    expect(JsonWebKeySet.decode({ keys: [rsa, ec], more: 1 })).toEqual(Option.some({ keys: [rsa, ec] }))
  })

  it.each([
    ["null", null],
    ["a number", 5],
    ["a list", [rsa]],
    ["no kty", { n: "n" }],
    ["an empty kty", { kty: "" }],
    ["a number as kty", { kty: 1 }],
    ["a symmetric key", { kty: "oct", k: "secret" }],
    ["a private RSA key", { ...rsa, d: "private" }],
    ["a private EC key", { ...ec, d: "private" }],
    ["a private member of the wrong type", { ...ec, d: null }]
  ])("leaves out %s", (_, key) => {
    expect(JsonWebKeySet.decode({ keys: [key, rsa, key] })).toEqual(Option.some({ keys: [rsa] }))
  })

  it("takes a set without any key", () => {
    expect(JsonWebKeySet.decode({ keys: [] })).toEqual(Option.some({ keys: [] }))
  })

  it.each([[null], [undefined], [5], ["keys"], [[]], [[rsa]], [{}], [{ keys: null }], [{ keys: {} }], [{ keys: "a" }], [
    rsa
  ]])(
    "finds none in %j",
    (body) => {
      expect(JsonWebKeySet.decode(body)).toEqual(Option.none())
    }
  )

  it("counts 100 usable keys at most, and no useless one", () => {
    const useless = Array.from({ length: 500 }, () => ({ kty: "oct" }))
    const usable = Array.from({ length: 101 }, (_, index) => ({ ...rsa, kid: String(index) }))
    const { keys } = Option.getOrThrow(JsonWebKeySet.decode({ keys: [...useless, ...usable] }))
    expect(keys).toEqual(usable.slice(0, 100))
  })

  it("is an Option for any JSON, and holds no secret key", () => {
    const key = fc.oneof(
      fc.jsonValue(),
      fc.record({ kty: fc.constantFrom("RSA", "EC", "oct", ""), d: fc.jsonValue(), n: fc.jsonValue() }, {
        requiredKeys: []
      })
    )
    fc.assert(fc.property(fc.oneof(fc.jsonValue(), fc.record({ keys: fc.array(key) })), (body) => {
      const decoded = JsonWebKeySet.decode(body)
      for (const one of Option.match(decoded, { onNone: () => [], onSome: ({ keys }) => keys })) {
        expect(one.kty).not.toBe("oct")
        expect(one).not.toHaveProperty("d")
      }
    }))
  })
})
