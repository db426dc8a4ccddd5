/**
 * As much of a Redis client as the token cache needs, in the words of node-redis 5 and 6.
 */

/**
 * The commands, each about one key, so that a cluster may keep every key elsewhere.
 *
 * @category models
 */
export interface Commands {
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

/**
 * A connection that hears what is published. Its events are signs of trouble to the token cache, which then opens
 * another one.
 *
 * @category models
 */
export interface Subscriber {
  readonly on: (event: string, listener: () => void) => unknown
  readonly connect: () => Promise<unknown>
  readonly subscribe: (channel: string, listener: (message: string) => void) => Promise<unknown>
  readonly destroy: () => void
}

/**
 * What `createClient`, `createCluster` and `createClientPool` make; it is connected by whoever made it, and stays theirs.
 *
 * @category models
 */
export interface Client {
  readonly withCommandOptions: (options: {
    /** Milliseconds after which a command that has not been sent is not sent any more. */
    timeout: number
    /** Undoes the client's own, for the token cache reads texts. */
    typeMapping: Record<string, never>
  }) => Commands
  /** Needed for a first level only, and absent from pools. */
  readonly duplicate?: () => Subscriber
}
