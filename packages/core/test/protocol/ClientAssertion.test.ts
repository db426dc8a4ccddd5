import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import fc from "fast-check"
import { inspect } from "node:util"
import { describe, expect, it } from "vitest"
import type { SigningAlgorithm, Statement } from "../../src/domain/ClientCredential.js"
import * as ClientAssertion from "../../src/protocol/ClientAssertion.js"
import { anyCharacter } from "../anyCharacter.js"
import * as Jws from "../jws.js"

const statement = (others: Partial<Statement> = {}): Statement => ({
  certificates: [],
  thumbprint: Option.none(),
  keyId: Option.none(),
  sendsCertificates: false,
  claims: {},
  ...others
})

const sha1 = Option.some("ab".repeat(20))
const sha256 = Option.some("ab".repeat(32))
const digest = Option.some(Uint8Array.of(0xfb, 0xef, 0xff, 0xfa))

describe("the header", () => {
  it.each<readonly [SigningAlgorithm, Partial<Statement>, Option.Option<Uint8Array>, object]>([
    ["PS256", {}, digest, { "x5t#S256": "--__-g" }],
    ["RS256", {}, digest, { x5t: "--__-g" }],
    ["ES256", {}, digest, { "x5t#S256": "--__-g" }],
    ["PS256", { thumbprint: sha1 }, digest, { x5t: "--__-g" }],
    ["RS256", { thumbprint: sha256 }, digest, { "x5t#S256": "--__-g" }],
    ["PS256", { keyId: Option.some("1") }, Option.none(), { kid: "1" }],
    ["PS256", { keyId: Option.some("1") }, digest, { kid: "1", "x5t#S256": "--__-g" }],
    [
      "PS256",
      { certificates: [Uint8Array.of(251, 255), new Uint8Array(60)], sendsCertificates: true },
      digest,
      { "x5t#S256": "--__-g", x5c: ["+/8=", "A".repeat(80)] }
    ],
    ["PS256", { certificates: [Uint8Array.of(1)] }, digest, { "x5t#S256": "--__-g" }]
  ])("of %s has how the key is found: %j", (alg, others, thumbprint, expected) => {
    expect(ClientAssertion.header(alg, statement(others), thumbprint)).toEqual({ alg, typ: "JWT", ...expected })
  })
})

describe("what is signed", () => {
  const header: ClientAssertion.Header = { alg: "PS256", typ: "JWT" }

  it("says the same of any client and endpoint, whatever is in them", () => {
    const text = fc.string({ unit: anyCharacter })
    fc.assert(
      fc.property(text, text, fc.nat(), fc.dictionary(text, fc.jsonValue()), (clientId, endpoint, now, others) => {
        const input = ClientAssertion.signingInput(header, { clientId, tokenEndpoint: endpoint, id: "id", now, others })
        expect(input).toMatch(/^[\w-]+\.[\w-]+$/)
        expect(Jws.header(input)).toEqual(header)
        const expected = {
          aud: endpoint,
          iss: clientId,
          sub: clientId,
          jti: "id",
          iat: now,
          nbf: now,
          exp: now + 600,
          ...others
        }
        expect(JSON.stringify(Jws.claims(input))).toBe(JSON.stringify(JSON.parse(JSON.stringify(expected))))
        expect(new TextDecoder().decode(ClientAssertion.bytesToSign(input))).toBe(input)
        const signature = ClientAssertion.complete(input, Uint8Array.of(255, 254))
        expect(Redacted.value(signature)).toBe(`${input}.__4`)
        expect(Option.map(ClientAssertion.parse(signature), Redacted.value)).toEqual(Option.some(`${input}.__4`))
      })
    )
  })

  it("shows in no print", () => {
    const assertion = ClientAssertion.complete("e30.e30", Uint8Array.of(1))
    expect(`${inspect(assertion, { depth: 9, showHidden: true })}${JSON.stringify(assertion)}`).not.toContain("e30")
  })
})

describe("an assertion of the caller's own", () => {
  it.each([
    ["a.b.c", "a.b.c"],
    [" \na.b-_.c\r\n", "a.b-_.c"],
    ["a.b.", undefined],
    [".b.c", undefined],
    ["a.b", undefined],
    ["a.b.c.d", undefined],
    ["a.b=.c", undefined],
    ["a.b c.d", undefined],
    ["", undefined],
    [`a.${"b".repeat(65_536)}.c`, undefined]
  ])("has three parts: %j", (text, expected) => {
    expect(Option.getOrUndefined(Option.map(ClientAssertion.parse(Redacted.make(text)), Redacted.value))).toBe(expected)
  })

  it.each([
    [{ exp: 1_800_000_000 }, 1_800_000_000],
    [{ exp: 1.5 }, 1.5],
    [{ exp: "1800000000" }, undefined],
    [{ exp: null }, undefined],
    [{}, undefined],
    [[1], undefined]
  ])("says when it ends: %j", (claims, expected) => {
    const assertion = Redacted.make(Jws.make({ alg: "RS256" }, claims, "c2ln"))
    expect(Option.getOrUndefined(ClientAssertion.expiry(assertion))).toBe(expected)
  })

  it.each(["a.b.c", "a.bnVsbA.c", "a.!.c", "a", ""])("may say nothing at all: %s", (text) => {
    expect(ClientAssertion.expiry(Redacted.make(text))).toEqual(Option.none())
  })
})
