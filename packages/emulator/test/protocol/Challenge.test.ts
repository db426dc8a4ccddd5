import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { createHash } from "node:crypto"
import * as Challenge from "../../src/protocol/Challenge.js"

// RFC 7636, appendix B.
const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

const challengeOf = (text: string) => createHash("sha256").update(text).digest("base64url")

describe("a verifier", () => {
  it.effect.each<readonly [what: string, challenge: string | undefined, verifier: string | undefined, isMet: boolean]>([
    ["of the RFC", challenge, verifier, true],
    ["of the longest kind", challengeOf("a.~_-".repeat(25)), "a.~_-".repeat(25), true],
    ["of another challenge", challengeOf("other"), verifier, false],
    ["that is the challenge", challenge, challenge, false],
    ["in another letter case", challenge, verifier.toUpperCase(), false],
    ["that is missing", challenge, undefined, false],
    ["without a challenge", undefined, verifier, false],
    ["that nobody needs", undefined, undefined, true],
    ["that is too short", challengeOf("a".repeat(42)), "a".repeat(42), false],
    ["that is too long", challengeOf("a".repeat(129)), "a".repeat(129), false],
    ["with characters it must not have", challengeOf(`${"a".repeat(42)}é`), `${"a".repeat(42)}é`, false],
    ["with a new line", challengeOf(`${"a".repeat(43)}\n`), `${"a".repeat(43)}\n`, false]
  ])("%s", ([, challenge, verifier, isMet]) =>
    Effect.gen(function*() {
      expect(yield* Challenge.isMet(challenge, verifier)).toBe(isMet)
    }))
})

describe("a challenge", () => {
  it.each([
    [challenge, true],
    ["", false],
    [challenge.slice(1), false],
    [`${challenge}=`, false],
    [`${challenge}a`, false],
    [`${challenge.slice(1)}+`, false],
    [`${challenge}\n`, false]
  ])("%j", (text, expected) => {
    expect(Challenge.isChallenge(text)).toBe(expected)
  })
})
