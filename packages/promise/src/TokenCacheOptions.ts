/**
 * Where an application keeps its tokens.
 */

/** In memory of one process, of so many accounts at most. */
export interface MemoryTokenCacheOptions {
  readonly memory: {
    /** Most accounts, and clients in their own name, that are kept; the least recently used one goes first. */
    readonly capacity: number
    /** How long one is kept after its last use, in seconds; 90 days by default. */
    readonly timeToIdle?: number | undefined
  }
}

/** In a file that MSAL for Python, Node and .NET read and write too, shared by the processes of one machine; on Node. */
export interface FileTokenCacheOptions {
  /** Path of the file; its folder is made where it is missing. */
  readonly file: string
  /** Encrypts the file by a key in the keychain of the operating system; MSAL cannot read it then. */
  readonly keychain?: boolean | KeychainOptions | undefined
  /** Longest wait for another process to read, merge and write the file, in seconds; 30 by default. */
  readonly lockTimeout?: number | undefined
  /** Longest wait for another process's refresh of the same account, in seconds; 60 by default. */
  readonly refreshTimeout?: number | undefined
}

/** Needs the package `@napi-rs/keyring`. */
export interface KeychainOptions {
  /** Name under which the keychain keeps the key; `grantwork` by default. */
  readonly service?: string | undefined
  /** What happens where there is no keychain: the call fails, by default, or the file is plain, with a warning. */
  readonly whenUnavailable?: "fail" | "plain_file" | undefined
}

/** In Redis, shared by a fleet of servers. */
export interface RedisTokenCacheOptions {
  /** A client, a cluster or a pool of the `redis` package, which you connect; stays open after `dispose`. */
  readonly redis: RedisClient
  /** What every key begins with; `grantwork` by default. */
  readonly prefix?: string | undefined
  /** Longest wait for one command, in seconds; 2 by default. */
  readonly commandTimeout?: number | undefined
  /** Longest wait for another server's refresh of the same account, in seconds; 60 by default. */
  readonly refreshTimeout?: number | undefined
  /** How long an account is kept after its last write, in seconds; 90 days by default. */
  readonly refreshTokenLifetime?: number | undefined
  /** Encrypts what is stored, by AES-256-GCM: the first key encrypts, each of them decrypts. */
  readonly encryptionKeys?: readonly [EncryptionKey, ...ReadonlyArray<EncryptionKey>] | undefined
  /** Whether entries that are not encrypted are refused where there are `encryptionKeys`, by default, or read. */
  readonly plainEntries?: "reject" | "read" | undefined
  /** Keeps what was read for a moment, until another server changes it; off by default. */
  readonly firstLevel?: { readonly capacity: number; readonly timeToLive: number } | undefined
  /** What happens while Redis is down: calls fail, by default, or go on as if nothing were cached. */
  readonly whenUnavailable?: "fail" | "continue" | undefined
}

/** A key and the name by which it is found again. */
export interface EncryptionKey {
  readonly id: string
  /** 32 bytes. */
  readonly secret: Uint8Array
}

/** As much of a client, a cluster or a pool of the `redis` package, version 5 or 6, as is needed. */
export interface RedisClient {
  readonly withCommandOptions: (options: {
    timeout: number
    typeMapping: Record<string, never>
  }) => RedisCommands
  /** For `firstLevel`. */
  readonly duplicate?: () => RedisSubscriber
}

/** The commands that are sent. */
export interface RedisCommands {
  readonly get: (key: string) => Promise<unknown>
  readonly set: (
    key: string,
    value: string,
    options: { readonly expiration: { type: "PX"; value: number }; readonly condition: "NX" }
  ) => Promise<unknown>
  readonly eval: (script: string, options: { keys: Array<string>; arguments: Array<string> }) => Promise<unknown>
  readonly zRangeByScore: (key: string, min: number, max: string) => Promise<unknown>
  readonly zRem: (key: string, member: string) => Promise<unknown>
}

/** A connection that hears of changes by other servers. */
export interface RedisSubscriber {
  readonly on: (event: string, listener: () => void) => unknown
  readonly connect: () => Promise<unknown>
  readonly subscribe: (channel: string, listener: (message: string) => void) => Promise<unknown>
  readonly destroy: () => void
}
