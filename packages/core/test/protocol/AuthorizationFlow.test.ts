import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import fc from "fast-check"
import { createHash } from "node:crypto"
import { inspect } from "node:util"
import { describe, expect, it } from "vitest"
import * as AuthorizationFlow from "../../src/protocol/AuthorizationFlow.js"
import * as AuthorizationUrl from "../../src/protocol/AuthorizationUrl.js"
import { anyAddress } from "../anyAddress.js"
import { anyCharacter } from "../anyCharacter.js"

const authority = "https://issuer.example/.well-known/openid-configuration"
const expected = { clientId: "client", authority }

const challengeOf = (verifier: string) => createHash("sha256").update(verifier).digest("base64url")

const text = fc.string({ unit: anyCharacter, minLength: 1 })
const scope = fc.string({ unit: fc.constantFrom(..."abcAB/.:"), minLength: 1 })
const verifier = fc.string({ unit: fc.constantFrom(..."abcXYZ019-._~"), minLength: 43, maxLength: 128 })

interface Parts {
  readonly redirectUri: string
  readonly scopes: ReadonlyArray<string>
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
  readonly claims?: string
  readonly maxAge?: number
}

const open = (parts: Parts): AuthorizationFlow.OpenFlow => ({
  ...parts,
  clientId: "client",
  authority,
  nonce: Redacted.make(parts.nonce),
  codeVerifier: Redacted.make(parts.codeVerifier),
  authorizationUrl: AuthorizationUrl.make("https://issuer.example/authorize?kept=1", {
    client_id: "client",
    response_type: "code",
    redirect_uri: parts.redirectUri,
    scope: parts.scopes.join(" "),
    state: parts.state,
    nonce: parts.nonce,
    code_challenge: challengeOf(parts.codeVerifier),
    code_challenge_method: "S256",
    claims: parts.claims,
    max_age: parts.maxAge?.toString()
  })
})

const parts = fc.record({
  redirectUri: anyAddress,
  scopes: fc.uniqueArray(scope, { minLength: 1, maxLength: 4 }),
  state: text,
  nonce: text,
  codeVerifier: verifier,
  claims: text,
  maxAge: fc.nat()
}, { requiredKeys: ["redirectUri", "scopes", "state", "nonce", "codeVerifier"] }) as fc.Arbitrary<Parts>

const whole: AuthorizationFlow.AuthorizationFlow = AuthorizationFlow.encode(open({
  redirectUri: "https://app.example/callback",
  scopes: ["a", "b", "openid"],
  state: "state",
  nonce: "nonce",
  codeVerifier: "v".repeat(43),
  claims: "{\"a\":1}",
  maxAge: 60
}))

const refusal = (flow: unknown, by = expected) => Either.getOrThrow(Either.flip(AuthorizationFlow.decode(flow, by)))
const urlWith = (name: string, value: string) => {
  const url = new URL(whole.authorizationUrl)
  url.searchParams.set(name, value)
  return url.toString()
}
const without = (...names: ReadonlyArray<string>) =>
  Object.fromEntries(Object.entries(whole).filter(([name]) => !names.includes(name)))

describe("a flow", () => {
  it("survives JSON", () => {
    fc.assert(fc.property(parts, (one) => {
      const flow = open(one)
      const stored: unknown = JSON.parse(JSON.stringify(AuthorizationFlow.encode(flow)))
      const again = Either.getOrThrow(AuthorizationFlow.decode(stored, expected))
      expect(AuthorizationFlow.encode(again)).toEqual(stored)
      expect(again).toEqual(flow)
      const challenge = challengeOf(Redacted.value(again.codeVerifier))
      expect(AuthorizationFlow.checkChallenge(again, challenge)).toEqual(Either.right(again))
    }))
  })

  it("is plain JSON, and says the same when members are in another order or added", () => {
    expect(JSON.parse(JSON.stringify(whole))).toEqual(whole)
    const shuffled = { more: 1, ...Object.fromEntries(Object.entries(whole).toReversed()) }
    expect(Either.isRight(AuthorizationFlow.decode(shuffled, expected))).toBe(true)
  })

  it("shows neither nonce nor verifier once it is read back", () => {
    const { authorizationUrl: _, ...flow } = Either.getOrThrow(AuthorizationFlow.decode(whole, expected))
    const printed = `${inspect(flow, { depth: 9, showHidden: true })}${JSON.stringify(flow)}`
    expect(printed).not.toContain("vvv")
    expect(printed.replace("nonce:", "").replace("\"nonce\":", "")).not.toContain("nonce")
  })

  it.each([
    ["another client", { ...expected, clientId: "other" }, "flow.clientId"],
    ["another authority", { ...expected, authority: "https://other.example" }, "flow.authority"]
  ])("of %s is refused", (_, by, argument) => {
    expect(refusal(whole, by)).toMatchObject({ _tag: "InvalidArgument", argument })
  })
})

