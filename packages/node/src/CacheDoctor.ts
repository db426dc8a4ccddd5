/**
 * Looks a cache file over, and all that stands beside it, without changing anything or holding anybody up.
 */
import { CacheUnavailable } from "@grantwork/core/AuthError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import { type Stats } from "node:fs"
import { readdir, realpath, stat } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import * as CacheContents from "./CacheContents.js"
import type { Finding } from "./CacheFinding.js"
import * as FileContent from "./FileContent.js"
import * as FileTokenCache from "./FileTokenCache.js"
import * as Leftovers from "./Leftovers.js"
import * as SealedText from "./SealedText.js"
import * as SystemFailure from "./SystemFailure.js"

export { describe, type Finding, type Lock } from "./CacheFinding.js"

/**
 * What there is to say about a cache file, nothing where all is well: its permissions, what it holds, and the locks and
 * leftovers beside it. It fails where the path cannot name a file.
 *
 * @category programs
 */
export const examine = (
  { path }: { readonly path: string }
): Effect.Effect<ReadonlyArray<Finding>, CacheUnavailable> =>
  Effect.gen(function*() {
    const settings = yield* Either.mapLeft(
      FileTokenCache.settings({ path }),
      ({ message }) => new CacheUnavailable({ operation: "read", message })
    )
    const now = yield* Clock.currentTimeMillis
    return yield* SystemFailure.attempt("read", `The token cache ${settings.path} cannot be examined`, async () => {
      const target = await targetOf(settings.path)
      return [...await file(target, now), ...await folder(target, now)]
    })
  })

/** Where links lead to; a file that is missing is missed where its folder is. */
const targetOf = async (path: string): Promise<string> =>
  await realpath(path).catch(async () => join(await realpath(dirname(path)).catch(() => dirname(path)), basename(path)))

const unreadable = (path: string, what: string) => (error: unknown): ReadonlyArray<Finding> => [{
  _tag: "Unreadable",
  severity: "problem",
  path,
  reason: SystemFailure.unavailable("read", `${what} ${path} cannot be read`)(error).message
}]

const file = async (path: string, now: number): Promise<ReadonlyArray<Finding>> => {
  try {
    const stats = await stat(path)
    return [...permissions("FileOpenToOthers", path, stats), ...contents(path, await readWhole(path), now)]
  } catch (error) {
    return SystemFailure.codeOf(error) === "ENOENT"
      ? [{ _tag: "FileMissing", severity: "notice", path }]
      : unreadable(path, "The token cache")(error)
  }
}

const allBits = 0o7777
const superuser = 0

/** Nothing where the system has no such permissions. */
const permissions = (
  _tag: "FileOpenToOthers" | "FolderOpenToOthers",
  path: string,
  { mode, uid }: Stats
): ReadonlyArray<Finding> => {
  const user = process.geteuid?.()
  const [others, owners] = _tag === "FileOpenToOthers" ? [0o077, [user]] : [0o022, [user, superuser]]
  const findings: ReadonlyArray<Finding | false> = user === undefined ? [] : [
    (mode & others) !== 0 && { _tag, severity: "problem", path, mode: mode & allBits },
    !owners.includes(uid) && { _tag: "OfAnotherUser", severity: "problem", path, userId: uid }
  ]
  return findings.filter((finding) => finding !== false)
}

const mostReads = 5

/** Reads again what another program changed meanwhile. */
const readWhole = async (path: string): Promise<FileContent.FileContent> => {
  let content = await FileContent.read(path)
  for (let reads = 1; reads < mostReads && content.isTorn; reads++) {
    content = await FileContent.read(path)
  }
  return content
}

const contents = (path: string, { text }: FileContent.FileContent, now: number): ReadonlyArray<Finding> => {
  if (text !== undefined && Option.isSome(SealedText.keyId(text))) {
    return [{ _tag: "FileSealed", severity: "notice", path }]
  }
  return Option.getOrElse(
    Option.flatMap(Option.fromNullable(text), (json) => CacheContents.examine(json, now)),
    () => [{ _tag: "FileDamaged", severity: "problem", path }]
  )
}

const folder = async (path: string, now: number): Promise<ReadonlyArray<Finding>> => {
  const folder = dirname(path)
  try {
    const stats = await stat(folder)
    return [
      ...permissions("FolderOpenToOthers", folder, stats),
      ...Leftovers.examine(path, await readdir(folder), now)
    ]
  } catch (error) {
    return SystemFailure.codeOf(error) === "ENOENT" ? [] : unreadable(folder, "The folder")(error)
  }
}
