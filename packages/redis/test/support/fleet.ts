import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import type { Assignment, Order, Told } from "./worker.js"

export interface Fleet {
  /** Lets the first so many processes do the same, and resolves when each has done it. */
  readonly order: (size: number, order: Order) => Promise<void>
  /** What they have told so far. */
  readonly told: <Tag extends Told["_tag"]>(tag: Tag) => ReadonlyArray<Extract<Told, { readonly _tag: Tag }>>
  /** Resolves once they have told it so many times more. */
  readonly more: (tag: Told["_tag"], times: number) => Promise<void>
  readonly close: () => Promise<void>
}

const script = fileURLToPath(new URL("worker.ts", import.meta.url))
const packageRoot = fileURLToPath(new URL("../..", import.meta.url))

/** So many processes, ready to be told what to do. */
export const startFleet = async (
  size: number,
  assignment: Omit<Assignment, "name" | "hasFirstLevel">
): Promise<Fleet> => {
  const told: Array<Told> = []
  const waiting = new Set<() => void>()

  const until = (holds: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (holds()) {
          waiting.delete(look)
          resolve()
        }
      }
      waiting.add(look)
      look()
    })

  const count = (tag: Told["_tag"]) => told.filter(({ _tag }) => _tag === tag).length

  const processes = Array.from({ length: size }, (_, index) => {
    const own: Assignment = { ...assignment, name: `process ${index}`, hasFirstLevel: index % 2 === 1 }
    const child = spawn(
      process.execPath,
      [
        "--conditions=@grantwork/source",
        "--import=tsx",
        script,
        JSON.stringify(own)
      ],
      { cwd: packageRoot, stdio: ["pipe", "pipe", "inherit"] }
    )
    createInterface({ input: child.stdout }).on("line", (line) => {
      const one: Told = JSON.parse(line)
      told.push(one)
      for (const look of waiting) look()
    })
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve))
    return { child, ended }
  })

  const ends = Promise.race(processes.map(async ({ ended }) => {
    throw new Error(`A process of the fleet has ended with ${String(await ended)}.`)
  }))
  ends.catch(() => {})

  await Promise.race([until(() => count("Ready") === size), ends])
  let ordered = 0
  return {
    order: async (size, order) => {
      ordered += size
      for (const { child } of processes.slice(0, size)) child.stdin.write(`${JSON.stringify(order)}\n`)
      await Promise.race([until(() => count("Done") === ordered), ends])
    },
    told: <Tag extends Told["_tag"]>(tag: Tag) =>
      told.filter((one): one is Extract<Told, { readonly _tag: Tag }> => one._tag === tag),
    more: (tag, times) => {
      const before = count(tag)
      return Promise.race([until(() => count(tag) >= before + times), ends])
    },
    close: async () => {
      for (const { child } of processes) child.stdin.end()
      const codes = await Promise.all(processes.map(({ ended }) => ended))
      if (codes.some((code) => code !== 0)) throw new Error(`Processes have ended with ${codes.join()}.`)
    }
  }
}
