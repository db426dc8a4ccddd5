/**
 * A Redis server with so many accounts in it, and what asks it.
 */
import { DistributedCachePlugin, type ICacheClient } from "@azure/msal-node"
import { TokenCache } from "@grantwork/core"
import { RedisTokenCache } from "@grantwork/redis"
import * as Effect from "effect/Effect"
import { createClient } from "redis"
import { microsoft } from "./authority.js"
import { makeGrantwork } from "./grantwork.js"
import { makeMsal } from "./msal.js"
import { partitionsOf } from "./partitions.js"
import { people, type Person } from "./people.js"
import { startRedis } from "./startRedis.js"
import { unifiedJson, unifiedJsonParts } from "./unifiedJson.js"

type Runs = ReadonlyArray<() => Promise<unknown>>

export const labels = {
  floor: "floor: GET of the same bytes",
  program: "Silent.acquire, RedisTokenCache",
  firstLevel: "the same with a first level",
  msal: "msal-node acquireTokenSilent, DistributedCachePlugin",
  change: "TokenCache.modify, RedisTokenCache"
}

export type Name = keyof typeof labels

/** An application for each account, which keeps no other account's tokens. */
const msalOf = (client: ICacheClient) => (person: Person) => {
  const cachePlugin = new DistributedCachePlugin(client, {
    getKey: async () => person.homeAccountId,
    extractKey: async ({ homeAccountId }) => homeAccountId
  })
  return makeMsal(microsoft, { cachePlugin }).silent([person])
}

export const startFleet = async (size: number) => {
  const server = await startRedis()
  const client = createClient({ url: server.url })
  await client.connect()
  const first = await makeGrantwork(microsoft, {
    cache: RedisTokenCache.layer({ client }),
    partitions: partitionsOf(unifiedJsonParts(size, microsoft))
  })
  await first.close()
  for (const person of people(size)) {
    await client.set(person.homeAccountId, unifiedJson([person], microsoft))
  }
  const cacheClient = {
    get: async (key: string) => await client.get(key) ?? "",
    set: async (key: string, value: string) => await client.set(key, value) ?? ""
  }
  return {
    client,
    /** A server of the fleet that is asked for these people. */
    join: async (wanted: ReadonlyArray<Person>) => {
      const program = await makeGrantwork(microsoft, { cache: RedisTokenCache.layer({ client }) })
      const firstLevel = await makeGrantwork(microsoft, {
        cache: RedisTokenCache.layer({ client, firstLevel: { capacity: wanted.length, timeToLive: "1 hour" } })
      })
      const runs: Readonly<Record<Name, Runs>> = {
        floor: wanted.map(({ homeAccountId }) => () => client.get(homeAccountId)),
        program: program.silent(wanted),
        firstLevel: firstLevel.silent(wanted),
        msal: wanted.flatMap(msalOf(cacheClient)),
        change: Array.from(
          partitionsOf([unifiedJson(wanted, microsoft)]),
          ({ key, partition }) => () =>
            program.run(
              Effect.flatMap(TokenCache.TokenCache, (cache) => cache.modify(key, () => [undefined, partition]))
            )
        )
      }
      return { runs, close: () => Promise.all([program.close(), firstLevel.close()]) }
    },
    close: async () => {
      await client.close()
      await server.close()
    }
  }
}
