import { describe, expect, it } from "@effect/vitest"
import { type AuthError, Partition, UnifiedCache } from "@grantwork/core"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import { createHash } from "node:crypto"
import { atRedis } from "./support/atRedis.js"
import { appKey, issuer, keyOf, secretOf, signedIn, signIn, withAccessToken } from "./support/partitions.js"
import { lacksRedis } from "./support/redisServer.js"

const hash = (text: string) => createHash("sha256").update(text).digest("base64url")
const entryOf = (key: Partition.Key, prefix = "grantwork") => `${prefix}:partition:${hash(Partition.keyText(key))}`
const indexOf = (provider: string, prefix = "grantwork") => `${prefix}:accounts:${hash(provider)}`

const day = 24 * 60 * 60 * 1000

describe.skipIf(lacksRedis)("what lies in Redis", () => {
  const { cache, redis } = atRedis()

  /** What has been asked of the server while the program ran, by command; scripts count what they call, too. */
  const commandsDuring = <A, E, R>(program: Effect.Effect<A, E, R>) =>
    Effect.gen(function*() {
      yield* Effect.promise(() => redis().configResetStat())
      yield* program
      const statistics = yield* Effect.promise(() => redis().info("commandstats"))
      const calls = new Map<string, number>()
      for (const [, name = "", count] of statistics.matchAll(/cmdstat_([a-z]+):calls=(\d+)/g)) {
        if (name !== "config" && name !== "info") calls.set(name, Number(count))
      }
      return Object.fromEntries(calls)
    })

  const ada = keyOf("ada")

  it.scopedLive("is MSAL's JSON behind a version, under a name that tells nothing", () =>
    Effect.gen(function*() {
      const tokens = yield* cache()
      yield* tokens.modify(ada, () => [undefined, signedIn(ada, "first")])
      const keys = yield* Effect.promise(() => redis().keys("*"))
      expect(new Set(keys)).toEqual(new Set([entryOf(ada), indexOf(issuer)]))
      const first = (yield* Effect.promise(() => redis().get(entryOf(ada)))) ?? ""
      expect(first).toMatch(/^[\w-]{22}\n\{/)
      const unified = Option.getOrThrow(UnifiedCache.parse(first.slice(23)))
      expect(UnifiedCache.keys(unified)).toEqual([ada])
      expect(secretOf(UnifiedCache.read(unified, ada))).toBe("first")
      yield* tokens.modify(ada, (partition) => [undefined, signIn(ada, "second")(partition)])
      const second = (yield* Effect.promise(() => redis().get(entryOf(ada)))) ?? ""
      expect(second.slice(0, 22)).not.toBe(first.slice(0, 22))
    }))

  it.scopedLive("lies under the prefix it is told", () =>
    Effect.gen(function*() {
      const tokens = yield* cache({ prefix: "{fleet}:tokens" })
      yield* tokens.modify(ada, () => [undefined, signedIn(ada, "first")])
      expect(yield* Effect.promise(() => redis().exists(entryOf(ada, "{fleet}:tokens")))).toBe(1)
      expect(secretOf(yield* (yield* cache({ prefix: "another" })).read(ada))).toBeUndefined()
    }))

  it.scopedLive("is read in one round trip, which costs one GET", () =>
    Effect.gen(function*() {
      const tokens = yield* cache()
      yield* tokens.modify(ada, () => [undefined, signedIn(ada, "first")])
      expect(yield* commandsDuring(tokens.read(ada))).toEqual({ get: 1 })
      expect(yield* commandsDuring(tokens.read(keyOf("nobody")))).toEqual({ get: 1 })
    }))

  it.scopedLive("is not written where a change hands back what it was shown", () =>
    Effect.gen(function*() {
      const tokens = yield* cache()
      yield* tokens.modify(ada, () => [undefined, signedIn(ada, "first")])
      expect(yield* commandsDuring(tokens.modify(ada, (partition) => [undefined, partition]))).toEqual({ get: 1 })
      expect(yield* commandsDuring(tokens.modify(keyOf("nobody"), (partition) => [undefined, partition])))
        .toEqual({ get: 1 })
    }))

  it.scopedLive("lasts as long as a refresh token may", () =>
    Effect.gen(function*() {
      const tokens = yield* cache({ refreshTokenLifetime: "2 days" })
      yield* tokens.modify(ada, () => [undefined, withAccessToken("short", 60)(signedIn(ada, "first"))])
      const left = yield* Effect.promise(() => redis().pTTL(entryOf(ada)))
      expect(left).toBeGreaterThan(day)
      expect(left).toBeLessThanOrEqual(2 * day)
    }))

  it.scopedLive("lasts until the last access token ends where there is no refresh token", () =>
    Effect.gen(function*() {
      const tokens = yield* cache()
      const holding = (...seconds: ReadonlyArray<number>) =>
        Effect.gen(function*() {
          yield* tokens.modify(appKey, () => [
            undefined,
            seconds.reduce(
              (partition, end) => withAccessToken(`ends in ${end}`, end, `scope-${end}`)(partition),
              Partition.empty
            )
          ])
          return yield* Effect.promise(() => redis().pTTL(entryOf(appKey)))
        })
      const later = yield* holding(7200, 3600)
      expect(later).toBeGreaterThan(3600_000)
      expect(later).toBeLessThanOrEqual(7200_000)
      const over = yield* holding(-10)
      expect(over).toBeGreaterThan(-2)
      expect(over).toBeLessThanOrEqual(1000)
    }))

  it.scopedLive("keeps an account that has no token left", () =>
    Effect.gen(function*() {
      const tokens = yield* cache({ refreshTokenLifetime: "2 days" })
      yield* tokens.modify(ada, () => [undefined, { ...signedIn(ada, "first"), refreshTokens: new Map() }])
      expect(yield* Effect.promise(() => redis().pTTL(entryOf(ada)))).toBeGreaterThan(day)
    }))

  it.scopedLive("is for a quarter of an hour that it was removed, and nothing more", () =>
    Effect.gen(function*() {
      const tokens = yield* cache({ prefix: "removal" })
      yield* tokens.modify(ada, () => [undefined, signedIn(ada, "first")])
      yield* tokens.modify(ada, () => [undefined, Partition.empty])
      expect(yield* Effect.promise(() => redis().keys("removal:*"))).toEqual([entryOf(ada, "removal")])
      expect(yield* Effect.promise(() => redis().get(entryOf(ada, "removal")))).toMatch(/^[\w-]{22}\nremoved$/)
      const left = yield* Effect.promise(() => redis().pTTL(entryOf(ada, "removal")))
      expect(left).toBeGreaterThan(14 * 60_000)
      expect(left).toBeLessThanOrEqual(15 * 60_000)
      expect(yield* tokens.read(ada)).toEqual(Partition.empty)
      expect(yield* tokens.list(issuer)).toEqual([])
      yield* tokens.modify(ada, (partition) => [undefined, signIn(ada, "again")(partition)])
      expect(secretOf(yield* tokens.read(ada))).toBe("again")
      expect((yield* tokens.list(issuer)).map(({ key }) => key)).toEqual([ada])
    }))

  it.scopedLive("is nothing under another account's name", () =>
    Effect.gen(function*() {
      const tokens = yield* cache()
      const eve = keyOf("eve")
      yield* tokens.modify(ada, () => [undefined, signedIn(ada, "ada's")])
      yield* tokens.modify(eve, () => [undefined, signedIn(eve, "eve's")])
      yield* Effect.promise(async () => redis().set(entryOf(eve), await redis().get(entryOf(ada)) ?? ""))
      expect(yield* tokens.read(eve)).toEqual(Partition.empty)
      expect((yield* tokens.list(issuer)).map(({ key }) => key)).toEqual([ada])
      expect(yield* tokens.modify(eve, (partition) => [Partition.isEmpty(partition), partition])).toBe(true)
    }))

  it.scopedLive("is left as it is where it is something else, until it is removed", () =>
    Effect.gen(function*() {
      const tokens = yield* cache()
      const version = "v".repeat(22)
      const values = ["", "{}", "garbled", "é".repeat(30), `${version}\n`, `${version}\n{"AccessToken":[]}`, `\n{}`]
      for (const value of values) {
        yield* Effect.promise(() => redis().set(entryOf(ada), value))
        for (
          const failing of [
            tokens.read(ada),
            tokens.modify(ada, (partition) => [undefined, partition]),
            tokens.modify(ada, (partition) => [undefined, signIn(ada, "new")(partition)])
          ].map((each: Effect.Effect<unknown, AuthError.CacheUnavailable>) => each)
        ) {
          const error = yield* Effect.flip(failing)
          expect(error._tag).toBe("CacheUnavailable")
          expect(error.message).toContain("not what was written there")
        }
        expect(yield* Effect.promise(() => redis().get(entryOf(ada)))).toBe(value)
        expect(yield* tokens.modify(ada, () => ["removed", Partition.empty])).toBe("removed")
        expect(yield* tokens.read(ada)).toEqual(Partition.empty)
      }
    }))
})

describe.skipIf(lacksRedis)("the index of accounts", () => {
  const { cache, redis } = atRedis()
  const scores = () => redis().zRangeWithScores(indexOf(issuer), 0, -1)

  it.scopedLive("names partitions by their hashes, and until when they last", () =>
    Effect.gen(function*() {
      const tokens = yield* cache({ refreshTokenLifetime: "2 days" })
      const ada = keyOf("ada")
      yield* tokens.modify(ada, () => [undefined, signedIn(ada, "first")])
      yield* tokens.modify(appKey, () => [undefined, withAccessToken("own", 3600)(Partition.empty)])
      const listed = yield* Effect.promise(scores)
      expect(listed.map(({ value }) => value)).toEqual([hash(Partition.keyText(ada))])
      expect(Math.abs((listed[0]?.score ?? 0) - Date.now() - 2 * day)).toBeLessThan(60_000)
      expect(yield* Effect.promise(() => redis().pTTL(indexOf(issuer)))).toBeGreaterThan(2 * day)
    }))

  it.scopedLive("lists more accounts than one batch has, and no other provider's", () =>
    Effect.gen(function*() {
      const tokens = yield* cache()
      const keys = Array.from({ length: 250 }, (_, index) => keyOf(`person ${index}`, "https://many.example"))
      yield* Effect.forEach(keys, (key) => tokens.modify(key, () => [undefined, signedIn(key, "s")]), {
        concurrency: "unbounded"
      })
      const listed = yield* tokens.list("https://many.example")
      expect(new Set(listed.map(({ key }) => key.homeAccountId))).toEqual(
        new Set(keys.map(({ homeAccountId }) => homeAccountId))
      )
      expect(listed.every(({ partition }) => secretOf(partition) === "s")).toBe(true)
      expect(yield* tokens.list("https://none.example")).toEqual([])
    }))

  it.scopedLive("passes over whoever cannot be read, and warns once", () => {
    const warnings: Array<string> = []
    const logger = Logger.make(({ logLevel, message }) => {
      warnings.push(`${logLevel.label}: ${String(message)}`)
    })
    return Effect.gen(function*() {
      const provider = "https://damaged.example"
      const tokens = yield* cache()
      const keys = ["ada", "grace", "alan"].map((name) => keyOf(name, provider))
      yield* Effect.forEach(keys, (key) => tokens.modify(key, () => [undefined, signedIn(key, "s")]))
      const [damaged = keyOf("nobody"), ...others] = keys
      yield* Effect.promise(() => redis().set(entryOf(damaged), "what nobody wrote"))
      for (const tokensOf of [tokens, yield* cache()]) {
        warnings.length = 0
        for (const _ of [1, 2]) {
          const listed = (yield* tokensOf.list(provider)).map(({ key }) => key)
          expect(listed).toHaveLength(others.length)
          expect(new Set(listed)).toEqual(new Set(others))
        }
        expect(warnings).toEqual([expect.stringMatching(/^WARN: An account is left out of a list\./)])
        expect(warnings.join()).not.toContain("what nobody wrote")
      }
    }).pipe(Effect.provide(Logger.replace(Logger.defaultLogger, logger)))
  })

  it.scopedLive("passes over whoever is gone, and forgets who was to be gone for a day", () =>
    Effect.gen(function*() {
      const tokens = yield* cache()
      const ada = keyOf("ada")
      yield* tokens.modify(ada, () => [undefined, signedIn(ada, "first")])
      yield* Effect.promise(() =>
        redis().zAdd(indexOf(issuer), [
          { score: Date.now() - day - 60_000, value: "long-gone" },
          { score: Date.now() - day + 60_000, value: "just-gone" },
          { score: Date.now() + day, value: "gone-before-its-time" }
        ])
      )
      expect((yield* tokens.list(issuer)).map(({ key }) => key)).toEqual([ada])
      yield* tokens.modify(ada, (partition) => [undefined, signIn(ada, "second")(partition)])
      expect((yield* Effect.promise(scores)).map(({ value }) => value)).toEqual([
        "just-gone",
        "gone-before-its-time",
        hash(Partition.keyText(ada))
      ])
    }))

  it.scopedLive("never takes an account's time back", () =>
    Effect.gen(function*() {
      const ada = keyOf("ada")
      const long = yield* cache({ refreshTokenLifetime: "30 days" })
      const short = yield* cache({ refreshTokenLifetime: "1 day" })
      yield* long.modify(ada, () => [undefined, signedIn(ada, "first")])
      yield* short.modify(ada, () => [undefined, signedIn(ada, "second")])
      const score = yield* Effect.promise(() => redis().zScore(indexOf(issuer), hash(Partition.keyText(ada))))
      expect(score).toBeGreaterThan(Date.now() + 29 * day)
      expect(yield* Effect.promise(() => redis().pTTL(indexOf(issuer)))).toBeGreaterThan(30 * day)
    }))
})
