/**
 * A map of so many entries at most, of which the least recently used one goes first.
 */

/** @category models */
export interface LeastRecentlyUsed<A> {
  /** Counts as a use. */
  readonly get: (name: string) => A | undefined
  readonly set: (name: string, value: A) => void
  readonly delete: (name: string) => void
  readonly clear: () => void
}

/** @category constructors */
export const make = <A>(capacity: number): LeastRecentlyUsed<A> => {
  const entries = new Map<string, A>()
  return {
    get: (name) => {
      const value = entries.get(name)
      if (value !== undefined) {
        entries.delete(name)
        entries.set(name, value)
      }
      return value
    },
    set: (name, value) => {
      entries.delete(name)
      entries.set(name, value)
      for (const least of entries.keys()) {
        if (entries.size <= capacity) {
          return
        }
        entries.delete(least)
      }
    },
    delete: (name) => {
      entries.delete(name)
    },
    clear: () => entries.clear()
  }
}
