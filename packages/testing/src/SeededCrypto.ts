/**
 * Randomness that repeats itself.
 */
import * as Crypto from "@grantwork/core/Crypto"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { PCGRandom } from "effect/Utils"

/**
 * The same random bytes for the same seed, in the same order; digests and signatures are real.
 *
 * @category layers
 */
export const layer = (seed = 1): Layer.Layer<Crypto.Crypto> =>
  Layer.effect(
    Crypto.Crypto,
    Effect.map(Crypto.Crypto, (crypto) => {
      const random = new PCGRandom(seed)
      return {
        ...crypto,
        randomBytes: (size: number) => Effect.sync(() => Uint8Array.from({ length: size }, () => random.integer(256)))
      }
    })
  ).pipe(Layer.provide(Crypto.layer))
