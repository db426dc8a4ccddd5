import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Jose from "jose"
import { X509Certificate } from "node:crypto"
import * as SigningKeys from "../../src/state/SigningKeys.js"
import { wellKnownKeys } from "../../src/state/wellKnownKeys.js"

const claims = { sub: "jane", exp: 100 }
const isGood = (keys: SigningKeys.SigningKeys, token: string, milliseconds = 0) =>
  Effect.map(Effect.either(keys.verify(token, milliseconds)), ({ _tag }) => _tag === "Right")

describe("signing keys", () => {
  it.effect("sign what they verify", () =>
    Effect.gen(function*() {
      const keys = yield* SigningKeys.make
      const token = yield* keys.sign(claims)
      expect(yield* keys.verify(token, 0)).toEqual(claims)
      const [current] = yield* keys.published
      expect(Jose.decodeProtectedHeader(token)).toEqual({ alg: "RS256", typ: "JWT", kid: current?.kid })
    }))

  it.effect("publish several, and nothing of what is private", () =>
    Effect.gen(function*() {
      const published = yield* (yield* SigningKeys.make).published
      expect(published.length).toBeGreaterThanOrEqual(2)
      expect(new Set(published.map(({ kid }) => kid)).size).toBe(published.length)
      for (const key of published) {
        expect(key).toMatchObject({
          kty: "RSA",
          use: "sig",
          alg: "RS256",
          kid: expect.any(String),
          n: expect.any(String)
        })
        for (const name of ["d", "p", "q", "dp", "dq", "qi"]) expect(key).not.toHaveProperty(name)
      }
    }))

  it("come with certificates of their own", () => {
    for (const { certificate, jwk, thumbprint } of wellKnownKeys) {
      const x509 = new X509Certificate(Buffer.from(certificate, "base64"))
      expect(x509.publicKey.export({ format: "jwk" })).toMatchObject({ n: jwk.n, e: jwk.e })
      expect(Buffer.from(x509.fingerprint.replaceAll(":", ""), "hex").toString("base64url")).toBe(thumbprint)
    }
  })

  it.effect("sign the same for the same claims", () =>
    Effect.gen(function*() {
      const [one, other] = [yield* SigningKeys.make, yield* SigningKeys.make]
      expect(yield* one.sign(claims)).toBe(yield* other.sign(claims))
    }))

  it.effect("rotate: the next one was published before, and the last one stays", () =>
    Effect.gen(function*() {
      const keys = yield* SigningKeys.make
      const [, next] = yield* keys.published
      const old = yield* keys.sign(claims)
      yield* keys.rotate()
      const token = yield* keys.sign(claims)
      expect(Jose.decodeProtectedHeader(token).kid).toBe(next?.kid)
      expect(Jose.decodeProtectedHeader(old).kid).not.toBe(next?.kid)
      expect([yield* isGood(keys, old), yield* isGood(keys, token)]).toEqual([true, true])
    }))

  it.effect("are withdrawn with what they signed", () =>
    Effect.gen(function*() {
      const keys = yield* SigningKeys.make
      const oldest = yield* keys.sign(claims)
      yield* keys.rotate()
      const old = yield* keys.sign(claims)
      yield* keys.rotate({ withdraw: true })
      const token = yield* keys.sign(claims)
      expect([yield* isGood(keys, oldest), yield* isGood(keys, old), yield* isGood(keys, token)]).toEqual([
        false,
        false,
        true
      ])
      const kids = (yield* keys.published).map(({ kid }) => kid)
      for (const one of [oldest, old]) expect(kids).not.toContain(Jose.decodeProtectedHeader(one).kid)
    }))

  it.effect("do not run out", () =>
    Effect.gen(function*() {
      const keys = yield* SigningKeys.make
      const kids = new Set<string | undefined>()
      for (const _ of [...wellKnownKeys, "one more", "another"]) {
        const token = yield* keys.sign(claims)
        kids.add(Jose.decodeProtectedHeader(token).kid)
        expect(yield* isGood(keys, token)).toBe(true)
        yield* keys.rotate({ withdraw: true })
      }
      expect(kids.size).toBe(wellKnownKeys.length + 2)
    }))

  it.effect("start over", () =>
    Effect.gen(function*() {
      const keys = yield* SigningKeys.make
      const before = yield* keys.published
      yield* keys.rotate({ withdraw: true })
      yield* keys.reset
      expect(yield* keys.published).toEqual(before)
    }))

  it.effect("refuse what is forged, expired, unsigned or no token", () =>
    Effect.gen(function*() {
      const keys = yield* SigningKeys.make
      const token = yield* keys.sign(claims)
      const [header, payload] = token.split(".")
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")
      const forged = yield* keys.sign(claims, { forged: true })
      expect(Jose.decodeProtectedHeader(forged)).toEqual(Jose.decodeProtectedHeader(token))
      const hs256 = yield* Effect.promise(async () =>
        new Jose.SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode("x".repeat(32)))
      )
      const refused = [
        forged,
        `${part({ alg: "none" })}.${payload}.`,
        `${header}.${payload}.`,
        `${header}.${payload}`,
        hs256,
        "a.b.c",
        ""
      ]
      for (const one of refused) expect(yield* isGood(keys, one)).toBe(false)
      expect([yield* isGood(keys, token, 99_000), yield* isGood(keys, token, 100_000)]).toEqual([true, false])
    }))
})