describe("a tampered flow", () => {
  it.each<[keyof AuthorizationFlow.AuthorizationFlow, unknown]>([
    ["clientId", "other"],
    ["authority", "https://evil.example/.well-known/openid-configuration"],
    ["redirectUri", "https://evil.example/callback"],
    ["redirectUri", "https://app.example/callback/"],
    ["scopes", ["a", "b"]],
    ["scopes", ["a", "b", "openid", "c"]],
    ["scopes", ["b", "a", "openid"]],
    ["scopes", ["a b", "openid"]],
    ["scopes", []],
    ["state", "other"],
    ["nonce", "other"],
    ["claims", "{}"],
    ["claims", ""],
    ["claims", undefined],
    ["maxAge", 61],
    ["maxAge", 0],
    ["maxAge", undefined]
  ])("%s changed to %j is refused by name", (name, value) => {
    const error = refusal({ ...whole, [name]: value })
    expect(error._tag).toBe("InvalidArgument")
    expect(error.argument.split(".").slice(0, 2).join(".")).toBe(`flow.${name}`)
  })

  it.each(Object.keys(whole))("without %s is refused by name", (name) => {
    expect(refusal(without(name)).argument).toBe(`flow.${name}`)
    expect(refusal(without(name)).message).toContain(name)
  })

  it.each(
    Object.keys(whole).flatMap((name) =>
      [null, 5.5, true, {}, [5], ""].map((value): [string, unknown] => [name, value])
    )
      .filter(([name, value]) => !(name === "scopes" && value === ""))
  )("with %s of %j is refused by name", (name, value) => {
    expect(refusal({ ...whole, [name]: value }).argument.split(".").slice(0, 2).join(".")).toBe(`flow.${name}`)
  })

  it.each([["maxAge", -1], ["maxAge", 1e300], ["maxAge", "60"], ["maxAge", Number.NaN], ["scopes", "a b openid"], [
    "scopes",
    ["a", ""]
  ]])(
    "with %s of %j is refused by name",
    (name, value) => {
      expect(refusal({ ...whole, [name]: value }).argument).toMatch(new RegExp(`^flow\\.${name}`))
    }
  )

  it.each([
    ["client_id", "clientId"],
    ["redirect_uri", "redirectUri"],
    ["scope", "scopes"],
    ["state", "state"],
    ["nonce", "nonce"],
    ["claims", "claims"],
    ["max_age", "maxAge"]
  ])("whose address has another %s is refused", (parameter, name) => {
    expect(refusal({ ...whole, authorizationUrl: urlWith(parameter, "other") }).argument).toBe(`flow.${name}`)
  })

  it.each(["authorize", "//evil.example", "https://", ""])(
    "with %j for an address is refused by name",
    (authorizationUrl) => {
      expect(refusal({ ...whole, authorizationUrl }).argument).toBe("flow.authorizationUrl")
    }
  )

  it("with a challenge asked for that it had none of is refused", () => {
    const url = new URL(whole.authorizationUrl)
    url.searchParams.delete("claims")
    url.searchParams.delete("max_age")
    const flow = { ...without("claims", "maxAge"), authorizationUrl: url.toString() }
    expect(Either.isRight(AuthorizationFlow.decode(flow, expected))).toBe(true)
    expect(refusal({ ...flow, claims: "{}" }).argument).toBe("flow.claims")
    expect(refusal({ ...flow, maxAge: 0 }).argument).toBe("flow.maxAge")
  })

  it("with another verifier, or another challenge in its address, is refused", () => {
    const other = Either.getOrThrow(AuthorizationFlow.decode({ ...whole, codeVerifier: "w".repeat(43) }, expected))
    const swapped = Either.getOrThrow(
      AuthorizationFlow.decode({ ...whole, authorizationUrl: urlWith("code_challenge", "x") }, expected)
    )
    for (const flow of [other, swapped]) {
      const result = AuthorizationFlow.checkChallenge(flow, challengeOf(Redacted.value(flow.codeVerifier)))
      expect(Either.getOrThrow(Either.flip(result))).toMatchObject({ argument: "flow.codeVerifier" })
    }
  })

  it("repeats neither nonce nor verifier in its refusal", () => {
    const flow = { ...whole, nonce: "hunter2", codeVerifier: { hunter2: "hunter2" }, state: 5 }
    for (const tampered of [flow, { ...whole, nonce: "hunter2" }, { ...whole, codeVerifier: ["hunter2"] }]) {
      const error = refusal(tampered)
      expect(`${error.message}${JSON.stringify(error)}${error.stack}${inspect(error)}`).not.toContain("hunter2")
    }
  })
})

describe("what is no flow", () => {
  it.each([[null], [undefined], [""], ["flow"], [5], [true], [[]], [[whole]], [JSON.stringify(whole)]])(
    "%j is refused as a lost session",
    (value) => {
      expect(refusal(value)).toMatchObject({ _tag: "InvalidArgument", argument: "flow" })
    }
  )

  it("is an Either for any JSON, and for anything else", () => {
    const partial = fc.record(
      Object.fromEntries(
        Object.entries(whole).map(([name, value]) => [name, fc.oneof(fc.constant(value), fc.jsonValue())])
      ),
      { requiredKeys: [] }
    )
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), partial, fc.anything()), (value) => {
        const result = AuthorizationFlow.decode(value, expected)
        if (Either.isRight(result)) {
          const { authorizationUrl, codeVerifier, ...bound } = AuthorizationFlow.encode(result.right)
          expect(whole).toMatchObject(bound)
          expect([authorizationUrl, codeVerifier]).not.toContain("")
        } else {
          expect(result.left.argument).toMatch(/^flow(\.|$)/)
        }
      }),
      { numRuns: 1000 }
    )
  })
})
