import { TokenCache } from "@grantwork/core"
import * as Effect from "effect/Effect"
import * as FileTokenCache from "../../src/FileTokenCache.js"
import { person, put, tokenIn } from "./records.js"
import { say, starting } from "./starting.js"

/** What the process is told, as JSON. */
export interface Task {
  readonly path: string
  readonly name: string
  readonly rounds: number
  /** Milliseconds. */
  readonly lockTimeout: number
  /** Most milliseconds that a change may take, the wait for its lock included. */
  readonly bound: number
}

const { bound, lockTimeout, name, path, rounds }: Task = JSON.parse(process.argv[2] ?? "")

const program = Effect.gen(function*() {
  const cache = yield* TokenCache.TokenCache
  for (let round = 1; round <= rounds; round++) {
    for (const key of [person("shared"), person(name)]) {
      yield* put(cache, key, name, String(round)).pipe(
        Effect.timeoutFail({ duration: bound, onTimeout: () => "It waited past its bound." })
      )
      say(`${key.homeAccountId} ${round}`)
      const found = tokenIn(yield* cache.read(key), name)
      if (found !== String(round)) {
        return yield* Effect.fail(`Round ${round} reads as ${found}.`)
      }
    }
  }
})

await starting()
await Effect.runPromise(Effect.provide(program, FileTokenCache.layer({ path, lockTimeout })))
