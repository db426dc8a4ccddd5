import { describe, expect, it } from "@effect/vitest"
import { Crypto } from "@grantwork/core"
import { SigningKey } from "@grantwork/testing"
import * as Effect from "effect/Effect"
import * as Encoding from "effect/Encoding"

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
