import { describe, expect, it } from "@effect/vitest"
import { Partition } from "@grantwork/core"
import * as UnifiedCache from "@grantwork/core/UnifiedCache"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FirstLevel from "../src/FirstLevel.js"
import { atRedis, cacheOver, clientTo } from "./support/atRedis.js"
import { eventually } from "./support/eventually.js"
import { keyOf, secretOf, signedIn, signIn } from "./support/partitions.js"
import { lacksRedis } from "./support/redisServer.js"
import { watched } from "./support/watchedClient.js"

describe("a first level", () => {
  const stored = (version: string) => ({ version, cache: UnifiedCache.empty })
  const open = (options = { capacity: 10, timeToLive: 100 }) => {
    const firstLevel = FirstLevel.make(options)
    firstLevel.open()
    return firstLevel
  }

  it("keeps nothing until it is open, and nothing once it is closed", () => {
    const firstLevel = FirstLevel.make({ capacity: 10, timeToLive: 100 })
    firstLevel.expect("a")(stored("1"), 0)
    expect(firstLevel.find("a", 0)).toBeUndefined()
    firstLevel.open()
    const late = firstLevel.expect("b")
    firstLevel.expect("a")(stored("1"), 0)
    expect(firstLevel.find("a", 0)).toBeDefined()
    firstLevel.close()
    late(stored("1"), 0)
    firstLevel.open()
    expect([firstLevel.find("a", 0), firstLevel.find("b", 0)]).toEqual([undefined, undefined])
  })

  it("keeps an answer for as long as it may", () => {
    const firstLevel = open()
    firstLevel.expect("a")(stored("1"), 1000)
    expect(firstLevel.find("a", 1099)).toBe(UnifiedCache.empty)
    expect(firstLevel.find("a", 1100)).toBeUndefined()
  })

  it("drops an entry that was changed, but not for its own version", () => {
    const firstLevel = open()
    firstLevel.expect("a")(stored("1"), 0)
    firstLevel.changed("a", "1")
    firstLevel.changed("b", "2")
    expect(firstLevel.find("a", 0)).toBeDefined()
    firstLevel.changed("a", "2")
    expect(firstLevel.find("a", 0)).toBeUndefined()
  })

  it("keeps no answer that may be older than a change", () => {
    const firstLevel = open()
    const keep = firstLevel.expect("a")
    firstLevel.changed("a", "2")
    keep(stored("1"), 0)
    expect(firstLevel.find("a", 0)).toBeUndefined()
  })

  it("keeps the answer to the latest question only", () => {
    const firstLevel = open()
    const early = firstLevel.expect("a")
    const late = firstLevel.expect("a")
    early(stored("1"), 0)
    expect(firstLevel.find("a", 0)).toBeUndefined()
    late(stored("2"), 0)
    expect(firstLevel.find("a", 0)).toBeDefined()
  })

  it("keeps what was written, though the news of it comes first", () => {
    const firstLevel = open()
    const keep = firstLevel.expect("a", "1")
    firstLevel.changed("a", "1")
    keep(stored("1"), 0)
    expect(firstLevel.find("a", 0)).toBeDefined()
    const superseded = firstLevel.expect("a", "2")
    firstLevel.changed("a", "2")
    firstLevel.changed("a", "3")
    superseded(stored("2"), 0)
    expect(firstLevel.find("a", 0)).toBeUndefined()
  })

  it("forgets the least recently used", () => {
    const firstLevel = open({ capacity: 2, timeToLive: 100 })
    firstLevel.expect("a")(stored("1"), 0)
    firstLevel.expect("b")(stored("1"), 0)
    firstLevel.find("a", 0)
    firstLevel.expect("c")(stored("1"), 0)
    expect(["a", "b", "c"].filter((hash) => firstLevel.find(hash, 0) !== undefined)).toEqual(["a", "c"])
  })
})

const anHourLater = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.clockWith((clock) =>
    Effect.withClock(effect, {
      [Clock.ClockTypeId]: Clock.ClockTypeId,
      currentTimeMillis: Effect.map(clock.currentTimeMillis, (now) => now + 3_600_000),
      currentTimeNanos: Effect.map(clock.currentTimeNanos, (now) => now + 3_600_000_000_000n),
      unsafeCurrentTimeMillis: () => clock.unsafeCurrentTimeMillis() + 3_600_000,
      unsafeCurrentTimeNanos: () => clock.unsafeCurrentTimeNanos() + 3_600_000_000_000n,
      sleep: (duration) => clock.sleep(duration)
    })
  )

