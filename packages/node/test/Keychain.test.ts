import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as Keychain from "../src/Keychain.js"
import * as SealedText from "../src/SealedText.js"
import { folder } from "./support/folder.js"
import * as Keyring from "./support/keyring.js"

const entry: Keychain.Entry = { service: "grantwork", account: "/home/ada/cache.json" }
const secret = "the secret of the keychain"

/** A module whose entries answer so, and what they were asked. */
const keyring = (answer: () => Promise<string | null>) => {
  const asked: Array<unknown> = []
  return {
    asked,
    AsyncEntry: class {
      constructor(...named: ReadonlyArray<unknown>) {
        asked.push(named)
      }
      getPassword(signal: AbortSignal) {
        asked.push(signal)
        return answer()
      }
      setPassword(value: string, signal: AbortSignal) {
        asked.push(value, signal)
        return answer().then(() => undefined)
      }
    }
  }
}

describe("a module", () => {
  it.effect("is asked for an entry of a store that lasts", () =>
    Effect.gen(function*() {
      const module = keyring(() => Promise.resolve(secret))
      const keychain = Keychain.make(() => Promise.resolve(module))
      expect(Option.map(yield* keychain.get(entry), Redacted.value)).toEqual(Option.some(secret))
      yield* keychain.set(entry, Redacted.make("another"))
      const named = [entry.service, entry.account, { linux: { store: "secret-service" } }]
      expect(module.asked).toEqual([named, expect.any(AbortSignal), named, "another", expect.any(AbortSignal)])
    }))

  it.effect("that has no entry is an answer", () =>
    Effect.gen(function*() {
      const keychain = Keychain.make(() => Promise.resolve(keyring(() => Promise.resolve(null))))
      expect(yield* keychain.get(entry)).toEqual(Option.none())
    }))

  it.effect("is loaded at first use, and again after a failure", () =>
    Effect.gen(function*() {
      let loads = 0
      const keychain = Keychain.make(() => {
        loads += 1
        return loads === 1 ? Promise.reject(new Error("busy")) : Promise.resolve(keyring(() => Promise.resolve(null)))
      })
      expect(loads).toBe(0)
      expect((yield* Effect.flip(keychain.get(entry))).message).toContain("busy")
      expect(yield* keychain.get(entry)).toEqual(Option.none())
    }))

  it.effect.each(
    [
      [
        Object.assign(new Error("Cannot find it"), { code: "ERR_MODULE_NOT_FOUND" }),
        "@napi-rs/keyring is not installed"
      ],
      [new Error("no binding\nat all"), "@napi-rs/keyring could not be loaded: no binding"],
      ["odd", "@napi-rs/keyring could not be loaded: odd"]
    ] as const
  )("that cannot be loaded says why: %s", ([error, message]) =>
    Effect.gen(function*() {
      const keychain = Keychain.make(() => Promise.reject(error))
      expect((yield* Effect.flip(keychain.get(entry))).message).toBe(message)
      expect((yield* Effect.flip(keychain.set(entry, Redacted.make(secret)))).message).toBe(message)
    }))

  it.effect.each(
    [
      [new Error("It is locked."), "the keychain refused: It is locked."],
      [undefined, "the keychain refused: undefined"],
      [new Error("x".repeat(10_000)), `the keychain refused: ${"x".repeat(300)}`]
    ] as const
  )("that refuses says why: %#", ([error, message]) =>
    Effect.gen(function*() {
      const keychain = Keychain.make(() => Promise.resolve(keyring(() => Promise.reject(error))))
      expect((yield* Effect.flip(keychain.get(entry))).message).toBe(message)
      expect((yield* Effect.flip(keychain.set(entry, Redacted.make(secret)))).message).toBe(message)
    }))

  it.effect("that throws refuses", () =>
    Effect.gen(function*() {
      const module = {
        AsyncEntry: class {
          constructor() {
            throw new Error("no bus")
          }
          getPassword = () => Promise.resolve(null)
          setPassword = () => Promise.resolve()
        }
      }
      const keychain = Keychain.make(() => Promise.resolve(module))
      expect((yield* Effect.flip(keychain.get(entry))).message).toBe("the keychain refused: no bus")
    }))

  it.effect("that repeats the secret is not quoted", () =>
    Effect.gen(function*() {
      const error = new Error(`${secret} is too long`)
      const keychain = Keychain.make(() => Promise.resolve(keyring(() => Promise.reject(error))))
      expect((yield* Effect.flip(keychain.set(entry, Redacted.make(secret)))).message).toBe("the keychain refused")
    }))
})

describe("@napi-rs/keyring", () => {
  it.scopedLive.skipIf(process.platform !== "linux")(
    "without a session bus is a keychain out of reach",
    () =>
      Effect.gen(function*() {
        const path = join(yield* folder, "cache.json")
        const printed = yield* Effect.promise(() => Keyring.withoutSession(["write", path, "ada"]))
        expect(printed).toContain(`The token cache ${path} cannot be encrypted: the keychain refused: `)
        expect(printed).toContain("run a keyring service")
        expect(existsSync(path)).toBe(false)
      })
  )

  const withoutModule = `--import=data:text/javascript,${
    encodeURIComponent(`
      import { register } from "node:module"
      register("data:text/javascript," + encodeURIComponent(\`export const resolve = (name, context, next) =>
        next(name === "@napi-rs/keyring" ? "@napi-rs/not-installed" : name, context)\`))
    `)
  }`

  it.scopedLive("that is not installed is a keychain out of reach", () =>
    Effect.gen(function*() {
      const path = join(yield* folder, "cache.json")
      const printed = yield* Effect.promise(() => Keyring.withoutSession(["write", path, "ada"], withoutModule))
      expect(printed).toContain(`The token cache ${path} cannot be encrypted: @napi-rs/keyring is not installed.`)
    }))

  it.scopedLive.skipIf(!Keyring.isInstalled && process.env["CI"] === undefined)(
    "keeps one key for processes that start together, across sessions, and only unlocked",
    () =>
      Effect.gen(function*() {
        const home = yield* folder
        const path = join(home, "cache.json")
        const inSession = (...parameters: Parameters<typeof Keyring.inSession>) =>
          Effect.promise(() => Keyring.inSession(...parameters))
        const people = ["ada", "edsger", "grace"]
        const list = ["list", path]
        expect(yield* inSession(home, "unlocked", people.map((name) => ["write", path, name]), [list]))
          .toBe(`${people.join(" ")}\n`)
        const sealed = readFileSync(path, "utf8")
        expect(Option.isSome(SealedText.keyId(sealed))).toBe(true)
        expect(yield* inSession(home, "unlocked", [list])).toBe(`${people.join(" ")}\n`)
        expect(yield* inSession(home, "locked", [list, ["write", path, "alan"]]))
          .toMatch(/^(The token cache \S+ is encrypted, and its key is out of reach: the keychain refused: .+\n){2}$/)
        expect(yield* inSession(yield* folder, "unlocked", [list, ["write", path, "alan"]]))
          .toMatch(/^(The token cache \S+ is encrypted, and the keychain has no key for it .+\n){2}$/)
        expect(readFileSync(path, "utf8")).toBe(sealed)
      })
  )
})
