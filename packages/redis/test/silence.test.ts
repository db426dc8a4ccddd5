/**
 * A Redis that is silent, out of reach or of another mind, by a clock that the tests turn.
 */
import { describe, expect, it } from "@effect/vitest"
import type { AuthError, TokenCache } from "@grantwork/core"
import { Partition } from "@grantwork/core"
import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as TestClock from "effect/TestClock"
import { type CacheOptions, cacheOver } from "./support/atRedis.js"
import { appKey, issuer, keyOf, signedIn, signIn, withAccessToken } from "./support/partitions.js"
import { type Mood, scriptedRedis } from "./support/scriptedRedis.js"
import { syncCrypto } from "./support/syncCrypto.js"

const ada = keyOf("ada")

const together = { concurrency: "unbounded" } as const

const over = (mood: Mood, options: CacheOptions = {}) => {
  const redis = scriptedRedis(mood)
  return Effect.map(
    Effect.orDie(cacheOver({ client: redis.client, ...options }, syncCrypto)),
    (tokens) => ({ tokens, redis })
  )
}

const unreachable = "connect ECONNREFUSED 10.1.2.3:6379"

const settle = Effect.repeatN(Effect.yieldNow(), 100)

const fork = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.tap(Effect.fork(effect), () => settle)

const operations: ReadonlyArray<
  readonly [
    name: AuthError.CacheUnavailable["operation"],
    run: (tokens: TokenCache.Service) => Effect.Effect<unknown, AuthError.CacheUnavailable>
  ]
> = [
  ["read", ({ read }) => read(ada)],
  ["list", ({ list }) => list(issuer)],
  ["lock", ({ withRefreshLock }) => withRefreshLock("name")(Effect.void)]
]

const save = ({ modify }: TokenCache.Service) =>
  modify(ada, (partition) => ["saved", signIn(ada, "rotated")(partition)])

describe("a silent Redis", () => {
  it.scoped.each(operations)("fails a %s after the command's timeout", ([operation, run]) =>
    Effect.gen(function*() {
      const { redis: { sent }, tokens } = yield* over("silent", { commandTimeout: "3 seconds" })
      const fiber = yield* fork(run(tokens))
      yield* TestClock.adjust("2999 millis")
      expect([sent.length, fiber.unsafePoll()]).toEqual([1, null])
      yield* TestClock.adjust("1 millis")
      const error = yield* Effect.flip(Fiber.join(fiber))
      expect(error).toMatchObject({ _tag: "CacheUnavailable", operation })
      expect(error.message).toContain("did not answer in time")
    }))

  it.scoped.each(
    [
      ["3 seconds", 3000],
      ["1500 micros", 2],
      ["100 days", 2 ** 31 - 1]
    ] as const
  )(
    "is not sent after %s what waits in the client for so long",
    ([commandTimeout, timeout]) =>
      Effect.map(over("well", { commandTimeout }), ({ redis: { options } }) => {
        expect(options).toEqual([{ timeout, typeMapping: {} }])
      })
  )

  it.scoped("keeps nobody waiting behind the timeouts of others", () =>
    Effect.gen(function*() {
      const { redis: { sent }, tokens } = yield* over("silent")
      const many = Effect.all(Array.replicate(Effect.flip(tokens.read(ada)), 100), together)
      const first = yield* fork(many)
      yield* TestClock.adjust("2 seconds")
      expect(yield* Fiber.join(first)).toHaveLength(100)
      expect(sent).toHaveLength(100)

      expect((yield* many).every(({ message }) => message.includes("failed a moment ago"))).toBe(true)
      expect(sent).toHaveLength(100)

      yield* TestClock.adjust("1 second")
      const third = yield* fork(many)
      expect(sent).toHaveLength(101)
      yield* TestClock.adjust("2 seconds")
      yield* Fiber.join(third)
      expect(sent).toHaveLength(101)
    }))

  it.scoped("keeps nobody waiting behind others who change the same account", () =>
    Effect.gen(function*() {
      const { redis: { sent }, tokens } = yield* over("silent")
      const fiber = yield* fork(Effect.all(Array.replicate(Effect.either(save(tokens)), 20), together))
      // The first two timeouts, ten seconds of trying again, and the last trial's timeout.
      yield* TestClock.adjust("17 seconds")
      expect((yield* Fiber.join(fiber)).every(Either.isLeft)).toBe(true)
      expect(sent.length).toBeLessThan(10)
    }))

  it.scoped("is not asked again and again to give back what it never gave", () =>
    Effect.gen(function*() {
      const { redis, tokens } = yield* over("silent")
      const locks = Effect.all(
        Array.makeBy(20, (index) => Effect.either(tokens.withRefreshLock(`name ${index}`)(Effect.void))),
        together
      )
      const first = yield* fork(locks)
      yield* TestClock.adjust("2 seconds")
      yield* Fiber.join(first)
      for (let round = 0; round < 5; round++) yield* locks
      expect(redis.sent.filter((command) => command === "set")).toHaveLength(20)
      expect(redis.sent.filter((command) => command === "release").length).toBeLessThan(5)
    }))
})

