/**
 * Where tokens are kept on Node.
 */

/** What is wrong with a cache file. */
export * as CacheDoctor from "./CacheDoctor.js"

/** Tokens in a file that MSAL understands. */
export * as FileTokenCache from "./FileTokenCache.js"

/** Tokens in an encrypted file. */
export * as KeychainTokenCache from "./KeychainTokenCache.js"
