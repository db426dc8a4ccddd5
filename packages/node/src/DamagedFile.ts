/**
 * A cache file that nobody can read any more: it is kept beside its place, for people to look at.
 */
import { CacheUnavailable } from "@grantwork/core/AuthError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { randomBytes } from "node:crypto"
import { lstatSync, renameSync, statSync } from "node:fs"
import { chmod } from "node:fs/promises"
import * as FileContent from "./FileContent.js"
import * as SystemFailure from "./SystemFailure.js"

/**
 * Says in the log that it counts as empty.
 *
 * @category programs
 */
export const warn = (path: string): Effect.Effect<void> =>
  Effect.logWarning(
    `The token cache ${path} is damaged, or no token cache, and counts as empty. The next change moves it aside: if it is`
      + " another program's file, choose another path."
  )

/**
 * Moves the target of a path aside for a change to come, and says so in the log; false where another file is in its place
 * by now. What a link leads to, or belongs to another user, may be no token cache at all: it is left alone.
 *
 * @category programs
 */
export const setAside = (
  path: string,
  target: string,
  identity: string
): Effect.Effect<boolean, CacheUnavailable> =>
  Effect.gen(function*() {
    const now = yield* Clock.currentTimeMillis
    const aside = `${target}.damaged-${now}-${randomBytes(8).toString("hex")}`
    const isMoved = yield* Effect.try({
      try: () => {
        if (FileContent.identityNow(target) !== identity) {
          return false
        }
        if (lstatSync(path).isSymbolicLink() || isOfAnotherUser(target)) {
          throw unmovable(path)
        }
        renameSync(target, aside)
        return true
      },
      catch: SystemFailure.unavailable("modify", `The damaged token cache ${target} cannot be moved aside`)
    })
    if (isMoved) {
      yield* Effect.ignore(Effect.tryPromise(() => chmod(aside, 0o600)))
      yield* Effect.logWarning(
        `The token cache ${target} is damaged. It is kept as ${aside}, and an empty one takes its place: people sign in again.`
      )
    }
    return isMoved
  })

const isOfAnotherUser = (path: string): boolean =>
  process.geteuid !== undefined && statSync(path).uid !== process.geteuid()

const unmovable = (path: string) =>
  new CacheUnavailable({
    operation: "modify",
    message:
      `The token cache ${path} is damaged, or no token cache, and is a link or another user's. It is left as it is:`
      + " move it away, or choose another path."
  })
