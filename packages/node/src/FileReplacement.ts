/**
 * A file replaced as a whole: at any time there is either the old one or the new one, and both survive a power cut.
 */
import { CacheUnavailable } from "@grantwork/core/AuthError"
import { type BigIntStats, renameSync, statSync } from "node:fs"
import { type FileHandle, open, rm } from "node:fs/promises"
import { dirname } from "node:path"
import * as FileContent from "./FileContent.js"
import * as SystemFailure from "./SystemFailure.js"
import * as TemporaryFile from "./TemporaryFile.js"

/** @category models */
export interface Options {
  readonly path: string
  readonly text: string
  /** What is replaced. */
  readonly identity: string
  /** Asked in one breath with the replacement. */
  readonly isAllowed: () => boolean
}

/**
 * The new file; none where that was not allowed, or another file was there than the one to be replaced. Only its owner
 * can read it; where the superuser replaces a file of the folder's owner, it is that user's still. Whoever else left a file
 * in the folder gets none of what is written: it rejects with `CacheUnavailable`.
 *
 * @category programs
 */
export const replace = async (
  { identity, isAllowed, path, text }: Options
): Promise<FileContent.FileContent | undefined> => {
  const beside = TemporaryFile.nameBeside(path)
  try {
    await write(beside, text, ownerOf(path, await FileContent.statsOf(path)))
    if (!isAllowed() || FileContent.identityNow(path) !== identity) {
      return undefined
    }
    renameSync(beside, path)
    const stats = statSync(path, { bigint: true })
    const isFresh = FileContent.isFresh(stats, Date.now())
    await syncFolder(dirname(path))
    return { identity: FileContent.identityOf(stats), isFresh, text, isTorn: false }
  } finally {
    await rm(beside, { force: true })
  }
}

interface Owner {
  readonly userId: number
  readonly groupId: number
}

/** None where the new file is this process's own. */
const ownerOf = (path: string, replaced: BigIntStats | undefined): Owner | undefined => {
  if (replaced === undefined || process.geteuid?.() !== 0) {
    return undefined
  }
  const owner = { userId: Number(replaced.uid), groupId: Number(replaced.gid) }
  if (owner.userId !== 0 && statSync(dirname(path)).uid !== owner.userId) {
    throw new CacheUnavailable({
      operation: "modify",
      message:
        `The token cache ${path} belongs to the user ${owner.userId}, and its folder to another. Run as that user, or`
        + " remove the file."
    })
  }
  return owner
}

const write = async (path: string, text: string, owner: Owner | undefined): Promise<void> => {
  const file = await open(path, "wx", 0o600)
  try {
    if (owner !== undefined) {
      await file.chown(owner.userId, owner.groupId)
    }
    await file.writeFile(text)
    await touchAhead(file)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** The system's own time lags behind the clock, by which MSAL sees whether the file has changed since it looked. */
const touchAhead = async (file: FileHandle): Promise<void> => {
  const soon = (Date.now() + 1) / 1000
  await file.utimes(soon, soon)
}

const unsupported = new Set(["EACCES", "EBADF", "EINVAL", "EISDIR", "ENOTSUP", "EPERM"])

/** Puts a replacement down on the disk, where the system lets a folder be synced. */
const syncFolder = async (path: string): Promise<void> => {
  try {
    await sync(path)
  } catch (error) {
    if (!unsupported.has(SystemFailure.codeOf(error))) {
      throw error
    }
  }
}

const sync = async (path: string): Promise<void> => {
  const folder = await open(path)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
