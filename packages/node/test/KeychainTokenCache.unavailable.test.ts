import { describe, expect, it } from "@effect/vitest"
import { type InvalidConfiguration } from "@grantwork/core/AuthError"
import type { Service } from "@grantwork/core/TokenCache"
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs"
import { join } from "node:path"
import { inspect } from "node:util"
import type * as KeychainTokenCache from "../src/KeychainTokenCache.js"
import * as SealedText from "../src/SealedText.js"
import * as KeychainFake from "./support/keychainFake.js"
import {
  cacheWith,
  file,
  get,
  logged,
  messageOf,
  names,
  plainFile,
  put,
  sealedFile,
  tokenOf
} from "./support/keychainSample.js"

const calls = [
  ["read", (cache: Service) => get(cache, "ada")],
  ["modify", (cache: Service) => put(cache, "grace")],
  ["list", (cache: Service) => names(cache)]
] as const

describe.each(["fail", "plain_file"] as const)("an encrypted file, with %s", (whenUnavailable) => {
  const lose = {
    "no key": (keychain: KeychainFake.KeychainFake) => keychain.entries.clear(),
    "another key": (keychain: KeychainFake.KeychainFake) => {
      for (const [name, value] of keychain.entries) {
        keychain.entries.set(name, `another-key${value.slice(11)}`)
      }
    }
  }
  const cases = calls.flatMap(([operation, call]) =>
    (["no key", "another key"] as const).map((loss) => ({ operation, call, loss }))
  )

  it.scopedLive.each(cases)(
    "is left as it is where the keychain has $loss for it: $operation",
    ({ call, loss }) =>
      Effect.gen(function*() {
        const { keychain, path, sealed } = yield* sealedFile
        lose[loss](keychain)
        const entries = new Map(keychain.entries)
        const message = yield* messageOf(call(yield* cacheWith(keychain.service, { path, whenUnavailable })))
        expect(message).toContain(`is encrypted, and the keychain has ${loss} for it (service "grantwork")`)
        expect(message).toContain("remove the file to sign in again")
        expect(message).toContain(path)
        expect(readFileSync(path, "utf8")).toBe(sealed)
        expect(readdirSync(join(path, ".."))).toEqual(["cache.json"])
        expect(keychain.entries).toEqual(entries)
      })
  )

  it.scopedLive.each(calls)("is left as it is where there is no keychain: %s", ([_, call]) =>
    Effect.gen(function*() {
      const { keychain, path, sealed } = yield* sealedFile
      keychain.breakDown("it is locked")
      const cache = yield* cacheWith(keychain.service, { path, whenUnavailable })
      expect(
        yield* logged(
          Effect.flatMap(messageOf(call(cache)), (message) =>
            Effect.sync(() => {
              expect(message).toContain("is encrypted, and its key is out of reach: it is locked.")
              expect(message).toContain("An encrypted file is never replaced by an unencrypted one")
            }))
        )
      ).toEqual([])
      expect(readFileSync(path, "utf8")).toBe(sealed)
      expect(readdirSync(join(path, ".."))).toEqual(["cache.json"])
      keychain.mend()
      expect(yield* get(cache, "ada")).toBe(tokenOf("ada"))
    }))

  it.scopedLive("is not replaced where the keychain breaks down between a read and a change", () =>
    Effect.gen(function*() {
      const { keychain, path } = yield* sealedFile
      const cache = yield* cacheWith(keychain.service, { path, whenUnavailable })
      yield* names(cache)
      keychain.breakDown("it is locked")
      yield* put(cache, "grace")
      expect(Option.isSome(SealedText.keyId(readFileSync(path, "utf8")))).toBe(true)
    }))

  it.scopedLive.each([
    "",
    "one",
    "one.two",
    `${"a".repeat(11)}.${"b".repeat(42)}`,
    `${"a".repeat(11)}.${"+".repeat(43)}`
  ])(
    "what else the keychain holds is left as it is: %j",
    (value) =>
      Effect.gen(function*() {
        const { entry, keychain, path, sealed } = yield* sealedFile
        keychain.entries.set(entry, value)
        const cache = yield* cacheWith(keychain.service, { path, whenUnavailable })
        expect(yield* messageOf(names(cache))).toContain("is no key of Grantwork")
        rmSync(path)
        expect(yield* messageOf(put(cache, "ada"))).toContain("is no key of Grantwork")
        expect(existsSync(path)).toBe(false)
        expect(keychain.entries.get(entry)).toBe(value)
        expect(sealed).not.toBe("")
      })
  )
})

