/**
 * The file that a path leads to, so that a symbolic link and its target are one file with one lock.
 */
import { lstat, mkdir, readlink, realpath } from "node:fs/promises"
import { basename, dirname, isAbsolute, join } from "node:path"
import * as SystemFailure from "./SystemFailure.js"

const mostLinks = 40

/**
 * Follows links, also to where no file is yet, and makes the folder for it. Rejects with what the system says.
 *
 * @category programs
 */
export const resolve = async (path: string): Promise<string> => {
  let current = path
  for (let links = 0; links <= mostLinks; links++) {
    const folder = await folderOf(current)
    const here = join(folder, basename(current))
    const link = await linkAt(here)
    if (link === undefined) {
      return here
    }
    current = isAbsolute(link) ? link : `${folder}/${link}`
  }
  throw Object.assign(new Error("There are too many links."), { code: "ELOOP" })
}

const folderOf = async (path: string): Promise<string> => {
  const folder = dirname(path)
  try {
    return await realpath(folder)
  } catch (error) {
    if (SystemFailure.codeOf(error) !== "ENOENT") {
      throw error
    }
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return await realpath(folder)
  }
}

const linkAt = async (path: string): Promise<string | undefined> => {
  try {
    return (await lstat(path)).isSymbolicLink() ? await readlink(path) : undefined
  } catch (error) {
    if (SystemFailure.codeOf(error) === "ENOENT") {
      return undefined
    }
    throw error
  }
}
