/**
 * A lock file as it was seen, and whether its holder is dead.
 */
import * as Duration from "effect/Duration"
import { type BigIntStats, closeSync, constants, fstatSync, lstatSync, openSync, readSync } from "node:fs"
import * as LockOwner from "./LockOwner.js"

/** @category models */
export interface LockSighting {
  readonly isRegular: boolean
  /** Changes when the file is touched. */
  readonly identity: string
  /** When it was last touched, in milliseconds since 1970. */
  readonly touchedAt: number
  /** Empty where it cannot be read. */
  readonly text: string
}

/**
 * After what time a lock counts as left behind.
 *
 * @category models
 */
export interface Patience {
  /** How long a holder may leave it untouched. */
  readonly staleAfter: Duration.Duration
  /** How often a holder touches it; never by default. */
  readonly heartbeat?: Duration.Duration | undefined
  /** How long one waits for it at most. */
  readonly timeout: Duration.Duration
}

/**
 * None where there is no lock file.
 *
 * @category constructors
 */
export const look = (path: string): LockSighting | undefined => {
  const stats = statsOf(path)
  return stats && {
    isRegular: stats.isFile(),
    identity: `${stats.dev}:${stats.ino}:${stats.mtimeNs}`,
    touchedAt: Number(stats.mtimeMs),
    text: stats.isFile() ? textOf(path) : ""
  }
}

const statsOf = (path: string): BigIntStats | undefined => {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

/** Bytes; longer than any line of a lock's holder. */
const longestLine = 1024

/**
 * What stands in a lock file; empty where it cannot be read, or something else is in its place.
 *
 * @category getters
 */
export const textOf = (path: string): string => {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
    try {
      const line = Buffer.alloc(longestLine)
      return fstatSync(file).isFile() ? line.toString("utf8", 0, readSync(file, line, 0, longestLine, 0)) : ""
    } finally {
      closeSync(file)
    }
  } catch {
    return ""
  }
}

/**
 * Whether both are of the same lock, untouched in between.
 *
 * @category predicates
 */
export const isSame = (one: LockSighting, other: LockSighting | undefined): boolean =>
  one.identity === other?.identity && one.text === other.text

/** MSAL does not say in which container a process runs, and holds its lock for less than this; so do our changes. */
const moment = 2000

/**
 * Whether the holder is gone, or has left the lock untouched for too long: by the file's own time and for some of the
 * milliseconds that it was watched, because this host may have slept, or clocks differ; or by those alone.
 *
 * @category predicates
 */
export const isDead = (
  { isRegular, text, touchedAt }: LockSighting,
  watchedFor: number,
  { heartbeat, staleAfter, timeout }: Patience
): boolean => {
  if (!isRegular) {
    return false
  }
  const age = Date.now() - touchedAt
  const owner = LockOwner.parse(text)
  if (owner !== undefined && LockOwner.hasEnded(owner)) {
    return owner.namesPlace || Math.max(age, watchedFor) >= moment
  }
  const grace = heartbeat === undefined ? moment : 2 * Duration.toMillis(heartbeat)
  const limit = Duration.toMillis(staleAfter)
  return watchedFor >= limit
    || (age >= limit && watchedFor >= Math.min(grace, Duration.toMillis(timeout) / 2))
}
