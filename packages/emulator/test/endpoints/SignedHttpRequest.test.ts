import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Jose from "jose"
import { emulator } from "../support/emulator.js"
import { get, graph, refusal, textOf } from "../support/http.js"
import { accessToken, passwordGrant } from "../support/signIn.js"
import { claimsOf } from "../support/tokens.js"

interface Key {
  readonly privateKey: Jose.CryptoKey
  readonly jwk: Jose.JWK
  readonly thumbprint: string
}

const makeKey = async (): Promise<Key> => {
  const { privateKey, publicKey } = await Jose.generateKeyPair("PS256")
  const jwk = await Jose.exportJWK(publicKey)
  return { privateKey, jwk, thumbprint: await Jose.calculateJwkThumbprint(jwk) }
}

const key = await makeKey()
const otherKey = await makeKey()

const confirmation = (kid: unknown) => Buffer.from(JSON.stringify({ kid })).toString("base64url")
const bound = { token_type: "pop", req_cnf: confirmation(key.thumbprint) }

const signed = (claims: Jose.JWTPayload, { jwk, privateKey, thumbprint }: Key = key, type = "pop") =>
  Effect.promise(() =>
    new Jose.SignJWT({ ts: 0, m: "GET", u: "graph.microsoft.com", p: "/v1.0/me", cnf: { jwk }, ...claims })
      .setProtectedHeader({ alg: "PS256", kid: thumbprint, typ: type })
      .sign(privateKey)
  )

const me = (authorization: string) => get(`${graph}/v1.0/me`, { authorization })

describe("a token that is bound to a key", () => {
  it.effect("names it, and is taken within a request that it signed", () =>
    Effect.gen(function*() {
      const answer = yield* passwordGrant(bound)
      const at = textOf(answer, "access_token")
      expect(answer.body["token_type"]).toBe("pop")
      expect(yield* claimsOf(at)).toMatchObject({ cnf: { kid: key.thumbprint } })
      expect((yield* me(`PoP ${yield* signed({ at })}`)).status).toBe(200)
      expect((yield* me(`pop ${yield* signed({ at, nonce: "once", ts: 299 })}`)).status).toBe(200)
    }).pipe(Effect.provide(emulator())))

  it.effect("is not taken as a bearer token, nor is a bearer token taken within a signed request", () =>
    Effect.gen(function*() {
      expect((yield* me(`Bearer ${yield* accessToken(bound)}`)).status).toBe(401)
      expect((yield* me(`PoP ${yield* signed({ at: yield* accessToken() })}`)).status).toBe(401)
    }).pipe(Effect.provide(emulator())))

  it.effect.each<readonly [string, Jose.JWTPayload, Key?, string?]>([
    ["another method", { m: "POST" }],
    ["another path", { p: "/v1.0/users" }],
    ["another host", { u: "graph.example.com" }],
    ["another time", { ts: 301 }],
    ["no time", { ts: undefined }],
    ["another key", {}, otherKey],
    ["the key of another", { cnf: { jwk: otherKey.jwk } }],
    ["no key", { cnf: {} }],
    ["another type", {}, key, "JWT"],
    ["no token", { at: undefined }],
    ["words for a token", { at: "words" }]
  ])("is not taken within a request of %s", ([, claims, by, type]) =>
    Effect.gen(function*() {
      const at = yield* accessToken(bound)
      const answer = yield* me(`PoP ${yield* signed({ at, ...claims }, by, type)}`)
      expect(answer.status).toBe(401)
      expect(answer.headers["www-authenticate"]).toContain("error=\"invalid_token\"")
    }).pipe(Effect.provide(emulator())))

  it.effect.each([undefined, "%", "e30", confirmation(7), confirmation(""), confirmation("x".repeat(129))])(
    "is not issued for %j",
    (req_cnf) =>
      Effect.gen(function*() {
        expect(refusal(yield* passwordGrant({ token_type: "pop", req_cnf }))).toMatchObject({
          status: 400,
          error: "invalid_request"
        })
      }).pipe(Effect.provide(emulator()))
  )

  it.effect("is not issued unless it is asked for", () =>
    Effect.gen(function*() {
      expect((yield* passwordGrant({ req_cnf: bound.req_cnf })).body["token_type"]).toBe("Bearer")
    }).pipe(Effect.provide(emulator())))
})
