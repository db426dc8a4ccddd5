import type { ICachePlugin } from "@azure/msal-node"
import { type FileHandle, open, readFile, rename, stat, unlink, utimes, writeFile } from "node:fs/promises"
import { setTimeout } from "node:timers/promises"

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error ? String(error.code) : undefined

/**
 * The lock of `@azure/msal-node-extensions` 5.6: a file that nobody else has made, tried for 500 times. Whoever once had
 * the lock removes the file whenever it is told to, whosesoever it is by then.
 */
const lockOf = (path: string) => {
  let handle: FileHandle | undefined
  return {
    lock: async () => {
      for (let count = 0; count < 500; count++) {
        try {
          handle = await open(path, "wx+")
          await handle.write(String(process.pid))
          return
        } catch (error) {
          if (codeOf(error) !== "EEXIST") throw error
          await setTimeout(100)
        }
      }
      throw new Error("The lock was not to be had.")
    },
    unlock: async () => {
      if (handle === undefined) return
      try {
        await unlink(path)
      } catch (error) {
        if (codeOf(error) !== "ENOENT") throw error
      }
      await handle.close()
    }
  }
}

const load = async (path: string) => {
  try {
    return await readFile(path, "utf8")
  } catch {
    return ""
  }
}

/**
 * Keeps msal-node's cache in a file as the `PersistenceCachePlugin` of `@azure/msal-node-extensions` 5.6 does: read again
 * where the file is newer, locked from before a change until it is written, and written in place.
 */
export const filePlugin = (path: string): ICachePlugin => {
  const { lock, unlock } = lockOf(`${path}.lockfile`)
  let lastSync = 0
  let current: string | undefined

  const modifiedAt = async () => {
    try {
      return (await stat(path)).mtime.getTime()
    } catch {
      return 0
    }
  }

  return {
    beforeCacheAccess: async ({ cacheHasChanged, tokenCache }) => {
      if (lastSync >= await modifiedAt() && current !== undefined) {
        return cacheHasChanged ? lock() : undefined
      }
      await lock()
      current = await load(path)
      lastSync = Date.now()
      if (current !== "") tokenCache.deserialize(current)
      if (!cacheHasChanged) await unlock()
    },
    afterCacheAccess: async ({ cacheHasChanged, tokenCache }) => {
      if (cacheHasChanged) {
        current = tokenCache.serialize()
        await writeFile(path, current, { mode: 0o600 })
      }
      await unlock()
    }
  }
}

/**
 * Keeps the same file so that nothing is lost: read anew each time, under the lock wherever it may be written, and replaced
 * as a whole.
 */
export const carefulPlugin = (path: string): ICachePlugin => {
  const { lock, unlock } = lockOf(`${path}.lockfile`)
  return {
    beforeCacheAccess: async ({ cacheHasChanged, tokenCache }) => {
      if (cacheHasChanged) await lock()
      const text = await load(path)
      if (text !== "") tokenCache.deserialize(text)
    },
    afterCacheAccess: async ({ cacheHasChanged, tokenCache }) => {
      if (!cacheHasChanged) return
      const beside = `${path}.${process.pid}`
      await writeFile(beside, tokenCache.serialize(), { mode: 0o600 })
      // The file system's clock lags behind, and msal for Python reads only what is newer than its last look.
      const soon = (Date.now() + 1) / 1000
      await utimes(beside, soon, soon)
      await rename(beside, path)
      await unlock()
    }
  }
}