describe("a Redis out of reach", () => {
  it.scoped.each(operations)("fails a %s at once, and tells no address", ([operation, run]) =>
    Effect.gen(function*() {
      const { redis: { sent }, tokens } = yield* over({ rejects: unreachable })
      const error = yield* Effect.flip(run(tokens))
      expect(error).toMatchObject({ _tag: "CacheUnavailable", operation })
      expect(error.message).toContain("cannot be reached")
      expect(JSON.stringify(error)).not.toContain("10.1.2.3")
      expect(sent).toHaveLength(1)
    }))

  it.scoped.each<readonly [answer: string, code: string]>([
    ["NOPERM User default has no permissions to run the 'get' command", "NOPERM"],
    ["NOAUTH Authentication required.", "NOAUTH"],
    ["MOVED 866 10.1.2.3:6379", "MOVED"]
  ])("tells the code of what Redis refuses, and does not ask again: %s", ([rejects, code]) =>
    Effect.gen(function*() {
      const { redis: { sent }, tokens } = yield* over({ rejects })
      const error = yield* Effect.flip(save(tokens))
      expect(error.message).toContain(`refused a command with ${code}`)
      expect(JSON.stringify(error)).not.toContain("10.1.2.3")
      expect(sent).toEqual(["get"])
    }))
})

describe("a change", () => {
  it.scoped("is tried again for ten seconds after its first failure", () =>
    Effect.gen(function*() {
      const { redis: { sent }, tokens } = yield* over({ rejects: unreachable })
      const fiber = yield* fork(save(tokens))
      yield* TestClock.adjust("9.5 seconds")
      expect(fiber.unsafePoll()).toBeNull()
      yield* TestClock.adjust("1.5 seconds")
      expect(yield* Effect.flip(Fiber.join(fiber))).toMatchObject({ _tag: "CacheUnavailable", operation: "modify" })
      // One at first, and one for each rest.
      expect(sent.length).toBeGreaterThan(5)
      expect(sent.length).toBeLessThan(12)
    }))

  it.scoped.each<Mood>([
    "silent",
    { rejects: unreachable },
    { rejects: "LOADING Redis is loading the dataset in memory" }
  ])(
    "is saved once Redis is itself again: %j",
    (mood) =>
      Effect.gen(function*() {
        const { redis, tokens } = yield* over(mood)
        const fiber = yield* fork(save(tokens))
        yield* TestClock.adjust("5 seconds")
        redis.mood("well")
        yield* TestClock.adjust("3 seconds")
        expect(yield* Fiber.join(fiber)).toBe("saved")
        expect(redis.sent.slice(-4)).toEqual(["get", "enlist", "replace", "enlist"])
        expect(Partition.hasClient(yield* tokens.read(ada), "client")).toBe(true)
      })
  )

  it.scoped("that was made though no answer came is not made again", () =>
    Effect.gen(function*() {
      const { redis, tokens } = yield* over("well")
      redis.mood("mute")
      let shown = 0
      const fiber = yield* fork(tokens.modify(ada, (partition) => [++shown, signIn(ada, "rotated")(partition)]))
      yield* TestClock.adjust("2 seconds")
      redis.mood("well")
      yield* TestClock.adjust("3 seconds")
      expect(yield* Fiber.join(fiber)).toBe(1)
      expect(shown).toBe(1)
      expect(redis.sent.filter((command) => command === "replace")).toHaveLength(1)
      expect(redis.sent.at(-1)).toBe("enlist")
    }))

  it.scoped("is given up after ten seconds in which others were always faster", () =>
    Effect.gen(function*() {
      const { tokens } = yield* over("contended")
      const fiber = yield* fork(save(tokens))
      yield* TestClock.adjust("12 seconds")
      const error = yield* Effect.flip(Fiber.join(fiber))
      expect(error).toMatchObject({ _tag: "CacheUnavailable", operation: "modify" })
      expect(error.message).toContain("Other servers kept changing")
    }))
})