describe.skipIf(lacksRedis)("a token cache with a first level", () => {
  const { cache, redis, server } = atRedis()
  const ada = keyOf("ada")

  /** A server that hears of changes. */
  const near = (timeToLive = "1 hour" as const) =>
    Effect.gen(function*() {
      const original = yield* clientTo(server().url)
      const { client, sent } = watched(original)
      const tokens = yield* cacheOver({ client, firstLevel: { capacity: 10, timeToLive } })
      const gets = () => sent.filter((command) => command === "get").length
      const isNear = Effect.gen(function*() {
        yield* tokens.read(ada)
        const before = gets()
        yield* tokens.read(ada)
        return gets() === before
      })
      yield* eventually(isNear)
      return { tokens, gets, sent, isNear }
    })

  const put = (secret: string) =>
    Effect.flatMap(cache(), (tokens) => tokens.modify(ada, () => [undefined, signedIn(ada, secret)]))

  it.scopedLive("asks Redis once, and again after another server's change", () =>
    Effect.gen(function*() {
      yield* put("first")
      const { gets, tokens } = yield* near()
      const before = gets()
      yield* Effect.repeatN(tokens.read(ada), 20)
      expect(gets()).toBe(before)
      yield* put("second")
      yield* eventually(Effect.map(tokens.read(ada), (partition) => secretOf(partition) === "second"))
      yield* Effect.flatMap(cache(), (other) => other.modify(ada, () => [undefined, Partition.empty]))
      yield* eventually(Effect.map(tokens.read(ada), Partition.isEmpty))
    }))

  it.scopedLive("knows its own writes at once, without asking", () =>
    Effect.gen(function*() {
      yield* put("first")
      const { gets, tokens } = yield* near()
      yield* tokens.modify(ada, (partition) => [undefined, signIn(ada, "own")(partition)])
      const before = gets()
      expect(secretOf(yield* tokens.read(ada))).toBe("own")
      expect(gets()).toBe(before)
      yield* tokens.modify(ada, () => [undefined, Partition.empty])
      expect(yield* tokens.read(ada)).toEqual(Partition.empty)
    }))

  it.scopedLive("asks Redis for every change, and inside the refresh lock", () =>
    Effect.gen(function*() {
      yield* put("first")
      const { gets, tokens } = yield* near()
      // Behind its back, so that it hears of nothing.
      const [name = ""] = yield* Effect.promise(() => redis().keys("*:partition:*"))
      const value = yield* Effect.promise(() => redis().get(name))
      yield* Effect.promise(() => redis().set(name, (value ?? "").replaceAll("first", "other")))
      expect(secretOf(yield* tokens.read(ada))).toBe("first")
      const before = gets()
      yield* tokens.withRefreshLock("name")(Effect.gen(function*() {
        expect(secretOf(yield* tokens.read(ada))).toBe("other")
        expect(secretOf(yield* tokens.read(ada))).toBe("other")
      }))
      expect(gets()).toBe(before + 2)
      expect(yield* tokens.modify(ada, (partition) => [secretOf(partition), partition])).toBe("other")
      expect(gets()).toBe(before + 3)
    }))

  it.scopedLive("asks Redis while it hears of nothing, and forgets what it knew", () =>
    Effect.gen(function*() {
      yield* put("first")
      const { gets, isNear, tokens } = yield* near()
      for (let disconnection = 0; disconnection < 2; disconnection++) {
        yield* Effect.promise(() => redis().sendCommand(["CLIENT", "KILL", "TYPE", "pubsub"]))
        const [name = ""] = yield* Effect.promise(() => redis().keys("*:partition:*"))
        const value = yield* Effect.promise(() => redis().get(name))
        const unheard = `unheard ${disconnection}`
        yield* Effect.promise(() => redis().set(name, (value ?? "").replace(/first|unheard \d/, unheard)))
        yield* eventually(Effect.map(tokens.read(ada), (partition) => secretOf(partition) === unheard))
        const before = gets()
        yield* tokens.read(ada)
        expect(gets()).toBe(before + 1)
        yield* eventually(isNear)
      }
    }))

  it.scopedLive("asks Redis again when an answer is too old", () =>
    Effect.gen(function*() {
      yield* put("first")
      const { gets, tokens } = yield* near()
      const before = gets()
      yield* anHourLater(tokens.read(ada))
      expect(gets()).toBe(before + 1)
    }))

  it.scopedLive("closes its connection with the layer", () =>
    Effect.gen(function*() {
      const subscribers = Effect.map(
        Effect.promise(() => redis().pubSubNumSub("grantwork:changed")),
        (counts) => counts["grantwork:changed"]
      )
      yield* Effect.scoped(Effect.zipRight(near(), eventually(Effect.map(subscribers, (count) => count === 1))))
      yield* eventually(Effect.map(subscribers, (count) => count === 0))
    }))

  it.scopedLive("stays away from a channel that is not connected, and works all the same", () =>
    Effect.gen(function*() {
      const { client, sent } = watched(yield* clientTo(server().url))
      const refused = () => {
        throw new Error("No more connections.")
      }
      const tokens = yield* cacheOver({
        client: { ...client, duplicate: refused },
        firstLevel: { capacity: 10, timeToLive: "1 hour" }
      })
      yield* tokens.modify(ada, () => [undefined, signedIn(ada, "first")])
      const before = sent.length
      yield* Effect.repeatN(tokens.read(ada), 4)
      expect(sent.length - before).toBe(5)
    }))
})
