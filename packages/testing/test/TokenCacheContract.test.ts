import * as KeyValueStore from "@effect/platform/KeyValueStore"
import { describe, expect, it } from "@effect/vitest"
import { BoundedTokenCache, KeyValueTokenCache, type Partition, RefreshLocks, TokenCache } from "@grantwork/core"
import { TokenCacheContract } from "@grantwork/testing"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/TestClock"
import { inspect } from "node:util"
import { brokenCaches } from "./brokenCaches.js"

const layers = {
  memory: TokenCache.layerMemory,
  bounded: Layer.orDie(BoundedTokenCache.layer({ capacity: 1000 })),
  "key-value": Layer.provide(KeyValueTokenCache.layer, KeyValueStore.layerMemory)
}

const memory = Effect.provide(TokenCache.TokenCache, TokenCache.layerMemory)

/** What comes of a law. Time passes only once nothing else happens any more. */
const outcome = (check: Effect.Effect<void, unknown>): Effect.Effect<Either.Either<void, unknown>> =>
  Effect.gen(function*() {
    const fiber = yield* Effect.fork(Effect.mapError(check, Cause.originalError))
    for (let step = 1; step < 60_000 && fiber.unsafePoll() === null; step++) {
      yield* step % 20_000 === 0 ? TestClock.adjust("1 minute") : Effect.yieldNow()
    }
    return yield* Effect.either(Fiber.join(fiber))
  })

const lawNamed = (law: string) => {
  const found = TokenCacheContract.laws.find(({ name }) => name === law)
  return (cache: TokenCache.Service) =>
    found === undefined ? Effect.die("no such law") : Effect.provideService(found.check, TokenCache.TokenCache, cache)
}

describe.each(Object.entries(layers))("the %s cache", (_, layer) => {
  for (const { check, name } of TokenCacheContract.laws) {
    it.live(name, () => Effect.provide(check, layer))
  }

  it.live("keeps the laws where they were checked before, and all at the same time", () =>
    Effect.gen(function*() {
      const all = (concurrency: 1 | "unbounded") =>
        Effect.forEach(
          TokenCacheContract.laws,
          ({ check, name }) => Effect.map(Effect.either(check), (result) => Either.isRight(result) ? [] : [name]),
          { concurrency }
        )
      expect((yield* all(1)).flat()).toEqual([])
      expect((yield* all("unbounded")).flat()).toEqual([])
    }).pipe(Effect.provide(layer)))
})

describe("two handles on one cache", () => {
  for (const { check, name } of TokenCacheContract.sharedLaws) {
    it.live(name, () => Effect.flatMap(memory, (cache) => check(cache, { ...cache })))
  }
})

