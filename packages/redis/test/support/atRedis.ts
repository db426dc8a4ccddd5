import { Crypto, TokenCache } from "@grantwork/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { createClient } from "redis"
import { afterAll, beforeAll } from "vitest"
import { RedisTokenCache } from "../../src/index.js"
import { type RedisServer, startRedis } from "./redisServer.js"

export type RedisClient = Awaited<ReturnType<typeof connect>>

export type CacheOptions = Partial<RedisTokenCache.Options>

/** Connects, and asks again quickly after a disconnection. */
export const connect = async (url: string) => {
  const client = createClient({ url, socket: { reconnectStrategy: 20 } })
  client.on("error", () => {})
  await client.connect()
  return client
}

export const clientTo = (url: string): Effect.Effect<RedisClient, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.promise(() => connect(url)),
    (client) => Effect.sync(() => client.destroy())
  )

/** A token cache as one server of a fleet has it. */
export const cacheOver = (options: RedisTokenCache.Options, crypto = Crypto.layer) =>
  Effect.map(
    Layer.build(Layer.provide(RedisTokenCache.layer(options), crypto)),
    Context.get(TokenCache.TokenCache)
  )

export interface AtRedis {
  readonly server: () => RedisServer
  /** One that does nothing but look. */
  readonly redis: () => RedisClient
  /** A token cache with a client of its own. */
  readonly cache: (
    options?: CacheOptions
  ) => Effect.Effect<TokenCache.Service, never, Scope.Scope>
}

/** Starts a server for the tests around; each test finds it empty. */
export const atRedis = (serverOptions?: ReadonlyArray<string>): AtRedis => {
  let server: RedisServer
  let redis: RedisClient

  beforeAll(async () => {
    server = await startRedis(serverOptions)
    redis = await connect(server.url)
  })

  afterAll(async () => {
    redis.destroy()
    await server.close()
  })

  return {
    server: () => server,
    redis: () => redis,
    cache: (options = {}) =>
      Effect.flatMap(clientTo(server.url), (client) => Effect.orDie(cacheOver({ client, ...options })))
  }
}
