import { describe, expect, it } from "@effect/vitest"
import { type AuthError, Partition } from "@grantwork/core"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Redacted from "effect/Redacted"
import { inspect } from "node:util"
import { atRedis, type CacheOptions } from "./support/atRedis.js"
import { encryptionKey } from "./support/encryptionKey.js"
import { appKey, issuer, keyOf, secretOf, signedIn, signIn, withAccessToken } from "./support/partitions.js"
import { lacksRedis } from "./support/redisServer.js"

const one = encryptionKey("one")
const two = encryptionKey("two")

describe.skipIf(lacksRedis)("tokens encrypted in Redis", () => {
  const { cache, redis } = atRedis()
  const ada = keyOf("ada-of-london")

  const entries = Effect.promise(() => redis().keys("*:partition:*"))
  const entry = Effect.map(
    Effect.flatMap(entries, ([name = ""]) => Effect.promise(() => redis().get(name))),
    (value) => value ?? ""
  )
  const putEntry = (value: string) =>
    Effect.flatMap(entries, ([name = ""]) => Effect.promise(() => redis().set(name, value)))
  const bodyOf = (value: string) => value.slice(23)

  /** Starts with ada's tokens, as a cache of these options writes them. */
  const written = (options: CacheOptions) =>
    Effect.gen(function*() {
      yield* Effect.promise(() => redis().flushAll())
      const tokens = yield* cache(options)
      yield* tokens.modify(ada, () => [undefined, signedIn(ada, "a-refresh-token")])
      return tokens
    })

  it.scopedLive("show nothing of anybody in any key or value", () =>
    Effect.gen(function*() {
      const tokens = yield* written({ encryptionKeys: [one] })
      yield* tokens.modify(ada, (partition) => [undefined, withAccessToken("an-access-token", 3600)(partition)])
      yield* tokens.modify(appKey, () => [undefined, withAccessToken("an-own-token", 3600)(Partition.empty)])
      const dump = yield* tokens.withRefreshLock(Partition.refreshLockName(ada, []))(Effect.promise(async () => {
        const names = await redis().keys("*")
        const values = await Promise.all(names.map(async (name) => {
          switch (await redis().type(name)) {
            case "string":
              return redis().get(name)
            case "zset":
              return redis().zRange(name, 0, -1)
            default:
              throw new Error(`Nobody knows what ${name} is.`)
          }
        }))
        return { names, values }
      }))
      expect(dump.names).toHaveLength(4)
      const shown = inspect(dump, { depth: null, maxStringLength: null })
      const decoded = Array.from(shown.matchAll(/[\w+/-]{8,}/g), ([word]) =>
        Buffer.from(word, "base64").toString("latin1"))
      for (
        const secret of [
          "a-refresh-token",
          "an-access-token",
          "an-own-token",
          ada.homeAccountId,
          `${ada.homeAccountId}@name.example`,
          "issuer.example",
          "client",
          "AccessToken"
        ]
      ) {
        expect(shown).not.toContain(secret)
        expect(decoded.join("\n")).not.toContain(secret)
      }
      const again = yield* cache({ encryptionKeys: [one] })
      expect(secretOf(yield* again.read(ada))).toBe("a-refresh-token")
      expect((yield* again.list(issuer)).map(({ key }) =>
        key
      )).toEqual([ada])
    }))

  it.scopedLive("are another text with each write", () =>
    Effect.gen(function*() {
      const tokens = yield* written({ encryptionKeys: [one] })
      const first = yield* entry
      yield* tokens.modify(ada, (partition) => [undefined, signIn(ada, "a-refresh-token")(partition)])
      expect(bodyOf(yield* entry)).not.toBe(bodyOf(first))
    }))

  it.scopedLive("are not taken from whoever writes plain entries", () =>
    Effect.gen(function*() {
      for (const options of [{}, { plainEntries: "reject" }, { whenUnavailable: "continue" }] as const) {
        yield* written({})
        const plain = yield* entry
        const tokens = yield* cache({ ...options, encryptionKeys: [one] })
        for (
          const failing of [
            tokens.read(ada),
            tokens.modify(ada, (partition) => [undefined, signIn(ada, "new")(partition)])
          ].map((each: Effect.Effect<unknown, AuthError.CacheUnavailable>) => each)
        ) {
          const error = yield* Effect.flip(failing)
          expect(error._tag).toBe("CacheUnavailable")
          expect(error.message).toContain("plainEntries")
        }
        expect(yield* tokens.list(issuer)).toEqual([])
        expect(yield* entry).toBe(plain)
        yield* tokens.modify(ada, () => [undefined, Partition.empty])
        yield* tokens.modify(ada, (partition) => [undefined, signIn(ada, "new")(partition)])
        expect(secretOf(yield* tokens.read(ada))).toBe("new")
      }
    }).pipe(Logger.withMinimumLogLevel(LogLevel.None)))

  it.scopedLive("are read where they are plain yet if that is chosen, and encrypted with the next write", () =>
    Effect.gen(function*() {
      yield* written({})
      expect(bodyOf(yield* entry)).toMatch(/^\{/)
      const tokens = yield* cache({ encryptionKeys: [one], plainEntries: "read" })
      expect((yield* tokens.list(issuer)).map(({ key }) => key)).toEqual([ada])
      expect(secretOf(yield* tokens.read(ada))).toBe("a-refresh-token")
      yield* tokens.modify(ada, (partition) => [undefined, signIn(ada, "another")(partition)])
      expect(bodyOf(yield* entry)).toMatch(/^eyJ/)
      expect(secretOf(yield* tokens.read(ada))).toBe("another")
    }))

  it.scopedLive("are read by an older key, and encrypted by the first one with the next write", () =>
    Effect.gen(function*() {
      yield* written({ encryptionKeys: [one] })
      const tokens = yield* cache({ encryptionKeys: [two, one] })
      expect(secretOf(yield* tokens.read(ada))).toBe("a-refresh-token")
      yield* tokens.modify(ada, (partition) => [undefined, signIn(ada, "another")(partition)])
      const withoutOld = yield* cache({ encryptionKeys: [two] })
      expect(secretOf(yield* withoutOld.read(ada))).toBe("another")
    }))

  it.scopedLive("that cannot be read are told so, and are left as they are until they are removed", () =>
    Effect.gen(function*() {
      yield* written({ encryptionKeys: [one] })
      const sealed = yield* entry
      const parts = sealed.split(".")
      const [, , iv = "", ciphertext = "", tag = ""] = parts
      const flipped = (text: string) => `${text.startsWith("A") ? "B" : "A"}${text.slice(1)}`
      const oneAsTwo = { ...two, id: "one" }
      const cases: ReadonlyArray<
        readonly [stored: string, options: CacheOptions, told: string, lacks?: "lacks the key"]
      > = [
        [sealed, {}, "is encrypted. Give the key", "lacks the key"],
        [sealed, { encryptionKeys: [two] }, "by another key", "lacks the key"],
        [sealed, { encryptionKeys: [oneAsTwo] }, "changed by somebody else"],
        [sealed.replace(ciphertext, flipped(ciphertext)), { encryptionKeys: [one] }, "changed by somebody else"],
        [sealed.replace(iv, flipped(iv)), { encryptionKeys: [one] }, "changed by somebody else"],
        [sealed.replace(`.${tag}`, `.${flipped(tag)}`), { encryptionKeys: [one] }, "changed by somebody else"],
        [sealed.slice(0, -30), { encryptionKeys: [one] }, ""],
        [`${sealed.slice(0, 23)}eyJ`, { encryptionKeys: [one] }, "not what was written there"]
      ]
      for (const [stored, options, told, lacks] of cases) {
        yield* putEntry(stored)
        // One that has read it before must not be fooled either.
        for (const tokens of [yield* cache(options), yield* cache({ ...options, whenUnavailable: "continue" })]) {
          for (
            const failing of [
              tokens.read(ada),
              tokens.modify(ada, (partition) => [undefined, signIn(ada, "new")(partition)]),
              ...lacks ? [tokens.modify(ada, () => [undefined, Partition.empty])] : []
            ].map((each: Effect.Effect<unknown, AuthError.CacheUnavailable>) => each)
          ) {
            const error = yield* Effect.flip(failing)
            expect(error._tag).toBe("CacheUnavailable")
            expect(error.message).toContain(told)
            const shown = inspect(error, { depth: null })
            expect(shown).not.toContain(ciphertext.slice(0, 20))
            expect(shown).not.toContain(Buffer.from(Redacted.value(one.secret)).toString("base64url"))
          }
          expect(yield* tokens.list(issuer)).toEqual([])
          expect(yield* entry).toBe(stored)
          if (!lacks) {
            yield* tokens.modify(ada, () => [undefined, Partition.empty])
            expect(yield* tokens.read(ada)).toEqual(Partition.empty)
            yield* putEntry(stored)
          }
        }
      }
    }).pipe(Logger.withMinimumLogLevel(LogLevel.None)))

  it.scopedLive("are noticed where only their text was changed under a server that knows them", () =>
    Effect.gen(function*() {
      const tokens = yield* written({ encryptionKeys: [one] })
      expect(secretOf(yield* tokens.read(ada))).toBe("a-refresh-token")
      const sealed = yield* entry
      yield* putEntry(`${sealed.slice(0, -1)}${sealed.endsWith("A") ? "Q" : "A"}`)
      expect((yield* Effect.flip(tokens.read(ada)))._tag).toBe("CacheUnavailable")
    }))
})
