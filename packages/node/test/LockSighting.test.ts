import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { execFileSync } from "node:child_process"
import { symlinkSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as LockOwner from "../src/LockOwner.js"
import * as LockSighting from "../src/LockSighting.js"
import { folder } from "./support/folder.js"

const second = 1000

const short: LockSighting.Patience = { staleAfter: Duration.seconds(20), timeout: Duration.seconds(30) }
const long: LockSighting.Patience = {
  staleAfter: Duration.seconds(30),
  heartbeat: Duration.seconds(5),
  timeout: Duration.seconds(60)
}

/** A lock touched so many milliseconds ago. */
const touched = (ago: number, text = String(process.pid)): LockSighting.LockSighting => ({
  isRegular: true,
  identity: "identity",
  touchedAt: Date.now() - ago,
  text
})

const ours = (processId: number, place = LockOwner.place()) => `${processId} grantwork ${place}@ token`

const isLinux = process.platform === "linux"
const gone = 123_456_789

describe("a lock counts as left behind", () => {
  it.each([
    { of: "a living process", sighting: touched(15 * second), watched: 0, patience: short, isDead: false },
    {
      of: "a living process that is too slow",
      sighting: touched(21 * second),
      watched: second,
      patience: short,
      isDead: false
    },
    {
      of: "a living process that is too slow",
      sighting: touched(21 * second),
      watched: 2 * second,
      patience: short,
      isDead: true
    },
    { of: "a clock that was set back", sighting: touched(-1e9), watched: 19 * second, patience: short, isDead: false },
    { of: "a clock that was set back", sighting: touched(-1e9), watched: 20 * second, patience: short, isDead: true },
    { of: "a host that has slept", sighting: touched(1e9), watched: 9 * second, patience: long, isDead: false },
    { of: "a host that has slept", sighting: touched(1e9), watched: 10 * second, patience: long, isDead: true },
    {
      of: "a host that has slept, to someone in a hurry",
      sighting: touched(1e9),
      watched: second,
      patience: { ...long, timeout: Duration.seconds(2) },
      isDead: true
    },
    { of: "a dead process", sighting: touched(0, ours(gone)), watched: 0, patience: long, isDead: true },
    { of: "a dead process", sighting: touched(0, ours(gone)), watched: 0, patience: short, isDead: true },
    {
      of: "a process elsewhere",
      sighting: touched(0, ours(gone, "elsewhere")),
      watched: 0,
      patience: short,
      isDead: false
    },
    { of: "MSAL's dead process", sighting: touched(0, String(gone)), watched: 0, patience: short, isDead: false },
    {
      of: "MSAL's dead process",
      sighting: touched(2 * second, String(gone)),
      watched: 0,
      patience: short,
      isDead: true
    },
    {
      of: "MSAL's dead process",
      sighting: touched(-1e9, String(gone)),
      watched: 2 * second,
      patience: short,
      isDead: true
    },
    {
      of: "something else than a file",
      sighting: { ...touched(1e9), isRegular: false },
      watched: 1e9,
      patience: short,
      isDead: false
    }
  ])("$of: $isDead", ({ isDead, patience, sighting, watched }) => {
    expect(LockSighting.isDead(sighting, watched, patience)).toBe(isDead)
  })
})

describe("who holds a lock", () => {
  it.each([
    ["12", { processId: 12, isHere: true, namesPlace: false }],
    ["12 /usr/bin/app.py --flag", { processId: 12, isHere: true, namesPlace: false }],
    ["12\n", { processId: 12, isHere: true, namesPlace: false }],
    ["12 grantwork elsewhere token", { processId: 12, isHere: false, namesPlace: true }],
    ["12 grantwork elsewhere@34 token", { processId: 12, isHere: false, namesPlace: true, startedAt: "34" }],
    [ours(12), { processId: 12, isHere: true, namesPlace: true }],
    ["12 grantwork", { processId: 12, isHere: true, namesPlace: false }],
    ["", undefined],
    ["0", undefined],
    ["-1", undefined],
    ["2147483648", undefined],
    ["1e3", undefined],
    ["python 12", undefined],
    ["\0", undefined]
  ])("%j", (text, owner) => {
    expect(LockOwner.parse(text)).toEqual(owner && { startedAt: "", ...owner })
  })

  it("is this process", () => {
    const owner = LockOwner.parse(LockOwner.line("token"))
    expect(owner).toMatchObject({ processId: process.pid, isHere: true, namesPlace: true })
    expect(owner && LockOwner.hasEnded(owner)).toBe(false)
    expect(LockOwner.isGone(process.pid)).toBe(false)
    expect(LockOwner.isGone(gone)).toBe(true)
  })

  it.runIf(isLinux)("has ended where its number is another process's now", () => {
    const text = LockOwner.line("token").replace(/@\d+ /, "@1 ")
    expect(text).toContain("@1 token")
    const owner = LockOwner.parse(text)
    expect(owner && LockOwner.hasEnded(owner)).toBe(true)
    expect(LockSighting.isDead(touched(0, text), 0, long)).toBe(true)
    expect(LockSighting.isDead(touched(0, text.replace(/@1 /, "@ ")), 0, long)).toBe(false)
    expect(LockSighting.isDead(touched(0, text.replace(/grantwork /, "grantwork elsewhere-")), 0, long)).toBe(false)
  })
})

describe("what stands in a lock file", () => {
  const atOnce = (make: (path: string) => void) =>
    Effect.gen(function*() {
      const path = join(yield* folder, "cache.json.lockfile")
      make(path)
      return LockSighting.textOf(path)
    })

  it.scopedLive("is its beginning, however much there is", () =>
    Effect.gen(function*() {
      const text = yield* atOnce((path) => {
        writeFileSync(path, "12 python")
        truncateSync(path, 2 ** 40)
      })
      expect(text).toHaveLength(1024)
      expect(text.startsWith("12 python\0")).toBe(true)
    }))

  it.scopedLive.skipIf(process.platform === "win32")(
    "is nothing in a pipe, and nobody waits for a writer",
    () =>
      Effect.gen(function*() {
        expect(yield* atOnce((path) => execFileSync("mkfifo", [path]))).toBe("")
      })
  )

  it.scopedLive("is not what a link leads to", () =>
    Effect.gen(function*() {
      const text = yield* atOnce((path) => {
        writeFileSync(`${path}.other`, "12 python")
        symlinkSync(`${path}.other`, path)
      })
      expect(text).toBe("")
    }))
})
