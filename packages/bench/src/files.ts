/**
 * Caches in files, and what asks them.
 */
import type { ICachePlugin } from "@azure/msal-node"
import { TokenCache } from "@grantwork/core"
import { FileTokenCache } from "@grantwork/node"
import * as Effect from "effect/Effect"
import { open, readFile, rename, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { microsoft } from "./authority.js"
import type { Contestant } from "./compare.js"
import { makeGrantwork } from "./grantwork.js"
import { makeMsal } from "./msal.js"
import { partitionsOf } from "./partitions.js"
import { people } from "./people.js"
import { unifiedJson } from "./unifiedJson.js"

/** As msal-node's documentation shows it. */
const filePlugin = (path: string): ICachePlugin => ({
  beforeCacheAccess: async ({ tokenCache }) => tokenCache.deserialize(await readFile(path, "utf8")),
  afterCacheAccess: async ({ cacheHasChanged, tokenCache }) => {
    if (cacheHasChanged) {
      await writeFile(path, tokenCache.serialize())
    }
  }
})

const replace = async (path: string, text: string): Promise<void> => {
  const file = await open(`${path}.new`, "w", 0o600)
  await file.writeFile(text)
  await file.sync()
  await file.close()
  await rename(`${path}.new`, path)
}

/** Files of so many accounts, of which each has been asked for once. */
export const makeFiles = async (folder: string, size: number) => {
  const cached = people(size)
  const json = unifiedJson(cached, microsoft)
  const [hitPath = "", changePath = "", floorPath = "", msalPath = ""] = await Promise.all(
    ["hit", "change", "floor", "msal"].map(async (name) => {
      const path = join(folder, `${name}-${size}.json`)
      await writeFile(path, json, { mode: 0o600 })
      return path
    })
  )
  const hitting = await makeGrantwork(microsoft, { cache: FileTokenCache.layer({ path: hitPath }) })
  const changing = await makeGrantwork(microsoft, { cache: FileTokenCache.layer({ path: changePath }) })
  const map = new Map(cached.map(({ accessToken, homeAccountId }) => [homeAccountId, accessToken]))
  const statAndRead = (key: string) =>
    Effect.map(Effect.tryPromise(() => stat(hitPath, { bigint: true })), ({ mtimeNs, size }) => [
      mtimeNs,
      size,
      map.get(key)
    ])
  const silent = hitting.silent(cached)
  for (const run of silent) {
    await run()
  }
  const hit: ReadonlyArray<Contestant> = [
    {
      name: `floor ${size}`,
      runs: cached.map(({ homeAccountId }) => () => hitting.run(statAndRead(homeAccountId)))
    },
    { name: `program ${size}`, runs: silent },
    {
      name: `msal ${size}`,
      runs: makeMsal(microsoft, { cachePlugin: filePlugin(msalPath) }).silent(cached)
    }
  ]
  const change: ReadonlyArray<Contestant> = [
    { name: `floor ${size}`, runs: [() => replace(floorPath, json)] },
    {
      name: `program ${size}`,
      runs: Array.from(
        partitionsOf([json]),
        ({ key, partition }) => () =>
          changing.run(
            Effect.flatMap(TokenCache.TokenCache, (cache) => cache.modify(key, () => [undefined, partition]))
          )
      )
    }
  ]
  return {
    hit,
    change,
    close: () => Promise.all([hitting.close(), changing.close()])
  }
}
