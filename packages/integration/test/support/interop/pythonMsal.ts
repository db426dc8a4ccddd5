import { spawnSync } from "node:child_process"
import type { PeerName } from "./Peer.js"

export const python = "/usr/bin/python3"

const advice =
  "Install Debian's packages python3-msal and python3-msal-extensions to share a file with msal for Python."

const isInstalled = (): boolean => {
  if (spawnSync(python, ["-c", "import msal, msal_extensions"]).status === 0) return true
  if ((process.env["CI"] ?? "") !== "") throw new Error(advice)
  process.stderr.write(`${advice}\n`)
  return false
}

const isPythonHere = isInstalled()

/** Whether this machine lacks one of them; CI has to have them all. */
export const lacks = (...names: ReadonlyArray<PeerName>): boolean => !isPythonHere && names.includes("msal for Python")
