import { describe, expect, it } from "@effect/vitest"
import { TokenCache } from "@grantwork/core"
import { TokenCacheContract } from "@grantwork/testing"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { createClientPool, createCluster } from "redis"
import { afterAll, beforeAll } from "vitest"
import { atRedis, cacheOver, clientTo, connect, type RedisClient } from "./support/atRedis.js"
import { eventually } from "./support/eventually.js"
import { keyOf, secretOf, signedIn } from "./support/partitions.js"
import { lacksRedis, type RedisServer, startRedis } from "./support/redisServer.js"

describe.skipIf(lacksRedis)("the token cache in a Redis cluster", () => {
  /** Two, so that half of all keys are another's: whatever touches keys of both is refused. */
  const servers: Array<RedisServer> = []
  const nodes: Array<RedisClient> = []

  const connectCluster = async () => {
    const cluster = createCluster({ rootNodes: servers.map(({ url }) => ({ url })) })
    cluster.on("error", () => {}).on("node-error", () => {})
    await cluster.connect()
    return cluster
  }
  let shared: Awaited<ReturnType<typeof connectCluster>>

  beforeAll(async () => {
    for (const [start, end] of [[0, 8191], [8192, 16_383]] as const) {
      const server = await startRedis(["--cluster-enabled", "yes", "--appendonly", "no"])
      const node = await connect(server.url)
      await node.clusterAddSlotsRange({ start, end })
      await node.clusterSetConfigEpoch(servers.push(server))
      await node.clusterMeet("127.0.0.1", servers[0]?.port ?? server.port)
      nodes.push(node)
    }
    await Effect.runPromise(eventually(Effect.map(
      Effect.promise(() => Promise.all(nodes.map((node) => node.clusterInfo()))),
      (states) => states.every((state) => state.includes("cluster_state:ok"))
    )))
    shared = await connectCluster()
  })

  afterAll(async () => {
    shared.destroy()
    for (const node of nodes) node.destroy()
    await Promise.all(servers.map((server) => server.close()))
  })

  it.scopedLive("has its keys on every server of it", () =>
    Effect.gen(function*() {
      const tokens = yield* cacheOver({ client: shared })
      const people = Array.from({ length: 32 }, (_, index) => keyOf(`person ${index}`, "https://cluster.example"))
      yield* Effect.forEach(people, (key) => tokens.modify(key, () => [undefined, signedIn(key, "s")]))
      for (const node of nodes) {
        expect((yield* Effect.promise(() => node.keys("*:partition:*"))).length).toBeGreaterThan(0)
      }
      expect(yield* tokens.list("https://cluster.example")).toHaveLength(people.length)
    }))

  const cluster = Effect.acquireRelease(
    Effect.promise(connectCluster),
    (cluster) => Effect.sync(() => cluster.destroy())
  )

  it.scopedLive.each([...TokenCacheContract.sharedLaws])(
    "keeps the law of two servers: $name",
    ({ check }) =>
      Effect.gen(function*() {
        yield* check(yield* cacheOver({ client: shared }), yield* cacheOver({ client: shared }))
      })
  )

  it.scopedLive("hears of changes by other servers, and again after a disconnection", () =>
    Effect.gen(function*() {
      const ada = keyOf("ada")
      const near = yield* cacheOver({
        client: yield* cluster,
        firstLevel: { capacity: 10, timeToLive: "1 hour" }
      })
      const other = yield* cacheOver({ client: yield* cluster })
      const gets = Effect.promise(async () => {
        const statistics = await Promise.all(nodes.map((node) => node.info("commandstats")))
        return statistics.map((text) => Number(/cmdstat_get:calls=(\d+)/.exec(text)?.[1] ?? 0)).join()
      })
      const isNear = Effect.gen(function*() {
        yield* near.read(ada)
        const before = yield* gets
        yield* near.read(ada)
        return (yield* gets) === before
      })
      for (const round of ["first", "second"]) {
        yield* other.modify(ada, () => [undefined, signedIn(ada, round)])
        yield* eventually(Effect.map(near.read(ada), (partition) => secretOf(partition) === round))
        yield* eventually(isNear)
        yield* other.modify(ada, () => [undefined, signedIn(ada, `changed in ${round}`)])
        yield* eventually(Effect.map(near.read(ada), (partition) => secretOf(partition) === `changed in ${round}`))
        yield* Effect.promise(() =>
          Promise.all(nodes.map((node) => node.sendCommand(["CLIENT", "KILL", "TYPE", "pubsub"])))
        )
      }
    }))
})

describe.skipIf(lacksRedis)("the token cache over a pool of connections", () => {
  const { server } = atRedis(["--appendonly", "no"])

  const pool = Effect.acquireRelease(
    Effect.promise(async () => {
      const pool = createClientPool({ url: server().url }, { maximum: 4 })
      pool.on("error", () => {})
      await pool.connect()
      return pool
    }),
    (pool) => Effect.sync(() => pool.destroy())
  )

  it.scopedLive.each([...TokenCacheContract.sharedLaws])(
    "keeps the law of two servers: $name",
    ({ check }) =>
      Effect.gen(function*() {
        const client = yield* pool
        yield* check(yield* cacheOver({ client }), yield* cacheOver({ client }))
      })
  )
})

describe.skipIf(lacksRedis)("the token cache of a user who may do no more than it needs", () => {
  const { redis, server } = atRedis(["--appendonly", "no"])

  const needed = "get set eval getrange del publish zadd zrem zrangebyscore zremrangebyscore pttl pexpire"

  const tokensOf = (name: string, commands: string, patterns: ReadonlyArray<string>) =>
    Effect.gen(function*() {
      const rules = ["on", "nopass", ...patterns, ...commands.split(" ").map((command) => `+${command}`)]
      yield* Effect.promise(() => redis().sendCommand(["ACL", "SETUSER", name, ...rules]))
      const client = yield* clientTo(server().url.replace("//", `//${name}:any@`))
      return yield* cacheOver({ client, firstLevel: { capacity: 10, timeToLive: "1 minute" } })
    })

  it.scopedLive("keeps every law", () =>
    Effect.gen(function*() {
      const tokens = yield* tokensOf("frugal", `${needed} subscribe`, ["~grantwork:*", "&grantwork:*"])
      const checks = TokenCacheContract.laws.map(({ check }) => check)
      const exits = yield* Effect.forEach(checks, (check) =>
        Effect.exit(Effect.provideService(check, TokenCache.TokenCache, tokens)))
      expect(exits.filter(Exit.isFailure)).toEqual([])
    }))

  it.scopedLive("changes nothing that others could not hear of", () =>
    Effect.gen(function*() {
      const tokens = yield* tokensOf("mute", needed, ["~grantwork:*"])
      const ada = keyOf("ada")
      const error = yield* Effect.flip(tokens.modify(ada, () => [undefined, signedIn(ada, "first")]))
      expect(error).toMatchObject({ _tag: "CacheUnavailable", operation: "modify" })
      expect(error.message).toContain("refused a command")
      expect(secretOf(yield* tokens.read(ada))).toBeUndefined()
    }))
})
