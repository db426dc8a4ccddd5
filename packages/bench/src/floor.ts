/**
 * The floor: what a Map read costs in an Effect of five steps on a ManagedRuntime.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Option from "effect/Option"

interface Entry {
  readonly secret: string
  readonly expiresAt: number
}

class Entries extends Context.Tag("@grantwork/bench/Entries")<Entries, ReadonlyMap<string, Entry>>() {}

const read = (key: string) =>
  Effect.gen(function*() {
    const entries = yield* Entries
    const now = yield* Clock.currentTimeMillis
    const entry = yield* Effect.sync(() => entries.get(key))
    const found = yield* Option.fromNullable(entry)
    return yield* found.expiresAt > now ? Effect.succeed(found.secret) : Effect.fail("expired" as const)
  })

/** Reads of a Map with these keys. */
export const makeFloor = (keys: ReadonlyArray<string>) => {
  const expiresAt = Date.now() + 60 * 60 * 1000
  const entries = new Map(keys.map((key) => [key, { secret: `secret of ${key}`, expiresAt }]))
  const runtime = ManagedRuntime.make(Layer.succeed(Entries, entries))
  return {
    reads: (wanted: ReadonlyArray<string>) => wanted.map((key) => () => runtime.runPromise(read(key))),
    close: () => runtime.dispose()
  }
}
