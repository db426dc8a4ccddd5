/**
 * The cache file as a value: MSAL's unified JSON, read when it has changed and replaced as a whole.
 */
import { CacheUnavailable } from "@grantwork/core/AuthError"
import * as UnifiedCache from "@grantwork/core/UnifiedCache"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as DamagedFile from "./DamagedFile.js"
import * as FileContent from "./FileContent.js"
import * as FileReplacement from "./FileReplacement.js"
import * as LatestLook from "./LatestLook.js"
import * as LinkTarget from "./LinkTarget.js"
import * as LockFile from "./LockFile.js"
import * as SystemFailure from "./SystemFailure.js"
import * as TemporaryFile from "./TemporaryFile.js"
import * as Turns from "./Turns.js"

/**
 * How the JSON is protected in the file.
 *
 * @category models
 */
export interface Sealing {
  readonly seal: (json: string) => Effect.Effect<string, CacheUnavailable>
  /** None where the text is damaged. */
  readonly open: (text: string) => Effect.Effect<Option.Option<string>, CacheUnavailable>
}

/**
 * The JSON as it is.
 *
 * @category constants
 */
export const plain: Sealing = { seal: Effect.succeed, open: Effect.succeedSome }

/** @category models */
export interface Options {
  /** Absolute. */
  readonly path: string
  /** How long one waits for the lock of the file, in this process and between processes. */
  readonly lockTimeout: Duration.Duration
  readonly sealing: Sealing
}

/** @category models */
export interface CacheFile {
  /** The very same value for as long as the file is unchanged. */
  readonly load: (operation: SystemFailure.Operation) => Effect.Effect<UnifiedCache.UnifiedCache, CacheUnavailable>
  /** Replaces the value while no other program can; the change is pure, and may run more than once. */
  readonly transact: <A>(
    change: (cache: UnifiedCache.UnifiedCache) => readonly [A, UnifiedCache.UnifiedCache]
  ) => Effect.Effect<A, CacheUnavailable>
}

interface Snapshot {
  readonly cache: UnifiedCache.UnifiedCache
  readonly identity: string
  /** What the file held, where it may have changed since and look the same. */
  readonly text: string | undefined
}

const staleAfter = Duration.seconds(20)
const mostWrites = 5
const mostReads = 40
const mostLooks = 3
const pauseBetweenLooks = Duration.millis(5)
const pauseForWriter = Duration.millis(25)

