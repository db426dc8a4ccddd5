import { spawn, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import type { RunningEmulator } from "../../src/startEmulator.js"

const python = "/usr/bin/python3"
const program = fileURLToPath(new URL("../peers/msal_client.py", import.meta.url))

const advice = "Install Debian's package python3-msal to test msal for Python."

/** Whether this machine has it; CI has to. */
export const isInstalled = (): boolean => {
  if (spawnSync(python, ["-c", "import msal"]).status === 0) return true
  if ((process.env["CI"] ?? "") !== "") throw new Error(advice)
  process.stderr.write(`${advice}\n`)
  return false
}

export type Values = Readonly<Record<string, unknown>>

export interface PythonMsal {
  /** Makes an application; those of one `cache` share it. */
  readonly create: (app: string, kind: string, options: Values) => Promise<unknown>
  /** What a method of the application returns. */
  readonly call: (app: string, method: string, options?: Values) => Promise<unknown>
  readonly close: () => void
}

/** msal raised an exception. */
class Raised extends Error {
  override readonly name = "Raised"
  readonly type: string

  constructor(type: string, message: string) {
    super(message)
    this.type = type
  }
}

export const startPythonMsal = (emulator: RunningEmulator): PythonMsal => {
  const directory = mkdtempSync(join(tmpdir(), "grantwork-"))
  const caFile = join(directory, "ca.pem")
  writeFileSync(caFile, emulator.caCertificate)
  const child = spawn(python, [program, new URL(emulator.origin).port, caFile], { stdio: ["pipe", "pipe", "inherit"] })
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()

  const ask = async (request: Values): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(request)}\n`)
    const { done, value } = await answers.next()
    if (done === true) throw new Error(`${python} has ended.`)
    const answer: { readonly result?: unknown; readonly raised?: string; readonly message?: string } = JSON.parse(value)
    if (answer.raised !== undefined) throw new Raised(answer.raised, answer.message ?? "")
    return answer.result
  }

  return {
    create: (app, kind, options) => ask({ do: "create", app, kind, ...options }),
    call: (app, method, options = {}) => ask({ do: "call", app, method, ...options }),
    close: () => {
      child.stdin.end()
      rmSync(directory, { recursive: true })
    }
  }
}
