import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { mkdtemp, realpath, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** A folder of its own, for as long as the scope is open. */
export const folder: Effect.Effect<string, never, Scope.Scope> = Effect.acquireRelease(
  Effect.promise(async () => realpath(await mkdtemp(join(tmpdir(), "grantwork-")))),
  (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
)
