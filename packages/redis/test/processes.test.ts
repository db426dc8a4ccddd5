/**
 * Servers as processes of their own, one account, a provider that rotates refresh tokens and revokes everything when a
 * used one comes back, and a Redis that crashes in the middle.
 */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import { Account, ClientApplication, Crypto, Partition, Silent, TokenCache, UsernamePassword } from "@grantwork/core"
import { DefaultScenario } from "@grantwork/emulator"
import { type RunningEmulator, startEmulator } from "@grantwork/emulator/startEmulator"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { RedisTokenCache } from "../src/index.js"
import { type CacheOptions, cacheOver, clientTo, connect, type RedisClient } from "./support/atRedis.js"
import { type Fleet, startFleet } from "./support/fleet.js"
import { after, keyOf } from "./support/partitions.js"
import { lacksRedis, type RedisServer, startRedis } from "./support/redisServer.js"

const { clientIds, contoso, defaultScenario } = DefaultScenario

const scopes = ["api://notes/read"]

const sizes = [[2, 10], [8, 4]] as const

describe.skipIf(lacksRedis)("processes that share one account (feature 108)", () => {
  let emulator: RunningEmulator
  let server: RedisServer
  let fleet: Fleet
  let account: Account.Account
  /** Refreshes by this process. */
  let elsewhere = 0

  const application = () => ({
    clientId: clientIds.public,
    authority: `${emulator.origin}/${contoso}`,
    knownAuthorities: [new URL(emulator.origin).host]
  })

  /** A server of the fleet in this process. */
  const here = <A, E>(
    program: Effect.Effect<A, E, Layer.Layer.Success<ReturnType<typeof services>>>,
    options: CacheOptions = {}
  ): Promise<A> =>
    Effect.runPromise(Effect.scoped(Effect.flatMap(
      clientTo(server.url),
      (client) => Effect.provide(program, services({ client, ...options }))
    )))

  const services = (options: RedisTokenCache.Options) =>
    Layer.provideMerge(
      ClientApplication.layer(application()),
      Layer.mergeAll(
        Crypto.layer,
        Layer.provide(RedisTokenCache.layer(options), Crypto.layer),
        Layer.provide(
          NodeHttpClient.layerWithoutAgent,
          NodeHttpClient.makeAgentLayer({ ca: emulator.caCertificate })
        )
      )
    )

  beforeAll(async () => {
    emulator = await startEmulator({
      scenario: {
        ...defaultScenario,
        policies: { accessTokenLifetime: 3600, refreshTokenRotation: true, refreshTokenReplay: "revoke" },
        faults: [{ kind: "latency", on: { grantType: "refresh_token" }, milliseconds: 20 }]
      }
    })
    server = await startRedis()
    const signIn = UsernamePassword.acquire({
      username: "jane@contoso.example",
      password: Redacted.make("correct horse"),
      scopes
    })
    account = await here(Effect.flatMap(signIn, (result) => result.account))
    fleet = await startFleet(8, {
      caCertificate: emulator.caCertificate,
      application: application(),
      redisUrl: server.url,
      account: Schema.encodeSync(Account.Account)(account),
      scopes
    })
  })

  afterAll(async () => {
    await fleet.close()
    await server.close()
    await emulator.close()
  })

  const refreshes = async () => (await emulator.requests()).filter(({ grantType }) => grantType === "refresh_token")

  const readInVain = (client: RedisClient) =>
    Effect.runPromise(Effect.scoped(Effect.flatMap(
      cacheOver({ client, commandTimeout: "500 millis" }),
      (cache) => Effect.flip(cache.read(keyOf("anybody")))
    )))

  /** As though an hour had passed. */
  const expire = Effect.gen(function*() {
    const { authority } = yield* ClientApplication.ClientApplication
    const cache = yield* TokenCache.TokenCache
    yield* cache.modify(Partition.userKey(authority, account.homeAccountId), (partition) => [undefined, {
      ...partition,
      accessTokens: new Map(Array.from(partition.accessTokens, ([clientId, tokens]) => [
        clientId,
        tokens.map((token) => ({ ...token, expiresAt: after(-1) }))
      ]))
    }])
  })

  it.each(sizes)("%d of them make one token request for an expired token", async (size) => {
    await here(expire)
    const before = (await refreshes()).length
    await fleet.order(size, { acquire: 20 })
    expect(fleet.told("Failed")).toEqual([])
    expect((await refreshes()).length - before).toBe(1)
  })

  it("redeem nothing where Redis gives nobody a lease, and go on", async () => {
    await here(expire)
    const before = (await refreshes()).length
    const admin = await connect(server.url)
    await admin.configSet("maxmemory", "1")
    const acquire = Effect.flip(Silent.acquire({ scopes, account })).pipe(Logger.withMinimumLogLevel(LogLevel.None))
    const errors = await Promise.all([1, 2].map(() => here(acquire, { whenUnavailable: "continue" })))
    expect(errors.map(({ _tag }) => _tag)).toEqual(["InteractionRequired", "InteractionRequired"])
    expect((await refreshes()).length).toBe(before)
    await admin.configSet("maxmemory", "0")
    admin.destroy()
  })

  it.each(sizes)(
    "%d of them refresh one at a time, replay nothing and lose nothing, while Redis crashes twice",
    async (size, rounds) => {
      const total = size * rounds
      const before = { saved: fleet.told("Saved").length, refreshes: (await refreshes()).length }
      const onlooker = await connect(server.url)
      const hammering = fleet.order(size, { refresh: rounds })
      for (let crash = 0; crash < 2; crash++) {
        await Promise.race([fleet.more("Saved", Math.floor(total / 4)), hammering])
        await Promise.race([fleet.more("Requesting", 1), hammering])
        await server.kill()
        // As long as a command waits twice: whoever is refreshing has tried to save it in vain.
        await readInVain(onlooker)
        await readInVain(onlooker)
        await server.start()
      }
      await hammering
      onlooker.destroy()
      expect(fleet.told("Failed")).toEqual([])

      const answers = (await refreshes()).map(({ refusal, status }) => ({ refusal, status }))
      expect(answers.length - before.refreshes).toBeGreaterThanOrEqual(total)
      expect(answers.filter(({ status }) => status !== 200)).toEqual([])

      const intervals = fleet.told("TokenRequest")
        .map(({ began, ended }) => ({ began: BigInt(began), ended: BigInt(ended) }))
        .sort((one, other) => Number(one.began - other.began))
      expect(intervals.filter(({ began }, index) => began < (intervals[index - 1]?.ended ?? 0n))).toEqual([])
      expect(intervals).toHaveLength(answers.length - elsewhere)

      const saved = fleet.told("Saved").map(({ note }) => note)
      expect(saved).toHaveLength(before.saved + total)
      const ledger = await here(Effect.flatMap(TokenCache.TokenCache, (cache) => cache.read(keyOf("ledger"))))
      expect(new Set(ledger.refreshTokens.keys())).toEqual(new Set(saved))

      // Had one been replayed, all that came of it would be revoked.
      const last = await here(Silent.acquire({ scopes, account, forceRefresh: true }))
      expect(last.source).toBe("identity-provider")
      elsewhere += 1
    }
  )
})
