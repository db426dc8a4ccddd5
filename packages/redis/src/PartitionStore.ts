/**
 * Partitions in Redis, each under a key of its own and replaced only as long as nobody else has.
 */
import * as Effect from "effect/Effect"
import type * as Either from "effect/Either"
import type { Commands } from "./Commands.js"
import * as LeastRecentlyUsed from "./LeastRecentlyUsed.js"
import type { RedisFailure } from "./RedisFailure.js"
import * as Scripts from "./Scripts.js"
import * as SealedPartition from "./SealedPartition.js"

/** @category models */
export interface PartitionStore {
  readonly load: (
    hash: string
  ) => Effect.Effect<SealedPartition.Stored, RedisFailure | SealedPartition.EntryDamaged>
  /** The same for many, in few round trips. */
  readonly loadAll: (
    hashes: ReadonlyArray<string>
  ) => Effect.Effect<ReadonlyArray<Either.Either<SealedPartition.Stored, SealedPartition.EntryDamaged>>, RedisFailure>
  /** What was loaded or saved last; nothing where that is forgotten. */
  readonly remembered: (hash: string) => SealedPartition.Stored
  /** False where the entry has another version by now. */
  readonly replace: (
    hash: string,
    version: string,
    next: SealedPartition.Stored,
    timeToLive: number
  ) => Effect.Effect<boolean, RedisFailure | SealedPartition.EntryTooLong>
  /** False where the entry has another version by now, unless none is given. */
  readonly remove: (
    hash: string,
    version: string | undefined,
    removed: SealedPartition.Stored
  ) => Effect.Effect<boolean, RedisFailure>
  /** Whether there is a partition, be it one that cannot be read. */
  readonly holds: (hash: string) => Effect.Effect<boolean, RedisFailure>
}

/** @category models */
export interface Options {
  readonly commands: Commands
  readonly sealing: SealedPartition.Sealing
  readonly prefix: string
}

/**
 * Where changes are told, each as the hash and the new version.
 *
 * @category getters
 */
export const channel = (prefix: string): string => `${prefix}:changed`

const capacity = 1000

const batch = 100

/** Milliseconds: the quarter of an hour for which a connection may still deliver what was sent long ago. */
const removalMemory = 15 * 60 * 1000

interface Memory {
  readonly text: string
  readonly stored: SealedPartition.Stored
}

/**
 * Remembers the latest texts and what they say, so that one that did not change is neither decrypted nor parsed again.
 *
 * @category constructors
 */
export const make = ({ commands, prefix, sealing }: Options): PartitionStore => {
  const memories = LeastRecentlyUsed.make<Memory>(capacity)
  const keyOf = (hash: string) => `${prefix}:partition:${hash}`

  const decode = (hash: string, value: unknown) => {
    const memory = memories.get(hash)
    return memory !== undefined && memory.text === value
      ? Effect.succeed(memory.stored)
      : SealedPartition.decode(value, sealing)
  }

  const remember = (hash: string, text: unknown, stored: SealedPartition.Stored) =>
    Effect.sync(() => typeof text === "string" ? memories.set(hash, { text, stored }) : memories.delete(hash))

  const load = (hash: string) =>
    Effect.flatMap(
      commands.send((redis) => redis.get(keyOf(hash))),
      (value) => Effect.tap(decode(hash, value), (stored) => remember(hash, value, stored))
    )

  return {
    load,
    loadAll: (hashes) =>
      Effect.map(
        Effect.forEach(batches(hashes), (some) =>
          Effect.flatMap(
            commands.send((redis) => Promise.all(some.map((hash) => redis.get(keyOf(hash))))),
            (values) => Effect.forEach(some, (hash, index) => Effect.either(decode(hash, values[index])))
          )),
        (loaded) => loaded.flat()
      ),
    remembered: (hash) => memories.get(hash)?.stored ?? SealedPartition.nothing,
    replace: (hash, version, next, timeToLive) =>
      Effect.gen(function*() {
        const text = yield* SealedPartition.encode(next, sealing)
        const reply = yield* commands.send((redis) =>
          redis.eval(Scripts.replace, {
            keys: [keyOf(hash)],
            arguments: [version, text, String(timeToLive), channel(prefix), `${hash} ${next.version}`]
          })
        )
        const isReplaced = reply === 1
        yield* isReplaced ? remember(hash, text, next) : Effect.void
        return isReplaced
      }),
    remove: (hash, version = Scripts.anyVersion, removed) =>
      commands.send((redis) =>
        redis.eval(Scripts.remove, {
          keys: [keyOf(hash)],
          arguments: [
            version,
            SealedPartition.encodeRemoved(removed),
            String(removalMemory),
            channel(prefix),
            `${hash} ${removed.version}`
          ]
        })
      ).pipe(
        Effect.map((reply) => reply === 1),
        Effect.ensuring(Effect.sync(() => memories.delete(hash)))
      ),
    holds: (hash) =>
      load(hash).pipe(
        Effect.map((stored) => !SealedPartition.isAbsent(stored)),
        Effect.catchTag("EntryDamaged", () => Effect.succeed(true))
      )
  }
}

const batches = (hashes: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<string>> =>
  Array.from(
    { length: Math.ceil(hashes.length / batch) },
    (_, index) => hashes.slice(index * batch, (index + 1) * batch)
  )
