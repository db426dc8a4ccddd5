import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import fc from "fast-check"
import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import * as Pkce from "../../src/protocol/Pkce.js"

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest())
const challengeOf = (verifier: string) => Pkce.challenge(sha256(Pkce.bytesToDigest(Redacted.make(verifier))))
const unreserved = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"]
const verifier = fc.string({ unit: fc.constantFrom(...unreserved), minLength: 43, maxLength: 128 })

describe("challenge", () => {
  it("is that of RFC 7636, appendix B", () => {
    expect(challengeOf("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")).toBe(
      "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    )
  })

  it("is 43 characters of base64url without padding", () => {
    fc.assert(fc.property(verifier, (one) => {
      expect(challengeOf(one)).toMatch(/^[A-Za-z0-9_-]{43}$/)
      expect(challengeOf(one)).toBe(createHash("sha256").update(one, "ascii").digest("base64url"))
    }))
  })
})

describe("parseVerifier", () => {
  it("takes every verifier of the grammar", () => {
    fc.assert(fc.property(verifier, (one) => {
      const wrapped = Redacted.make(one)
      expect(Pkce.parseVerifier(wrapped)).toEqual(Either.right(wrapped))
    }))
  })

  const good = "a".repeat(43)
  it.each([
    ["empty", ""],
    ["one short", "a".repeat(42)],
    ["one long", "a".repeat(129)],
    ...[..." +/=%!*'()\n\r\t\u0000\u00E9\u212A\uFF21"].map((
      character
    ) => [`with ${JSON.stringify(character)}`, `${good}${character}`]),
    ["with a line break before", `\n${good}`]
  ])("refuses one that is %s, and does not repeat it", (_, text) => {
    const error = Either.getOrThrow(Either.flip(Pkce.parseVerifier(Redacted.make(text ?? ""))))
    expect(error).toMatchObject({ _tag: "InvalidArgument", argument: "codeVerifier" })
    expect(JSON.stringify(error)).not.toContain("aaa")
  })
})

describe("entropy", () => {
  it("makes a verifier of 43 characters at least", () => {
    expect(Pkce.entropy).toBeGreaterThanOrEqual(32)
    const made = Buffer.alloc(Pkce.entropy, 0xFB).toString("base64url")
    expect(Either.isRight(Pkce.parseVerifier(Redacted.make(made)))).toBe(true)
  })
})