describe("a broken cache", () => {
  for (const { how, law, make } of brokenCaches) {
    it.effect(`breaks a law: ${law}; it ${how}`, () =>
      Effect.gen(function*() {
        expect(yield* outcome(lawNamed(law)(yield* memory))).toEqual(Either.void)
        const broken = yield* outcome(lawNamed(law)(make(yield* memory)))
        expect(broken).toMatchObject({ _tag: "Left", left: { _tag: "LawBroken", law } })
        expect(`${inspect(broken, { depth: 9 })}${JSON.stringify(broken)}`).not.toMatch(/token of|rotated \d|eyJ/)
      }))
  }

  it("is there for every law", () => {
    const broken = new Set(brokenCaches.map(({ law }) => law))
    expect(TokenCacheContract.laws.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([])
  })
})

describe("handles on one cache that know too little of each other", () => {
  const ownLock = (cache: TokenCache.Service): TokenCache.Service => ({
    ...cache,
    withRefreshLock: RefreshLocks.make()
  })

  /** Reads once what it did not write. */
  const ownCopies = (cache: TokenCache.Service): TokenCache.Service => {
    const copies = new Map<string, Partition.Partition>()
    const nameOf = (key: Partition.Key) => JSON.stringify(key)
    return {
      ...cache,
      read: (key) =>
        Effect.map(cache.read(key), (partition) => {
          const copy = copies.get(nameOf(key)) ?? partition
          copies.set(nameOf(key), copy)
          return copy
        }),
      modify: (key, change) =>
        Effect.tap(cache.modify(key, change), () => Effect.sync(() => copies.delete(nameOf(key))))
    }
  }

  const ownTurns = (cache: TokenCache.Service): TokenCache.Service => {
    const turns = RefreshLocks.make()
    return {
      ...cache,
      modify: (key, change) =>
        turns("modify")(Effect.gen(function*() {
          const [result, next] = change(yield* cache.read(key))
          yield* Effect.yieldNow()
          yield* cache.modify(key, () => [undefined, next])
          return result
        }))
    }
  }

  const cases = [
    ["a refresh lock lets one at a time pass", ownLock],
    ["many that want a refresh lock all get it, one at a time", ownLock],
    ["each holder of a refresh lock reads what the one before it wrote", ownLock],
    ["a read sees what was written last", ownCopies],
    ["each holder of a refresh lock reads what the one before it wrote", ownCopies],
    ["concurrent changes lose nothing", ownTurns],
    ["a removal holds against changes at the same time", ownTurns]
  ] as const

  for (const [law, handle] of cases) {
    it.effect(`break a law of shared caches and none of others: ${law} (${handle.name})`, () =>
      Effect.gen(function*() {
        expect(yield* outcome(lawNamed(law)(handle(yield* memory)))).toEqual(Either.void)
        const cache = yield* memory
        const shared = TokenCacheContract.sharedLaws.find(({ name }) => name === law)
        const broken = yield* outcome(shared?.check(handle(cache), handle(cache)) ?? Effect.void)
        expect(broken).toMatchObject({ _tag: "Left", left: { _tag: "LawBroken", law } })
      }))
  }
})

describe("agree", () => {
  const seeds = Array.from({ length: 20 }, (_, seed) => seed)

  const disagreements = (make: (cache: TokenCache.Service) => TokenCache.Service) =>
    Effect.map(
      Effect.forEach(seeds, (seed) =>
        Effect.gen(function*() {
          return yield* Effect.either(TokenCacheContract.agree(yield* memory, make(yield* memory), seed))
        })),
      (results) => results.flatMap((result) => Either.isLeft(result) ? [result.left] : [])
    )

  it.live("has nothing to say of two caches that are the same", () =>
    Effect.gen(function*() {
      expect(yield* disagreements((cache) => cache)).toEqual([])
    }))

  const noticed = [
    "keeps no ID tokens",
    "forgets when tokens may be refreshed",
    "adds to what there is",
    "keeps the refresh token that it has",
    "keeps the refresh token that says it is newer",
    "keeps known members only",
    "forgets the members of what stays",
    "hands out the result of another run",
    "folds letter case",
    "tells providers apart by their host",
    "knows one tenant",
    "folds the letter case of clients",
    "keeps one account",
    "lists whoever was removed",
    "shows a late change what was removed",
    "remembers what it has read",
    "shows what was read last",
    "remembers the list"
  ]

  for (const how of noticed) {
    it.live(`notices a cache that ${how}`, () =>
      Effect.gen(function*() {
        const broken = brokenCaches.find((one) => one.how === how)
        const found = yield* disagreements(broken?.make ?? ((cache) => cache))
        expect(found).not.toEqual([])
        expect(found[0]).toMatchObject({ _tag: "LawBroken" })
      }))
  }

  it.live("does the same for the same seed", () =>
    Effect.gen(function*() {
      const broken = (seed: number) =>
        Effect.gen(function*() {
          const other = brokenCaches.find(({ how }) => how === "keeps no ID tokens")?.make(yield* memory)
          return yield* Effect.flip(TokenCacheContract.agree(yield* memory, other ?? (yield* memory), seed))
        })
      expect((yield* broken(7)).message).toBe((yield* broken(7)).message)
      expect((yield* broken(7)).message).not.toBe((yield* broken(8)).message)
    }))
})
