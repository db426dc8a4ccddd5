import { describe, expect, it } from "@effect/vitest"
import { AuthorizationCode, Crypto, UsernamePassword } from "@grantwork/core"
import { FakeProvider, Reply, ScriptedHttpClient, SigningKey, TokenFactory } from "@grantwork/testing"
import * as Effect from "effect/Effect"
import * as Encoding from "effect/Encoding"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { cached, failure, generic, issuer, nextAnswer, outcome, redirectUri } from "../scenario.js"

const now = 100_000

/** Signs in with this ID token: the rule that rejected it, or `accepted`. Nothing may be cached of what is rejected. */
const verdict = (idToken: string) =>
  Effect.gen(function*() {
    yield* nextAnswer({ id_token: idToken })
    const before = yield* cached
    const result = yield* outcome(
      UsernamePassword.acquire({ username: "ada", password: Redacted.make("pw"), scopes: [] })
    )
    if (result._tag === "Right") {
      return "accepted"
    }
    expect(yield* cached).toEqual(before)
    if (result.left._tag !== "IdTokenRejected") {
      return result.left._tag
    }
    expect(result.left.endpoint).toBe(`${issuer}/token`)
    expect(result.left.correlationId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    return result.left.rule
  })

const verdictOn = (differences: TokenFactory.Differences) =>
  Effect.gen(function*() {
    const factory = yield* TokenFactory.TokenFactory
    return yield* verdict(yield* factory.idToken(differences))
  })

const at = (seconds: number) => TestClock.setTime(seconds * 1000)

const encode = (value: unknown) => Encoding.encodeBase64Url(JSON.stringify(value))

const signed = (header: { readonly alg: string; readonly kid?: string }, key: SigningKey.SigningKey["privateKey"]) =>
  Effect.gen(function*() {
    const crypto = yield* Crypto.Crypto
    const factory = yield* TokenFactory.TokenFactory
    return yield* crypto.sign(new TextEncoder().encode(JSON.stringify(yield* factory.claims())), header, key)
  })

describe("claims of an ID token", () => {
  const client = FakeProvider.clientId
  const cases: ReadonlyArray<readonly [string, TokenFactory.Differences, string]> = [
    ["a good token", {}, "accepted"],
    ["another issuer", { iss: "https://evil.example.com" }, "iss"],
    ["the issuer with a slash more", { iss: `${issuer}/` }, "iss"],
    ["no issuer", { iss: undefined }, "iss"],
    ["an issuer that is no text", { iss: 7 }, "iss"],
    ["another audience", { aud: "another-client" }, "aud"],
    ["no audience", { aud: undefined }, "aud"],
    ["an empty list of audiences", { aud: [] }, "aud"],
    ["an audience that is no text", { aud: { client } }, "aud"],
    ["a list that has something else than text", { aud: [client, 7] }, "aud"],
    ["this client in a list of one", { aud: [client] }, "accepted"],
    ["this client among others, without azp", { aud: [client, "other"] }, "azp"],
    ["this client among others, as azp", { aud: [client, "other"], azp: client }, "accepted"],
    ["another azp, for one audience", { azp: "other" }, "azp"],
    ["another azp, for several audiences", { aud: [client, "other"], azp: "other" }, "azp"],
    ["this client as azp but not as audience", { aud: "other", azp: client }, "aud"],
    ["no exp", { exp: undefined }, "exp"],
    ["an exp that is text", { exp: "200000" }, "exp"],
    ["exp two minutes ago", { exp: now - 120 }, "exp"],
    ["exp within the skew", { exp: now - 119 }, "accepted"],
    ["nbf within the skew", { nbf: now + 120 }, "accepted"],
    ["nbf beyond the skew", { nbf: now + 121 }, "nbf"],
    ["an nbf that is no number", { nbf: "soon" }, "nbf"],
    ["no iat", { iat: undefined }, "iat"],
    ["iat within the skew", { iat: now + 120 }, "accepted"],
    ["iat beyond the skew", { iat: now + 121 }, "iat"],
    ["no sub", { sub: undefined }, "sub"],
    ["an empty sub", { sub: "" }, "sub"],
    ["a sub that is a number", { sub: 42 }, "sub"],
    ["a nonce that this grant does not ask for", { nonce: "n" }, "accepted"],
    ["at_hash of another access token", { at_hash: "AAAAAAAAAAAAAAAAAAAAAA" }, "at_hash"],
    ["an at_hash that is no text", { at_hash: null }, "at_hash"],
    ["an algorithm in its claims", { alg: "none" }, "accepted"]
  ]

  it.effect.each(cases)("%s", ([, differences, expected]) =>
    Effect.gen(function*() {
      yield* at(now)
      expect(yield* verdictOn(differences)).toBe(expected)
    }).pipe(Effect.provide(generic())))

  it.effect("an expired token says that the clock may be wrong", () =>
    Effect.gen(function*() {
      yield* at(now)
      const factory = yield* TokenFactory.TokenFactory
      yield* nextAnswer({ id_token: yield* factory.idToken({ exp: now - 3600 }) })
      const error = yield* failure(
        UsernamePassword.acquire({ username: "ada", password: Redacted.make("pw"), scopes: [] })
      )
      expect(error.message).toContain("clock")
    }).pipe(Effect.provide(generic())))

  it.effect.each(
    [
      ["exp", { exp: now }, "exp"],
      ["exp", { exp: now + 1 }, "accepted"],
      ["nbf", { nbf: now }, "accepted"],
      ["nbf", { nbf: now + 1 }, "nbf"],
      ["iat", { iat: now + 1 }, "iat"]
    ] as const
  )("without clock skew, %s counts to the second", ([, differences, expected]) =>
    Effect.gen(function*() {
      yield* at(now)
      expect(yield* verdictOn(differences)).toBe(expected)
    }).pipe(Effect.provide(generic({ clockSkew: 0 }))))

  it.effect("at_hash of the access token that came", () =>
    Effect.gen(function*() {
      const crypto = yield* Crypto.Crypto
      const factory = yield* TokenFactory.TokenFactory
      const digest = yield* crypto.digest("SHA-256", new TextEncoder().encode("the access token"))
      const idToken = yield* factory.idToken({ at_hash: Encoding.encodeBase64Url(digest.subarray(0, 16)) })
      yield* nextAnswer({ access_token: "the access token", id_token: idToken })
      const request = { username: "ada", password: Redacted.make("pw"), scopes: [] }
      expect((yield* UsernamePassword.acquire(request)).source).toBe("identity-provider")
      yield* nextAnswer({ access_token: "another access token", id_token: idToken })
      expect(yield* failure(UsernamePassword.acquire(request))).toMatchObject({ rule: "at_hash" })
    }).pipe(Effect.provide(generic())))

  it.effect.each(["not JSON", "[]", "null", "\"text\""])("a payload that is %s", (payload) =>
    Effect.gen(function*() {
      const crypto = yield* Crypto.Crypto
      const { key } = yield* TokenFactory.TokenFactory
      const idToken = yield* crypto.sign(
        new TextEncoder().encode(payload),
        { alg: "ES256", kid: key.kid },
        key.privateKey
      )
      expect(yield* verdict(idToken)).toBe("malformed")
    }).pipe(Effect.provide(generic())))

  it.effect("a __proto__ in the payload counts for nothing", () =>
    Effect.gen(function*() {
      const crypto = yield* Crypto.Crypto
      const { claims, key } = yield* TokenFactory.TokenFactory
      const payload = JSON.stringify(yield* claims({ sub: undefined })).replace(
        /^{/,
        "{\"__proto__\":{\"sub\":\"eve\"},"
      )
      const idToken = yield* crypto.sign(
        new TextEncoder().encode(payload),
        { alg: "ES256", kid: key.kid },
        key.privateKey
      )
      expect(yield* verdict(idToken)).toBe("sub")
    }).pipe(Effect.provide(generic())))
})

describe("nonce of an ID token", () => {
  const redeem = (sent: string | undefined, claims: TokenFactory.Differences) =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      yield* nextAnswer({ id_token: yield* factory.idToken(claims) })
      return yield* outcome(
        AuthorizationCode.redeem({ code: Redacted.make("code"), redirectUri, scopes: [], nonce: sent })
      )
    })

  it.effect.each(
    [
      ["the one sent", "n", { nonce: "n" }, true],
      ["another", "n", { nonce: "m" }, false],
      ["in another letter case", "n", { nonce: "N" }, false],
      ["missing", "n", {}, false],
      ["none sent, none there", undefined, {}, true],
      ["none sent, one there", undefined, { nonce: "n" }, false]
    ] as const
  )("%s", ([, sent, claims, accepted]) =>
    Effect.gen(function*() {
      expect(yield* redeem(sent, claims)).toMatchObject(
        accepted ? { _tag: "Right" } : { left: { _tag: "IdTokenRejected", rule: "nonce" } }
      )
      expect(yield* cached).toHaveLength(accepted ? 1 : 0)
    }).pipe(Effect.provide(generic())))

  it.effect("an ID token is demanded of an authorization code", () =>
    Effect.gen(function*() {
      yield* nextAnswer({ id_token: undefined })
      const error = yield* failure(
        AuthorizationCode.redeem({ code: Redacted.make("code"), redirectUri, scopes: [] })
      )
      expect(error).toMatchObject({ _tag: "IdTokenRejected", rule: "missing" })
      expect(yield* cached).toEqual([])
    }).pipe(Effect.provide(generic())))
})

