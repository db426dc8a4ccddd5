import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { utimesSync, writeFileSync } from "node:fs"
import type * as FileSystem from "node:fs/promises"
import { open } from "node:fs/promises"
import { join } from "node:path"
import { vi } from "vitest"
import * as CacheFile from "../src/CacheFile.js"
import { folder } from "./support/folder.js"

vi.mock("node:fs/promises", async (importOriginal) => {
  const real = await importOriginal<typeof FileSystem>()
  return { ...real, open: vi.fn<typeof real.open>(real.open) }
})

/** How often the file is opened while it is loaded, when it looks as if it were changed so many seconds ago. */
const opens = (secondsAgo: number, loads: number, concurrency: number) =>
  Effect.gen(function*() {
    const path = join(yield* folder, "cache.json")
    writeFileSync(path, "{}")
    const time = Math.floor(Date.now() / 1000) + 0.5 - secondsAgo
    utimesSync(path, time, time)
    const file = CacheFile.make({ path, lockTimeout: Duration.seconds(30), sealing: CacheFile.plain })
    vi.mocked(open).mockClear()
    yield* Effect.forEach(Array.from({ length: loads }), () => file.load("read"), { concurrency })
    return vi.mocked(open).mock.calls.length
  })

describe("a file is opened", () => {
  it.scopedLive("once where it is unchanged", () =>
    Effect.gen(function*() {
      expect(yield* opens(100, 5, 1)).toBe(1)
    }))

  it.scopedLive("each time where a change of this moment may look the same", () =>
    Effect.gen(function*() {
      expect(yield* opens(-100, 5, 1)).toBe(5)
    }))

  it.scopedLive("once or twice for many at the same time", () =>
    Effect.gen(function*() {
      expect(yield* opens(100, 100, 100)).toBeLessThanOrEqual(2)
      expect(yield* opens(-100, 100, 100)).toBeLessThanOrEqual(3)
    }))
})
