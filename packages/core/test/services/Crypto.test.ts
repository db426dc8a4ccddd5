import { describe, expect, it } from "@effect/vitest"
import { Crypto } from "@grantwork/core"
import { SigningKey } from "@grantwork/testing"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Encoding from "effect/Encoding"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import fc from "fast-check"
import { inspect } from "node:util"

const text = (value: string) => new TextEncoder().encode(value)

const published = (key: SigningKey.SigningKey, differences: object = {}) => ({
  kty: "",
  ...key.publicKey,
  ...differences
})

describe("Crypto", () => {
  it.effect("makes as many random bytes as asked, never the same", () =>
    Effect.gen(function*() {
      const crypto = yield* Crypto.Crypto
      expect(yield* crypto.randomBytes(0)).toHaveLength(0)
      const all = yield* Effect.all(Array.from({ length: 100 }, () => crypto.randomBytes(32)))
      expect(new Set(all.map(Encoding.encodeBase64Url)).size).toBe(100)
      expect(all.every(({ length }) => length === 32)).toBe(true)
    }).pipe(Effect.provide(Crypto.layer)))

  it.effect.each(
    [
      ["SHA-1", "a9993e364706816aba3e25717850c26c9cd0d89d"],
      ["SHA-256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
      [
        "SHA-384",
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"
      ],
      [
        "SHA-512",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
      ]
    ] as const
  )("digests with %s", ([algorithm, expected]) =>
    Effect.gen(function*() {
      const crypto = yield* Crypto.Crypto
      const bytes = text("xabc").subarray(1)
      expect(Encoding.encodeHex(yield* crypto.digest(algorithm, bytes))).toBe(expected)
    }).pipe(Effect.provide(Crypto.layer)))

  it.effect("verifies by the key that fits, and by no other", () =>
    Effect.gen(function*() {
      const crypto = yield* Crypto.Crypto
      const [one, two] = yield* Effect.all([SigningKey.generate("ES256", "1"), SigningKey.generate("ES256", "2")])
      const jws = yield* crypto.sign(text("payload"), { alg: "ES256", kid: "2" }, two.privateKey)
      const verify = (keys: ReadonlyArray<object>, algorithms = ["ES256"], token = jws) =>
        crypto.verify(token, { keys: keys.map((key) => ({ kty: "", ...key })) }, algorithms).pipe(
          Effect.match({
            onFailure: ({ reason }) => reason as string,
            onSuccess: ({ algorithm, payload }) => `${algorithm} ${new TextDecoder().decode(payload)}`
          })
        )
      expect(yield* verify([published(one), published(two)])).toBe("ES256 payload")
      expect(yield* verify([published(one)])).toBe("unknown_key")
      expect(yield* verify([])).toBe("unknown_key")
      expect(yield* verify([published(one, { kid: "2" })])).toBe("signature")
      expect(yield* verify([published(one, { kid: "2" }), published(two)])).toBe("ES256 payload")
      expect(yield* verify([published(two)], ["RS256"])).toBe("algorithm")
      expect(yield* verify([published(two)], [])).toBe("algorithm")
      expect(yield* verify([published(two)], ["ES256"], "a.b.c")).toBe("malformed")
      expect(yield* verify([published(two)], ["ES256"], "")).toBe("malformed")
      expect(yield* verify([published(two)], ["ES256"], `${jws}.`)).toBe("malformed")
      expect(yield* verify([{ ...published(two), x: "AAAA" }])).toBe("malformed")
    }).pipe(Effect.provide(Crypto.layer)))
})

describe("encryption", () => {
  const keyOf = (id: string, byte: number, length = 32): Crypto.EncryptionKey => ({
    id,
    secret: Redacted.make(new Uint8Array(length).fill(byte))
  })
  const [first, second] = [keyOf("first", 1), keyOf("second", 2)]

  const encrypt = (plaintext: string | Uint8Array, key = first) =>
    Effect.flatMap(
      Crypto.Crypto,
      (crypto) => crypto.encrypt(typeof plaintext === "string" ? text(plaintext) : plaintext, key)
    )

  const decrypt = (jwe: string, keys: ReadonlyArray<Crypto.EncryptionKey> = [first, second]) =>
    Effect.flatMap(Crypto.Crypto, (crypto) => crypto.decrypt(jwe, keys)).pipe(
      Effect.map((plaintext) => new TextDecoder().decode(plaintext)),
      Effect.catchTag("DecryptionFailed", ({ reason }) => Effect.succeed({ reason }))
    )

  const part = (value: object | string) =>
    Encoding.encodeBase64Url(typeof value === "string" ? value : JSON.stringify(value))

  it("gives back any bytes, by the key that is named", () =>
    fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.string({
          unit: "grapheme",
          minLength: 1
        }),
        (plaintext, secret, id) => {
          const key = { id, secret: Redacted.make(secret) }
          return Effect.gen(function*() {
            const crypto = yield* Crypto.Crypto
            const jwe = yield* crypto.encrypt(plaintext, key)
            expect(yield* crypto.decrypt(jwe, [keyOf("another", 3), key])).toEqual(plaintext)
          }).pipe(Effect.provide(Crypto.layer), Effect.runPromise)
        }
      )
    ))

  it.effect("is never the same twice, and has a fresh vector each time", () =>
    Effect.gen(function*() {
      const all = yield* Effect.all(Array.from({ length: 200 }, () => encrypt("the same")))
      const parts = all.map((jwe) => jwe.split("."))
      expect(new Set(parts.map(([header]) => header)).size).toBe(1)
      expect(new Set(parts.map(([, , vector]) => vector)).size).toBe(200)
      expect(new Set(parts.map(([, , , ciphertext]) => ciphertext)).size).toBe(200)
      expect(parts.every(([, key, vector]) => key === "" && vector?.length === 16)).toBe(true)
    }).pipe(Effect.provide(Crypto.layer)))

  it.effect("says by which key and how, and shows neither key nor text", () =>
    Effect.gen(function*() {
      const jwe = yield* encrypt("the plain text")
      const [header = ""] = jwe.split(".")
      expect(
        JSON.parse(Encoding.decodeBase64UrlString(header).pipe((either) => either._tag === "Right" ? either.right : ""))
      )
        .toEqual({ alg: "dir", enc: "A256GCM", kid: "first" })
      expect(jwe).not.toContain(part("the plain text"))
      expect(inspect(first, { depth: 5 })).not.toMatch(/\b1, 1\b/)
      expect(JSON.stringify(first)).toBe("{\"id\":\"first\",\"secret\":\"<redacted>\"}")
    }).pipe(Effect.provide(Crypto.layer)))

  it.effect("is undone only by the key it names, whatever their order", () =>
    Effect.gen(function*() {
      const jwe = yield* encrypt("text", second)
      expect(yield* decrypt(jwe)).toBe("text")
      expect(yield* decrypt(jwe, [second, first])).toBe("text")
      expect(yield* decrypt(jwe, [first])).toEqual({ reason: "unknown_key" })
      expect(yield* decrypt(jwe, [])).toEqual({ reason: "unknown_key" })
      expect(yield* decrypt(jwe, [keyOf("second", 9)])).toEqual({ reason: "tampered" })
      expect(yield* decrypt(yield* encrypt("", first))).toBe("")
    }).pipe(Effect.provide(Crypto.layer)))

  it.effect("holds only while no part is changed", () =>
    Effect.gen(function*() {
      const jwe = yield* encrypt("a text that is long enough to be changed")
      const [header = "", key = "", vector = "", ciphertext = "", tag = ""] = jwe.split(".")
      const change = (text: string) => (text.startsWith("A") ? "B" : "A") + text.slice(1)
      const changed = {
        header: [part({ alg: "dir", enc: "A256GCM", kid: "first", more: 1 }), key, vector, ciphertext, tag],
        compressed: [part({ alg: "dir", enc: "A256GCM", kid: "first", zip: "DEF" }), key, vector, ciphertext, tag],
        order: [part({ kid: "first", enc: "A256GCM", alg: "dir" }), key, vector, ciphertext, tag],
        vector: [header, key, change(vector), ciphertext, tag],
        ciphertext: [header, key, vector, change(ciphertext), tag],
        shorter: [header, key, vector, ciphertext.slice(0, -4), tag],
        tag: [header, key, vector, ciphertext, change(tag)]
      }
      for (const [name, parts] of Object.entries(changed)) {
        expect([name, yield* decrypt(parts.join("."))]).toEqual([name, { reason: "tampered" }])
      }
      const other = (yield* encrypt("another text")).split(".")
      expect(yield* decrypt([header, key, vector, other[3], other[4]].join("."))).toEqual({ reason: "tampered" })
      expect(yield* decrypt(jwe)).toBe("a text that is long enough to be changed")
    }).pipe(Effect.provide(Crypto.layer)))

  it.effect("refuses any other algorithm, before it uses a key", () =>
    Effect.gen(function*() {
      const [, key = "", vector = "", ciphertext = "", tag = ""] = (yield* encrypt("text")).split(".")
      const headers = [
        { alg: "A256KW", enc: "A256GCM", kid: "first" },
        { alg: "A256GCMKW", enc: "A256GCM", kid: "first" },
        { alg: "PBES2-HS256+A128KW", enc: "A256GCM", kid: "first", p2c: 2_000_000_000, p2s: "AAAAAAAAAAA" },
        { alg: "ECDH-ES", enc: "A256GCM", kid: "first" },
        { alg: "dir", enc: "A128GCM", kid: "first" },
        { alg: "dir", enc: "A128CBC-HS256", kid: "first" },
        { alg: "none", enc: "A256GCM", kid: "first" },
        { alg: "dir", kid: "first" },
        { enc: "A256GCM", kid: "first" },
        { alg: "dir", enc: "A256GCM", kid: "first", crit: ["b64"], b64: true }
      ]
      for (const header of headers) {
        const outcome = yield* decrypt([part(header), key, vector, ciphertext, tag].join("."))
        expect([header, outcome]).toEqual([header, { reason: "malformed" }])
      }
      const unnamed = [{ alg: "dir", enc: "A256GCM" }, { alg: "dir", enc: "A256GCM", kid: 1 }]
      for (const header of unnamed) {
        const outcome = yield* decrypt([part(header), key, vector, ciphertext, tag].join("."))
        expect(outcome).toEqual({ reason: "unknown_key" })
      }
    }).pipe(Effect.provide(Crypto.layer)))

  it.effect.each(["", "a", "a.b.c", "....", "a.b.c.d.e", "a.b.c.d.e.f", "{}", "\u0000", "é.é.é.é.é"])(
    "refuses %j",
    (jwe) =>
      Effect.gen(function*() {
        expect(yield* decrypt(jwe)).toEqual({ reason: "malformed" })
      }).pipe(Effect.provide(Crypto.layer))
  )

  it.effect("takes keys of 32 bytes with a name, and no others", () =>
    Effect.gen(function*() {
      expect([first, second].every(Crypto.isEncryptionKey)).toBe(true)
      const jwe = yield* encrypt("text")
      const wrong = [
        keyOf("first", 1, 31),
        keyOf("first", 1, 33),
        keyOf("first", 1, 16),
        keyOf("first", 1, 0),
        keyOf("", 1)
      ]
      for (const key of wrong) {
        expect(Crypto.isEncryptionKey(key)).toBe(false)
        for (const use of [encrypt("text", key), decrypt(jwe, [key]), decrypt(jwe, [first, key])]) {
          const exit = yield* Effect.exit(use)
          const defect = Exit.isFailure(exit) ? Option.getOrUndefined(Cause.dieOption(exit.cause)) : undefined
          expect(defect).toBeInstanceOf(RangeError)
          expect(String(defect)).toContain("32 secret bytes")
        }
      }
      for (
        const key of [null, undefined, {}, { id: "a" }, { id: "a", secret: new Uint8Array(32) }, {
          id: "a",
          secret: Redacted.make("a")
        }]
      ) {
        expect(Crypto.isEncryptionKey(key)).toBe(false)
      }
    }).pipe(Effect.provide(Crypto.layer)))
})
