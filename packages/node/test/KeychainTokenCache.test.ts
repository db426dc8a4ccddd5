import { describe, expect, it } from "@effect/vitest"
import * as Crypto from "@grantwork/core/Crypto"
import { TokenCache } from "@grantwork/core/TokenCache"
import { TokenCacheContract } from "@grantwork/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { existsSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type * as Keychain from "../src/Keychain.js"
import * as KeychainTokenCache from "../src/KeychainTokenCache.js"
import * as SealedText from "../src/SealedText.js"
import * as KeychainFake from "./support/keychainFake.js"
import {
  cacheWith,
  file,
  get,
  logged,
  messageOf,
  names,
  plainCache,
  plainFile,
  put,
  sealedFile,
  tokenOf
} from "./support/keychainSample.js"

describe("the laws of a token cache", () => {
  it.scopedLive.each([...TokenCacheContract.laws])("$name", ({ check }) =>
    Effect.gen(function*() {
      const cache = yield* cacheWith(KeychainFake.make().service, { path: yield* file })
      yield* Effect.provideService(check, TokenCache, cache)
    }))

  it.scopedLive.each([...TokenCacheContract.sharedLaws])(
    "between two layers: $name",
    ({ check }) =>
      Effect.gen(function*() {
        const { service } = KeychainFake.make()
        const path = yield* file
        yield* check(yield* cacheWith(service, { path }), yield* cacheWith(service, { path }))
      })
  )
})

describe("the file (feature 106)", () => {
  it.scopedLive("is a JWE under the key in the keychain, and its owner's alone", () =>
    Effect.gen(function*() {
      const { entry, keychain, path, sealed } = yield* sealedFile
      const [, id, secret = ""] = /^([\w-]{11})\.([\w-]{43})$/.exec(keychain.entries.get(entry) ?? "") ?? []
      expect([...keychain.entries.keys()]).toEqual([entry])
      expect(SealedText.keyId(sealed)).toEqual(Option.some(id))
      expect(sealed.split(".")).toHaveLength(5)
      expect(Buffer.from(secret, "base64url")).toHaveLength(32)
      expect(statSync(path).mode & 0o777).toBe(0o600)
      for (const secret of [tokenOf("ada"), "RefreshToken", "id.example.com"]) {
        expect(Buffer.from(sealed.split(".")[3] ?? "", "base64url").includes(secret)).toBe(false)
        expect(sealed).not.toContain(secret)
      }
    }))

  it.scopedLive("is read and written by another process that has the key", () =>
    Effect.gen(function*() {
      const { keychain, path } = yield* sealedFile
      const one = yield* cacheWith(keychain.service, { path })
      const other = yield* cacheWith(keychain.service, { path })
      expect(yield* get(one, "ada")).toBe(tokenOf("ada"))
      yield* put(one, "grace")
      expect(yield* get(other, "grace")).toBe(tokenOf("grace"))
      yield* put(other, "edsger")
      expect(yield* names(one)).toEqual(["ada", "edsger", "grace"])
      expect(keychain.count("set")).toBe(1)
      expect(readdirSync(join(path, ".."))).toEqual(["cache.json"])
    }))

  it.scopedLive("that is plain is read without a key, and encrypted with the next change", () =>
    Effect.gen(function*() {
      const keychain = KeychainFake.make()
      const path = yield* plainFile
      const cache = yield* cacheWith(keychain.service, { path })
      expect(yield* get(cache, "grace")).toBe(tokenOf("grace"))
      expect(keychain.asked).toEqual([])
      expect(readFileSync(path, "utf8")).toBe(JSON.stringify(plainCache))
      yield* put(cache, "ada")
      const sealed = readFileSync(path, "utf8")
      expect(Option.isSome(SealedText.keyId(sealed))).toBe(true)
      const [id = "", secret = ""] = [...keychain.entries.values()].join().split(".")
      const crypto = yield* Effect.provide(Crypto.Crypto, Crypto.layer)
      const key = { id, secret: Redacted.make(new Uint8Array(Buffer.from(secret, "base64url"))) }
      const json: unknown = JSON.parse(new TextDecoder().decode(yield* crypto.decrypt(sealed, [key])))
      expect(json).toMatchObject(plainCache)
      expect(yield* names(cache)).toEqual(["ada", "grace"])
    }))

  it.scopedLive("that was changed on the way is kept aside as damaged", () =>
    Effect.gen(function*() {
      const { keychain, path, sealed } = yield* sealedFile
      const tampered = `${sealed.slice(0, -30)}${sealed.at(-30) === "A" ? "B" : "A"}${sealed.slice(-29)}`
      writeFileSync(path, tampered)
      const cache = yield* cacheWith(keychain.service, { path })
      expect(yield* logged(Effect.flatMap(names(cache), (listed) => Effect.sync(() => expect(listed).toEqual([])))))
        .toEqual([expect.stringContaining("is damaged")])
      expect(readFileSync(path, "utf8")).toBe(tampered)
      expect(yield* logged(put(cache, "ada"))).toEqual([expect.stringContaining("is damaged")])
      const [aside = ""] = readdirSync(join(path, "..")).filter((name) => name.includes("damaged"))
      expect(readFileSync(join(path, "..", aside), "utf8")).toBe(tampered)
    }))
})

