import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import { chmodSync, chownSync, mkdirSync, readdirSync, symlinkSync, utimesSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import * as CacheDoctor from "../src/CacheDoctor.js"
import * as CacheFile from "../src/CacheFile.js"
import * as FileTokenCache from "../src/FileTokenCache.js"
import * as KeychainKey from "../src/KeychainKey.js"
import * as LockFile from "../src/LockFile.js"
import * as TemporaryFile from "../src/TemporaryFile.js"
import { asNobody, isSuperuser } from "./support/asNobody.js"
import * as CacheSample from "./support/cacheSample.js"
import { deadProcess } from "./support/deadProcess.js"
import { check, examine, file, write } from "./support/examination.js"
import { folder } from "./support/folder.js"
import { person, put } from "./support/records.js"

describe("the file", () => {
  it.scoped.each([0o600, 0o400, 0o700, 0o604, 0o640, 0o620, 0o666, 0o4611])(
    "of mode %o",
    (mode) =>
      check(({ path }) => {
        write(path, "{}", mode)
        return (mode & 0o077) === 0 ? [] : [{ _tag: "FileOpenToOthers", severity: "problem", path, mode }]
      })
  )

  it.scoped.each([0o700, 0o755, 0o500, 0o720, 0o702, 0o1777])(
    "in a folder of mode %o",
    (mode) =>
      check(({ folder, path }) => {
        write(path, "{}")
        chmodSync(folder, mode)
        return (mode & 0o022) === 0 ? [] : [{ _tag: "FolderOpenToOthers", severity: "problem", path: folder, mode }]
      })
  )

  it.scoped("that is missing", () => check(({ path }) => [{ _tag: "FileMissing", severity: "notice", path }]))

  it.scoped("that is missing with its folder", () =>
    Effect.gen(function*() {
      const path = join(yield* folder, "no", "folder", "cache.json")
      expect(yield* CacheDoctor.examine({ path })).toEqual([{ _tag: "FileMissing", severity: "notice", path }])
    }))

  it.scoped("that a link leads to", () =>
    Effect.gen(function*() {
      const target = join(yield* folder, "target.json")
      const path = yield* file
      write(target, "{", 0o644)
      write(`${target}.lockfile`, "")
      symlinkSync(target, path)
      expect(yield* examine(path)).toEqual([
        { _tag: "FileOpenToOthers", severity: "problem", path: target, mode: 0o644 },
        { _tag: "FileDamaged", severity: "problem", path: target },
        { _tag: "LockHeld", severity: "notice", path: `${target}.lockfile`, lock: "file", processId: undefined }
      ])
    }))

  it.scoped("that is in the place of the folder", () =>
    Effect.gen(function*() {
      const path = join(yield* file, "cache.json")
      write(dirname(path), "")
      expect((yield* CacheDoctor.examine({ path })).map(({ _tag }) => _tag)).toEqual(["Unreadable", "Unreadable"])
    }))

  it.scoped.each(["folder", "circle of links"])("that is a %s", (kind) =>
    Effect.gen(function*() {
      const path = yield* file
      yield* Effect.sync(() => kind === "folder" ? mkdirSync(path, 0o700) : symlinkSync(path, path))
      const reason = expect.stringMatching(
        kind === "folder"
          ? /^The token cache \S+ cannot be read \(EISDIR\)\. There is a folder in its place/
          : /^The token cache \S+ cannot be read \(ELOOP\)\. Its symbolic links lead in a circle/
      )
      expect(yield* examine(path)).toEqual([{ _tag: "Unreadable", severity: "problem", path, reason }])
    }))

  it.scoped("of another user, who lets nobody else read", () =>
    Effect.gen(function*() {
      const path = yield* file
      const owner = 4242
      // Only the superuser can give files away.
      if (!isSuperuser) {
        expect(yield* CacheDoctor.examine({ path: "/etc/passwd" })).toContainEqual({
          _tag: "OfAnotherUser",
          severity: "problem",
          path: "/etc/passwd",
          userId: 0
        })
        return
      }
      write(path, "{}")
      chmodSync(dirname(path), 0o755)
      chownSync(path, owner, owner)
      const ofAnother = { _tag: "OfAnotherUser", severity: "problem", path, userId: owner }
      expect(yield* examine(path)).toEqual([ofAnother])
      expect(yield* asNobody(examine(path))).toEqual([{
        _tag: "Unreadable",
        severity: "problem",
        path,
        reason: expect.stringContaining("(EACCES)")
      }])
      chmodSync(path, 0o644)
      chownSync(dirname(path), owner, owner)
      expect((yield* asNobody(examine(path))).map(({ _tag, ...rest }) => ("path" in rest ? [_tag, rest.path] : [_tag])))
        .toEqual([["FileOpenToOthers", path], ["OfAnotherUser", path], ["OfAnotherUser", dirname(path)]])
    }))

  it.effect.each(["", "\0", "a\0b"])("that cannot be: %j", (path) =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(CacheDoctor.examine({ path }))
      expect({ ...error }).toMatchObject({ _tag: "CacheUnavailable", operation: "read" })
    }))
})

