/**
 * Changes a partition in Redis in one step: read, changed and written again until nobody else was faster.
 */
import * as Partition from "@grantwork/core/Partition"
import * as RefreshLocks from "@grantwork/core/RefreshLocks"
import * as UnifiedCache from "@grantwork/core/UnifiedCache"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { AccountIndex } from "./AccountIndex.js"
import * as Backoff from "./Backoff.js"
import type { FirstLevel } from "./FirstLevel.js"
import * as Monotonic from "./Monotonic.js"
import type { PartitionStore } from "./PartitionStore.js"
import { isPassing, RedisFailure } from "./RedisFailure.js"
import * as SealedPartition from "./SealedPartition.js"
import type { Failure } from "./Unavailable.js"

/** @category models */
export interface Modification {
  <A>(
    key: Partition.Key,
    hash: string,
    change: (partition: Partition.Partition) => readonly [A, Partition.Partition]
  ): Effect.Effect<A, Failure>
}

/** @category models */
export interface Options {
  readonly store: PartitionStore
  readonly index: AccountIndex
  readonly firstLevel: FirstLevel
  readonly newVersion: Effect.Effect<string>
  /** Milliseconds. */
  readonly refreshTokenLifetime: number
  /** Whether a change is tried again where Redis fails. */
  readonly persists: boolean
}

/** How long a change is tried for since its first failure: it may be the only copy of a rotated refresh token. */
const patience = "10 seconds"

const conflicts = Schedule.upTo(Backoff.doubling("5 millis", "200 millis"), patience)

const outages = Schedule.upTo(Backoff.doubling("50 millis", "500 millis"), patience)

/** Stands for what cannot be read. */
const blank: Partition.Partition = { ...Partition.empty }

const isWorthless = (failure: Failure): failure is SealedPartition.EntryDamaged =>
  failure._tag === "EntryDamaged" && SealedPartition.isWorthless(failure)

const conflict = new RedisFailure({ reason: "contended" })

/**
 * What a change is shown. It is never the very value `Partition.empty`: whoever answers with that removes, and whoever
 * hands back what was shown does not.
 *
 * @category getters
 */
export const shown = ({ cache }: SealedPartition.Stored, key: Partition.Key): Partition.Partition => {
  const partition = UnifiedCache.read(cache, key)
  return partition === Partition.empty ? { ...partition } : partition
}

/**
 * Whether a change that was shown a partition, and answers with the next one, removes it.
 *
 * @category predicates
 */
export const isRemoval = (shown: Partition.Partition, next: Partition.Partition): boolean =>
  next !== shown && Partition.isEmpty(next)

/** @category constructors */
export const make = (options: Options): Modification => {
  const { firstLevel, index, newVersion, persists, refreshTokenLifetime, store } = options
  // One at a time in this process, or a crowd would get in its own way again and again.
  const turns = RefreshLocks.make()

  const enlist = (key: Partition.Key, hash: string, timeToLive: number) =>
    key._tag === "User" ? index.add(key.provider, hash, timeToLive) : Effect.void

  const publish = <E>(hash: string, stored: SealedPartition.Stored, send: Effect.Effect<boolean, E>) =>
    Effect.suspend(() => {
      const keep = firstLevel.expect(hash, stored.version)
      return Effect.tap(
        Effect.filterOrFail(send, (isDone) => isDone, () => conflict),
        () =>
          Effect.map(Monotonic.now, (now) => {
            firstLevel.changed(hash, stored.version)
            keep(stored, now)
          })
      )
    })

  const save = (
    key: Partition.Key,
    hash: string,
    held: SealedPartition.Stored,
    next: SealedPartition.Stored,
    timeToLive: number
  ) =>
    Effect.gen(function*() {
      yield* enlist(key, hash, timeToLive)
      yield* publish(hash, next, store.replace(hash, held.version, next, timeToLive))
      // Whoever removed it just before may have struck it off in between.
      yield* SealedPartition.isAbsent(held) ? enlist(key, hash, timeToLive) : Effect.void
    })

  const drop = (key: Partition.Key, hash: string, version: string | undefined) =>
    Effect.gen(function*() {
      const removed = SealedPartition.removed(yield* newVersion)
      yield* publish(hash, removed, store.remove(hash, version, removed))
      if (key._tag === "User") {
        yield* index.remove(key.provider, hash)
        // Whoever signs in just now may have listed it before.
        yield* (yield* store.holds(hash)) ? enlist(key, hash, refreshTokenLifetime) : Effect.void
      }
    })

  return <A>(
    key: Partition.Key,
    hash: string,
    change: (partition: Partition.Partition) => readonly [A, Partition.Partition]
  ) =>
    Effect.suspend(() => {
      // Of what was sent some may have been done though no answer came.
      const sent = new Map<string, { readonly result: A; readonly timeToLive: number }>()

      const once = Effect.gen(function*() {
        const held = yield* Effect.catchIf(store.load(hash), isWorthless, (damage) => Effect.succeed(damage))
        if (held instanceof SealedPartition.EntryDamaged) {
          const [result, next] = change(blank)
          return isRemoval(blank, next) ? yield* Effect.as(drop(key, hash, held.version), result) : yield* held
        }
        const done = sent.get(held.version)
        if (done !== undefined) {
          yield* enlist(key, hash, done.timeToLive)
          return done.result
        }
        const partition = shown(held, key)
        const [result, next] = change(partition)
        if (next === partition) {
          return result
        }
        if (isRemoval(partition, next)) {
          yield* drop(key, hash, held.version)
          return result
        }
        const timeToLive = lifeOf(next, yield* Clock.currentTimeMillis, refreshTokenLifetime)
        const version = yield* newVersion
        sent.set(version, { result, timeToLive })
        yield* save(key, hash, held, { version, cache: UnifiedCache.write(held.cache, key, next) }, timeToLive)
        return result
      })

      return turns(hash)(once).pipe(
        Effect.retry({ while: (failure) => failure === conflict, schedule: conflicts }),
        Effect.retry({
          while: (failure) => persists && failure._tag === "RedisFailure" && failure !== conflict && isPassing(failure),
          schedule: outages
        })
      )
    })
}

/** Milliseconds: a refresh token's whole life, else until the last access token ends. */
const lifeOf = (partition: Partition.Partition, now: number, refreshTokenLifetime: number): number => {
  const tokens = [...partition.accessTokens.values()].flat()
  return partition.refreshTokens.size > 0 || tokens.length === 0
    ? refreshTokenLifetime
    : Math.ceil(tokens.reduce((life, { expiresAt }) => Math.max(life, expiresAt.epochMillis - now), 1000))
}
