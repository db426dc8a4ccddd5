import { describe, expect, it } from "@effect/vitest"
import { UnifiedCache } from "@grantwork/core"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync
} from "node:fs"
import { basename, dirname, join } from "node:path"
import { setImmediate } from "node:timers/promises"
import * as CacheFile from "../src/CacheFile.js"
import * as LockFile from "../src/LockFile.js"
import * as TemporaryFile from "../src/TemporaryFile.js"
import { asNobody, isSuperuser } from "./support/asNobody.js"
import { deadProcess } from "./support/deadProcess.js"
import { folder } from "./support/folder.js"

const lockTimeout = Duration.seconds(30)

const pathIn = Effect.map(folder, (path) => join(path, "cache.json"))

const fileAt = (path: string, sealing: CacheFile.Sealing = CacheFile.plain) =>
  CacheFile.make({ path, lockTimeout, sealing })

/** Counts what is parsed, and takes its time. */
const counting = () => {
  const opened: Array<string> = []
  const sealing: CacheFile.Sealing = {
    ...CacheFile.plain,
    open: (text) => {
      opened.push(text)
      return Effect.zipRight(Effect.promise(() => setImmediate()), CacheFile.plain.open(text))
    }
  }
  return { opened, sealing }
}

/** A section of another program's, which tells states of the file apart. */
const noting =
  (value: unknown) => (cache: UnifiedCache.UnifiedCache): readonly [unknown, UnifiedCache.UnifiedCache] => [
    noted(cache),
    Option.getOrThrow(
      UnifiedCache.parse(JSON.stringify({ ...JSON.parse(UnifiedCache.stringify(cache)), Noted: { value } }))
    )
  ]

const noted = (cache: UnifiedCache.UnifiedCache): unknown => {
  const { Noted }: { readonly Noted?: { readonly value: unknown } } = JSON.parse(UnifiedCache.stringify(cache))
  return Noted?.value
}

const jsonOf = (value: unknown) => JSON.stringify({ Noted: { value } })

const load = (file: CacheFile.CacheFile) => Effect.map(file.load("read"), noted)

/** Makes the file look as if it had been left alone for a while. */
const age = (path: string) => {
  const then = Date.now() / 1000 - 100.5
  utimesSync(path, then, then)
}

const namesIn = (path: string) => readdirSync(dirname(path)).filter((name) => name !== basename(path))

const withWarnings = <A, E, R>(effect: Effect.Effect<A, E, R>) => {
  const warnings: Array<string> = []
  const logger = Logger.make(({ logLevel, message }) => {
    warnings.push(`${logLevel.label}: ${String(message)}`)
  })
  return Effect.map(
    Effect.provide(effect, Logger.replace(Logger.defaultLogger, logger)),
    (result) => ({ result, warnings })
  )
}

describe("a file that is not there", () => {
  it.scopedLive("is an empty cache, and nothing is made by looking", () =>
    Effect.gen(function*() {
      const path = join(yield* folder, "nowhere", "cache.json")
      expect(yield* fileAt(path).load("read")).toBe(UnifiedCache.empty)
      expect(existsSync(dirname(path))).toBe(false)
    }))

  it.scopedLive("is made for its owner alone, and so is its folder", () =>
    Effect.gen(function*() {
      const path = join(yield* folder, "one", "two", "cache.json")
      yield* fileAt(path).transact(noting(1))
      expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ Noted: { value: 1 } })
      expect(statSync(path).mode & 0o777).toBe(0o600)
      expect(statSync(dirname(path)).mode & 0o777).toBe(0o700)
      expect(statSync(dirname(dirname(path))).mode & 0o777).toBe(0o700)
      expect(namesIn(path)).toEqual([])
    }))

  it.scopedLive("is an empty cache again where it was removed", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      const file = fileAt(path)
      yield* file.transact(noting(1))
      unlinkSync(path)
      expect(yield* load(file)).toBeUndefined()
      expect(yield* file.transact(noting(2))).toBeUndefined()
      expect(yield* load(file)).toBe(2)
    }))
})

