/**
 * What the operating system says when a file cannot be had, as an error that says what to do.
 */
import { CacheUnavailable } from "@grantwork/core/AuthError"
import * as Effect from "effect/Effect"

/** @category models */
export type Operation = CacheUnavailable["operation"]

/**
 * The system's code, such as `ENOENT`; empty for an error of another kind.
 *
 * @category getters
 */
export const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : ""

const access = "Let the user of this process read and write the file and its folder."
const space = "Make room on the disk."
const tooManyFiles = "Too many files are open: close some, or raise the limit."

const advice: Readonly<Record<string, string>> = {
  EACCES: access,
  EPERM: access,
  EROFS: "The file system is read-only: choose a path on another.",
  ENOSPC: space,
  EDQUOT: space,
  EFBIG: space,
  EINVAL: "Something else than a file is in its place: choose another path.",
  EISDIR: "There is a folder in its place: choose another path.",
  ENOTDIR: "A part of its path is not a folder: choose another path.",
  ELOOP: "Its symbolic links lead in a circle: mend them.",
  ENAMETOOLONG: "The path is too long: choose a shorter one.",
  EMFILE: tooManyFiles,
  ENFILE: tooManyFiles
}

/**
 * Says what failed, as the beginning of a sentence such as `The token cache /a/b cannot be read`, unless that is said
 * already.
 *
 * @category constructors
 */
export const unavailable = (operation: Operation, what: string) => (error: unknown): CacheUnavailable => {
  if (error instanceof CacheUnavailable) {
    return error
  }
  const code = codeOf(error)
  return new CacheUnavailable({
    operation,
    message: `${what}${code && ` (${code})`}. ${advice[code] ?? "Look after the file and its folder."}`
  })
}

/** @category constructors */
export const attempt = <A>(
  operation: Operation,
  what: string,
  run: () => Promise<A>
): Effect.Effect<A, CacheUnavailable> => Effect.tryPromise({ try: run, catch: unavailable(operation, what) })
