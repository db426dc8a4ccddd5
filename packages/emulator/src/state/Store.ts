/**
 * What is remembered under a key, until it is expired or crowded out.
 */
import * as Effect from "effect/Effect"

/** @category models */
export interface Store<A> {
  readonly set: (key: string, value: A) => Effect.Effect<void>
  readonly get: (key: string) => Effect.Effect<A | undefined>
  /** Gives the value to one caller only. */
  readonly take: (key: string) => Effect.Effect<A | undefined>
  readonly entries: Effect.Effect<ReadonlyArray<readonly [string, A]>>
  readonly clear: Effect.Effect<void>
}

/**
 * Keeps so many values; the oldest goes first.
 *
 * @category constructors
 */
export const make = <A>(capacity: number): Store<A> => {
  const values = new Map<string, A>()
  return {
    set: (key, value) =>
      Effect.sync(() => {
        values.set(key, value)
        if (values.size > capacity) {
          for (const oldest of values.keys()) {
            values.delete(oldest)
            break
          }
        }
      }),
    get: (key) => Effect.sync(() => values.get(key)),
    take: (key) =>
      Effect.sync(() => {
        const value = values.get(key)
        values.delete(key)
        return value
      }),
    entries: Effect.sync(() => [...values]),
    clear: Effect.sync(() => values.clear())
  }
}
