/**
 * Tokens in this process's memory, of so many accounts at most and for so long.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import { InvalidConfiguration } from "../AuthError.js"
import * as Partition from "../cache/Partition.js"
import * as Argument from "../domain/Argument.js"
import * as RefreshLocks from "./RefreshLocks.js"
import { type Service, TokenCache } from "./TokenCache.js"

/** @category models */
export interface Options {
  /** Most accounts, and clients in their own name, that are kept; the least recently used one goes first. */
  readonly capacity: number
  /** How long one is kept after its last use; 90 days by default. */
  readonly timeToIdle?: Duration.DurationInput | undefined
}

/**
 * Forgets the least recently used account where there would be too many, and whoever has been idle for too long; they
 * sign in again.
 *
 * @category layers
 */
export const layer = (options: Options): Layer.Layer<TokenCache, InvalidConfiguration> =>
  Layer.effect(TokenCache, Either.map(read(options), make))

interface Bounds {
  readonly capacity: number
  /** Milliseconds. */
  readonly timeToIdle: number
}

const read = ({ capacity, timeToIdle = "90 days" }: Options): Either.Either<Bounds, InvalidConfiguration> =>
  Number.isSafeInteger(capacity) && capacity > 0
    ? Either.map(readTimeToIdle(timeToIdle), (timeToIdle) => ({ capacity, timeToIdle }))
    : refuse("capacity", "capacity has to be a positive integer.")

const readTimeToIdle = (timeToIdle: Duration.DurationInput): Either.Either<number, InvalidConfiguration> =>
  Either.match(Argument.duration("timeToIdle", timeToIdle), {
    onLeft: ({ message }) => refuse("timeToIdle", message),
    onRight: (duration) =>
      Duration.toMillis(duration) > 0
        ? Either.right(Duration.toMillis(duration))
        : refuse("timeToIdle", "timeToIdle has to be longer than nothing, or everything is forgotten at once.")
  })

const refuse = (option: keyof Options, message: string) => Either.left(new InvalidConfiguration({ option, message }))

interface Slot {
  readonly key: Partition.Key
  readonly partition: Partition.Partition
  readonly usedAt: number
}

const make = ({ capacity, timeToIdle }: Bounds): Service => {
  /** In the order of their last use. */
  const slots = new Map<string, Slot>()

  const forgetIdle = (now: number) => {
    for (const [name, { usedAt }] of slots) {
      if (now - usedAt < timeToIdle) {
        return
      }
      slots.delete(name)
    }
  }

  const use = (key: Partition.Key, partition: Partition.Partition, usedAt: number) => {
    const name = Partition.keyText(key)
    slots.delete(name)
    if (!Partition.isEmpty(partition)) {
      slots.set(name, { key, partition, usedAt })
    }
    for (const least of slots.keys()) {
      if (slots.size <= capacity) {
        return
      }
      slots.delete(least)
    }
  }

  const now = Effect.tap(Clock.currentTimeMillis, (time) => forgetIdle(time))
  const partitionOf = (key: Partition.Key) => slots.get(Partition.keyText(key))?.partition ?? Partition.empty

  return {
    read: (key) =>
      Effect.map(now, (time) => {
        const partition = partitionOf(key)
        use(key, partition, time)
        return partition
      }),
    modify: (key, change) =>
      Effect.map(now, (time) => {
        const [result, partition] = change(partitionOf(key))
        use(key, partition, time)
        return result
      }),
    list: (provider) =>
      Effect.map(
        now,
        () =>
          [...slots.values()].flatMap(({ key, partition }) =>
            key._tag === "User" && key.provider === provider ? [{ key, partition }] : []
          )
      ),
    withRefreshLock: RefreshLocks.make()
  }
}
