/**
 * Files that stand beside another for a moment. Their names say which process made them, so that those of a process that
 * was killed can be swept away.
 */
import { createHash, randomBytes } from "node:crypto"
import { readdir, rm, stat } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import * as LockOwner from "./LockOwner.js"

const placeHash = (): string => createHash("sha256").update(LockOwner.place()).digest("hex").slice(0, 8)

/**
 * A name that no other file has.
 *
 * @category constructors
 */
export const nameBeside = (path: string): string =>
  `${path}.${process.pid}-${placeHash()}-${randomBytes(8).toString("hex")}.tmp`

const ending = /\.(\d{1,10})-([0-9a-f]{8})-[0-9a-f]{16}\.tmp$/

/** Longer than any process needs one, in milliseconds. */
const longestLife = 60 * 60 * 1000

/**
 * Removes what processes that are gone left beside a file.
 *
 * @category programs
 */
export const sweep = async (path: string): Promise<void> => {
  const names = await readdir(dirname(path))
  const found = names.filter((name) => name.startsWith(`${basename(path)}.`) && ending.test(name))
  await Promise.all(found.map((name) => sweepOne(join(dirname(path), name))))
}

const sweepOne = async (path: string): Promise<void> => {
  const [, processId = "", hash] = ending.exec(path) ?? []
  const isLeft = hash === placeHash() && LockOwner.isGone(Number(processId))
  if (isLeft || (await stat(path)).mtimeMs < Date.now() - longestLife) {
    await rm(path, { force: true })
  }
}
