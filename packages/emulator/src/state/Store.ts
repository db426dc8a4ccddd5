/**
 * What is remembered under a key, until it is expired or crowded out.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

/** @category models */
export interface Store<A> {
  /** A value that replaces another lasts as long as that would have. */
  readonly set: (key: string, value: A) => Effect.Effect<void>
  readonly get: (key: string) => Effect.Effect<A | undefined>
  /** Gives the value to one caller only. */
  readonly take: (key: string) => Effect.Effect<A | undefined>
  readonly entries: Effect.Effect<ReadonlyArray<readonly [string, A]>>
}

/**
 * Keeps so many values, each for so many seconds; the oldest goes first.
 *
 * @category constructors
 */
export const make = <A>(capacity: number, lifetime = Infinity): Store<A> => {
  const values = new Map<string, { readonly value: A; readonly expiresAt: number }>()
  const dropOldest = (now: number) => {
    for (const [key, { expiresAt }] of values) {
      if (expiresAt > now && values.size <= capacity) return
      values.delete(key)
    }
  }
  const at = <B>(run: (now: number) => B) => Effect.map(Clock.currentTimeMillis, run)
  const get = (key: string, now: number) => {
    const found = values.get(key)
    return found !== undefined && found.expiresAt > now ? found : undefined
  }
  return {
    set: (key, value) =>
      at((now) => {
        const expiresAt = get(key, now)?.expiresAt ?? now + lifetime * 1000
        values.set(key, { value, expiresAt })
        dropOldest(now)
      }),
    get: (key) => at((now) => get(key, now)?.value),
    take: (key) =>
      at((now) => {
        const value = get(key, now)?.value
        values.delete(key)
        return value
      }),
    entries: at((now) =>
      [...values].flatMap(([key, { expiresAt, value }]) => expiresAt > now ? [[key, value] as const] : [])
    )
  }
}
