import { describe, expect, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import * as TestServices from "effect/TestServices"
import { createHash } from "node:crypto"
import { atRedis } from "./support/atRedis.js"
import { eventually } from "./support/eventually.js"
import { lacksRedis } from "./support/redisServer.js"

describe.skipIf(lacksRedis)("the refresh lock in Redis", () => {
  const { cache, redis } = atRedis()
  const name = "[\"User\",\"provider\",\"ada\"]"
  const key = `grantwork:lock:${createHash("sha256").update(name).digest("base64url")}`

  it.scopedLive("is a lease of 30 seconds under a name that tells nothing, and given back", () =>
    Effect.gen(function*() {
      const tokens = yield* cache()
      yield* tokens.withRefreshLock(name)(Effect.gen(function*() {
        expect(yield* Effect.promise(() => redis().keys("*"))).toEqual([key])
        const left = yield* Effect.promise(() => redis().pTTL(key))
        expect(left).toBeGreaterThan(20_000)
        expect(left).toBeLessThanOrEqual(30_000)
      }))
      expect(yield* Effect.promise(() => redis().keys("*"))).toEqual([])
    }))

  it.scopedLive("is waited for no longer than it may be", () =>
    Effect.gen(function*() {
      const holder = yield* cache()
      const other = yield* cache({ refreshTimeout: "50 millis" })
      yield* holder.withRefreshLock(name)(Effect.gen(function*() {
        let isRun = false
        const run = Effect.sync(() => {
          isRun = true
        })
        const errors = yield* Effect.all(
          [other, other].map((tokens) => Effect.flip(tokens.withRefreshLock(name)(run))),
          { concurrency: "unbounded" }
        )
        for (const error of errors) {
          expect(error).toMatchObject({ _tag: "CacheUnavailable", operation: "lock" })
          expect(error.message).toContain("refreshTimeout")
        }
        expect(isRun).toBe(false)
      }))
      expect(yield* other.withRefreshLock(name)(Effect.succeed("free"))).toBe("free")
    }))

  it.scopedLive("is waited for no longer where it is held in the same process", () =>
    Effect.gen(function*() {
      const tokens = yield* cache({ refreshTimeout: "50 millis" })
      const error = yield* tokens.withRefreshLock(name)(Effect.flip(tokens.withRefreshLock(name)(Effect.void)))
      expect(error).toMatchObject({ _tag: "CacheUnavailable", operation: "lock" })
    }))

  it.scopedLive("may be held for longer than it may be waited for", () =>
    Effect.gen(function*() {
      const tokens = yield* cache({ refreshTimeout: "20 millis" })
      const held = yield* tokens.withRefreshLock(name)(Effect.delay(Effect.succeed("held"), "60 millis"))
      expect(held).toBe("held")
    }))

  it.scopedLive("of a crashed holder is free when its lease ends", () =>
    Effect.gen(function*() {
      const tokens = yield* cache()
      yield* Effect.promise(() => redis().set(key, "a crashed holder", { expiration: { type: "PX", value: 200 } }))
      expect(yield* tokens.withRefreshLock(name)(Effect.succeed("free"))).toBe("free")
    }))

  it.scopedLive("that somebody else has by now is left to them", () =>
    Effect.gen(function*() {
      const tokens = yield* cache()
      yield* tokens.withRefreshLock(name)(Effect.promise(() => redis().set(key, "somebody else")))
      expect(yield* Effect.promise(() => redis().get(key))).toBe("somebody else")
      yield* Effect.promise(() => redis().del(key))
    }))

  it.scoped("is held on to for as long as it is needed", () =>
    Effect.gen(function*() {
      const tokens = yield* cache()
      const isHeld = yield* Deferred.make<void>()
      const holder = yield* Effect.fork(
        tokens.withRefreshLock(name)(Effect.zipRight(Deferred.succeed(isHeld, undefined), Effect.never))
      )
      yield* Deferred.await(isHeld)
      for (let renewal = 0; renewal < 3; renewal++) {
        yield* Effect.promise(() => redis().pExpire(key, 15_000))
        yield* TestClock.adjust("10 seconds")
        yield* TestServices.provideLive(eventually(Effect.map(
          Effect.promise(() => redis().pTTL(key)),
          (left) => left > 15_000
        )))
      }
      // A lease that was lost is not taken from whoever has it.
      yield* Effect.promise(() => redis().set(key, "somebody else", { expiration: { type: "PX", value: 60_000 } }))
      yield* TestClock.adjust("10 seconds")
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.interrupt(holder)
      expect(yield* Effect.promise(() => redis().get(key))).toBe("somebody else")
      yield* Effect.promise(() => redis().del(key))
    }))

  it.scopedLive("ends with the interruption of its holder, and its renewal with it", () =>
    Effect.gen(function*() {
      const tokens = yield* cache()
      const isHeld = yield* Deferred.make<void>()
      const holder = yield* Effect.fork(
        tokens.withRefreshLock(name)(Effect.zipRight(Deferred.succeed(isHeld, undefined), Effect.never))
      )
      yield* Deferred.await(isHeld)
      yield* Fiber.interrupt(holder)
      expect(yield* Effect.promise(() => redis().exists(key))).toBe(0)
    }))
})
