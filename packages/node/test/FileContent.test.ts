import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { appendFileSync, statSync, utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { setImmediate } from "node:timers/promises"
import * as FileContent from "../src/FileContent.js"
import { folder } from "./support/folder.js"

const pathIn = Effect.map(folder, (path) => join(path, "file"))

const readAt = (path: string) => Effect.promise(() => FileContent.read(path))

/** In seconds, and not a whole number of them. */
const now = () => Math.floor(Date.now() / 1000) + 0.5

describe("a file's content", () => {
  it.scopedLive("is fresh where it was written a moment ago, or the clock was set back", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      writeFileSync(path, "text")
      const at = (time: number) => {
        utimesSync(path, time, time)
        return readAt(path)
      }
      expect(yield* at(now() - 100)).toMatchObject({ text: "text", isFresh: false, isTorn: false })
      expect(yield* at(now() + 100)).toMatchObject({ text: "text", isFresh: true, isTorn: false })
    }))

  it.scopedLive.each([
    { ago: 0.049, isFresh: true },
    { ago: 0.051, isFresh: false }
  ])("written $ago seconds ago is fresh: $isFresh", ({ ago, isFresh }) =>
    Effect.gen(function*() {
      const path = yield* pathIn
      writeFileSync(path, "text")
      const time = now()
      utimesSync(path, time, time)
      expect(FileContent.isFresh(statSync(path, { bigint: true }), (time + ago) * 1000)).toBe(isFresh)
    }))

  it.scopedLive("is fresh for longer where the file system counts in seconds", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      writeFileSync(path, "text")
      const time = Math.floor(Date.now() / 1000)
      utimesSync(path, time, time)
      const stats = statSync(path, { bigint: true })
      expect(FileContent.isFresh(stats, (time + 1.9) * 1000)).toBe(true)
      expect(FileContent.isFresh(stats, (time + 2.1) * 1000)).toBe(false)
    }))

  it.scopedLive("is torn where it is written while it is read", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      writeFileSync(path, "x".repeat(16 * 1024 * 1024))
      const content = yield* Effect.promise(async () => {
        const reading = FileContent.read(path)
        const over = reading.then(() => true)
        while (!(await Promise.race([over, setImmediate(false)]))) {
          appendFileSync(path, "y")
        }
        return reading
      })
      expect(content.isTorn).toBe(true)
    }))

  it.scopedLive("is no text where it is not UTF-8", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      writeFileSync(path, new Uint8Array([0x22, 0xc3, 0x28, 0x22]))
      expect((yield* readAt(path)).text).toBeUndefined()
      writeFileSync(path, "\uFEFF\"é\u{1F511}\"")
      expect((yield* readAt(path)).text).toBe("\"é\u{1F511}\"")
    }))

  it.scopedLive("has an identity that its identity later is compared with", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      expect(yield* readAt(path)).toBe(FileContent.missing)
      expect(FileContent.identityNow(path)).toBe(FileContent.missing.identity)
      writeFileSync(path, "text")
      const { identity } = yield* readAt(path)
      expect(identity).not.toBe(FileContent.missing.identity)
      expect(FileContent.identityNow(path)).toBe(identity)
      expect(yield* Effect.promise(() => FileContent.identityAt(path))).toBe(identity)
      writeFileSync(path, "texts")
      expect(FileContent.identityNow(path)).not.toBe(identity)
    }))
})