describe("auth_time of an ID token", () => {
  const complete = (authTime: unknown) =>
    Effect.gen(function*() {
      yield* at(now)
      const flow = yield* AuthorizationCode.initiate({ scopes: [], redirectUri, maxAge: "10 minutes" })
      expect(new URL(flow.authorizationUrl).searchParams.get("max_age")).toBe("600")
      const factory = yield* TokenFactory.TokenFactory
      yield* nextAnswer({ id_token: yield* factory.idToken({ nonce: flow.nonce, auth_time: authTime }) })
      const response = yield* FakeProvider.signIn(flow.authorizationUrl)
      return yield* outcome(AuthorizationCode.complete({ flow, response }))
    })

  it.effect.each(
    [
      ["now", now, true],
      ["as long ago as maxAge and skew allow", now - 720, true],
      ["longer ago", now - 721, false],
      ["ahead, within the skew", now + 120, true],
      ["ahead, beyond the skew", now + 121, false],
      ["missing", undefined, false],
      ["no number", String(now), false]
    ] as const
  )("%s", ([, authTime, accepted]) =>
    Effect.gen(function*() {
      expect(yield* complete(authTime)).toMatchObject(
        accepted ? { _tag: "Right" } : { left: { _tag: "IdTokenRejected", rule: "auth_time" } }
      )
      expect(yield* cached).toHaveLength(accepted ? 1 : 0)
    }).pipe(Effect.provide(generic())))

  it.effect("maxAge 0 asks for a sign-in just now", () =>
    Effect.gen(function*() {
      yield* at(now)
      const flow = yield* AuthorizationCode.initiate({ scopes: [], redirectUri, maxAge: 0 })
      expect(new URL(flow.authorizationUrl).searchParams.get("max_age")).toBe("0")
      const factory = yield* TokenFactory.TokenFactory
      yield* nextAnswer({ id_token: yield* factory.idToken({ nonce: flow.nonce, auth_time: now - 121 }) })
      const response = yield* FakeProvider.signIn(flow.authorizationUrl)
      expect(yield* failure(AuthorizationCode.complete({ flow, response }))).toMatchObject({ rule: "auth_time" })
    }).pipe(Effect.provide(generic())))
})