describe("without a keychain", () => {
  const cause = "@napi-rs/keyring is not installed"

  it.scopedLive("a change fails with the cause and the ways out, and leaves nothing unencrypted", () =>
    Effect.gen(function*() {
      const keychain = KeychainFake.make()
      keychain.breakDown(cause)
      const path = yield* file
      const cache = yield* cacheWith(keychain.service, { path })
      expect(yield* names(cache)).toEqual([])
      const message = yield* messageOf(put(cache, "ada"))
      expect(message).toContain(`The token cache ${path} cannot be encrypted: ${cause}.`)
      expect(message).toContain("Install @napi-rs/keyring and run a keyring service")
      expect(message).toContain("whenUnavailable: \"plain_file\"")
      expect(readdirSync(join(path, ".."))).toEqual([])
    }))

  it.scopedLive("a plain file is read, and is not changed", () =>
    Effect.gen(function*() {
      const keychain = KeychainFake.make()
      keychain.breakDown(cause)
      const path = yield* plainFile
      const cache = yield* cacheWith(keychain.service, { path })
      const before = readFileSync(path, "utf8")
      expect(yield* get(cache, "grace")).toBe(tokenOf("grace"))
      expect(yield* messageOf(put(cache, "ada"))).toContain(cause)
      expect(readFileSync(path, "utf8")).toBe(before)
    }))

  it.scopedLive("a failure is not remembered", () =>
    Effect.gen(function*() {
      const keychain = KeychainFake.make()
      keychain.breakDown(cause)
      const cache = yield* cacheWith(keychain.service, { path: yield* file })
      yield* messageOf(put(cache, "ada"))
      keychain.mend()
      yield* put(cache, "ada")
      expect(yield* get(cache, "ada")).toBe(tokenOf("ada"))
    }))

  it.scopedLive("plain_file goes on with its owner's plain file, says so once, and encrypts it when it can", () =>
    Effect.gen(function*() {
      const keychain = KeychainFake.make()
      keychain.breakDown(cause)
      const path = yield* file
      const cache = yield* cacheWith(keychain.service, { path, whenUnavailable: "plain_file" })
      const lines = yield* logged(Effect.forEach(["ada", "grace", "edsger"], (name) => put(cache, name)))
      expect(lines).toEqual([
        `WARN The token cache ${path} cannot be encrypted: ${cause}. Tokens are kept in it unencrypted.`
      ])
      expect(JSON.parse(readFileSync(path, "utf8"))).toHaveProperty("RefreshToken")
      expect(statSync(path).mode & 0o777).toBe(0o600)
      expect(readdirSync(join(path, ".."))).toEqual(["cache.json"])
      keychain.mend()
      expect(yield* logged(put(cache, "barbara"))).toEqual([])
      expect(Option.isSome(SealedText.keyId(readFileSync(path, "utf8")))).toBe(true)
      expect(yield* names(cache)).toEqual(["ada", "barbara", "edsger", "grace"])
    }))
})

