/**
 * Tokens in a file that MSAL reads and writes too, shared by every process that names it.
 */
import { InvalidConfiguration } from "@grantwork/core/AuthError"
import * as Partition from "@grantwork/core/Partition"
import { type Service, TokenCache } from "@grantwork/core/TokenCache"
import * as UnifiedCache from "@grantwork/core/UnifiedCache"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { createHash } from "node:crypto"
import { basename, isAbsolute, sep } from "node:path"
import * as CacheFile from "./CacheFile.js"
import * as LinkTarget from "./LinkTarget.js"
import * as LockFile from "./LockFile.js"
import * as SystemFailure from "./SystemFailure.js"
import * as Turns from "./Turns.js"

/** @category models */
export interface Options {
  /** Taken as it is: no `~` is expanded. */
  readonly path: string
  /** How long a change waits for other programs' changes; 30 seconds by default. */
  readonly lockTimeout?: Duration.DurationInput | undefined
  /** How long a refresh waits for another refresh of the same account; 60 seconds by default. */
  readonly refreshTimeout?: Duration.DurationInput | undefined
}

/**
 * Checked options.
 *
 * @category models
 */
export interface Settings {
  /** Absolute. */
  readonly path: string
  readonly lockTimeout: Duration.Duration
  readonly refreshTimeout: Duration.Duration
}

/** @category layers */
export const layer = (options: Options): Layer.Layer<TokenCache, InvalidConfiguration> =>
  Layer.effect(TokenCache, Either.map(settings(options), (checked) => make(checked, CacheFile.plain)))

/** @category constructors */
export const settings = (
  { lockTimeout = "30 seconds", path, refreshTimeout = "60 seconds" }: Options
): Either.Either<Settings, InvalidConfiguration> =>
  Either.all({
    path: pathOf(path),
    lockTimeout: positive("lockTimeout", lockTimeout),
    refreshTimeout: positive("refreshTimeout", refreshTimeout)
  })

const pathOf = (path: unknown): Either.Either<string, InvalidConfiguration> =>
  typeof path === "string" && basename(path) !== "" && !path.endsWith(sep) && !path.includes("\0")
    ? Either.right(isAbsolute(path) ? path : `${process.cwd()}${sep}${path}`)
    : Either.left(new InvalidConfiguration({ option: "path", message: "path has to name the token cache's file." }))

const positive = (
  option: string,
  input: Duration.DurationInput
): Either.Either<Duration.Duration, InvalidConfiguration> =>
  Duration.decodeUnknown(input).pipe(
    Option.filter((duration) => Duration.isFinite(duration) && Duration.toMillis(duration) > 0),
    Either.fromOption(() =>
      new InvalidConfiguration({ option, message: `${option} has to be a finite duration, such as "30 seconds".` })
    )
  )

/**
 * The cache in a file whose JSON is protected in some way.
 *
 * @category constructors
 */
export const make = ({ lockTimeout, path, refreshTimeout }: Settings, sealing: CacheFile.Sealing): Service => {
  const file = CacheFile.make({ path, lockTimeout, sealing })
  const turns = Turns.make()
  const target = SystemFailure.attempt(
    "lock",
    `The token cache ${path} cannot be reached`,
    () => LinkTarget.resolve(path)
  )
  return {
    read: (key) => Effect.map(file.load("read"), (cache) => UnifiedCache.read(cache, key)),
    modify: (key, change) =>
      file.transact((cache) => {
        const held = UnifiedCache.read(cache, key)
        const [result, next] = change(held)
        return [result, next === held ? cache : UnifiedCache.write(cache, key, next)]
      }),
    list: (provider) =>
      Effect.map(file.load("list"), (cache) =>
        UnifiedCache.keys(cache).flatMap((key) => {
          const partition = UnifiedCache.read(cache, key)
          return key._tag === "User" && key.provider === provider && !Partition.isEmpty(partition)
            ? [{ key, partition }]
            : []
        })),
    withRefreshLock: (name) => (effect) =>
      turns(name, refreshTimeout)((timeout) =>
        Effect.flatMap(target, (file) =>
          LockFile.withLock(`${file}.refresh-${shortHash(name)}.lockfile`, {
            operation: "lock",
            timeout,
            staleAfter,
            heartbeat
          })(() => effect))
      )
  }
}

const staleAfter = Duration.seconds(30)
const heartbeat = Duration.seconds(5)

const shortHash = (name: string): string => createHash("sha256").update(name).digest("hex").slice(0, 16)
