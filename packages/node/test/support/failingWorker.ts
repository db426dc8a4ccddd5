import { AuthError, Partition, TokenCache } from "@grantwork/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as CacheFile from "../../src/CacheFile.js"
import * as FileTokenCache from "../../src/FileTokenCache.js"
import { person, put } from "./records.js"
import { say, starting } from "./starting.js"

/** What the process is told, as JSON. */
export interface Task {
  readonly path: string
  /** The text to write; one that is killed with the lock in its hand has none. */
  readonly secret?: string
}

const { path, secret }: Task = JSON.parse(process.argv[2] ?? "")

const deadly: CacheFile.Sealing = {
  ...CacheFile.plain,
  seal: () => Effect.sync(() => process.kill(process.pid, "SIGKILL")).pipe(Effect.zipRight(Effect.never))
}

const layer = Layer.effect(
  TokenCache.TokenCache,
  Effect.map(
    FileTokenCache.settings({ path }),
    (settings) => FileTokenCache.make(settings, secret === undefined ? deadly : CacheFile.plain)
  )
)

const program = Effect.gen(function*() {
  const cache = yield* TokenCache.TokenCache
  const key = person("ada")
  const error = yield* Effect.flip(put(cache, key, "client", secret ?? "")).pipe(
    Effect.catchAll(() => Effect.succeed(undefined))
  )
  say(JSON.stringify({
    error: error instanceof AuthError.CacheUnavailable ? { operation: error.operation, message: error.message } : null,
    isEmpty: Partition.isEmpty(yield* cache.read(key))
  }))
})

await starting()
await Effect.runPromise(Effect.provide(program, layer))