describe("a keychain that does not answer", () => {
  it.scopedLive("fails a call in the time that the lock has", () =>
    Effect.gen(function*() {
      const { keychain, path } = yield* sealedFile
      keychain.waitFor(Effect.never)
      const cache = yield* cacheWith(keychain.service, { path, lockTimeout: "20 millis" })
      expect(yield* messageOf(names(cache))).toContain("the keychain has not answered within 20ms")
      rmSync(path)
      expect(yield* messageOf(put(cache, "ada"))).toContain("the keychain has not answered within 20ms")
    }))

  it.scopedLive.each(["read", "modify"])("can be left waiting: %s", (operation) =>
    Effect.gen(function*() {
      const { keychain, path } = yield* sealedFile
      const asked = yield* Deferred.make<void>()
      keychain.waitFor(Effect.zipRight(Deferred.succeed(asked, undefined), Effect.never))
      if (operation === "modify") {
        rmSync(path)
      }
      const cache = yield* cacheWith(keychain.service, { path, lockTimeout: "1 hour" })
      const fiber = yield* Effect.fork(operation === "read" ? names(cache) : put(cache, "ada"))
      yield* Deferred.await(asked)
      expect(Exit.isInterrupted(yield* Fiber.interrupt(fiber))).toBe(true)
      expect(readdirSync(join(path, "..")).filter((name) => name.endsWith("lockfile"))).toEqual([])
    }))

  it.scopedLive("keeps others from making a key for as long as it may still take one", () =>
    Effect.gen(function*() {
      const keychain = KeychainFake.make()
      const path = yield* file
      const prompt = yield* Deferred.make<void>()
      const slow = {
        ...keychain.service,
        set: (...asked: Parameters<typeof keychain.service.set>) =>
          Effect.zipRight(Deferred.await(prompt), keychain.service.set(...asked))
      }
      const patient = yield* cacheWith(slow, { path, lockTimeout: "50 millis" })
      const caller = yield* Effect.fork(messageOf(put(patient, "ada")))
      expect(yield* Fiber.join(caller)).toContain("has not answered")
      const other = yield* cacheWith(keychain.service, { path, lockTimeout: "50 millis" })
      expect(yield* messageOf(put(other, "grace"))).toContain(`is still held by process ${process.pid}`)
      expect(keychain.count("set")).toBe(0)
      yield* Deferred.succeed(prompt, undefined)
      yield* put(yield* cacheWith(keychain.service, { path }), "grace")
      yield* put(patient, "ada")
      expect(yield* names(other)).toEqual(["ada", "grace"])
      expect(keychain.count("set")).toBe(1)
    }))
})

describe("options", () => {
  it.scopedLive.each(
    [
      ["path", { path: "" }],
      ["service", { path: "cache.json", service: "" }],
      ["service", { path: "cache.json", service: "\0" }],
      ["service", { path: "cache.json", service: 1 as never }],
      ["whenUnavailable", { path: "cache.json", whenUnavailable: "continue" as never }],
      ["lockTimeout", { path: "cache.json", lockTimeout: 0 }],
      ["refreshTimeout", { path: "cache.json", refreshTimeout: "soon" as never }]
    ] satisfies ReadonlyArray<readonly [string, KeychainTokenCache.Options]>
  )("that are wrong are named: %s", ([option, options]) =>
    Effect.gen(function*() {
      const error: InvalidConfiguration = yield* Effect.flip(cacheWith(KeychainFake.make().service, options))
      expect({ ...error }).toMatchObject({ _tag: "InvalidConfiguration", option })
      expect(error.message).toContain(option)
    }))
})

describe("secrets", () => {
  it.scopedLive("are in nothing that can be printed", () =>
    Effect.gen(function*() {
      const { entry, keychain, path, sealed } = yield* sealedFile
      const printed: Array<string> = []
      const print = (value: unknown) =>
        void printed.push(inspect(value, { depth: 12, showHidden: true }), JSON.stringify(value))
      const cache = yield* cacheWith(keychain.service, { path })
      yield* names(cache)
      print(cache)
      const stored = keychain.entries.get(entry) ?? ""
      print(yield* keychain.service.get({ service: "grantwork", account: path }))
      for (const spoil of [() => keychain.entries.clear(), () => keychain.breakDown("it is locked")]) {
        spoil()
        const exit = yield* Effect.exit(names(yield* cacheWith(keychain.service, { path })))
        print(exit)
        printed.push(Exit.isFailure(exit) ? Cause.pretty(exit.cause) : "")
      }
      const secret = stored.split(".")[1] ?? ""
      expect(secret).toHaveLength(43)
      const bytes = [...Buffer.from(secret, "base64url").subarray(0, 4)].join(", ")
      for (const hidden of [secret, bytes, tokenOf("ada"), sealed]) {
        expect(printed.join("\n")).not.toContain(hidden)
      }
      expect(printed.join("\n")).toContain("redacted")
    }))
})
