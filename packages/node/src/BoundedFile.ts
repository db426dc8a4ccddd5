/**
 * Files of other programs, of which one does not know how large they are, nor whether they are files at all.
 */
import { constants } from "node:fs"
import { open } from "node:fs/promises"

/**
 * What a file holds, if that is not more than so many bytes. It waits for no writer, should the path be a pipe. Rejects with
 * what the system says.
 *
 * @category programs
 */
export const read = async (path: string, longest: number): Promise<Buffer> => {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const stats = await file.stat()
    if (!stats.isFile()) {
      throw Object.assign(new Error("It is not a file."), { code: stats.isDirectory() ? "EISDIR" : "EINVAL" })
    }
    const { buffer, bytesRead } = await file.read(Buffer.alloc(longest + 1), 0, longest + 1, 0)
    if (bytesRead > longest) {
      throw Object.assign(new Error("It is too large."), { code: "EFBIG" })
    }
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
