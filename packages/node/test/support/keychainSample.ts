import type { CacheUnavailable } from "@grantwork/core/AuthError"
import * as Crypto from "@grantwork/core/Crypto"
import { type Service, TokenCache } from "@grantwork/core/TokenCache"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Keychain from "../../src/Keychain.js"
import * as KeychainTokenCache from "../../src/KeychainTokenCache.js"
import { folder } from "./folder.js"
import * as KeychainFake from "./keychainFake.js"
import * as Records from "./records.js"

export const tokenOf = (name: string): string => `the refresh token of ${name}`

/** Signs somebody in, so to say. */
export const put = (cache: Service, name: string): Effect.Effect<void, CacheUnavailable> =>
  Records.put(cache, Records.person(name), "client", tokenOf(name))

/** The refresh token that is cached for somebody. */
export const get = (cache: Service, name: string): Effect.Effect<string | undefined, CacheUnavailable> =>
  Effect.map(cache.read(Records.person(name)), (partition) => Records.tokenIn(partition, "client"))

/** The names of all who are in the cache. */
export const names = (cache: Service): Effect.Effect<ReadonlyArray<string>, CacheUnavailable> =>
  Effect.map(cache.list(Records.person("").provider), (listed) => listed.map(({ key }) => key.homeAccountId).toSorted())

/** A cache with a layer of its own, as another process has it. */
export const cacheWith = (keychain: Keychain.Service, options: KeychainTokenCache.Options) =>
  KeychainTokenCache.layerFromKeychain(options).pipe(
    Layer.provide([Crypto.layer, Layer.succeed(Keychain.Keychain, keychain)]),
    Layer.build,
    Effect.map((context) => Context.get(context, TokenCache))
  )

/** Where a cache file can be, in a folder of its own. */
export const file = Effect.map(folder, (path) => join(path, "cache.json"))

/** A cache file that a layer has encrypted, and the keychain with its key. */
export const sealedFile = Effect.gen(function*() {
  const keychain = KeychainFake.make()
  const path = yield* file
  yield* put(yield* cacheWith(keychain.service, { path }), "ada")
  return { keychain, path, entry: `grantwork ${path}`, sealed: readFileSync(path, "utf8") }
})

/** What another program has written without encryption. */
export const plainCache = {
  RefreshToken: {
    "grace-login.example-refreshtoken-client--": {
      credential_type: "RefreshToken",
      secret: tokenOf("grace"),
      home_account_id: "grace",
      environment: Records.person("").provider,
      client_id: "client",
      foreign: true
    }
  },
  Unknown: { kept: {} }
}

export const plainFile = Effect.tap(file, (path) => writeFileSync(path, JSON.stringify(plainCache), { mode: 0o600 }))

export const messageOf = <A, R>(effect: Effect.Effect<A, CacheUnavailable, R>) =>
  Effect.map(Effect.flip(effect), ({ message }) => message)

/** What is logged meanwhile. */
export const logged = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.suspend(() => {
    const lines: Array<string> = []
    const logger = Logger.make(({ logLevel, message }) => void lines.push(`${logLevel.label} ${String(message)}`))
    return Effect.as(Effect.provide(effect, Logger.replace(Logger.defaultLogger, logger)), lines)
  })
