import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { closeSync, openSync, unlinkSync, writeFileSync } from "node:fs"
import * as LockFile from "../../src/LockFile.js"
import * as LockOwner from "../../src/LockOwner.js"
import { say, starting } from "./starting.js"

/** What the process is told, as JSON. */
export interface Task {
  readonly path: string
  readonly rounds: number
  readonly deadProcess: number
}

const { deadProcess, path, rounds }: Task = JSON.parse(process.argv[2] ?? "")

/** Alone, whoever is inside can make a file that nobody else has made. */
const enter = Effect.gen(function*() {
  closeSync(openSync(`${path}.inside`, "wx"))
  yield* Effect.promise(() => new Promise(setImmediate))
  unlinkSync(`${path}.inside`)
})

const leaveDeadLock = Effect.sync(() => {
  try {
    writeFileSync(path, LockOwner.line("token").replace(/^\d+/, String(deadProcess)), { flag: "wx" })
  } catch {
    // Somebody has taken it.
  }
})

const round = Effect.gen(function*() {
  const isTakenOver = yield* LockFile.withLock(path, {
    operation: "lock",
    timeout: Duration.seconds(30),
    staleAfter: Duration.seconds(20)
  })((held) => Effect.as(enter, held.isTakenOver))
  say(isTakenOver ? "taken over" : "taken")
  yield* leaveDeadLock
})

await starting()
await Effect.runPromise(Effect.repeatN(round, rounds - 1))