describe("a change", () => {
  it.scopedLive("replaces the file by another, which only its owner can read", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      writeFileSync(path, jsonOf(1))
      chmodSync(path, 0o644)
      const { ino } = statSync(path)
      expect(yield* fileAt(path).transact(noting(2))).toBe(1)
      expect(statSync(path).ino).not.toBe(ino)
      expect(statSync(path).mode & 0o777).toBe(0o600)
      expect(readFileSync(path, "utf8")).toBe(jsonOf(2))
      expect(namesIn(path)).toEqual([])
    }))

  it.scopedLive("that changes nothing writes nothing", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      const file = fileAt(path)
      yield* file.transact((cache) => [undefined, cache])
      expect(existsSync(path)).toBe(false)
      yield* file.transact(noting(1))
      const before = statSync(path, { bigint: true })
      expect(yield* file.transact((cache) => ["result", cache])).toBe("result")
      expect(statSync(path, { bigint: true })).toMatchObject({ ino: before.ino, mtimeNs: before.mtimeNs })
    }))

  it.scopedLive("that throws is a defect, and leaves neither a lock nor another file", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      const file = fileAt(path)
      yield* file.transact(noting(1))
      const exit = yield* Effect.exit(file.transact(() => {
        throw new Error("defect")
      }))
      expect(Exit.isFailure(exit)).toBe(true)
      expect(namesIn(path)).toEqual([])
      expect(yield* load(file)).toBe(1)
    }))

  it.scopedLive("that cannot be sealed leaves neither a lock nor another file", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      yield* fileAt(path).transact(noting(1))
      const file = fileAt(path, { ...CacheFile.plain, seal: () => Effect.die("defect") })
      expect(Exit.isFailure(yield* Effect.exit(file.transact(noting(2))))).toBe(true)
      expect(namesIn(path)).toEqual([])
      expect(yield* load(file)).toBe(1)
    }))

  it.scopedLive("of many is done one after the other", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      const files = [fileAt(path), fileAt(path)]
      const add = (cache: UnifiedCache.UnifiedCache) => noting(Number(noted(cache) ?? 0) + 1)(cache)
      yield* Effect.forEach([...files, ...files, ...files, ...files], (file) => file.transact(add), {
        concurrency: "unbounded"
      })
      expect(yield* Effect.forEach(files, load)).toEqual([8, 8])
      expect(namesIn(path)).toEqual([])
    }))

  it.scopedLive("starts over where the lock was lost", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      const file = fileAt(path)
      yield* file.transact(noting(1))
      const seen: Array<unknown> = []
      yield* file.transact((cache) => {
        seen.push(noted(cache))
        if (seen.length === 1) {
          unlinkSync(`${path}.lockfile`)
        }
        return noting(2)(cache)
      })
      expect(seen).toEqual([1, 1])
      expect(yield* load(file)).toBe(2)
      expect(namesIn(path)).toEqual([])
    }))

  const meddling: Readonly<Record<string, (path: string) => void>> = {
    "written by a program that heeds no lock": (path) => writeFileSync(path, jsonOf("other")),
    removed: (path) => unlinkSync(path)
  }

  it.scopedLive.each(Object.keys(meddling))(
    "starts over where the file was %s meanwhile",
    (how) =>
      Effect.gen(function*() {
        const path = yield* pathIn
        const file = fileAt(path)
        yield* file.transact(noting(1))
        const seen: Array<unknown> = []
        yield* file.transact((cache) => {
          seen.push(noted(cache))
          if (seen.length === 1) {
            meddling[how]?.(path)
          }
          return noting(2)(cache)
        })
        expect(seen).toEqual([1, how === "removed" ? undefined : "other"])
        expect(yield* load(file)).toBe(2)
      })
  )

  it.scopedLive("gives up where another program never stops writing", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      const file = fileAt(path)
      let count = 0
      const error = yield* Effect.flip(file.transact((cache) => {
        count += 1
        writeFileSync(path, jsonOf(`other ${"x".repeat(count)}`))
        return noting(2)(cache)
      }))
      expect(error).toMatchObject({ _tag: "CacheUnavailable", operation: "modify" })
      expect(error.message).toContain("without its lock")
      expect(namesIn(path)).toEqual([])
    }))

  it.scopedLive("waits for MSAL's lock, and can be interrupted there", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      const file = fileAt(path)
      writeFileSync(`${path}.lockfile`, `${process.pid} python`)
      const fibers = yield* Effect.forEach([1, 2, 3], (value) => Effect.fork(file.transact(noting(value))))
      yield* Effect.promise(() => setImmediate())
      expect(existsSync(path)).toBe(false)
      yield* Fiber.interruptAll(fibers.slice(0, 2))
      unlinkSync(`${path}.lockfile`)
      yield* Fiber.joinAll(fibers.slice(2))
      expect(yield* load(file)).toBe(3)
    }))

  it.scopedLive("waits no longer than it may", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      const file = CacheFile.make({ path, lockTimeout: Duration.millis(30), sealing: CacheFile.plain })
      writeFileSync(`${path}.lockfile`, `${process.pid} python`)
      const errors = yield* Effect.forEach([1, 2, 3], (value) => Effect.flip(file.transact(noting(value))), {
        concurrency: "unbounded"
      })
      expect(errors.map(({ operation }) => operation)).toEqual(["lock", "lock", "lock"])
      expect(namesIn(path)).toEqual(["cache.json.lockfile"])
      expect(existsSync(path)).toBe(false)
    }))

  it.scopedLive("sweeps away what a killed process left, and nothing else", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      const left = TemporaryFile.nameBeside(path).replace(`.${process.pid}-`, `.${deadProcess()}-`)
      const kept = [
        TemporaryFile.nameBeside(path),
        left.replace("cache.json", "other.json"),
        left.replace(/-[0-9a-f]{8}-/, "-00000000-"),
        `${path}.1.tmp`
      ]
      const old = TemporaryFile.nameBeside(path).replace(/-[0-9a-f]{8}-/, "-11111111-")
      for (const name of [left, left.replace("cache.json", "cache.json.lockfile"), old, ...kept]) {
        writeFileSync(name, "left")
      }
      utimesSync(old, 1, 1)
      yield* fileAt(path).transact(noting(1))
      expect(namesIn(path).sort()).toEqual(kept.map((name) => basename(name)).sort())
    }))
})