describe("the key", () => {
  it("is not asked for when the layer is built, which is synchronous", () => {
    const keychain: Keychain.Service = { get: () => Effect.die("asked"), set: () => Effect.die("asked") }
    const path = "/nowhere/at/all/cache.json"
    expect(Effect.runSync(Effect.scoped(cacheWith(keychain, { path })))).toBeDefined()
    const layer = Layer.provide(KeychainTokenCache.layer({ path }), Crypto.layer)
    expect(Effect.runSync(Effect.scoped(Layer.build(layer)))).toBeDefined()
  })

  it.scopedLive("is asked for at first use, and kept in memory", () =>
    Effect.gen(function*() {
      const { entry, keychain, path } = yield* sealedFile
      keychain.asked.splice(0)
      const cache = yield* cacheWith(keychain.service, { path })
      for (const name of ["ada", "grace", "edsger"]) {
        expect(yield* get(cache, "ada")).toBe(tokenOf("ada"))
        yield* put(cache, name)
        yield* put(yield* cacheWith(keychain.service, { path }), `${name}'s friend`)
        expect(yield* names(cache)).toContain(`${name}'s friend`)
      }
      // Once by this layer, and by each of the friends'.
      expect(keychain.asked).toEqual(Array.from({ length: 4 }, () => `get ${entry}`))
    }))

  it.scopedLive("is not needed where there is no file", () =>
    Effect.gen(function*() {
      const keychain = KeychainFake.make()
      expect(yield* names(yield* cacheWith(keychain.service, { path: yield* file }))).toEqual([])
      expect(keychain.asked).toEqual([])
    }))

  it.scopedLive("is filed under the service and the path that links lead to", () =>
    Effect.gen(function*() {
      const keychain = KeychainFake.make()
      const path = yield* file
      symlinkSync(path, `${path}.link`)
      yield* put(yield* cacheWith(keychain.service, { path: `${path}.link`, service: "my program" }), "ada")
      expect([...keychain.entries.keys()]).toEqual([`my program ${path}`])
      expect(yield* get(yield* cacheWith(keychain.service, { path, service: "my program" }), "ada"))
        .toBe(tokenOf("ada"))
    }))

  it.scopedLive("is one for all who start at the same time", () =>
    Effect.gen(function*() {
      const keychain = KeychainFake.make()
      const path = yield* file
      keychain.waitFor(Effect.yieldNow())
      const people = Array.from({ length: 12 }, (_, index) => `person ${String(index).padStart(2, "0")}`)
      yield* Effect.forEach(
        people,
        (name) => Effect.flatMap(cacheWith(keychain.service, { path }), (cache) => put(cache, name)),
        { concurrency: "unbounded" }
      )
      expect(keychain.count("set")).toBe(1)
      expect(yield* names(yield* cacheWith(keychain.service, { path }))).toEqual(people)
    }))

  it.scopedLive("is asked for anew where another process has made another for a new file", () =>
    Effect.gen(function*() {
      const { keychain, path } = yield* sealedFile
      const cache = yield* cacheWith(keychain.service, { path })
      expect(yield* names(cache)).toEqual(["ada"])
      keychain.entries.clear()
      rmSync(path)
      yield* put(yield* cacheWith(keychain.service, { path }), "grace")
      expect(yield* names(cache)).toEqual(["grace"])
      rmSync(path)
      yield* put(cache, "edsger")
      expect(yield* names(yield* cacheWith(keychain.service, { path }))).toEqual(["edsger"])
      expect(keychain.count("set")).toBe(2)
    }))

  it.scopedLive("that the keychain does not keep encrypts nothing", () =>
    Effect.gen(function*() {
      const path = yield* file
      const forgetful = { get: () => Effect.succeedNone, set: () => Effect.void }
      const cache = yield* cacheWith(forgetful, { path })
      expect(yield* messageOf(put(cache, "ada"))).toContain("the keychain does not keep what it is given")
      expect(existsSync(path)).toBe(false)
    }))
})
