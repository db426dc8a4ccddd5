/**
 * The key of one cache file: made once for all processes, and kept in memory from its first use.
 */
import { CacheUnavailable } from "@grantwork/core/AuthError"
import type * as Crypto from "@grantwork/core/Crypto"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as CacheKey from "./CacheKey.js"
import * as Keychain from "./Keychain.js"
import * as LinkTarget from "./LinkTarget.js"
import * as LockFile from "./LockFile.js"
import * as SystemFailure from "./SystemFailure.js"

/** @category models */
export interface Options {
  /** Of the cache file; absolute. */
  readonly path: string
  readonly service: string
  /** How long one waits for the keychain, and as long again for another process that is making the key. */
  readonly lockTimeout: Duration.Duration
  readonly keychain: Keychain.Service
  readonly crypto: Crypto.Service
}

/** @category models */
export type Failure = CacheUnavailable | Keychain.KeychainUnavailable

/** @category models */
export interface KeychainKey {
  /** From memory if it has this name, else from the keychain; none where the keychain has no key for the file. */
  readonly find: (id: Option.Option<string>) => Effect.Effect<Option.Option<Crypto.EncryptionKey>, Failure>
  /** The key that the keychain has, or a new one that it keeps from now on. */
  readonly findOrCreate: Effect.Effect<Crypto.EncryptionKey, Failure>
}

/**
 * Where processes agree on who makes the key.
 *
 * @category getters
 */
export const lockPath = (path: string): string => `${path}.key.lockfile`

const heartbeat = Duration.seconds(5)
const staleAfter = Duration.seconds(30)

/** @category constructors */
export const make = ({ crypto, keychain, lockTimeout, path, service }: Options): KeychainKey => {
  let known: Crypto.EncryptionKey | undefined

  const remember = (key: Crypto.EncryptionKey) => {
    known = key
    return key
  }

  const entry = Effect.map(
    SystemFailure.attempt("read", `The token cache ${path} cannot be reached`, () => LinkTarget.resolve(path)),
    (account): Keychain.Entry => ({ service, account })
  )

  const read = (entry: Keychain.Entry): Effect.Effect<Option.Option<Crypto.EncryptionKey>, Failure> =>
    Effect.flatMap(
      within(lockTimeout, keychain.get(entry)),
      Option.match({
        onNone: () => Effect.succeedNone,
        onSome: (text) =>
          Effect.mapBoth(CacheKey.parse(text), { onFailure: () => notOurs(entry), onSuccess: Option.some })
      })
    )

  const create = (entry: Keychain.Entry, { isStillOurs }: LockFile.Held) =>
    Effect.gen(function*() {
      const key = yield* CacheKey.generate(crypto)
      if (isStillOurs()) {
        yield* keychain.set(entry, CacheKey.stringify(key))
      }
      return yield* Effect.flatMap(read(entry), Effect.mapError(notKept))
    })

  const createOnce = (entry: Keychain.Entry) =>
    LockFile.withLock(lockPath(entry.account), { operation: "modify", heartbeat, staleAfter, timeout: lockTimeout })(
      (lock) => Effect.flatMap(read(entry), Option.match({ onNone: () => create(entry, lock), onSome: Effect.succeed }))
    )

  /** Once asked, a keychain may take the key after the caller has gone: until it has, nobody else makes another. */
  const createOrWait = (entry: Keychain.Entry) =>
    Effect.flatMap(
      Effect.forkDaemon(createOnce(entry)),
      (creation) => within(Duration.times(lockTimeout, 2), Fiber.join(creation))
    )

  const find = (id: Option.Option<string>) =>
    known !== undefined && Option.contains(id, known.id)
      ? Effect.succeedSome(known)
      : Effect.map(Effect.flatMap(entry, read), Option.map(remember))

  return {
    find,
    findOrCreate: Effect.flatMap(
      find(Option.none()),
      Option.match({
        onNone: () => Effect.map(Effect.flatMap(entry, createOrWait), remember),
        onSome: Effect.succeed
      })
    )
  }
}

const within = <A, E>(
  duration: Duration.Duration,
  answer: Effect.Effect<A, E>
): Effect.Effect<A, E | Keychain.KeychainUnavailable> =>
  Effect.timeoutFail(Effect.interruptible(answer), {
    duration,
    onTimeout: () =>
      new Keychain.KeychainUnavailable({ message: `the keychain has not answered within ${Duration.format(duration)}` })
  })

const notKept = (): Keychain.KeychainUnavailable =>
  new Keychain.KeychainUnavailable({ message: "the keychain does not keep what it is given" })

const notOurs = ({ account, service }: Keychain.Entry): CacheUnavailable =>
  new CacheUnavailable({
    operation: "read",
    message: `What the keychain holds for the token cache ${account} (service "${service}") is no key of Grantwork.`
      + " It is left as it is: remove the entry, or choose another service."
  })
