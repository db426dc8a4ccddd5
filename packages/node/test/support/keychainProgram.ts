// A program of its own that uses the real keychain: `write <path> <name>...` or `list <path>`. Prints what comes of it.
import * as Crypto from "@grantwork/core/Crypto"
import { TokenCache } from "@grantwork/core/TokenCache"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as KeychainTokenCache from "../../src/KeychainTokenCache.js"
import { names, put } from "./keychainSample.js"

const [command, path = "", ...people] = process.argv.slice(2)

const program = Effect.gen(function*() {
  const cache = yield* TokenCache
  if (command === "write") {
    yield* Effect.forEach(people, (name) => put(cache, name), { discard: true })
    return ""
  }
  return `${(yield* names(cache)).join(" ")}\n`
})

const printed = await program.pipe(
  Effect.catchTag("CacheUnavailable", ({ message }) => Effect.succeed(`${message}\n`)),
  Effect.provide(Layer.provide(KeychainTokenCache.layer({ path }), Crypto.layer)),
  Effect.runPromise
)
process.stdout.write(printed)
