import { describe, expect, it } from "@effect/vitest"
import { TokenCache } from "@grantwork/core"
import { TokenCacheContract } from "@grantwork/testing"
import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import { atRedis, type CacheOptions } from "./support/atRedis.js"
import { encryptionKey } from "./support/encryptionKey.js"
import { lacksRedis } from "./support/redisServer.js"

const variants: ReadonlyArray<readonly [name: string, options: CacheOptions]> = [
  ["plain", {}],
  ["encrypted", { encryptionKeys: [encryptionKey("one")] }],
  ["first-level", { firstLevel: { capacity: 100, timeToLive: "1 hour" } }]
]

/** A first level hears of a change a moment after it, and promises no more. */
const sharedLawsOf = ({ firstLevel }: CacheOptions) =>
  TokenCacheContract.sharedLaws.filter(({ name }) =>
    firstLevel === undefined || name !== "a read sees what was written last"
  )

const sequence = fc.array(fc.nat(), { maxLength: 60 })

describe.skipIf(lacksRedis).each(variants)("the %s token cache in Redis", (_, options) => {
  const { cache } = atRedis(["--appendonly", "no"])

  it.scopedLive.each([...TokenCacheContract.laws])(
    "keeps the law: $name",
    ({ check }) => Effect.flatMap(cache(options), (cache) => Effect.provideService(check, TokenCache.TokenCache, cache))
  )

  it.scopedLive.each(sharedLawsOf(options))(
    "keeps the law of two servers: $name",
    ({ check }) => Effect.flatMap(Effect.all([cache(options), cache(options)]), ([one, other]) => check(one, other))
  )

  it("answers any operations like the one in memory", async () => {
    const property = fc.asyncProperty(sequence, (numbers) =>
      Effect.runPromise(Effect.scoped(Effect.gen(function*() {
        const memory = yield* Effect.provide(TokenCache.TokenCache, TokenCache.layerMemory)
        yield* TokenCacheContract.agreeOn(memory, yield* cache(options), numbers)
      }))))
    await expect(fc.assert(property, { numRuns: 10 })).resolves.toBeUndefined()
  })
})