describe("beside the file", () => {
  const locks = { file: ".lockfile", refresh: ".refresh-0123456789abcdef.lockfile", key: ".key.lockfile" }
  const secondsBefore = (seconds: number) => CacheSample.now - seconds
  const dead = deadProcess()

  const cases = Object.entries(locks).flatMap(([lock, ending]) =>
    ([
      ["a live process", `${process.pid} grantwork elsewhere/1 token`, 59, "LockHeld", process.pid],
      ["a live process of MSAL's", `${process.pid} python`, 59, "LockHeld", process.pid],
      ["a process elsewhere", `${dead} grantwork elsewhere/1 token`, 59, "LockHeld", dead],
      ["a process that has not said which", "", 59, "LockHeld", undefined],
      ["a dead process", `${dead} python`, 0, "LockLeft", dead],
      ["a live process that leaves it alone", `${process.pid} python`, 60, "LockLeft", process.pid],
      ["a process elsewhere that leaves it alone", `${dead} grantwork elsewhere/1 token`, 60, "LockLeft", dead]
    ] as const).map(([holder, text, age, tag, processId]) => ({ lock, ending, holder, text, age, tag, processId }))
  )

  it.scoped.each(cases)(
    "a $lock lock of $holder",
    ({ age, ending, lock, processId, tag, text }) =>
      check(({ path }) => {
        write(path, "{}")
        write(`${path}${ending}`, text)
        utimesSync(`${path}${ending}`, secondsBefore(age), secondsBefore(age))
        const severity = tag === "LockHeld" ? "notice" : "problem"
        return [{ _tag: tag, severity, path: `${path}${ending}`, lock, processId }]
      })
  )

  it.scoped("a lock that is a folder", () =>
    check(({ path }) => {
      write(path, "{}")
      mkdirSync(`${path}.lockfile`)
      return [{ _tag: "LockLeft", severity: "problem", path: `${path}.lockfile`, lock: "file", processId: undefined }]
    }))

  it.scopedLive("locks as they are held", () =>
    Effect.gen(function*() {
      const path = yield* file
      const cache = FileTokenCache.make(yield* FileTokenCache.settings({ path }), CacheFile.plain)
      const patience = { timeout: Duration.seconds(1), staleAfter: Duration.seconds(30) }
      const findings = yield* CacheDoctor.examine({ path }).pipe(
        cache.withRefreshLock("name"),
        (examined) => LockFile.withLock(`${path}.lockfile`, { operation: "modify", ...patience })(() => examined),
        (examined) =>
          LockFile.withLock(KeychainKey.lockPath(path), { operation: "modify", ...patience })(() => examined)
      )
      const held = { _tag: "LockHeld", severity: "notice", processId: process.pid }
      expect(findings).toEqual([
        { _tag: "FileMissing", severity: "notice", path },
        { ...held, lock: "key", path: `${path}.key.lockfile` },
        { ...held, lock: "file", path: `${path}.lockfile` },
        { ...held, lock: "refresh", path: expect.stringContaining(`${path}.refresh-`) }
      ])
    }))

  it.scopedLive("a damaged file that was moved aside", () =>
    Effect.gen(function*() {
      const path = yield* file
      write(path, "{")
      const cache = FileTokenCache.make(yield* FileTokenCache.settings({ path }), CacheFile.plain)
      yield* Effect.provide(put(cache, person("ada"), "client", "secret"), Logger.remove(Logger.defaultLogger))
      expect((yield* CacheDoctor.examine({ path })).filter(({ _tag }) => _tag !== "RefreshTokensWithoutAccount"))
        .toEqual([
          { _tag: "DamagedFileKept", severity: "notice", path: expect.stringContaining(`${path}.damaged-`) }
        ])
    }))

  it.scoped("temporary files of processes that are gone, and no others", () =>
    check(({ path }) => {
      write(path, "{}")
      const ours = TemporaryFile.nameBeside(path)
      const left = ours.replace(`.${process.pid}-`, `.${dead}-`)
      write(ours, "")
      write(left, "")
      write(TemporaryFile.nameBeside(`${path}.lockfile`).replace(`.${process.pid}-`, `.${dead}-`), "")
      write(`${path}.tmp`, "")
      write(join(dirname(path), `other-${basename(left)}`), "")
      const found = { _tag: "TemporaryFileLeft", severity: "notice", processId: dead }
      return readdirSync(dirname(path))
        .filter((name) => name.startsWith("cache.json.") && name.includes(`.${dead}-`))
        .toSorted()
        .map((name) => ({ ...found, path: join(dirname(path), name) }))
    }))
})