describe("an unchanged file", () => {
  it.scopedLive.each(["a moment ago", "long ago"])(
    "that was written %s is not parsed again",
    (when) =>
      Effect.gen(function*() {
        const path = yield* pathIn
        writeFileSync(path, jsonOf(1))
        if (when === "long ago") {
          age(path)
        }
        const { opened, sealing } = counting()
        const file = fileAt(path, sealing)
        const caches = yield* Effect.forEach([1, 2, 3], () => file.load("read"))
        expect(new Set(caches).size).toBe(1)
        expect(yield* file.transact((cache) => [cache, cache])).toBe(caches[0])
        expect(opened).toHaveLength(1)
      })
  )

  it.scopedLive("is not parsed after one's own change", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      const { opened, sealing } = counting()
      const file = fileAt(path, sealing)
      for (const value of [1, 2, 3]) {
        yield* file.transact(noting(value))
        expect(yield* load(file)).toBe(value)
      }
      expect(opened).toEqual([])
    }))

  it.scopedLive.each(["a moment ago", "long ago"])(
    "that was written %s is parsed once for many",
    (when) =>
      Effect.gen(function*() {
        const path = yield* pathIn
        writeFileSync(path, jsonOf(1))
        if (when === "long ago") {
          age(path)
        }
        const { opened, sealing } = counting()
        const file = fileAt(path, sealing)
        const caches = yield* Effect.forEach(Array.from({ length: 50 }), () => file.load("read"), {
          concurrency: "unbounded"
        })
        expect(new Set(caches).size).toBe(1)
        expect(opened).toHaveLength(1)
      })
  )

  it.scopedLive("is read for everyone, whoever stops waiting", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      writeFileSync(path, jsonOf(1))
      const file = fileAt(path)
      const fibers = yield* Effect.forEach([1, 2, 3, 4], () => Effect.fork(load(file)))
      yield* Fiber.interruptAll(fibers.slice(0, 2))
      expect(yield* Fiber.join(Fiber.all(fibers.slice(2)))).toEqual([1, 1])
    }))
})

