import { Crypto } from "@grantwork/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { createHash } from "node:crypto"

/** Digests without another thread, so that a test clock knows when everybody waits. */
export const syncCrypto: Layer.Layer<Crypto.Crypto> = Layer.effect(
  Crypto.Crypto,
  Effect.map(Crypto.Crypto, (crypto) => ({
    ...crypto,
    digest: (algorithm, bytes) =>
      Effect.sync(() => new Uint8Array(createHash(algorithm.replace("-", "")).update(bytes).digest()))
  }))
).pipe(Layer.provide(Crypto.layer))
