import type { TokenCacheOptions } from "@grantwork/promise"
import { connectToRedis, redisPrefix as prefix } from "../caches.js"
import type { Cache } from "../Setting.js"

/** What an application keeps its tokens in, for as long as it is not closed. */
export interface OpenTokenCache {
  readonly tokenCache: TokenCacheOptions | undefined
  readonly close: () => void
}

const nothingToClose = () => {}

export const openTokenCache = async (cache: Cache): Promise<OpenTokenCache> => {
  switch (cache.kind) {
    case "memory":
      return { tokenCache: undefined, close: nothingToClose }
    case "file":
      return { tokenCache: { file: cache.path }, close: nothingToClose }
    case "redis": {
      const redis = await connectToRedis(cache.url)
      return { tokenCache: { redis, prefix }, close: () => redis.destroy() }
    }
  }
}
