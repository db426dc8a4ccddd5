import { describe, expect, it } from "@effect/vitest"
import { type AuthError, Partition } from "@grantwork/core"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Scripts from "../src/Scripts.js"
import { atRedis, cacheOver, clientTo } from "./support/atRedis.js"
import { interleaved, orders, type Stepwise } from "./support/interleaved.js"
import { issuer, keyOf, secretOf, signedIn, signIn } from "./support/partitions.js"
import { lacksRedis } from "./support/redisServer.js"
import { watched } from "./support/watchedClient.js"

describe.skipIf(lacksRedis)("servers that change one account at the same time", () => {
  const { cache, redis, server } = atRedis(["--appendonly", "no"])
  const ada = keyOf("ada")

  it.scopedLive("lose no change where one was faster than the other", () =>
    Effect.gen(function*() {
      const other = yield* cache()
      yield* other.modify(ada, () => [undefined, signedIn(ada, "first")])
      let shown = 0
      let races = 3
      const slow = watched(yield* clientTo(server().url), (command) => {
        races -= command === "replace" ? 1 : 0
        return command === "replace" && races >= 0
          ? Effect.orDie(other.modify(ada, (partition) => [
            undefined,
            signIn(ada, "theirs", { clientId: `other ${races}` })(partition)
          ]))
          : Effect.void
      })
      const tokens = yield* cacheOver({ client: slow.client })
      const result = yield* tokens.modify(ada, (partition) => [
        ++shown,
        signIn(ada, "ours", { clientId: "own" })(partition)
      ])
      expect(result).toBe(4)
      const held = yield* other.read(ada)
      expect([...held.refreshTokens.keys()].sort()).toEqual(["client", "other 0", "other 1", "other 2", "own"])
      expect(slow.sent.filter((command) => command === "get")).toHaveLength(4)
    }))

  it.scopedLive("lose no removal, and nobody who signs in after it", () =>
    Effect.gen(function*() {
      const other = yield* cache()
      yield* other.modify(ada, () => [undefined, signedIn(ada, "first")])
      const slow = watched(yield* clientTo(server().url), (command) =>
        command === "replace"
          ? Effect.orDie(other.modify(ada, () => [undefined, Partition.empty]))
          : Effect.void)
      const tokens = yield* cacheOver({ client: slow.client })
      // As a refresh does: what is not held any more is not replaced.
      yield* tokens.modify(ada, (partition) => [
        undefined,
        secretOf(partition) === "first" ? signIn(ada, "rotated")(partition) : partition
      ])
      expect(yield* other.read(ada)).toEqual(Partition.empty)
      expect(yield* other.list(issuer)).toEqual([])
    }))

  /** A server whose saves are under way until they are told to arrive. */
  const slowToSave = Effect.gen(function*() {
    const { client } = watched(yield* clientTo(server().url))
    const underWay = yield* Queue.unbounded<() => Promise<unknown>>()
    const tokens = yield* cacheOver({
      client: {
        withCommandOptions: (options) => {
          const commands = client.withCommandOptions(options)
          return {
            ...commands,
            eval: (script, words) =>
              script === Scripts.replace
                ? new Promise(() => Queue.unsafeOffer(underWay, () => commands.eval(script, words)))
                : commands.eval(script, words)
          }
        }
      },
      commandTimeout: "1 minute"
    })
    return {
      /** Gives the save up once it is sent, and hands back how it arrives. */
      saveInVain: (secret: string) =>
        Effect.gen(function*() {
          const saving = yield* Effect.fork(
            tokens.modify(ada, (partition) => [undefined, signIn(ada, secret)(partition)])
          )
          const arrive = yield* Queue.take(underWay)
          yield* Fiber.interrupt(saving)
          return arrive
        })
    }
  })

  it.scopedLive.each(["signed in", "signed out", "never there"])(
    "bring nobody back who was %s, and is removed while a save is under way",
    (before) =>
      Effect.gen(function*() {
        const other = yield* cache()
        const { saveInVain } = yield* slowToSave
        const remove = other.modify(ada, () => [undefined, Partition.empty])
        yield* Effect.promise(() => redis().flushAll())
        yield* before === "never there"
          ? Effect.void
          : other.modify(ada, () => [undefined, signedIn(ada, "first")])
        yield* before === "signed out" ? remove : Effect.void
        const arrive = yield* saveInVain("too late")
        yield* remove
        expect(yield* Effect.promise(arrive)).toBe(0)
        expect(yield* other.read(ada)).toEqual(Partition.empty)
        expect(yield* other.list(issuer)).toEqual([])
        yield* other.modify(ada, (partition) => [undefined, signIn(ada, "again")(partition)])
        expect(yield* Effect.promise(arrive)).toBe(0)
        expect(secretOf(yield* other.read(ada))).toBe("again")
        expect(yield* other.list(issuer)).toHaveLength(1)
      })
  )

  const operations = {
    "signs in": (name: string) => (partition: Partition.Partition) => signIn(ada, `of ${name}`)(partition),
    removes: () => () => Partition.empty,
    refreshes: (name: string) => (partition: Partition.Partition) =>
      secretOf(partition) === "first" ? signIn(ada, `refreshed by ${name}`)(partition) : partition
  }

  it.scopedLive.each<readonly [before: string, one: keyof typeof operations, other: keyof typeof operations]>([
    ["signed in", "signs in", "removes"],
    ["signed out", "signs in", "removes"],
    ["signed in", "refreshes", "removes"]
  ])(
    "list whoever was %s while one server %s and another %s, in whatever order",
    ([before, ...pair]) =>
      Effect.gen(function*() {
        const clients = [yield* clientTo(server().url), yield* clientTo(server().url)] as const
        const onlooker = yield* cache()
        const stepwise = (index: 0 | 1): Stepwise<AuthError.CacheUnavailable, Scope.Scope> => (step) =>
          Effect.flatMap(
            Effect.orDie(cacheOver({ client: watched(clients[index], () => step).client })),
            (tokens) => tokens.modify(ada, (partition) => [undefined, operations[pair[index]](`${index}`)(partition)])
          )
        for (const order of orders([4, 4])) {
          yield* onlooker.modify(ada, () => [
            undefined,
            before === "signed in" ? signedIn(ada, "first") : Partition.empty
          ])
          yield* interleaved(order, [stepwise(0), stepwise(1)])
          const isSignedIn = !Partition.isEmpty(yield* onlooker.read(ada))
          const listed = yield* onlooker.list(issuer)
          expect({ order, listed: listed.length }).toEqual({ order, listed: isSignedIn ? 1 : 0 })
        }
      })
  )

  it.scopedLive("lists an account as soon as it is there, and not once it is gone, whatever breaks off between", () =>
    Effect.gen(function*() {
      const onlooker = yield* cache()
      const breakingOff = (at: number) =>
        Effect.gen(function*() {
          const reached = yield* Deferred.make<void>()
          let left = at
          const { client } = watched(yield* clientTo(server().url), () =>
            left-- === 0 ? Effect.zipRight(Deferred.succeed(reached, undefined), Effect.never) : Effect.void)
          return { tokens: yield* cacheOver({ client, commandTimeout: "1 minute" }), reached }
        })
      for (const next of [signedIn(ada, "first"), Partition.empty]) {
        for (let at = 0; at < 4; at++) {
          yield* onlooker.modify(ada, () => [undefined, Partition.isEmpty(next) ? signedIn(ada, "0") : Partition.empty])
          const { reached, tokens } = yield* breakingOff(at)
          const fiber = yield* Effect.fork(tokens.modify(ada, () => [undefined, next]))
          yield* Deferred.await(reached)
          yield* Fiber.interrupt(fiber)
          const isSignedIn = !Partition.isEmpty(yield* onlooker.read(ada))
          expect({ at, listed: (yield* onlooker.list(issuer)).length }).toEqual({ at, listed: isSignedIn ? 1 : 0 })
        }
      }
    }))
})