describe("going on without Redis", () => {
  const without = (mood: Mood) => over(mood, { whenUnavailable: "continue" })

  it.scoped("finds nothing, saves nothing, and waits for nobody", () =>
    Effect.gen(function*() {
      const { redis: { sent }, tokens } = yield* without({ rejects: unreachable })
      expect(yield* tokens.read(ada)).toEqual(Partition.empty)
      expect(yield* tokens.list(issuer)).toEqual([])
      expect(yield* save(tokens)).toBe("saved")
      expect(yield* tokens.withRefreshLock("name")(Effect.succeed("run"))).toBe("run")
      expect(sent).toEqual(["get"])
    }))

  it.scoped("never claims a removal", () =>
    Effect.gen(function*() {
      const { redis, tokens } = yield* without("well")
      const remove = tokens.modify(ada, () => [undefined, Partition.empty])
      yield* save(tokens)
      redis.mood({ rejects: unreachable })
      expect(yield* Effect.flip(remove)).toMatchObject({ _tag: "CacheUnavailable", operation: "modify" })
      redis.mood("well")
      yield* TestClock.adjust("1 second")
      yield* remove
      redis.mood({ rejects: unreachable })
      expect(yield* Effect.flip(remove)).toMatchObject({ _tag: "CacheUnavailable", operation: "modify" })
    }))

  it.scoped("shows a change what was known last, so that a refresh hands out what it got", () =>
    Effect.gen(function*() {
      const { redis, tokens } = yield* without("well")
      yield* tokens.modify(ada, () => [undefined, signedIn(ada, "first")])
      yield* tokens.read(ada)
      redis.mood({ rejects: unreachable })
      const isShown = yield* tokens.modify(ada, (partition) => [Partition.hasClient(partition, "client"), partition])
      expect(isShown).toBe(true)
    }))

  it.scoped.each<readonly [whose: string, key: Partition.Key, partition: Partition.Partition]>([
    ["person", ada, signedIn(ada, "first")],
    ["client", appKey, withAccessToken("own", 3600)(Partition.empty)]
  ])("shows a change nothing of a %s that was removed", ([, key, partition]) =>
    Effect.gen(function*() {
      const { redis, tokens } = yield* without("well")
      yield* tokens.modify(key, () => [undefined, partition])
      yield* tokens.modify(key, () => [undefined, Partition.empty])
      redis.mood({ rejects: unreachable })
      const isShown = yield* tokens.modify(key, (shown) => [Partition.hasClient(shown, "client"), shown])
      expect(isShown).toBe(false)
    }))

  it.scoped("still lets one acquisition at a time pass in this process", () =>
    Effect.gen(function*() {
      const { tokens } = yield* without({ rejects: unreachable })
      let inside = 0
      let most = 0
      const enter = Effect.gen(function*() {
        inside += 1
        most = Math.max(most, inside)
        yield* Effect.yieldNow()
        inside -= 1
      })
      yield* Effect.all(Array.replicate(tokens.withRefreshLock("name")(enter), 10), together)
      expect(most).toBe(1)
    }))

  it.scoped("warns once for each operation and outage", () => {
    const warnings: Array<string> = []
    const logger = Logger.make(({ logLevel, message }) => {
      warnings.push(`${logLevel.label}: ${String(message)}`)
    })
    return Effect.gen(function*() {
      const { redis, tokens } = yield* without({ rejects: unreachable })
      const use = Effect.all([tokens.read(ada), tokens.read(ada), tokens.list(issuer), save(tokens), save(tokens)])
      yield* use
      yield* use
      expect(warnings).toHaveLength(3)
      expect(warnings.every((warning) => warning.startsWith("WARN: Going on without the token cache ("))).toBe(true)
      expect(warnings.join()).not.toContain("10.1.2.3")
      redis.mood("well")
      yield* TestClock.adjust("1 second")
      yield* use
      expect(warnings).toHaveLength(3)
      redis.mood({ rejects: unreachable })
      yield* use
      expect(warnings).toHaveLength(6)
    }).pipe(Effect.provide(Logger.replace(Logger.defaultLogger, logger)))
  })
})
