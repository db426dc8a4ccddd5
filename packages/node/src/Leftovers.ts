/**
 * What stands beside a cache file: locks, files of a change under way, and damaged files that were moved aside.
 */
import { basename, dirname, join } from "node:path"
import type { Finding, Lock } from "./CacheFinding.js"
import * as LockOwner from "./LockOwner.js"
import * as LockSighting from "./LockSighting.js"

const locks: ReadonlyArray<readonly [Lock, RegExp]> = [
  ["file", /^\.lockfile$/],
  ["refresh", /^\.refresh-[0-9a-f]+\.lockfile$/],
  ["key", /^\.key\.lockfile$/]
]
const temporary = /\.(\d{1,10})-[0-9a-f]{8}-[0-9a-f]{16}\.tmp$/
const damaged = /^\.damaged-\d+-[0-9a-f]+$/

/**
 * Goes by the names of the files in the folder. The time is in milliseconds since 1970.
 *
 * @category programs
 */
export const examine = (path: string, names: ReadonlyArray<string>, now: number): ReadonlyArray<Finding> =>
  names
    .filter((name) => name.startsWith(`${basename(path)}.`))
    .toSorted()
    .flatMap((name) => {
      const beside = join(dirname(path), name)
      const ending = name.slice(basename(path).length)
      const lock = locks.find(([_, pattern]) => pattern.test(ending))
      if (lock !== undefined) {
        return examineLock(beside, lock[0], now)
      }
      return damaged.test(ending)
        ? [{ _tag: "DamagedFileKept", severity: "notice", path: beside }]
        : examineTemporary(beside)
    })

const examineTemporary = (path: string): ReadonlyArray<Finding> => {
  const processId = Number(temporary.exec(path)?.[1] ?? 0)
  return processId > 0 && LockOwner.isGone(processId)
    ? [{ _tag: "TemporaryFileLeft", severity: "notice", path, processId }]
    : []
}

/** Longer than anybody leaves a lock untouched, in milliseconds. */
const untouched = 60_000

const examineLock = (path: string, lock: Lock, now: number): ReadonlyArray<Finding> => {
  const sighting = LockSighting.look(path)
  if (sighting === undefined) {
    return []
  }
  const owner = LockOwner.parse(sighting.text)
  const isLeft = !sighting.isRegular || now - sighting.touchedAt >= untouched
    || (owner !== undefined && LockOwner.hasEnded(owner))
  return [
    isLeft
      ? { _tag: "LockLeft", severity: "problem", path, lock, processId: owner?.processId }
      : { _tag: "LockHeld", severity: "notice", path, lock, processId: owner?.processId }
  ]
}
