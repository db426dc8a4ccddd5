import { describe, expect, it } from "@effect/vitest"
import { Partition, TokenCache } from "@grantwork/core"
import { TokenCacheContract } from "@grantwork/testing"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import * as FileTokenCache from "../src/FileTokenCache.js"
import * as LockOwner from "../src/LockOwner.js"
import { deadProcess } from "./support/deadProcess.js"
import { folder } from "./support/folder.js"

const pathIn = Effect.map(folder, (path) => join(path, "cache.json"))

const cacheAt = (path: string, options: Partial<FileTokenCache.Options> = {}) =>
  Effect.map(
    Layer.build(FileTokenCache.layer({ path, ...options })),
    (context) => Context.get(context, TokenCache.TokenCache)
  )

const ada = Partition.userKeyAt("https://id.example.com", "ada")

const holding = (secret: string) =>
  Partition.setRefreshToken(Partition.empty, {
    environment: "https://id.example.com",
    clientId: "client",
    familyId: Option.none(),
    secret: Redacted.make(secret),
    modifiedAt: Option.none()
  })

const put = (cache: TokenCache.Service, secret: string) => cache.modify(ada, () => [undefined, holding(secret)])

const secretIn = (partition: Partition.Partition) =>
  Option.getOrUndefined(
    Option.map(Partition.refreshToken(partition, "client"), ({ secret }) => Redacted.value(secret))
  )

const held = (cache: TokenCache.Service) => Effect.map(cache.read(ada), secretIn)

describe("the options", () => {
  it.effect.each(
    [
      ["path", { path: "" }],
      ["path", { path: "a\0b" }],
      ["path", { path: "/" }],
      ["path", { path: "folder/" }],
      ["path", { path: Object(1) }],
      ["lockTimeout", { lockTimeout: 0 }],
      ["lockTimeout", { lockTimeout: -1 }],
      ["lockTimeout", { lockTimeout: Number.NaN }],
      ["lockTimeout", { lockTimeout: Duration.infinity }],
      ["lockTimeout", { lockTimeout: Object("soon") }],
      ["refreshTimeout", { refreshTimeout: "0 seconds" }],
      ["refreshTimeout", { refreshTimeout: Number.POSITIVE_INFINITY }]
    ] as const
  )("are checked: %s of %j", ([option, options]) =>
    Effect.gen(function*() {
      const layer = FileTokenCache.layer({ path: "/nowhere/cache.json", ...options })
      const error = yield* Effect.flip(Effect.provide(Effect.void, layer))
      expect(error).toMatchObject({ _tag: "InvalidConfiguration", option })
      expect(error.message).toContain(option)
    }))

  it("are taken without looking at the file, and at once", () => {
    const layer = FileTokenCache.layer({ path: "/dev/null/nowhere/cache.json", lockTimeout: undefined })
    expect(Effect.runSync(Effect.provide(Effect.succeed("built"), layer))).toBe("built")
  })

  it.scopedLive("name a file from where the program was when the layer was built, and expand nothing", () =>
    Effect.gen(function*() {
      const here = yield* folder
      const before = process.cwd()
      process.chdir(here)
      const cache = yield* cacheAt(join("~", "cache.json"))
      process.chdir(before)
      yield* put(cache, "secret")
      expect(readdirSync(join(here, "~"))).toEqual(["cache.json"])
    }))
})

