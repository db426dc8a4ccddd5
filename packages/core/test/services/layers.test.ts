import * as KeyValueStore from "@effect/platform/KeyValueStore"
import { describe, expect, it } from "@effect/vitest"
import { BoundedTokenCache, KeyValueTokenCache, TokenCache } from "@grantwork/core"
import { TokenCacheContract } from "@grantwork/testing"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as fc from "fast-check"

const service = (layer: Layer.Layer<TokenCache.TokenCache>) => Effect.provide(TokenCache.TokenCache, layer)

const others = {
  bounded: Layer.orDie(BoundedTokenCache.layer({ capacity: 100 })),
  "key-value": Layer.provide(KeyValueTokenCache.layer, KeyValueStore.layerMemory)
}

const sequence = fc.array(fc.nat(), { maxLength: 60 })

describe.each(Object.entries(others))("the cache in memory and the %s one", (_, layer) => {
  it("answer any operations the same", () =>
    fc.assert(
      fc.asyncProperty(sequence, (numbers) =>
        Effect.runPromise(Effect.gen(function*() {
          const memory = yield* service(TokenCache.layerMemory)
          const other = yield* service(layer)
          expect(yield* Effect.either(TokenCacheContract.agreeOn(memory, other, numbers))).toEqual(Either.void)
        }))),
      { numRuns: 100 }
    ))
})
