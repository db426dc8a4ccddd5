import { expect, it } from "@effect/vitest"
import { Crypto } from "@grantwork/core"
import { SeededCrypto, SigningKey } from "@grantwork/testing"
import * as Effect from "effect/Effect"

const twice = Effect.flatMap(Crypto.Crypto, (crypto) => Effect.all([crypto.randomBytes(32), crypto.randomBytes(32)]))

it.effect("gives the same bytes for the same seed, and others for another", () =>
  Effect.gen(function*() {
    const [first, second] = yield* Effect.provide(twice, SeededCrypto.layer(1))
    expect(first).toHaveLength(32)
    expect(second).not.toEqual(first)
    expect(yield* Effect.provide(twice, SeededCrypto.layer(1))).toEqual([first, second])
    expect(yield* Effect.provide(twice, SeededCrypto.layer(2))).not.toEqual([first, second])
  }))

it.effect.each(["ES256", "RS256"] as const)("signs what verifies, with %s", (algorithm) =>
  Effect.gen(function*() {
    const crypto = yield* Crypto.Crypto
    const key = yield* SigningKey.generate(algorithm, "k")
    const jws = yield* crypto.sign(Uint8Array.of(1, 2), { alg: algorithm, kid: "k" }, key.privateKey)
    const keySet = { keys: [{ kty: "", ...key.publicKey }] }
    expect(key.publicKey).not.toHaveProperty("d")
    expect(yield* crypto.verify(jws, keySet, [algorithm])).toMatchObject({ algorithm, payload: Uint8Array.of(1, 2) })
    const other = yield* SigningKey.generate(algorithm, "k")
    const refused = yield* Effect.flip(crypto.verify(jws, { keys: [{ kty: "", ...other.publicKey }] }, [algorithm]))
    expect(refused.reason).toBe("signature")
  }).pipe(Effect.provide(SeededCrypto.layer())))
