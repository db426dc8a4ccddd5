/**
 * The token cache of a fleet.
 */

/** As much of a Redis client as the token cache needs. */
export type * as Client from "./Client.js"

/** Tokens in Redis. */
export * as RedisTokenCache from "./RedisTokenCache.js"