describe("a file that another program writes", () => {
  it.scopedLive("is seen at once, also in place and of the same size", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      const file = fileAt(path)
      yield* file.transact(noting(0))
      for (let value = 1; value < 10; value++) {
        writeFileSync(path, jsonOf(value))
        expect(yield* load(file)).toBe(value)
      }
    }))

  it.scopedLive("is seen where it has the time that the one before it had", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      const file = fileAt(path)
      writeFileSync(path, jsonOf(1))
      age(path)
      expect(yield* load(file)).toBe(1)
      const { atime, mtime } = statSync(path)
      writeFileSync(`${path}.new`, jsonOf(2))
      utimesSync(`${path}.new`, atime, mtime)
      renameSync(`${path}.new`, path)
      expect(yield* load(file)).toBe(2)
    }))

  it.scopedLive("keeps what only other programs know", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      const foreign = {
        Unknown: { a: [1, null, { b: "c" }] },
        AccessToken: { odd: 1, odder: { secret: 2 } },
        flag: true
      }
      writeFileSync(path, JSON.stringify(foreign))
      yield* fileAt(path).transact(noting(1))
      expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ ...foreign, Noted: { value: 1 } })
    }))

  it.scopedLive("is read with a byte order mark", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      writeFileSync(path, `\uFEFF${jsonOf(1)}`)
      const file = fileAt(path)
      expect(yield* load(file)).toBe(1)
      expect(yield* file.transact(noting(2))).toBe(1)
      expect(namesIn(path)).toEqual([])
    }))

  it.scopedLive.each(["", " \n", "\uFEFF"])("is an empty cache where it reads %j", (text) =>
    Effect.gen(function*() {
      const path = yield* pathIn
      writeFileSync(path, text)
      const file = fileAt(path)
      expect(yield* load(file)).toBeUndefined()
      expect(readFileSync(path, "utf8")).toBe(text)
      expect(yield* file.transact(noting(1))).toBeUndefined()
      expect(yield* load(file)).toBe(1)
      expect(namesIn(path)).toEqual([])
    }))

  it.scopedLive.each(["half of it", "nothing"])(
    "is waited for while it has written %s, under its lock",
    (written) =>
      Effect.gen(function*() {
        const path = yield* pathIn
        const file = CacheFile.make({ path, lockTimeout: Duration.millis(30), sealing: CacheFile.plain })
        yield* file.transact(noting(1))
        const lock = `${path}.lockfile`
        writeFileSync(lock, `${process.pid} python`)
        writeFileSync(path, written === "nothing" ? "" : jsonOf(2).slice(0, 8))
        expect(yield* Effect.flip(file.load("read"))).toMatchObject({ _tag: "CacheUnavailable", operation: "lock" })
        const reading = yield* Effect.fork(load(fileAt(path)))
        writeFileSync(path, jsonOf(2))
        unlinkSync(lock)
        expect(yield* load(file)).toBe(2)
        expect(yield* Fiber.join(reading)).toBe(2)
        expect(namesIn(path)).toEqual([])
      })
  )

  it.scopedLive("is waited for where it heeds no lock", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      const half = jsonOf(2).slice(0, 8)
      const locks: Array<boolean> = []
      const file = fileAt(path, {
        ...CacheFile.plain,
        open: (text) => {
          locks.push(existsSync(`${path}.lockfile`))
          if (locks.length === 5) {
            writeFileSync(path, jsonOf(2))
          }
          return Effect.succeed(text === half ? Option.none() : Option.some(text))
        }
      })
      writeFileSync(path, half)
      // It looks as if it were written at this moment, however slow the test is.
      utimesSync(path, Date.now(), Date.now())
      expect(yield* load(file)).toBe(2)
      expect(locks.slice(0, 5)).toEqual([false, false, false, true, true])
      expect(namesIn(path)).toEqual([])
    }))
})

