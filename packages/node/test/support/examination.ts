import { expect } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import { chmodSync, lstatSync, readdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import * as CacheDoctor from "../../src/CacheDoctor.js"
import * as CacheSample from "./cacheSample.js"
import { folder } from "./folder.js"

/** Where a cache file can be, in a folder of its own. */
export const file = Effect.map(folder, (path) => join(path, "cache.json"))

/** Writes a file with permissions. */
export const write = (path: string, text: string | Uint8Array, mode = 0o600) => {
  writeFileSync(path, text)
  chmodSync(path, mode)
}

/** All that there is in a folder, down to the times. */
const everythingIn = (path: string) =>
  readdirSync(path, { recursive: true, encoding: "utf8" }).toSorted().map((name) => {
    const { gid, ino, mode, mtimeMs, size, uid } = lstatSync(join(path, name))
    return { name, gid, ino, mode, mtimeMs, size, uid }
  })

/** Examines while the time is that of the sample, and sees to it that nothing is changed meanwhile. */
export const examine = (path: string) =>
  Effect.gen(function*() {
    yield* TestClock.setTime(CacheSample.now * 1000)
    const before = everythingIn(dirname(path))
    const findings = yield* CacheDoctor.examine({ path })
    expect(everythingIn(dirname(path))).toEqual(before)
    return findings
  })

/** A folder with a cache in it, by its path and that of the folder. */
export interface Place {
  readonly path: string
  readonly folder: string
}

export type Expected = ReadonlyArray<object>

/** Arranges what is found, and sees to it that nothing else is. */
export const check = (arrange: (place: Place) => Expected) =>
  Effect.gen(function*() {
    const path = yield* file
    const expected = yield* Effect.sync(() => arrange({ path, folder: dirname(path) }))
    const findings = yield* examine(path)
    expect(findings).toEqual(expected)
    for (const finding of findings) {
      expect(CacheDoctor.describe(finding)).toMatch(/^\S.{20,}\.$/s)
    }
  })