describe("signature of an ID token", () => {
  it.effect("alg none, whatever the letter case", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      const payload = encode(yield* factory.claims())
      for (const alg of ["none", "None", "NONE", ""]) {
        expect(["algorithm", "malformed"]).toContain(yield* verdict(`${encode({ alg, kid: "key-1" })}.${payload}.`))
      }
      expect(yield* verdict(`${encode({ alg: "none", kid: "key-1" })}.${payload}.AAAA`)).toBe("algorithm")
    }).pipe(Effect.provide(generic())))

  it.effect("HS256 with the public key or the client secret as secret", () =>
    Effect.gen(function*() {
      const { key } = yield* TokenFactory.TokenFactory
      for (const secret of [JSON.stringify(key.publicKey), "the client secret"]) {
        const idToken = yield* signed({ alg: "HS256", kid: key.kid }, {
          kty: "oct",
          k: Encoding.encodeBase64Url(secret)
        })
        expect(yield* verdict(idToken)).toBe("algorithm")
      }
    }).pipe(Effect.provide(generic({ clientSecret: Redacted.make("the client secret") }))))

  it.effect("HS256 with a symmetric key that the provider publishes", () =>
    Effect.gen(function*() {
      const published = { kty: "oct", k: Encoding.encodeBase64Url("published"), kid: "sym", alg: "HS256" }
      yield* FakeProvider.answer("keys", Reply.json({ keys: [published] }))
      expect(yield* verdict(yield* signed({ alg: "HS256", kid: "sym" }, published))).toBe("algorithm")
    }).pipe(Effect.provide(generic())))

  it.effect("another key under the same kid", () =>
    Effect.gen(function*() {
      const other = yield* SigningKey.generate("ES256", "key-1")
      expect(yield* verdict(yield* signed({ alg: "ES256", kid: "key-1" }, other.privateKey))).toBe("signature")
    }).pipe(Effect.provide(generic())))

  it.effect("a payload changed after signing", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      const [header, , signature] = (yield* factory.idToken()).split(".")
      const changed = encode(yield* factory.claims({ sub: "eve" }))
      expect(yield* verdict(`${header}.${changed}.${signature}`)).toBe("signature")
    }).pipe(Effect.provide(generic())))

  it.effect.each(["", "a.b", "a.b.c", "not a token", "a.b.c.d.e", "é.é.é"])(
    "%j is no token",
    (idToken) =>
      Effect.gen(function*() {
        expect(["malformed", "MalformedResponse"]).toContain(yield* verdict(idToken))
      }).pipe(Effect.provide(generic()))
  )

  it.effect("keys in the header are not followed", () =>
    Effect.gen(function*() {
      const eve = yield* SigningKey.generate("ES256", "key-1")
      const header = {
        alg: "ES256",
        kid: "key-1",
        jwk: eve.publicKey,
        jku: "https://evil.example.com/jwks",
        x5u: "https://evil.example.com/x5u"
      }
      expect(yield* verdict(yield* signed(header, eve.privateKey))).toBe("signature")
      expect((yield* ScriptedHttpClient.requests).filter(({ url }) => url.includes("evil"))).toEqual([])
    }).pipe(Effect.provide(generic())))

  it.effect("a critical extension that nobody knows", () =>
    Effect.gen(function*() {
      const { key } = yield* TokenFactory.TokenFactory
      const crypto = yield* Crypto.Crypto
      const { claims } = yield* TokenFactory.TokenFactory
      const header = encode({ alg: "ES256", kid: key.kid, crit: ["exp"], exp: 1 })
      const plain = yield* crypto.sign(
        new TextEncoder().encode(JSON.stringify(yield* claims())),
        { alg: "ES256", kid: key.kid },
        key.privateKey
      )
      const [, payload, signature] = plain.split(".")
      expect(yield* verdict(`${header}.${payload}.${signature}`)).toBe("malformed")
    }).pipe(Effect.provide(generic())))

  it.effect("an algorithm that the application does not accept", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      expect(yield* verdict(yield* factory.idToken())).toBe("algorithm")
    }).pipe(Effect.provide(generic({ idTokenSigningAlgorithms: ["RS256"] }))))

  it.effect("RS256", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      expect(yield* verdict(yield* factory.idToken())).toBe("accepted")
    }).pipe(Effect.provide(generic({}, { algorithm: "RS256" }))))

  it.effect("RS256 with a key too short", () =>
    Effect.gen(function*() {
      const pair = yield* Effect.promise(() =>
        globalThis.crypto.subtle.generateKey(
          {
            name: "RSASSA-PKCS1-v1_5",
            modulusLength: 1024,
            publicExponent: Uint8Array.of(1, 0, 1),
            hash: "SHA-256"
          },
          true,
          ["sign", "verify"]
        )
      )
      const factory = yield* TokenFactory.TokenFactory
      const publicKey = yield* Effect.promise(() => globalThis.crypto.subtle.exportKey("jwk", pair.publicKey))
      yield* FakeProvider.answer("keys", Reply.json({ keys: [{ ...publicKey, kid: "short", alg: "RS256" }] }))
      const input = `${encode({ alg: "RS256", kid: "short" })}.${encode(yield* factory.claims())}`
      const signature = yield* Effect.promise(() =>
        globalThis.crypto.subtle.sign("RSASSA-PKCS1-v1_5", pair.privateKey, new TextEncoder().encode(input))
      )
      const idToken = `${input}.${Encoding.encodeBase64Url(new Uint8Array(signature))}`
      expect(yield* verdict(idToken)).not.toBe("accepted")
    }).pipe(Effect.provide(generic())))

  it.effect.each(
    [
      ["for encryption", { use: "enc" }],
      ["for another algorithm", { alg: "ES384" }],
      ["for another operation", { key_ops: ["sign"] }],
      ["with its private half", { d: "AAAA" }]
    ] as const
  )("a key %s is no key", ([, differences]) =>
    Effect.gen(function*() {
      const { idToken, key } = yield* TokenFactory.TokenFactory
      yield* FakeProvider.answer("keys", Reply.json({ keys: [{ ...key.publicKey, ...differences }] }))
      expect(["unknown_key", "malformed"]).toContain(yield* verdict(yield* idToken()))
    }).pipe(Effect.provide(generic())))

  it.effect("a token without kid is verified by the one key that fits", () =>
    Effect.gen(function*() {
      const { key } = yield* TokenFactory.TokenFactory
      const rsa = yield* SigningKey.generate("RS256", "rsa")
      const other = yield* SigningKey.generate("ES256", "other")
      const idToken = yield* signed({ alg: "ES256" }, key.privateKey)
      for (const keys of [[key], [rsa, key], [other, key], [key, other]]) {
        yield* TestClock.adjust("61 minutes")
        yield* FakeProvider.answer("keys", Reply.json({ keys: keys.map(({ publicKey }) => publicKey) }))
        const fresh = yield* signed({ alg: "ES256" }, key.privateKey)
        expect(yield* verdict(fresh)).toBe("accepted")
      }
      yield* FakeProvider.answer("keys", Reply.json({ keys: [other.publicKey, { ...other.publicKey, kid: "2" }] }))
      yield* TestClock.adjust("30 minutes")
      expect(yield* verdict(idToken)).not.toBe("accepted")
    }).pipe(Effect.provide(generic())))

  it.effect("without a jwks_uri nothing can be proven", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      yield* FakeProvider.answer("metadata", Reply.json(factory.metadata({ jwks_uri: undefined })))
      expect(yield* verdict(yield* factory.idToken())).toBe("InvalidAuthority")
    }).pipe(Effect.provide(generic())))

  it.effect("an answer without ID token is taken where the grant needs none", () =>
    Effect.gen(function*() {
      yield* nextAnswer({ id_token: undefined })
      const result = yield* UsernamePassword.acquire({ username: "ada", password: Redacted.make("pw"), scopes: [] })
      expect(Option.isNone(result.idTokenClaims)).toBe(true)
    }).pipe(Effect.provide(generic())))
})
