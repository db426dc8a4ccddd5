import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { build } from "esbuild"
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { folder } from "./folder.js"

/** How a worker ended. */
export interface Outcome {
  readonly code: number | null
  readonly signal: string | null
  readonly lines: ReadonlyArray<string>
  readonly stderr: string
}

/** A program of this folder that runs in a process of its own and says by lines what it has done. */
export interface Worker {
  /** Done once it has said that it is ready. */
  readonly ready: Promise<unknown>
  readonly go: () => void
  readonly kill: () => void
  readonly outcome: Promise<Outcome>
}

interface Options {
  readonly task: unknown
  readonly env?: Readonly<Record<string, string>>
  /** Called with each line after `ready`. */
  readonly onLine?: (line: string) => void
  /** Most 512-byte blocks that it may write to a file. */
  readonly mostBlocks?: number
}

export interface Program {
  readonly start: (options: Options) => Worker
}

/** A program of this folder, in one file: a process that imports a few hundred takes a second to start. */
export const program = (script: string): Effect.Effect<Program, never, Scope.Scope> =>
  Effect.gen(function*() {
    const outfile = join(yield* folder, "program.mjs")
    yield* Effect.promise(() =>
      build({
        entryPoints: [fileURLToPath(new URL(script, import.meta.url))],
        outfile,
        bundle: true,
        conditions: ["@grantwork/source"],
        format: "esm",
        platform: "node",
        logLevel: "error"
      })
    )
    return { start: (options) => start(outfile, options) }
  })

const start = (script: string, { env, mostBlocks, onLine, task }: Options): Worker => {
  const command = [process.execPath, script, JSON.stringify(task)]
  const limit = mostBlocks === undefined ? "" : `ulimit -f ${mostBlocks};`
  const child = spawn("sh", ["-c", `${limit} exec "$@"`, "sh", ...command], { env: { ...process.env, ...env } })
  const lines: Array<string> = []
  let stderr = ""
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text
  })
  const ready = new Promise<void>((resolve, reject) => {
    createInterface(child.stdout).on("line", (line) => {
      if (line === "ready") {
        resolve()
      } else {
        lines.push(line)
        onLine?.(line)
      }
    })
    child.once("close", () => reject(new Error(`A worker ended before it was ready. ${stderr}`)))
  })
  return {
    ready,
    go: () => child.stdin.end("go\n"),
    kill: () => child.kill("SIGKILL"),
    outcome: outcomeOf(child, () => ({ lines, stderr }))
  }
}

const outcomeOf = async (
  child: ChildProcess,
  output: () => { readonly lines: ReadonlyArray<string>; readonly stderr: string }
): Promise<Outcome> => {
  const [code, signal]: ReadonlyArray<number | string | null> = await once(child, "close")
  return {
    code: typeof code === "number" ? code : null,
    signal: typeof signal === "string" ? signal : null,
    ...output()
  }
}

/** Starts them all at the same time. */
export const runTogether = async (workers: ReadonlyArray<Worker>): Promise<ReadonlyArray<Outcome>> => {
  await Promise.all(workers.map(({ ready }) => ready))
  for (const { go } of workers) {
    go()
  }
  return Promise.all(workers.map(({ outcome }) => outcome))
}
