/**
 * A lock file on the disk: made, touched, moved out of the way and removed, each in one breath.
 */
import { closeSync, linkSync, openSync, renameSync, unlinkSync, utimesSync, writeFileSync } from "node:fs"
import * as LockSighting from "./LockSighting.js"
import * as SystemFailure from "./SystemFailure.js"
import * as TemporaryFile from "./TemporaryFile.js"

/**
 * False where there is one already; throws what the system says where there cannot be one. A process that is killed
 * leaves none that does not say whose it is.
 *
 * @category constructors
 */
export const create = (path: string, text: string): boolean => {
  let file: number
  try {
    file = openSync(path, "wx", 0o600)
  } catch (error) {
    if (SystemFailure.codeOf(error) === "EEXIST") {
      return false
    }
    throw error
  }
  try {
    writeFileSync(file, text)
    return true
  } catch (error) {
    unlinkSync(path)
    throw error
  } finally {
    closeSync(file)
  }
}

/**
 * Moves a lock out of the way, unless it is another one by now than the one that was judged.
 *
 * @category programs
 */
export const moveAway = (path: string, judged: LockSighting.LockSighting): boolean => {
  const aside = TemporaryFile.nameBeside(path)
  try {
    if (!LockSighting.isSame(judged, LockSighting.look(path))) {
      return false
    }
    renameSync(path, aside)
    const isJudged = LockSighting.isSame(judged, LockSighting.look(aside))
    if (!isJudged) {
      putBack(aside, path)
    }
    unlinkSync(aside)
    return isJudged
  } catch {
    return false
  }
}

const putBack = (aside: string, path: string): void => {
  try {
    linkSync(aside, path)
  } catch (error) {
    if (SystemFailure.codeOf(error) !== "EEXIST") {
      create(path, LockSighting.textOf(aside))
    }
  }
}

/**
 * Shows that the holder is alive.
 *
 * @category programs
 */
export const touch = (path: string): void => {
  const now = new Date()
  try {
    utimesSync(path, now, now)
  } catch {
    // Its age counts from the last time that it could be touched.
  }
}

/** @category programs */
export const remove = (path: string): void => {
  try {
    unlinkSync(path)
  } catch {
    // It is taken over by its age.
  }
}
