/**
 * A process that holds accounts in one way, and tells how many bytes of heap each takes.
 */
import { BoundedTokenCache, TokenCache } from "@grantwork/core"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { microsoft } from "./authority.js"
import { collectGarbage } from "./collectGarbage.js"
import { makeMsal } from "./msal.js"
import { partitionsOf } from "./partitions.js"
import { unifiedJsonParts } from "./unifiedJson.js"

const accounts = 10_000
const partitions = () => partitionsOf(unifiedJsonParts(accounts, microsoft))

const inMap = async () => {
  const map = new Map<string, object>()
  for (const { key, partition } of partitions()) {
    map.set(key._tag === "User" ? key.homeAccountId : key.clientId, {
      account: [...partition.accounts.values()][0],
      accessToken: [...partition.accessTokens.values()][0]?.[0],
      refreshToken: [...partition.refreshTokens.values()][0],
      idToken: [...partition.idTokens.values()].flatMap((tenants) => [...tenants.values()])[0]
    })
  }
  return map
}

const inCache = async (layer: Layer.Layer<TokenCache.TokenCache>) => {
  const runtime = ManagedRuntime.make(layer)
  const cache = await runtime.runPromise(TokenCache.TokenCache)
  for (const { key, partition } of partitions()) {
    await runtime.runPromise(cache.modify(key, () => [undefined, partition]))
  }
  return cache
}

const ways: Readonly<Record<string, () => Promise<object>>> = {
  floor: inMap,
  memory: () => inCache(TokenCache.layerMemory),
  bounded: () => inCache(Layer.orDie(BoundedTokenCache.layer({ capacity: accounts }))),
  msal: async () => {
    const msal = makeMsal(microsoft, {}).application.getTokenCache()
    for (const part of unifiedJsonParts(accounts, microsoft)) {
      msal.deserialize(part)
    }
    return msal
  }
}

const usedHeap = async () => {
  for (let round = 0; round < 3; round++) {
    collectGarbage()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return process.memoryUsage().heapUsed
}

const before = await usedHeap()
const held = await ways[process.argv[2] ?? ""]?.()
const after = await usedHeap()
process.send?.((after - before) / accounts)
process.disconnect?.()
setImmediate(() => held)
