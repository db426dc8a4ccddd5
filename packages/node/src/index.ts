/**
 * What Grantwork needs of Node: places for tokens, and credentials in files.
 */

/** What is wrong with a cache file. */
export * as CacheDoctor from "./CacheDoctor.js"

/** Tokens in a file that MSAL understands. */
export * as FileTokenCache from "./FileTokenCache.js"

/** Tokens in an encrypted file. */
export * as KeychainTokenCache from "./KeychainTokenCache.js"

/** A key and its certificates in one file under a passphrase. */
export * as Pkcs12 from "./Pkcs12.js"

/** Tokens in a file by which another provider vouches for a workload. */
export * as WorkloadIdentity from "./WorkloadIdentity.js"
