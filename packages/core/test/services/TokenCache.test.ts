import { describe, expect, it } from "@effect/vitest"
import { Partition, TokenCache } from "@grantwork/core"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Runtime from "effect/Runtime"

const key = (homeAccountId: string, provider = "provider"): Partition.Key => ({ _tag: "User", provider, homeAccountId })

const holding = (secret: string) =>
  Partition.setRefreshToken(Partition.empty, {
    environment: "provider",
    clientId: "client",
    familyId: Option.none(),
    secret: Redacted.make(secret),
    modifiedAt: Option.none()
  })

const put = (at: Partition.Key, secret: string) =>
  Effect.flatMap(TokenCache.TokenCache, (cache) => cache.modify(at, () => [undefined, holding(secret)]))

const secretAt = (at: Partition.Key) =>
  Effect.map(
    Effect.flatMap(TokenCache.TokenCache, (cache) => cache.read(at)),
    (partition) =>
      Option.getOrNull(Option.map(Partition.refreshToken(partition, "client"), ({ secret }) => Redacted.value(secret)))
  )

describe("the cache in memory", () => {
  it.effect("reads what was put, by provider and account", () =>
    Effect.gen(function*() {
      expect(yield* secretAt(key("a"))).toBeNull()
      yield* put(key("a"), "one")
      yield* put(key("a", "another provider"), "two")
      yield* put(key("__proto__", "__proto__"), "three")
      expect(yield* secretAt(key("a"))).toBe("one")
      expect(yield* secretAt(key("a", "another provider"))).toBe("two")
      expect(yield* secretAt(key("__proto__", "__proto__"))).toBe("three")
      expect(yield* secretAt(key("b"))).toBeNull()
    }).pipe(Effect.provide(TokenCache.layerMemory)))

  it.effect("hands out what modify returns", () =>
    Effect.gen(function*() {
      const cache = yield* TokenCache.TokenCache
      yield* put(key("a"), "one")
      const before = yield* cache.modify(key("a"), (partition) => [partition, holding("two")])
      expect(Option.map(Partition.refreshToken(before, "client"), ({ secret }) => Redacted.value(secret))).toEqual(
        Option.some("one")
      )
      expect(yield* secretAt(key("a"))).toBe("two")
    }).pipe(Effect.provide(TokenCache.layerMemory)))

  it.effect("lists a provider's partitions, and drops empty ones", () =>
    Effect.gen(function*() {
      const cache = yield* TokenCache.TokenCache
      expect(yield* cache.list("provider")).toEqual([])
      yield* put(key("a"), "one")
      yield* put(key("b"), "two")
      yield* put(key("c", "another provider"), "three")
      expect(yield* cache.list("provider")).toHaveLength(2)
      yield* cache.modify(key("a"), () => [undefined, Partition.empty])
      expect(yield* cache.list("provider")).toHaveLength(1)
      yield* cache.modify(key("b"), () => [undefined, Partition.empty])
      expect(yield* cache.list("provider")).toEqual([])
      expect(yield* cache.list("another provider")).toHaveLength(1)
    }).pipe(Effect.provide(TokenCache.layerMemory)))

  it.effect("is new with each layer", () =>
    Effect.gen(function*() {
      yield* Effect.provide(put(key("a"), "one"), TokenCache.layerMemory)
      expect(yield* Effect.provide(secretAt(key("a")), TokenCache.layerMemory)).toBeNull()
    }))

  it.effect("loses no change of many at the same time", () =>
    Effect.gen(function*() {
      const cache = yield* TokenCache.TokenCache
      yield* Effect.forEach(
        Array.from({ length: 100 }, (_, index) => index),
        (index) =>
          cache.modify(key("a"), (partition) => [
            undefined,
            Partition.setRefreshToken(partition, {
              environment: "provider",
              clientId: `client-${index}`,
              familyId: Option.none(),
              secret: Redacted.make("s"),
              modifiedAt: Option.none()
            })
          ]),
        { concurrency: "unbounded" }
      )
      expect((yield* cache.read(key("a"))).refreshTokens.size).toBe(100)
    }).pipe(Effect.provide(TokenCache.layerMemory)))
})

describe("the refresh lock", () => {
  /** Runs in its turn and says so; waits for the gate inside. */
  const turn = (log: Array<string>, name: string, at: Partition.Key, gate: Effect.Effect<void>) =>
    Effect.flatMap(
      TokenCache.TokenCache,
      (cache) =>
        cache.withRefreshLock(Partition.keyText(at))(Effect.gen(function*() {
          log.push(`${name} in`)
          yield* gate
          log.push(`${name} out`)
        }))
    )

  const settle = Effect.forEach(Array.from({ length: 50 }), () => Effect.yieldNow(), { discard: true })

  it.effect("lets one at a time pass, forked by whomever", () =>
    Effect.gen(function*() {
      const log: Array<string> = []
      const gate = yield* Deferred.make<void>()
      const fork = Runtime.runFork(yield* Effect.runtime<TokenCache.TokenCache>())
      const fibers = ["1", "2", "3"].map((name) => fork(turn(log, name, key("a"), Deferred.await(gate))))
      yield* settle
      const first = [...log]
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.joinAll(fibers)
      expect(first).toHaveLength(1)
      expect(log.map((entry) => entry.slice(2))).toEqual(["in", "out", "in", "out", "in", "out"])
    }).pipe(Effect.provide(TokenCache.layerMemory)))

  it.effect("holds nobody else up", () =>
    Effect.gen(function*() {
      const log: Array<string> = []
      const held = yield* Effect.fork(turn(log, "held", key("a"), Effect.never))
      yield* settle
      yield* turn(log, "another account", key("b"), Effect.void)
      yield* turn(log, "another provider", key("a", "another provider"), Effect.void)
      expect(log).toEqual([
        "held in",
        "another account in",
        "another account out",
        "another provider in",
        "another provider out"
      ])
      yield* Fiber.interrupt(held)
    }).pipe(Effect.provide(TokenCache.layerMemory)))

  it.effect("is free again after a failure, a defect and an interruption", () =>
    Effect.gen(function*() {
      const cache = yield* TokenCache.TokenCache
      const lock = cache.withRefreshLock(Partition.keyText(key("a")))
      expect(yield* Effect.flip(lock(Effect.fail("failure")))).toBe("failure")
      expect((yield* Effect.exit(lock(Effect.die("defect"))))._tag).toBe("Failure")
      const held = yield* Effect.fork(lock(Effect.never))
      yield* settle
      const waiting = yield* Effect.fork(lock(Effect.succeed("waited")))
      yield* settle
      yield* Fiber.interrupt(held)
      expect(yield* Fiber.join(waiting)).toBe("waited")
      expect(yield* lock(Effect.succeed("free"))).toBe("free")
    }).pipe(Effect.provide(TokenCache.layerMemory)))
})
