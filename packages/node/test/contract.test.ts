import { describe, it } from "@effect/vitest"
import { TokenCache } from "@grantwork/core"
import { TokenCacheContract } from "@grantwork/testing"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { join } from "node:path"
import * as FileTokenCache from "../src/FileTokenCache.js"
import { folder } from "./support/folder.js"

const cacheAt = (path: string) =>
  Effect.map(Layer.build(FileTokenCache.layer({ path })), (context) => Context.get(context, TokenCache.TokenCache))

const inFolder = <A, E>(use: (one: TokenCache.Service, other: TokenCache.Service) => Effect.Effect<A, E>) =>
  Effect.scoped(Effect.gen(function*() {
    const path = join(yield* folder, "cache.json")
    return yield* use(yield* cacheAt(path), yield* cacheAt(path))
  }))

describe("a file", () => {
  it.live.each([...TokenCacheContract.laws])(
    "$name",
    ({ check }) => inFolder((cache) => Effect.provideService(check, TokenCache.TokenCache, cache))
  )
})

describe("two layers over one file", () => {
  it.live.each([...TokenCacheContract.sharedLaws])("$name", ({ check }) => inFolder(check))
})
