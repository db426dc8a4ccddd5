import { describe, expect, it } from "@effect/vitest"
import type { AuthError } from "@grantwork/core"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync
} from "node:fs"
import { dirname, join } from "node:path"
import * as LockFile from "../src/LockFile.js"
import * as LockOwner from "../src/LockOwner.js"
import { deadProcess } from "./support/deadProcess.js"
import { folder } from "./support/folder.js"

const options: LockFile.Options = {
  operation: "modify",
  timeout: Duration.seconds(30),
  staleAfter: Duration.seconds(20)
}

/** Waits for no longer than it takes to look a few times. */
const impatient: LockFile.Options = { ...options, timeout: Duration.millis(30) }

const lockIn = Effect.map(folder, (path) => join(path, "cache.json.lockfile"))

/** Leaves a lock there, touched so many seconds ago. */
const leave = (path: string, text: string, secondsAgo = 0) =>
  Effect.sync(() => {
    writeFileSync(path, text)
    const then = Date.now() / 1000 - secondsAgo
    utimesSync(path, then, then)
  })

const take = (path: string, options: LockFile.Options) => LockFile.withLock(path, options)(Effect.succeed)

const expectRefused = (path: string, effect: Effect.Effect<unknown, AuthError.CacheUnavailable>) =>
  Effect.gen(function*() {
    const before = readFileSync(path, "utf8")
    const error = yield* Effect.flip(effect)
    expect(error).toMatchObject({ _tag: "CacheUnavailable", operation: "lock" })
    expect(error.message).toContain(path)
    expect(readFileSync(path, "utf8")).toBe(before)
    return error.message
  })

const expectClean = (path: string) => expect(readdirSync(dirname(path))).toEqual([])

/** Takes the lock in a fiber of its own. */
const hold = (path: string, options: LockFile.Options) =>
  Effect.gen(function*() {
    const isHeld = yield* Deferred.make<LockFile.Held>()
    const release = yield* Deferred.make<void>()
    const fiber = yield* Effect.fork(
      LockFile.withLock(path, options)((held) =>
        Effect.zipRight(Deferred.succeed(isHeld, held), Deferred.await(release))
      )
    )
    return {
      fiber,
      held: yield* Deferred.await(isHeld),
      release: Effect.zipRight(Deferred.succeed(release, undefined), Fiber.join(fiber))
    }
  })

const until = (condition: () => boolean) =>
  Effect.repeat(Effect.sync(condition), { schedule: Schedule.spaced("1 millis"), until: (is) => is })

describe("a free lock", () => {
  it.scopedLive("is a private file that begins with the number of the process", () =>
    Effect.gen(function*() {
      const path = yield* lockIn
      yield* LockFile.withLock(path, options)((held) =>
        Effect.sync(() => {
          expect(readFileSync(path, "utf8")).toMatch(new RegExp(`^${process.pid} grantwork \\S+ \\S+$`))
          expect(statSync(path).mode & 0o777).toBe(0o600)
          expect(held).toMatchObject({ isTakenOver: false })
          expect(held.isStillOurs()).toBe(true)
        })
      )
      expectClean(path)
    }))

  it.scopedLive("is free again after a failure, a defect and an interruption", () =>
    Effect.gen(function*() {
      const path = yield* lockIn
      expect(yield* Effect.flip(LockFile.withLock(path, options)(() => Effect.fail("failure")))).toBe("failure")
      expectClean(path)
      expect(Exit.isFailure(yield* Effect.exit(LockFile.withLock(path, options)(() => Effect.die("defect"))))).toBe(
        true
      )
      expectClean(path)
      const thrown = yield* Effect.exit(
        LockFile.withLock(path, options)((): Effect.Effect<void> => {
          throw new Error("thrown")
        })
      )
      expect(Exit.isFailure(thrown)).toBe(true)
      expectClean(path)
      const { fiber } = yield* hold(path, options)
      yield* Fiber.interrupt(fiber)
      expectClean(path)
    }))

  it.scopedLive("cannot be taken where there is no folder", () =>
    Effect.gen(function*() {
      const path = join(yield* folder, "nowhere", "cache.json.lockfile")
      const error = yield* Effect.flip(take(path, options))
      expect(error).toMatchObject({ _tag: "CacheUnavailable", operation: "modify" })
      expect(error.message).toContain("ENOENT")
    }))
})