describe("a damaged file", () => {
  const damages: ReadonlyArray<readonly [string, Uint8Array | string]> = [
    ["half a JSON", jsonOf(1).slice(0, 8)],
    ["another JSON", "[]"],
    ["another JSON", "{\"AccessToken\":[]}"],
    ["no text", new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])],
    ["zeros", new Uint8Array(4096)]
  ]

  it.scopedLive.each(damages)(
    "that holds %s is kept aside, byte for byte, and said",
    ([, content]) =>
      Effect.gen(function*() {
        const path = yield* pathIn
        const file = fileAt(path)
        const bytes = Buffer.from(content)
        writeFileSync(path, bytes)
        chmodSync(path, 0o644)
        const start = yield* Clock.currentTimeMillis
        const { result, warnings } = yield* withWarnings(file.transact(noting("new")))
        expect(result).toBeUndefined()
        expect(yield* load(file)).toBe("new")
        const names = namesIn(path)
        expect(names).toHaveLength(1)
        const aside = join(dirname(path), names[0] ?? "")
        const time = /^cache\.json\.damaged-(\d+)-[0-9a-f]{16}$/.exec(basename(aside))?.[1]
        expect(Number(time)).toBeGreaterThanOrEqual(start)
        expect(readFileSync(aside)).toEqual(bytes)
        expect(statSync(aside).mode & 0o777).toBe(0o600)
        expect(warnings).toHaveLength(1)
        expect(warnings[0]).toMatch(/^WARN: /)
        expect(warnings[0]).toContain(aside)
        expect(warnings[0]).not.toContain(bytes.toString("latin1"))
      })
  )

  it.scopedLive("is left where it is by a read, which says so once", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      const file = fileAt(path)
      writeFileSync(path, "{\"name\": ")
      const { result, warnings } = yield* withWarnings(Effect.zip(file.load("list"), file.load("read")))
      expect(result).toEqual([UnifiedCache.empty, UnifiedCache.empty])
      expect(warnings).toEqual([expect.stringContaining(path)])
      expect(readFileSync(path, "utf8")).toBe("{\"name\": ")
      expect(namesIn(path)).toEqual([])
      yield* withWarnings(file.transact(noting("new")))
      expect(yield* load(file)).toBe("new")
      expect(namesIn(path).map((name) => readFileSync(join(dirname(path), name), "utf8"))).toEqual(["{\"name\": "])
    }))

  const suspects = ["a link", "another user's"].filter((whose) => whose === "a link" || isSuperuser)

  it.scopedLive.each(suspects)(
    "that is %s may be another program's file, and stays",
    (whose) =>
      Effect.gen(function*() {
        const path = yield* pathIn
        const target = whose === "a link" ? join(dirname(path), "profile") : path
        writeFileSync(target, "alias ls='ls -l'")
        if (whose === "a link") {
          symlinkSync(target, path)
        } else {
          chownSync(path, 65_534, 65_533)
        }
        const error = yield* Effect.flip(fileAt(path).transact(noting("new")))
        expect(error).toMatchObject({ _tag: "CacheUnavailable", operation: "modify" })
        expect(error.message).toContain("choose another path")
        expect(readFileSync(target, "utf8")).toBe("alias ls='ls -l'")
        expect(namesIn(path)).toEqual(whose === "a link" ? ["profile"] : [])
      })
  )

  it.scopedLive("is kept beside the first", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      const file = fileAt(path)
      for (const text of ["first {", "second {"]) {
        writeFileSync(path, text)
        yield* withWarnings(file.transact(noting(1)))
      }
      expect(namesIn(path).map((name) => readFileSync(join(dirname(path), name), "utf8")).sort()).toEqual([
        "first {",
        "second {"
      ])
    }))

  it.scopedLive("is one that cannot be opened", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      writeFileSync(path, jsonOf(1))
      const file = fileAt(path, { ...CacheFile.plain, open: () => Effect.succeedNone })
      yield* withWarnings(file.transact(noting(2)))
      expect(namesIn(path)).toHaveLength(1)
    }))
})

describe("a symbolic link", () => {
  it.scopedLive.each([["to a file"], ["to nowhere"]])(
    "%s stays one, and shares one lock with its target",
    ([to]) =>
      Effect.gen(function*() {
        const path = yield* pathIn
        const target = join(dirname(path), "target", "real.json")
        if (to === "to a file") {
          mkdirSync(dirname(target))
          writeFileSync(target, jsonOf(1))
        }
        symlinkSync(join("target", "real.json"), path)
        symlinkSync(path, join(dirname(path), "link.json"))
        const files = [path, target, join(dirname(path), "link.json")].map((one) => fileAt(one))
        let value = 0
        for (const file of files) {
          value += 1
          yield* file.transact((cache) => {
            expect(readdirSync(dirname(target))).toContain("real.json.lockfile")
            return noting(value)(cache)
          })
          expect(yield* Effect.forEach(files, load)).toEqual([value, value, value])
        }
        expect(lstatSync(path).isSymbolicLink()).toBe(true)
        expect(readdirSync(dirname(target))).toEqual(["real.json"])
        expect(namesIn(path).sort()).toEqual(["link.json", "target"])
      })
  )

  it.scopedLive("in its folder's path is followed before what comes after it", () =>
    Effect.gen(function*() {
      const root = yield* folder
      mkdirSync(join(root, "a", "b"), { recursive: true })
      symlinkSync(join(root, "a", "b"), join(root, "short"))
      symlinkSync("short/../cache.json", join(root, "link.json"))
      yield* fileAt(join(root, "link.json")).transact(noting(1))
      expect(readFileSync(join(root, "a", "cache.json"), "utf8")).toBe(jsonOf(1))
    }))

  it.scopedLive("to itself is an error", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      symlinkSync(path, path)
      const file = fileAt(path)
      for (const effect of [file.load("read"), file.transact(noting(1))]) {
        expect((yield* Effect.flip(effect)).message).toContain("ELOOP")
      }
    }))
})

