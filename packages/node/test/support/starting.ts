import { once } from "node:events"
import { writeSync } from "node:fs"

/** Says a line at once, also where the process is killed right after it. */
export const say = (line: string): void => {
  writeSync(1, `${line}\n`)
}

/** Waits until everybody else is ready too. */
export const starting = async (): Promise<void> => {
  say("ready")
  await once(process.stdin, "data")
  process.stdin.destroy()
}
