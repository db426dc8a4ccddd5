/**
 * A real Redis that crashes, stops and comes back.
 */
import { describe, expect, it } from "@effect/vitest"
import { Partition } from "@grantwork/core"
import * as Array from "effect/Array"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import { createClient } from "redis"
import { atRedis, cacheOver, clientTo } from "./support/atRedis.js"
import { eventually } from "./support/eventually.js"
import { issuer, keyOf, secretOf, signedIn, signIn } from "./support/partitions.js"
import { lacksRedis } from "./support/redisServer.js"
import { watched } from "./support/watchedClient.js"

const together = { concurrency: "unbounded" } as const

describe.skipIf(lacksRedis)("when Redis", () => {
  const { cache, redis, server } = atRedis()
  const ada = keyOf("ada")

  const again = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    eventually(Effect.map(Effect.either(effect), Either.isRight))

  it.scopedLive("crashes before a change is saved, it is saved once Redis is back", () =>
    Effect.gen(function*() {
      const crashed = yield* Deferred.make<void>()
      let crashes = 0
      const { client } = watched(yield* clientTo(server().url), (command) =>
        command === "replace" && crashes++ === 0
          ? Effect.zipRight(Effect.promise(() => server().kill()), Deferred.succeed(crashed, undefined))
          : Effect.void)
      const tokens = yield* cacheOver({ client, commandTimeout: "500 millis" })
      const saving = yield* Effect.fork(tokens.modify(ada, () => ["saved", signedIn(ada, "rotated")]))
      yield* Deferred.await(crashed)
      yield* Effect.promise(() => server().start())
      expect(yield* Fiber.join(saving)).toBe("saved")
      const other = yield* cache()
      expect(secretOf(yield* other.read(ada))).toBe("rotated")
      expect(yield* other.list(issuer)).toHaveLength(1)
    }))

  it.scopedLive("crashes again and again, no acknowledged change is lost", () =>
    Effect.gen(function*() {
      const tokens = yield* cache({ commandTimeout: "500 millis" })
      yield* tokens.modify(ada, () => [undefined, signedIn(ada, "0")])
      let acknowledged = 0
      const changing = yield* Effect.fork(Effect.forever(
        Effect.tap(
          tokens.modify(ada, (partition) => {
            const next = Number(secretOf(partition)) + 1
            return [next, signIn(ada, String(next))(partition)]
          }),
          (next) =>
            Effect.sync(() => {
              acknowledged = next
            })
        )
      ))
      for (let crash = 0; crash < 3; crash++) {
        const before = acknowledged
        yield* eventually(Effect.sync(() => acknowledged > before + 3))
        yield* Effect.promise(() => server().kill())
        const known = acknowledged
        yield* Effect.promise(() => server().start())
        const onlooker = yield* cache()
        expect(Number(secretOf(yield* onlooker.read(ada)))).toBeGreaterThanOrEqual(known)
      }
      yield* Fiber.interrupt(changing)
    }))

  it.scopedLive("is stopped, everybody fails together, and it goes on when Redis does", () =>
    Effect.gen(function*() {
      const { client, sent } = watched(yield* clientTo(server().url))
      const tokens = yield* cacheOver({ client, commandTimeout: "200 millis" })
      yield* tokens.modify(ada, () => [undefined, signedIn(ada, "kept")])
      server().pause()
      const before = sent.length
      const results = yield* Effect.all(Array.replicate(Effect.either(tokens.read(ada)), 50), together)
      expect(results.every(Either.isLeft)).toBe(true)
      expect(sent.length - before).toBe(50)
      yield* Effect.all(Array.replicate(Effect.either(tokens.read(ada)), 50), together)
      expect(sent.length - before).toBe(50)
      server().resume()
      yield* again(tokens.read(ada))
      expect(secretOf(yield* tokens.read(ada))).toBe("kept")
    }))

  it.scopedLive("is stopped while a lock is asked for, no lock is left behind", () =>
    Effect.gen(function*() {
      const tokens = yield* cache({ commandTimeout: "100 millis" })
      server().pause()
      const failed = yield* Effect.flip(tokens.withRefreshLock("name")(Effect.void))
      expect(failed).toMatchObject({ _tag: "CacheUnavailable", operation: "lock" })
      server().resume()
      // A lease lasts longer than this one waits.
      const other = yield* cache({ refreshTimeout: "10 seconds" })
      expect(yield* other.withRefreshLock("name")(Effect.succeed("free"))).toBe("free")
    }))

  it.scopedLive("is stopped while a lock is given back, it is given back later", () =>
    Effect.gen(function*() {
      const tokens = yield* cache({ commandTimeout: "100 millis" })
      const result = yield* tokens.withRefreshLock("name")(Effect.sync(() => {
        server().pause()
        return "done"
      }))
      expect(result).toBe("done")
      server().resume()
      const other = yield* cache({ refreshTimeout: "10 seconds" })
      expect(yield* other.withRefreshLock("name")(Effect.succeed("free"))).toBe("free")
    }))

  it.scopedLive("crashes while a lock is held, the lock survives it", () =>
    Effect.gen(function*() {
      const tokens = yield* cache()
      const other = yield* cache({ refreshTimeout: "100 millis" })
      yield* tokens.withRefreshLock("name")(Effect.gen(function*() {
        yield* Effect.promise(() => server().kill())
        yield* Effect.promise(() => server().start())
        yield* again(other.read(ada))
        const error = yield* Effect.flip(other.withRefreshLock("name")(Effect.void))
        expect(error).toMatchObject({ _tag: "CacheUnavailable", operation: "lock" })
      }))
    }))

  it.scopedLive("was never connected to, calls say so, and are answered once it is", () =>
    Effect.gen(function*() {
      const client = yield* Effect.acquireRelease(
        Effect.sync(() => createClient({ url: server().url })),
        (client) => Effect.sync(() => client.destroy())
      )
      const tokens = yield* cacheOver({ client, commandTimeout: "100 millis" })
      const error = yield* Effect.flip(tokens.read(ada))
      expect(error).toMatchObject({ _tag: "CacheUnavailable", operation: "read" })
      expect(error.message).toContain("whether the client is connected")
      expect(error.message).not.toContain(String(server().port))
      yield* Effect.promise(() => client.connect())
      yield* again(tokens.read(ada))
    }))

  it.scopedLive("wants a password, it is told without the address", () =>
    Effect.gen(function*() {
      const tokens = yield* cache()
      yield* Effect.promise(() => redis().configSet("requirepass", "hunter2"))
      yield* Effect.promise(() => redis().sendCommand(["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]))
      const error = yield* Effect.flip(tokens.read(ada))
      expect(error._tag).toBe("CacheUnavailable")
      expect(JSON.stringify(error)).not.toMatch(/hunter2|127\.0\.0\.1/)
      yield* Effect.promise(() => redis().configSet("requirepass", ""))
      yield* again(tokens.read(ada))
    }))

  const unwritable: Record<string, readonly [begin: ReadonlyArray<string>, end: ReadonlyArray<string>]> = {
    "is out of memory": [["CONFIG", "SET", "maxmemory", "1"], ["CONFIG", "SET", "maxmemory", "0"]],
    "is a replica by now": [["REPLICAOF", "127.0.0.1", "1"], ["REPLICAOF", "NO", "ONE"]],
    "lets nobody set": [["ACL", "SETUSER", "default", "-set"], ["ACL", "SETUSER", "default", "+set"]]
  }

  const whileUnwritable = (how: string) => <A, E, R>(effect: Effect.Effect<A, E, R>) => {
    const [begin = [], end = []] = unwritable[how] ?? []
    const send = (words: ReadonlyArray<string>) => Effect.promise(() => redis().sendCommand([...words]))
    return Effect.acquireUseRelease(send(begin), () => effect, () => send(end))
  }

  it.scopedLive.each(Object.keys(unwritable))(
    "%s, and that is to be borne, nothing is found where nobody can have the lease",
    (how) =>
      Effect.gen(function*() {
        for (const options of [{}, { firstLevel: { capacity: 10, timeToLive: "1 hour" } }] as const) {
          const tokens = yield* cache({ ...options, whenUnavailable: "continue" })
          const underLock = tokens.withRefreshLock("name")(Effect.map(tokens.read(ada), secretOf))
          yield* tokens.modify(ada, () => [undefined, signedIn(ada, "kept")])
          expect(yield* underLock).toBe("kept")
          yield* whileUnwritable(how)(Effect.gen(function*() {
            expect(secretOf(yield* tokens.read(ada))).toBe("kept")
            expect(yield* underLock).toBeUndefined()
          }))
          expect(yield* underLock).toBe("kept")
        }
      }).pipe(Logger.withMinimumLogLevel(LogLevel.None))
  )

  it.scopedLive("is out of memory, whoever signs out is gone", () =>
    Effect.gen(function*() {
      const tokens = yield* cache()
      yield* tokens.modify(ada, () => [undefined, signedIn(ada, "kept")])
      yield* whileUnwritable("is out of memory")(tokens.modify(ada, () => [undefined, Partition.empty]))
      expect(yield* tokens.read(ada)).toEqual(Partition.empty)
    }))

  it.scopedLive("is gone, and that is to be borne, people go on and no removal is claimed", () =>
    Effect.gen(function*() {
      const tokens = yield* cache({ commandTimeout: "100 millis", whenUnavailable: "continue" })
      yield* tokens.modify(ada, () => [undefined, signedIn(ada, "kept")])
      yield* Effect.promise(() => server().kill())
      expect(yield* tokens.read(ada)).toEqual(Partition.empty)
      expect(yield* tokens.list(issuer)).toEqual([])
      expect(yield* tokens.withRefreshLock("name")(Effect.succeed("run"))).toBe("run")
      expect(yield* tokens.modify(ada, (partition) => ["result", signIn(ada, "new")(partition)])).toBe("result")
      for (const key of [ada, keyOf("nobody")]) {
        expect(yield* tokens.modify(key, (partition) => ["unchanged", partition])).toBe("unchanged")
        const error = yield* Effect.flip(tokens.modify(key, () => [undefined, Partition.empty]))
        expect(error).toMatchObject({ _tag: "CacheUnavailable", operation: "modify" })
      }
      yield* Effect.promise(() => server().start())
      yield* eventually(Effect.map(tokens.read(ada), (partition) => secretOf(partition) === "kept"))
    }).pipe(Logger.withMinimumLogLevel(LogLevel.None)))
})
