import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as FileSystem from "node:fs"
import { linkSync, readdirSync, readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { vi } from "vitest"
import * as LockEntry from "../src/LockEntry.js"
import * as LockSighting from "../src/LockSighting.js"
import { folder } from "./support/folder.js"

vi.mock("node:fs", async (importOriginal) => {
  const real = await importOriginal<typeof FileSystem>()
  return {
    ...real,
    renameSync: vi.fn<typeof real.renameSync>(real.renameSync),
    linkSync: vi.fn<typeof real.linkSync>(real.linkSync)
  }
})

const real = await vi.importActual<typeof FileSystem>("node:fs")

/** A dead process's lock, which has been judged. */
const judged = Effect.gen(function*() {
  const path = join(yield* folder, "cache.json.lockfile")
  writeFileSync(path, "dead")
  const sighting = LockSighting.look(path)
  if (sighting === undefined) throw new Error("There is no lock.")
  return { path, sighting }
})

/** Does something else just before, and just after, the next rename. */
const around = (before: () => void, after: () => void = () => {}) =>
  vi.mocked(renameSync).mockImplementationOnce((from, to) => {
    before()
    real.renameSync(from, to)
    after()
  })

const takenByAnother = (path: string) => () => {
  unlinkSync(path)
  writeFileSync(path, "another")
}

const expectAlone = (path: string, text: string) => {
  expect(readdirSync(dirname(path))).toEqual([basename(path)])
  expect(readFileSync(path, "utf8")).toBe(text)
}

describe("a judged lock", () => {
  it.scopedLive("is moved away", () =>
    Effect.gen(function*() {
      const { path, sighting } = yield* judged
      expect(LockEntry.moveAway(path, sighting)).toBe(true)
      expect(readdirSync(dirname(path))).toEqual([])
      expect(LockEntry.moveAway(path, sighting)).toBe(false)
    }))

  it.scopedLive("is left where another one is in its place", () =>
    Effect.gen(function*() {
      const { path, sighting } = yield* judged
      takenByAnother(path)()
      expect(LockEntry.moveAway(path, sighting)).toBe(false)
      expectAlone(path, "another")
    }))

  it.scopedLive("is put back where another one came into its place at the last moment", () =>
    Effect.gen(function*() {
      const { path, sighting } = yield* judged
      let inode = 0
      around(() => {
        takenByAnother(path)()
        inode = statSync(path).ino
      })
      expect(LockEntry.moveAway(path, sighting)).toBe(false)
      expectAlone(path, "another")
      expect(statSync(path).ino).toBe(inode)
    }))

  it.scopedLive("is put back where the file system knows no links", () =>
    Effect.gen(function*() {
      const { path, sighting } = yield* judged
      around(takenByAnother(path))
      vi.mocked(linkSync).mockImplementationOnce(() => {
        throw Object.assign(new Error("No links."), { code: "EPERM" })
      })
      expect(LockEntry.moveAway(path, sighting)).toBe(false)
      expectAlone(path, "another")
    }))

  it.scopedLive("is not put back over a third one", () =>
    Effect.gen(function*() {
      const { path, sighting } = yield* judged
      around(takenByAnother(path), () => writeFileSync(path, "third"))
      expect(LockEntry.moveAway(path, sighting)).toBe(false)
      expectAlone(path, "third")
    }))
})
