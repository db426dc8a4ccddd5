import { spawnSync } from "node:child_process"

/** The number of a process that has ended. */
export const deadProcess = (): number => spawnSync(process.execPath, ["--version"]).pid