describe("a path that cannot be used", () => {
  const expectUnavailable = (
    path: string,
    expected: { readonly load: string | undefined; readonly transact: string }
  ) =>
    Effect.gen(function*() {
      const file = fileAt(path)
      const loaded = yield* Effect.either(file.load("list"))
      if (expected.load === undefined) {
        expect(loaded).toMatchObject({ _tag: "Right" })
      } else {
        expect(loaded).toMatchObject({ _tag: "Left", left: { _tag: "CacheUnavailable", operation: "list" } })
        expect(String(loaded)).toContain(expected.load)
      }
      const error = yield* Effect.flip(file.transact(noting(1)))
      expect(error).toMatchObject({ _tag: "CacheUnavailable", operation: "modify" })
      expect(error.message).toContain(expected.transact)
      expect(error.message).toContain(dirname(path))
    })

  it.scopedLive("is a folder", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      mkdirSync(path)
      yield* expectUnavailable(path, { load: "EISDIR", transact: "EISDIR" })
      expect(namesIn(path)).toEqual([])
      expect(statSync(path).isDirectory()).toBe(true)
    }))

  it.live("is a device", () => expectUnavailable("/dev/null", { load: "EINVAL", transact: "EINVAL" }))

  it.scopedLive("goes through a file", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      writeFileSync(path, "a file")
      yield* expectUnavailable(join(path, "cache.json"), { load: "ENOTDIR", transact: "ENOTDIR" })
    }))

  it.scopedLive("has too long a name", () =>
    Effect.gen(function*() {
      const path = join(yield* folder, "x".repeat(300))
      yield* expectUnavailable(path, { load: "ENAMETOOLONG", transact: "ENAMETOOLONG" })
    }))

  it.scopedLive("is in a folder that cannot be written to", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      writeFileSync(path, jsonOf(1))
      chmodSync(path, 0o644)
      chmodSync(dirname(path), 0o555)
      yield* asNobody(Effect.gen(function*() {
        expect(yield* load(fileAt(path))).toBe(1)
        yield* expectUnavailable(path, { load: undefined, transact: "EACCES" })
      }))
      expect(namesIn(path)).toEqual([])
    }))

  it.scopedLive("cannot be read", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      writeFileSync(path, jsonOf(1))
      chmodSync(path, 0o000)
      chmodSync(dirname(path), 0o777)
      yield* asNobody(expectUnavailable(path, { load: "EACCES", transact: "EACCES" }))
      expect(readFileSync(path, "utf8")).toBe(jsonOf(1))
      expect(namesIn(path)).toEqual([])
    }))
})

describe("the superuser", () => {
  it.scopedLive.skipIf(!isSuperuser)("leaves another user's file theirs", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      writeFileSync(path, jsonOf(1))
      chownSync(path, 65_534, 65_533)
      chownSync(dirname(path), 65_534, 65_533)
      yield* fileAt(path).transact(noting(2))
      expect(statSync(path)).toMatchObject({ uid: 65_534, gid: 65_533 })
      expect(statSync(path).mode & 0o777).toBe(0o600)
    }))

  it.scopedLive.skipIf(!isSuperuser)(
    "gives nothing to another user who left a file in its folder",
    () =>
      Effect.gen(function*() {
        const path = yield* pathIn
        writeFileSync(path, jsonOf(1))
        chownSync(path, 65_534, 65_533)
        const error = yield* Effect.flip(fileAt(path).transact(noting(2)))
        expect(error).toMatchObject({ _tag: "CacheUnavailable", operation: "modify" })
        expect(error.message).toContain("belongs to the user 65534")
        expect(readFileSync(path, "utf8")).toBe(jsonOf(1))
        expect(namesIn(path)).toEqual([])
      })
  )
})

describe("a lock", () => {
  it.scopedLive("that is held is not needed to read", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      const file = fileAt(path)
      yield* file.transact(noting(1))
      const options = { operation: "modify", timeout: lockTimeout, staleAfter: lockTimeout } as const
      yield* LockFile.withLock(`${path}.lockfile`, options)(() =>
        Effect.gen(function*() {
          expect(yield* load(file)).toBe(1)
          expect(yield* load(fileAt(path))).toBe(1)
          rmSync(path)
          expect(yield* load(file)).toBeUndefined()
        })
      )
    }))
})
