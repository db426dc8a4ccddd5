/**
 * What an account takes of the heap.
 */
import { fork } from "node:child_process"
import { once } from "node:events"
import { type Aim, atMost, number, print, table, times } from "./report.js"

const labels = {
  floor: "floor: a bare Map of the same records",
  memory: "TokenCache.layerMemory",
  bounded: "BoundedTokenCache.layer",
  msal: "msal-node"
}

/** Bytes per account, in a process of its own. */
const measure = async (name: string): Promise<number> => {
  const child = fork(new URL("./heapHolder.ts", import.meta.url), [name])
  const exited = once(child, "exit")
  const bytes = await new Promise<number>((resolve, reject) => {
    child.once("message", (message) => resolve(Number(message)))
    child.once("exit", () => reject(new Error(`The heap of ${name} was not measured.`)))
  })
  await exited
  return bytes
}

export const measureHeap = async (): Promise<ReadonlyArray<Aim>> => {
  const bytes = new Map<string, number>()
  for (const name of Object.keys(labels)) {
    bytes.set(name, await measure(name))
  }
  const against = (name: string) => (bytes.get(name) ?? NaN) / (bytes.get("floor") ?? NaN)
  print(
    "Heap of 10,000 accounts with an access, a refresh and an ID token each: bytes per account, tokens included",
    "",
    ...table(
      ["", "bytes", "against the floor"],
      Object.entries(labels).map(([name, label]) => [
        label,
        number(bytes.get(name) ?? NaN),
        times(against(name))
      ])
    ),
    ""
  )
  return [
    atMost(1.2, "heap per account, memory cache against a bare Map", against("memory")),
    atMost(1.2, "heap per account, bounded cache against a bare Map", against("bounded"))
  ]
}
