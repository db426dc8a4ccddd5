/**
 * What a file holds, and by what to see that it has changed since.
 */
import { type BigIntStats, constants, statSync } from "node:fs"
import { type FileHandle, open, stat } from "node:fs/promises"
import * as SystemFailure from "./SystemFailure.js"

/** @category models */
export interface FileContent {
  /** Changes with every change of the file, unless `isFresh`. */
  readonly identity: string
  /** Whether it was changed a moment ago: a change in the same moment may leave the identity as it is. */
  readonly isFresh: boolean
  /** Empty where there is no file; none where it is not UTF-8. */
  readonly text: string | undefined
  /** Whether it was changed while it was read. */
  readonly isTorn: boolean
}

/**
 * Of a file that is not there.
 *
 * @category constants
 */
export const missing: FileContent = { identity: "", isFresh: false, text: "", isTorn: false }

/** Longer than the times of a local file system lag behind the clock, in milliseconds; whole seconds are all that some know. */
const moment = 50
const coarseMoment = 2000

/**
 * Whether the file was changed just before a time, in milliseconds since 1970, or after it.
 *
 * @category predicates
 */
export const isFresh = ({ mtimeMs, mtimeNs }: BigIntStats, time: number): boolean =>
  Number(mtimeMs) > time - (mtimeNs % 1_000_000_000n === 0n ? coarseMoment : moment)

/** @category getters */
export const identityOf = ({ ctimeNs, dev, ino, mtimeNs, size }: BigIntStats): string =>
  `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`

/**
 * The identity of the file that is there now, in one breath with what follows.
 *
 * @category getters
 */
export const identityNow = (path: string): string => {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stats === undefined ? missing.identity : identityOf(stats)
}

/**
 * None where there is no file.
 *
 * @category getters
 */
export const statsOf = async (path: string): Promise<BigIntStats | undefined> => {
  try {
    return await stat(path, { bigint: true })
  } catch (error) {
    if (SystemFailure.codeOf(error) === "ENOENT") {
      return undefined
    }
    throw error
  }
}

/** @category getters */
export const identityAt = async (path: string): Promise<string> => {
  const stats = await statsOf(path)
  return stats === undefined ? missing.identity : identityOf(stats)
}

const utf8 = new TextDecoder("utf-8", { fatal: true })

const decode = (bytes: Uint8Array): string | undefined => {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}

/**
 * Rejects with what the system says where the file cannot be read.
 *
 * @category constructors
 */
export const read = async (path: string): Promise<FileContent> => {
  const time = Date.now()
  const file = await openIfThere(path)
  if (file === undefined) {
    return missing
  }
  try {
    const before = await file.stat({ bigint: true })
    if (!before.isFile()) {
      throw Object.assign(new Error("It is not a file."), { code: before.isDirectory() ? "EISDIR" : "EINVAL" })
    }
    const text = decode(await file.readFile())
    const after = await file.stat({ bigint: true })
    const identity = identityOf(before)
    return { identity, isFresh: isFresh(before, time), text, isTorn: identity !== identityOf(after) }
  } finally {
    await file.close()
  }
}

/** Does not wait for a writer, should the path be a pipe. */
const openIfThere = async (path: string): Promise<FileHandle | undefined> => {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    if (SystemFailure.codeOf(error) === "ENOENT") {
      return undefined
    }
    throw error
  }
}
