/**
 * Partitions in this process for a short time, for as long as changes by other servers are heard of.
 */
import type * as UnifiedCache from "@grantwork/core/UnifiedCache"
import * as LeastRecentlyUsed from "./LeastRecentlyUsed.js"
import type { Stored } from "./SealedPartition.js"

/** @category models */
export interface FirstLevel {
  readonly find: (hash: string, now: number) => UnifiedCache.UnifiedCache | undefined
  /**
   * To be called before something is asked of Redis; what it returns keeps the answer, unless a change to another version
   * was heard of in between. A version is given where it is about to be written.
   */
  readonly expect: (hash: string, version?: string) => (stored: Stored, now: number) => void
  /** Drops what is known of an entry, unless it is of this version. */
  readonly changed: (hash: string, version: string) => void
  /** Begins anew: changes are heard of from now on. */
  readonly open: () => void
  /** Forgets everything, and keeps nothing more. */
  readonly close: () => void
}

interface Entry {
  readonly version: string | undefined
  readonly cache: UnifiedCache.UnifiedCache | undefined
  readonly until: number
}

/** @category models */
export interface Options {
  readonly capacity: number
  /** Milliseconds. */
  readonly timeToLive: number
}

/**
 * Closed at first.
 *
 * @category constructors
 */
export const make = ({ capacity, timeToLive }: Options = { capacity: 0, timeToLive: 0 }): FirstLevel => {
  const entries = LeastRecentlyUsed.make<Entry>(capacity)
  let isOpen = false
  return {
    find: (hash, now) => {
      const entry = entries.get(hash)
      return entry !== undefined && now < entry.until ? entry.cache : undefined
    },
    expect: (hash, version) => {
      const expected: Entry = { version, cache: undefined, until: 0 }
      if (isOpen) {
        entries.set(hash, expected)
      }
      return ({ cache, version }, now) => {
        if (entries.get(hash) === expected) {
          entries.set(hash, { version, cache, until: now + timeToLive })
        }
      }
    },
    changed: (hash, version) => {
      if (entries.get(hash)?.version !== version) {
        entries.delete(hash)
      }
    },
    open: () => {
      entries.clear()
      isOpen = true
    },
    close: () => {
      entries.clear()
      isOpen = false
    }
  }
}
