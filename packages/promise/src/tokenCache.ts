/**
 * The token cache from plain options.
 */
import { fileTokenCache } from "#platform"
import { InvalidConfiguration } from "@grantwork/core/AuthError"
import * as BoundedTokenCache from "@grantwork/core/BoundedTokenCache"
import type * as Crypto from "@grantwork/core/Crypto"
import * as TokenCache from "@grantwork/core/TokenCache"
import * as RedisTokenCache from "@grantwork/redis/RedisTokenCache"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { TokenCacheOptions } from "./Options.js"
import { seconds } from "./seconds.js"
import type { EncryptionKey, RedisTokenCacheOptions } from "./TokenCacheOptions.js"

/** The cache that the options name; memory without bounds where they name none. */
export const tokenCache = (
  options: TokenCacheOptions | undefined
): Layer.Layer<TokenCache.TokenCache, InvalidConfiguration, Crypto.Crypto> => {
  if (options === undefined) {
    return TokenCache.layerMemory
  }
  const named = kinds.filter((kind) => Object.hasOwn(options, kind))
  if (named.length !== 1) {
    return refuse("tokenCache", "tokenCache has to have one of memory, file and redis.")
  }
  if ("memory" in options) {
    const { capacity, timeToIdle } = options.memory
    return BoundedTokenCache.layer({ capacity, timeToIdle: seconds(timeToIdle) })
  }
  return "file" in options ? fileTokenCache(options) : redisTokenCache(options)
}

const kinds = ["memory", "file", "redis"]

const redisTokenCache = (options: RedisTokenCacheOptions) => {
  const { commandTimeout, encryptionKeys, firstLevel, redis, refreshTimeout, refreshTokenLifetime, ...others } = options
  return RedisTokenCache.layer({
    ...others,
    client: redis,
    commandTimeout: seconds(commandTimeout),
    refreshTimeout: seconds(refreshTimeout),
    refreshTokenLifetime: seconds(refreshTokenLifetime),
    encryptionKeys: encryptionKeys && [redacted(encryptionKeys[0]), ...encryptionKeys.slice(1).map(redacted)],
    firstLevel: firstLevel && { capacity: firstLevel.capacity, timeToLive: `${firstLevel.timeToLive} seconds` }
  })
}

const redacted = ({ id, secret }: EncryptionKey) => ({ id, secret: Redacted.make(secret) })

const refuse = (option: string, message: string) => Layer.fail(new InvalidConfiguration({ option, message }))
