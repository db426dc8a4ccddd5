import { describe, expect, it } from "@effect/vitest"
import { AuthError, Crypto, TokenCache } from "@grantwork/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Redacted from "effect/Redacted"
import { createClient, createClientPool } from "redis"
import { RedisTokenCache } from "../src/index.js"
import type { CacheOptions } from "./support/atRedis.js"
import { encryptionKey } from "./support/encryptionKey.js"
import { scriptedRedis } from "./support/scriptedRedis.js"

const refused = (options: CacheOptions): AuthError.InvalidConfiguration =>
  Effect.runSync(Effect.flip(Effect.scoped(
    Layer.build(Layer.provide(RedisTokenCache.layer({ client: createClient(), ...options }), Crypto.layer))
  )))

/** As callers without a compiler do it. */
const unchecked = (options: object): CacheOptions => ({ ...options })

const key = encryptionKey("one")

describe("the layer", () => {
  it("is built at once, and sends nothing", () => {
    const { client, sent } = scriptedRedis("well")
    let duplicates = 0
    const duplicate = () => {
      duplicates += 1
      throw new Error("No connection is to be opened.")
    }
    const runtime = ManagedRuntime.make(Layer.provide(
      RedisTokenCache.layer({
        client: { ...client, duplicate },
        prefix: "p",
        commandTimeout: 1,
        refreshTimeout: "1 minute",
        refreshTokenLifetime: "1 day",
        encryptionKeys: [key, encryptionKey("two")],
        plainEntries: "read",
        firstLevel: { capacity: 1, timeToLive: "1 second" },
        whenUnavailable: "continue"
      }),
      Crypto.layer
    ))
    expect(Object.keys(runtime.runSync(TokenCache.TokenCache))).toEqual(["read", "modify", "list", "withRefreshLock"])
    expect({ sent, duplicates }).toEqual({ sent: [], duplicates: 0 })
  })

  it.each<readonly [option: string, options: CacheOptions]>([
    ["client", unchecked({ client: null })],
    ["client", unchecked({ client: {} })],
    ["client", unchecked({ client: { get: () => {} } })],
    ["prefix", { prefix: "" }],
    ["prefix", { prefix: "\ud800" }],
    ["prefix", unchecked({ prefix: 1 })],
    ["commandTimeout", { commandTimeout: 0 }],
    ["commandTimeout", { commandTimeout: -1 }],
    ["commandTimeout", { commandTimeout: Number.NaN }],
    ["commandTimeout", { commandTimeout: Number.POSITIVE_INFINITY }],
    ["commandTimeout", unchecked({ commandTimeout: "soon" })],
    ["refreshTimeout", { refreshTimeout: "0 seconds" }],
    ["refreshTokenLifetime", { refreshTokenLifetime: 0 }],
    ["encryptionKeys", unchecked({ encryptionKeys: [] })],
    ["encryptionKeys", unchecked({ encryptionKeys: key })],
    ["encryptionKeys", unchecked({ encryptionKeys: [null] })],
    ["encryptionKeys", { encryptionKeys: [key, key] }],
    ["encryptionKeys", { encryptionKeys: [{ ...key, id: "" }] }],
    ["encryptionKeys", { encryptionKeys: [{ id: "one", secret: Redacted.make(new Uint8Array(31)) }] }],
    ["encryptionKeys", { encryptionKeys: [{ id: "one", secret: Redacted.make(new Uint8Array(33)) }] }],
    ["encryptionKeys", unchecked({ encryptionKeys: [{ id: "one", secret: new Uint8Array(32) }] })],
    ["encryptionKeys", unchecked({ encryptionKeys: [{ id: "one", secret: Redacted.make("x".repeat(32)) }] })],
    ["firstLevel.capacity", { firstLevel: { capacity: 0, timeToLive: "1 second" } }],
    ["firstLevel.capacity", { firstLevel: { capacity: 1.5, timeToLive: "1 second" } }],
    ["firstLevel.timeToLive", { firstLevel: { capacity: 1, timeToLive: 0 } }],
    ["firstLevel", { client: createClientPool(), firstLevel: { capacity: 1, timeToLive: "1 second" } }],
    ["plainEntries", unchecked({ plainEntries: "maybe" })],
    ["whenUnavailable", unchecked({ whenUnavailable: "panic" })]
  ])("does not take a wrong %s", (option, options) => {
    const error = refused(options)
    expect(error).toBeInstanceOf(AuthError.InvalidConfiguration)
    expect(error.option).toBe(option)
    expect(error.message).toContain(option)
  })

  it("shows no secret of a wrong key", () => {
    const error = refused({
      encryptionKeys: [{ id: "one", secret: Redacted.make(new TextEncoder().encode("too short")) }]
    })
    expect(JSON.stringify(error)).not.toContain("too short")
    expect(error.message).not.toContain("116")
  })
})