/** @category constructors */
export const make = ({ lockTimeout, path, sealing }: Options): CacheFile => {
  const turns = Turns.make()
  const interpreting = Effect.unsafeMakeSemaphore(1)
  let known: Snapshot | undefined
  let isSwept = false
  let warnedOf: string | undefined

  const cannotBe = (done: string) => `The token cache ${path} cannot be ${done}`

  const remember = (
    { identity, isFresh, text }: FileContent.FileContent,
    cache: UnifiedCache.UnifiedCache
  ): Snapshot => {
    known = { cache, identity, text: isFresh ? text : undefined }
    return known
  }

  const look = LatestLook.share(async (): Promise<Snapshot | FileContent.FileContent> => {
    const before = known
    return before !== undefined && before.text === undefined && before.identity === await FileContent.identityAt(path)
      ? before
      : await FileContent.read(path)
  })

  /** None where it does not parse, or may be in the middle of another program's change. */
  const interpret = (content: FileContent.FileContent) =>
    Effect.gen(function*() {
      if (known !== undefined && known.text === undefined && known.identity === content.identity) {
        return Option.some(known)
      }
      if (known?.text !== undefined && known.text === content.text) {
        return Option.some(remember(content, known.cache))
      }
      if (content.identity === FileContent.missing.identity) {
        return Option.some(remember(content, UnifiedCache.empty))
      }
      if (content.text === undefined || content.isTorn || isBlank(content.text)) {
        return Option.none()
      }
      const json = yield* sealing.open(content.text)
      return Option.map(Option.flatMap(json, UnifiedCache.parse), (cache) => remember(content, cache))
    }).pipe(interpreting.withPermits(1))

  const exclusively = <A>(
    operation: SystemFailure.Operation,
    timeout: Duration.Duration,
    use: (target: string, held: LockFile.Held) => Effect.Effect<A, CacheUnavailable>
  ): Effect.Effect<A, CacheUnavailable> =>
    turns(path, timeout)((left) =>
      Effect.flatMap(
        SystemFailure.attempt(operation, cannotBe("reached"), () => LinkTarget.resolve(path)),
        (target) =>
          LockFile.withLock(`${target}.lockfile`, { operation, timeout: left, staleAfter })((held) =>
            Effect.zipRight(sweepOnce(target, held), use(target, held))
          )
      )
    )

  const sweepOnce = (target: string, { isTakenOver }: LockFile.Held) => {
    if (isSwept && !isTakenOver) {
      return Effect.void
    }
    isSwept = true
    return Effect.ignore(Effect.tryPromise(() => TemporaryFile.sweep(target)))
  }

  const warnOnce = (identity: string) =>
    Effect.suspend(() => {
      const isKnown = warnedOf === identity
      warnedOf = identity
      return isKnown ? Effect.void : DamagedFile.warn(path)
    })

  /**
   * What a file that could not be interpreted comes to, once no program that heeds the lock writes it. A read leaves a
   * damaged one where it is.
   */
  const settle = (operation: SystemFailure.Operation, target: string) =>
    Effect.gen(function*() {
      for (let reads = 1; reads <= mostReads; reads++) {
        const content = yield* SystemFailure.attempt(operation, cannotBe("read"), () => FileContent.read(target))
        const snapshot = yield* interpret(content)
        if (Option.isSome(snapshot)) {
          return snapshot.value
        }
        if (reads < mostReads && (content.isFresh || content.isTorn)) {
          yield* Effect.sleep(pauseForWriter)
        } else if (content.text !== undefined && isBlank(content.text)) {
          return remember(content, UnifiedCache.empty)
        } else if (operation !== "modify") {
          yield* warnOnce(content.identity)
          return { cache: UnifiedCache.empty, identity: content.identity, text: undefined }
        } else if (yield* DamagedFile.setAside(path, target, content.identity)) {
          return remember(FileContent.missing, UnifiedCache.empty)
        }
      }
      return yield* Effect.fail(keepsChanging(operation, path))
    })

  const current = (
    operation: SystemFailure.Operation,
    whenUnsettled: Effect.Effect<Snapshot, CacheUnavailable>
  ): Effect.Effect<Snapshot, CacheUnavailable> =>
    Effect.gen(function*() {
      for (let looks = 1;; looks++) {
        const seen = yield* SystemFailure.attempt(operation, cannotBe("read"), look)
        const snapshot = "cache" in seen ? Option.some(seen) : yield* interpret(seen)
        if (Option.isSome(snapshot)) {
          return snapshot.value
        }
        if (looks === mostLooks) {
          return yield* whenUnsettled
        }
        // Most writers are done in a moment, and a lock holds them up for longer.
        yield* Effect.sleep(pauseBetweenLooks)
      }
    })

  const replace = (target: string, held: LockFile.Held, before: Snapshot, cache: UnifiedCache.UnifiedCache) =>
    Effect.gen(function*() {
      const text = yield* sealing.seal(UnifiedCache.stringify(cache))
      const replacement = { path: target, text, identity: before.identity, isAllowed: held.isStillOurs }
      const written = yield* Effect.uninterruptible(
        SystemFailure.attempt("modify", cannotBe("written"), () => FileReplacement.replace(replacement))
      )
      return written !== undefined && remember(written, cache) !== undefined
    })

  return {
    load: (operation) =>
      Effect.map(
        current(operation, exclusively(operation, lockTimeout, (target) => settle(operation, target))),
        ({ cache }) => cache
      ),
    transact: (change) =>
      Effect.gen(function*() {
        const start = yield* Clock.currentTimeNanos
        for (let writes = 1; writes <= mostWrites; writes++) {
          const spent = Duration.nanos((yield* Clock.currentTimeNanos) - start)
          const done = yield* exclusively("modify", Duration.subtract(lockTimeout, spent), (target, held) =>
            Effect.gen(function*() {
              const before = yield* current("modify", settle("modify", target))
              const [result, cache] = change(before.cache)
              return cache === before.cache || (yield* replace(target, held, before, cache))
                ? Option.some(result)
                : Option.none()
            }))
          if (Option.isSome(done)) {
            return done.value
          }
        }
        return yield* Effect.fail(keepsChanging("modify", path))
      })
  }
}

const isBlank = (text: string): boolean => text.trim() === ""

const keepsChanging = (operation: SystemFailure.Operation, path: string): CacheUnavailable =>
  new CacheUnavailable({
    operation,
    message: `Another program keeps changing the token cache ${path} without its lock. End it, or choose another path.`
  })
