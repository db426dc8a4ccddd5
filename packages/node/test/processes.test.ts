import { describe, expect, it } from "@effect/vitest"
import { TokenCache, UnifiedCache } from "@grantwork/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { PCGRandom } from "effect/Utils"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { setImmediate, setTimeout } from "node:timers/promises"
import * as FileTokenCache from "../src/FileTokenCache.js"
import type { Task } from "./support/changer.js"
import { deadProcess } from "./support/deadProcess.js"
import type { Task as FailingTask } from "./support/failingWorker.js"
import { folder } from "./support/folder.js"
import type { Task as LockTask } from "./support/lockWorker.js"
import { person, put, tokenIn } from "./support/records.js"
import * as WorkerProgram from "./support/WorkerProgram.js"

const pathIn = Effect.map(folder, (path) => join(path, "cache.json"))

const cacheAt = (path: string) =>
  Effect.map(Layer.build(FileTokenCache.layer({ path })), (context) => Context.get(context, TokenCache.TokenCache))

const namesIn = (path: string) => readdirSync(dirname(path))

/** Reads the file over and over until something has ended. */
const observe = async (path: string, end: Promise<unknown>) => {
  const seen = { whole: 0, broken: 0 }
  const over = end.then(() => true)
  while (!(await Promise.race([over, setTimeout(1, false)]))) {
    if (existsSync(path)) {
      const text = readFileSync(path, "utf8")
      seen[text !== "" && Option.isSome(UnifiedCache.parse(text)) ? "whole" : "broken"] += 1
    }
  }
  return seen
}

/** Kills after so many lines, and a moment that is different each time. */
const killAfter = (lines: number, moment: number) => {
  let count = 0
  return (kill: () => void) => {
    count += 1
    if (count === lines) {
      void (async () => {
        for (let turn = 0; turn < moment; turn++) await setImmediate()
        kill()
      })()
    }
  }
}

describe("eight processes that change one file (feature 107)", () => {
  const rounds = 12

  it.scopedLive.each([1, 2])(
    "lose nothing that was acknowledged, when some are killed (seed %i)",
    (seed) =>
      Effect.gen(function*() {
        const path = yield* pathIn
        const random = new PCGRandom(seed)
        const names = Array.from({ length: 8 }, (_, index) => `worker-${index}`)
        const victims = new Set(names.filter(() => random.integer(2) === 0).slice(0, 5))
        const program = yield* WorkerProgram.program("changer.ts")
        const workers = names.map((name) => {
          const task: Task = { path, name, rounds, lockTimeout: 30_000, bound: 45_000 }
          const mayKill = killAfter(1 + random.integer(rounds), random.integer(2000))
          const worker: WorkerProgram.Worker = program.start({
            task,
            onLine: () => victims.has(name) && mayKill(() => worker.kill())
          })
          return worker
        })
        const running = WorkerProgram.runTogether(workers)
        const seen = yield* Effect.promise(() => observe(path, running))
        const outcomes = yield* Effect.promise(() => running)

        expect(victims.size).toBeGreaterThan(1)
        expect(seen.broken).toBe(0)
        expect(seen.whole).toBeGreaterThan(10)
        const cache = yield* cacheAt(path)
        for (const [index, name] of names.entries()) {
          const outcome = outcomes[index]
          expect({ name, stderr: outcome?.stderr }).toEqual({ name, stderr: "" })
          expect(outcome).toMatchObject(victims.has(name) ? { signal: "SIGKILL" } : { code: 0 })
          for (const subject of ["shared", name]) {
            const acknowledged = outcome?.lines.filter((line) => line.startsWith(`${subject} `)).length ?? 0
            const kept = Number(tokenIn(yield* cache.read(person(subject)), name) ?? 0)
            expect(kept).toBeGreaterThanOrEqual(acknowledged)
            expect(kept).toBeLessThanOrEqual(victims.has(name) ? acknowledged + 1 : rounds)
          }
        }
        yield* put(cache, person("after"), "client", "secret")
        expect(namesIn(path)).toEqual([basename(path)])
      })
  )
})

describe("four processes that find a dead process's lock again and again", () => {
  it.scopedLive("are never inside at the same time", () =>
    Effect.gen(function*() {
      const path = join(yield* folder, "cache.json.lockfile")
      const rounds = 50
      const task: LockTask = { path, rounds, deadProcess: deadProcess() }
      const program = yield* WorkerProgram.program("lockWorker.ts")
      const workers = Array.from({ length: 4 }, () => program.start({ task }))
      const outcomes = yield* Effect.promise(() => WorkerProgram.runTogether(workers))
      expect(outcomes.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
        outcomes.map(() => ({ code: 0, stderr: "" }))
      )
      const lines = outcomes.flatMap(({ lines }) => lines)
      expect(lines).toHaveLength(4 * rounds)
      expect(lines.filter((line) => line === "taken over").length).toBeGreaterThan(10)
      expect(namesIn(path)).toEqual([basename(path)])
    }))
})

describe("a process", () => {
  const run = (path: string, task: Omit<FailingTask, "path">, mostBlocks?: number) =>
    Effect.gen(function*() {
      const program = yield* WorkerProgram.program("failingWorker.ts")
      const worker = program.start({ task: { path, ...task }, ...mostBlocks !== undefined && { mostBlocks } })
      const [outcome] = yield* Effect.promise(() => WorkerProgram.runTogether([worker]))
      return outcome
    })

  it.scopedLive("that is killed with the lock in its hand holds nobody up", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      const cache = yield* cacheAt(path)
      yield* put(cache, person("ada"), "client", "before")
      expect(yield* run(path, {})).toMatchObject({ signal: "SIGKILL", lines: [] })
      expect(namesIn(path).sort()).toEqual([basename(path), `${basename(path)}.lockfile`])
      expect(tokenIn(yield* cache.read(person("ada")), "client")).toBe("before")
      yield* put(cache, person("ada"), "client", "after")
      expect(tokenIn(yield* cache.read(person("ada")), "client")).toBe("after")
      expect(namesIn(path)).toEqual([basename(path)])
    }))

  it.scopedLive("that has no room says so, and leaves the file as it is", () =>
    Effect.gen(function*() {
      const path = yield* pathIn
      const cache = yield* cacheAt(path)
      yield* put(cache, person("grace"), "client", "before")
      const before = readFileSync(path, "utf8")
      const outcome = yield* run(path, { secret: "x".repeat(100_000) }, 8)
      expect(outcome).toMatchObject({ code: 0, stderr: "" })
      expect(JSON.parse(outcome?.lines[0] ?? "")).toEqual({
        error: { operation: "modify", message: expect.stringMatching(/EFBIG.*Make room/) },
        isEmpty: true
      })
      expect(readFileSync(path, "utf8")).toBe(before)
      expect(namesIn(path)).toEqual([basename(path)])
    }))
})
