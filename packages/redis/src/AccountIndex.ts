/**
 * Which partitions hold a provider's accounts: a sorted set of their hashes by the time until when they last.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Commands } from "./Commands.js"
import type { RedisFailure } from "./RedisFailure.js"
import * as Scripts from "./Scripts.js"

/** @category models */
export interface AccountIndex {
  /** Lists a partition for so many milliseconds at least. */
  readonly add: (provider: string, hash: string, timeToLive: number) => Effect.Effect<void, RedisFailure>
  readonly remove: (provider: string, hash: string) => Effect.Effect<void, RedisFailure>
  /** Some of them may be gone already. */
  readonly list: (provider: string) => Effect.Effect<ReadonlyArray<string>, RedisFailure>
}

/** Milliseconds that servers' clocks may differ by before one forgets what another one lists. */
const tolerance = 24 * 60 * 60 * 1000

/** @category constructors */
export const make = (
  commands: Commands,
  keyOf: (provider: string) => Effect.Effect<string>
): AccountIndex => ({
  add: (provider, hash, timeToLive) =>
    Effect.gen(function*() {
      const key = yield* keyOf(provider)
      const now = yield* Clock.currentTimeMillis
      yield* commands.send((redis) =>
        redis.eval(Scripts.enlist, {
          keys: [key],
          arguments: [now + timeToLive, hash, timeToLive + tolerance, now - tolerance].map(String)
        })
      )
    }),
  remove: (provider, hash) => Effect.flatMap(keyOf(provider), (key) => commands.send((redis) => redis.zRem(key, hash))),
  list: (provider) =>
    Effect.gen(function*() {
      const key = yield* keyOf(provider)
      const now = yield* Clock.currentTimeMillis
      const members = yield* commands.send((redis) => redis.zRangeByScore(key, now - tolerance, "+inf"))
      return Array.isArray(members) ? members.map(String) : []
    })
})