describe("a lock that is held", () => {
  it.scopedLive("lets one at a time pass, and all in the end", () =>
    Effect.gen(function*() {
      const path = yield* lockIn
      let inside = 0
      let most = 0
      const enter = Effect.gen(function*() {
        inside += 1
        most = Math.max(most, inside)
        yield* Effect.promise(() => new Promise(setImmediate))
        inside -= 1
      })
      yield* Effect.forEach(Array.from({ length: 20 }), () => LockFile.withLock(path, options)(() => enter), {
        concurrency: "unbounded"
      })
      expect(most).toBe(1)
      expectClean(path)
    }))

  it.scopedLive("is waited for no longer than allowed, and the error says who holds it", () =>
    Effect.gen(function*() {
      const path = yield* lockIn
      const { release } = yield* hold(path, options)
      const message = yield* expectRefused(path, take(path, impatient))
      expect(message).toContain(`held by process ${process.pid}.`)
      yield* release
      yield* take(path, impatient)
    }))

  it.scopedLive("is not waited for by whoever is interrupted", () =>
    Effect.gen(function*() {
      const path = yield* lockIn
      const { release } = yield* hold(path, options)
      const waiting = yield* Effect.fork(take(path, options))
      yield* Effect.promise(() => new Promise(setImmediate))
      yield* Fiber.interrupt(waiting)
      expect(existsSync(path)).toBe(true)
      yield* release
      expectClean(path)
    }))

  it.scopedLive("is touched for as long as it is held", () =>
    Effect.gen(function*() {
      const path = yield* lockIn
      const { release } = yield* hold(path, { ...options, heartbeat: Duration.millis(1) })
      utimesSync(path, 1, 1)
      yield* until(() => statSync(path).mtimeMs > 1000)
      yield* release
      expectClean(path)
    }))

  it.scopedLive("is left to whoever took it away", () =>
    Effect.gen(function*() {
      const path = yield* lockIn
      const { held, release } = yield* hold(path, { ...options, heartbeat: Duration.millis(1) })
      unlinkSync(path)
      expect(held.isStillOurs()).toBe(false)
      yield* leave(path, `${process.pid} another`, 1000)
      const { mtimeMs } = statSync(path)
      expect(held.isStillOurs()).toBe(false)
      // Both hearts have beaten since, when the second one has.
      const second = yield* hold(`${path}-2`, { ...options, heartbeat: Duration.millis(2) })
      utimesSync(`${path}-2`, 1, 1)
      yield* until(() => statSync(`${path}-2`).mtimeMs > 1000)
      yield* second.release
      yield* release
      expect(readFileSync(path, "utf8")).toBe(`${process.pid} another`)
      expect(statSync(path).mtimeMs).toBe(mtimeMs)
    }))

  it.scopedLive.each(["", " /usr/bin/app.py"])(
    "of MSAL's is respected, with %j after the process",
    (rest) =>
      Effect.gen(function*() {
        const path = yield* lockIn
        yield* leave(path, `${process.pid}${rest}`, 15)
        expect(yield* expectRefused(path, take(path, impatient))).toContain(`held by process ${process.pid}.`)
      })
  )

  it.scopedLive("is not a folder", () =>
    Effect.gen(function*() {
      const path = yield* lockIn
      mkdirSync(path)
      utimesSync(path, 1, 1)
      const error = yield* Effect.flip(take(path, impatient))
      expect(error).toMatchObject({ _tag: "CacheUnavailable", operation: "lock" })
      expect(statSync(path).isDirectory()).toBe(true)
    }))
})

describe("a lock whose holder is dead", () => {
  const expectTaken = (path: string, options: LockFile.Options) =>
    Effect.gen(function*() {
      expect((yield* take(path, options)).isTakenOver).toBe(true)
      expectClean(path)
    })

  it.scopedLive("is taken over at once", () =>
    Effect.gen(function*() {
      const path = yield* lockIn
      yield* leave(path, LockOwner.line("token").replace(/^\d+/, String(deadProcess())))
      yield* expectTaken(path, impatient)
    }))

  it.scopedLive.each(["123456789", "123456789 python", "123456789\n"])(
    "is taken over where it reads %j",
    (text) =>
      Effect.gen(function*() {
        const path = yield* lockIn
        yield* leave(path, text)
        yield* expectRefused(path, take(path, impatient))
        yield* leave(path, text, 3)
        yield* expectTaken(path, impatient)
      })
  )

  it.scopedLive("of another host or container is taken over by its age", () =>
    Effect.gen(function*() {
      const path = yield* lockIn
      const text = LockOwner.line("token").replace(/^\d+ grantwork /, `${deadProcess()} grantwork another-`)
      yield* leave(path, text, 15)
      expect(yield* expectRefused(path, take(path, impatient))).toContain("of another host or container")
      yield* leave(path, text, 21)
      yield* expectTaken(path, impatient)
    }))

  it.scopedLive.each(["", " ", "garbled", "\0\0", "0", "-5", "99999999999", "12x", `${process.pid}`, "{}"])(
    "is taken over by its age where it reads %j",
    (text) =>
      Effect.gen(function*() {
        const path = yield* lockIn
        yield* leave(path, text, 15)
        yield* expectRefused(path, take(path, impatient))
        yield* leave(path, text, 21)
        yield* expectTaken(path, impatient)
      })
  )

  it.scopedLive("is taken over once it has been watched for as long, whatever its time", () =>
    Effect.gen(function*() {
      const path = yield* lockIn
      yield* leave(path, "garbled", -1_000_000)
      yield* expectTaken(path, { ...options, staleAfter: Duration.millis(30) })
    }))

  it.scopedLive("is taken over by one of many", () =>
    Effect.gen(function*() {
      const path = yield* lockIn
      yield* leave(path, LockOwner.line("token").replace(/^\d+/, String(deadProcess())))
      const taken = yield* Effect.forEach(Array.from({ length: 20 }), () => take(path, options), {
        concurrency: "unbounded"
      })
      expect(taken.filter(({ isTakenOver }) => isTakenOver)).toHaveLength(1)
      expectClean(path)
    }))
})