describe("tokens in a file", () => {
  it.scopedLive("are MSAL's JSON", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      yield* put(yield* cacheAt(path), "secret")
      expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({
        RefreshToken: {
          "ada-https://id.example.com-refreshtoken-client--": {
            credential_type: "RefreshToken",
            secret: "secret",
            home_account_id: "ada",
            environment: "https://id.example.com",
            client_id: "client"
          }
        }
      })
    }))

  it.scopedLive("are the same partition for as long as the file is unchanged", () =>
    Effect.gen(function*() {
      const cache = yield* cacheAt(yield* pathIn)
      yield* put(cache, "secret")
      const partition = yield* cache.read(ada)
      expect(yield* cache.read(ada)).toBe(partition)
      expect(yield* cache.modify(ada, (partition) => [partition, partition])).toBe(partition)
      expect((yield* cache.list(ada.provider)).map(({ partition }) => partition)).toEqual([partition])
    }))

  it.scopedLive("are not written where a change leaves a partition as it is", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      const text = `{ "RefreshToken" : {},\n "Unknown" : 1 }\n`
      writeFileSync(path, text)
      const cache = yield* cacheAt(path)
      expect(yield* cache.modify(ada, (partition) => ["result", partition])).toBe("result")
      expect(readFileSync(path, "utf8")).toBe(text)
    }))

  it.scopedLive("are seen at once by everyone who names it", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      const link = join(dirname(path), "link.json")
      symlinkSync(path, link)
      const caches = yield* Effect.forEach([path, path, link], (one) => cacheAt(one))
      for (const [index, cache] of [...caches, ...caches].entries()) {
        yield* put(cache, `secret ${index}`)
        expect(yield* Effect.forEach(caches, held)).toEqual(caches.map(() => `secret ${index}`))
      }
    }))

  it.scopedLive.each([1, 2, 3, 4, 5, 6])(
    "answer any operations as a cache in memory does (seed %i)",
    (seed) =>
      Effect.gen(function*() {
        const file = yield* cacheAt(yield* pathIn)
        const memory = Context.get(yield* Layer.build(TokenCache.layerMemory), TokenCache.TokenCache)
        yield* TokenCacheContract.agree(memory, file, seed)
      })
  )

  it.scopedLive("are out of reach where the file cannot be had, and the error says for what", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      mkdirSync(path)
      const cache = yield* cacheAt(path)
      const errors = yield* Effect.forEach(
        [cache.read(ada), cache.list(ada.provider), put(cache, "secret")],
        (effect) => Effect.flip<unknown, unknown, never>(effect)
      )
      expect(errors).toMatchObject(
        ["read", "list", "modify"].map((operation) => ({ _tag: "CacheUnavailable", operation }))
      )
    }))
})

describe("the refresh lock", () => {
  const name = Partition.refreshLockName(ada, [])

  const lockNames = (path: string) => readdirSync(dirname(path)).filter((one) => one.endsWith(".lockfile"))

  it.scopedLive("is a file beside the target of a link, named by a hash alone", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      const target = join(dirname(path), "folder", "real.json")
      symlinkSync(target, path)
      const cache = yield* cacheAt(path)
      const names = yield* cache.withRefreshLock(name)(Effect.sync(() => lockNames(target)))
      expect(names).toHaveLength(1)
      expect(names[0]).toMatch(/^real\.json\.refresh-[0-9a-f]{16}\.lockfile$/)
      expect(readdirSync(dirname(target))).toEqual([])
      expect(readdirSync(dirname(path)).sort()).toEqual(["cache.json", "folder"])
    }))

  it.scopedLive("shows its next holder what the one before wrote", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      const caches = [yield* cacheAt(path), yield* cacheAt(path)]
      const rotate = (cache: TokenCache.Service) =>
        cache.withRefreshLock(name)(Effect.gen(function*() {
          const secret = Number((yield* held(cache)) ?? 0)
          yield* put(cache, String(secret + 1))
        }))
      const rounds = Array.from({ length: 10 }, () => caches).flat()
      yield* Effect.forEach(rounds, rotate, { concurrency: "unbounded" })
      expect(yield* Effect.forEach(caches, held)).toEqual(["20", "20"])
      expect(readdirSync(dirname(path))).toEqual([basename(path)])
    }))

  it.scopedLive("is waited for no longer than allowed, in one layer and between two", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      const options = { refreshTimeout: "30 millis" } as const
      const [one, other] = [yield* cacheAt(path, options), yield* cacheAt(path, options)]
      const isHeld = yield* Deferred.make<void>()
      const holder = yield* Effect.fork(
        one.withRefreshLock(name)(Effect.zipRight(Deferred.succeed(isHeld, undefined), Effect.never))
      )
      yield* Deferred.await(isHeld)
      for (const cache of [one, other]) {
        const error = yield* Effect.flip(cache.withRefreshLock(name)(Effect.void))
        expect(error).toMatchObject({ _tag: "CacheUnavailable", operation: "lock" })
        expect(error.message).not.toContain("ada")
      }
      yield* Fiber.interrupt(holder)
      yield* other.withRefreshLock(name)(Effect.void)
    }))

  it.scopedLive("is taken from a dead process, and not from a living one that is slow", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      const cache = yield* cacheAt(path, { refreshTimeout: "30 millis" })
      const [lock = ""] = yield* cache.withRefreshLock(name)(Effect.sync(() => lockNames(path)))
      const leave = (text: string, secondsAgo: number) => {
        const then = Date.now() / 1000 - secondsAgo
        writeFileSync(join(dirname(path), lock), text)
        utimesSync(join(dirname(path), lock), then, then)
      }
      leave(LockOwner.line("token"), 25)
      expect(yield* Effect.flip(cache.withRefreshLock(name)(Effect.void))).toMatchObject({ operation: "lock" })
      leave(LockOwner.line("token").replace(/^\d+/, String(deadProcess())), 0)
      yield* cache.withRefreshLock(name)(Effect.void)
      expect(lockNames(path)).toEqual([])
    }))
})
