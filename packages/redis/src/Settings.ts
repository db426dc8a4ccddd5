/**
 * What the token cache is told, checked and with what it is not told filled in.
 */
import { InvalidConfiguration } from "@grantwork/core/AuthError"
import * as Crypto from "@grantwork/core/Crypto"
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type * as Client from "./Client.js"
import type { EncryptionKeys } from "./SealedPartition.js"

/** @category models */
export interface Options {
  /** A client, cluster or pool of node-redis 5 or 6, which you connect, and close after the token cache. */
  readonly client: Client.Client
  /** What the names of all keys begin with; `grantwork` by default. */
  readonly prefix?: string | undefined
  /** How long an answer of Redis is waited for; 2 seconds by default. */
  readonly commandTimeout?: Duration.DurationInput | undefined
  /** How long others' acquisitions for the same account are waited for; a minute by default. */
  readonly refreshTimeout?: Duration.DurationInput | undefined
  /** How long an account is kept after its last sign-in or refresh; 90 days by default. */
  readonly refreshTokenLifetime?: Duration.DurationInput | undefined
  /** Encrypts what is stored with the first of these keys, and decrypts it with any. */
  readonly encryptionKeys?: readonly [Crypto.EncryptionKey, ...ReadonlyArray<Crypto.EncryptionKey>] | undefined
  /**
   * Whether entries that are not encrypted are refused where there are `encryptionKeys`, which is the default, or read, for
   * as long as a fleet that begins to encrypt has some; anybody who may write to Redis can make such entries.
   */
  readonly plainEntries?: "reject" | "read" | undefined
  /** Answers from this process's memory for a short time, while changes by other servers are heard of. */
  readonly firstLevel?: {
    /** Most accounts, and clients in their own name, that are kept. */
    readonly capacity: number
    readonly timeToLive: Duration.DurationInput
  } | undefined
  /**
   * Whether calls fail while Redis is out of order, or go on as though nothing were cached: people sign in again, and
   * tokens are not saved.
   */
  readonly whenUnavailable?: "fail" | "continue" | undefined
}

/** @category models */
export interface Settings {
  readonly client: Client.Client
  readonly prefix: string
  /** Milliseconds. */
  readonly commandTimeout: number
  readonly refreshTimeout: Duration.Duration
  /** Milliseconds. */
  readonly refreshTokenLifetime: number
  readonly encryptionKeys: EncryptionKeys | undefined
  readonly readsPlain: boolean
  readonly firstLevel: FirstLevel | undefined
  readonly continues: boolean
}

interface FirstLevel {
  readonly capacity: number
  /** Milliseconds. */
  readonly timeToLive: number
  readonly duplicate: () => Client.Subscriber
}

/** @category constructors */
export const read = (options: Options): Either.Either<Settings, InvalidConfiguration> =>
  Either.all({
    client: clientOf(options.client),
    prefix: prefixOf(options.prefix ?? "grantwork"),
    commandTimeout: Either.map(duration("commandTimeout", options.commandTimeout ?? "2 seconds"), Duration.toMillis),
    refreshTimeout: duration("refreshTimeout", options.refreshTimeout ?? "60 seconds"),
    refreshTokenLifetime: Either.map(
      duration("refreshTokenLifetime", options.refreshTokenLifetime ?? "90 days"),
      wholeMillis
    ),
    encryptionKeys: keysOf(options.encryptionKeys),
    readsPlain: choice("plainEntries", options.plainEntries ?? "reject", ["reject", "read"]),
    firstLevel: firstLevelOf(options),
    continues: choice("whenUnavailable", options.whenUnavailable ?? "fail", ["fail", "continue"])
  })

const invalid = (option: string, message: string) => Either.left(new InvalidConfiguration({ option, message }))

const clientOf = (client: Client.Client): Either.Either<Client.Client, InvalidConfiguration> =>
  Predicate.isObject(client) && Predicate.isFunction(client.withCommandOptions)
    ? Either.right(client)
    : invalid("client", "client has to be a client, a cluster or a pool of node-redis 5 or 6.")

const prefixOf = (prefix: string): Either.Either<string, InvalidConfiguration> =>
  typeof prefix === "string" && prefix !== "" && prefix.isWellFormed()
    ? Either.right(prefix)
    : invalid("prefix", "prefix has to be a non-empty text.")

const duration = (
  option: string,
  input: Duration.DurationInput
): Either.Either<Duration.Duration, InvalidConfiguration> =>
  Duration.decodeUnknown(input).pipe(
    Option.filter((decoded) => Duration.isFinite(decoded) && Duration.toMillis(decoded) > 0),
    Option.match({
      onNone: () => invalid(option, `${option} has to be a finite duration of more than nothing, such as "5 seconds".`),
      onSome: (decoded) => Either.right(decoded)
    })
  )

/** Redis counts nothing less. */
const wholeMillis = (duration: Duration.Duration): number => Math.ceil(Duration.toMillis(duration))

const keysOf = (
  keys: Options["encryptionKeys"]
): Either.Either<EncryptionKeys | undefined, InvalidConfiguration> =>
  keys === undefined || (
      Array.isArray(keys) && keys.length > 0 && keys.every(Crypto.isEncryptionKey)
      && new Set(keys.map(({ id }) => id)).size === keys.length
    )
    ? Either.right(keys)
    : invalid(
      "encryptionKeys",
      "encryptionKeys have to be one key or more, each with an id of its own and a Redacted secret of exactly 32 bytes."
    )

const firstLevelOf = (
  { client, firstLevel }: Options
): Either.Either<FirstLevel | undefined, InvalidConfiguration> => {
  if (firstLevel === undefined) {
    return Either.right(undefined)
  }
  if (!Number.isSafeInteger(firstLevel.capacity) || firstLevel.capacity < 1) {
    return invalid("firstLevel.capacity", "firstLevel.capacity has to be a positive integer.")
  }
  const duplicate = Predicate.hasProperty(client, "duplicate") ? client.duplicate : undefined
  if (!Predicate.isFunction(duplicate)) {
    return invalid("firstLevel", "firstLevel needs a client that can be duplicated to hear of changes; a pool cannot.")
  }
  return Either.map(duration("firstLevel.timeToLive", firstLevel.timeToLive), (timeToLive) => ({
    capacity: firstLevel.capacity,
    timeToLive: Duration.toMillis(timeToLive),
    duplicate: () => duplicate.call(client)
  }))
}

/** Whether the second of two is chosen. */
const choice = (
  option: string,
  chosen: string,
  [first, second]: readonly [first: string, second: string]
): Either.Either<boolean, InvalidConfiguration> =>
  chosen === first || chosen === second
    ? Either.right(chosen === second)
    : invalid(option, `${option} has to be "${first}" or "${second}".`)
