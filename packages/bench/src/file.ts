/**
 * A cache in a file: a hit, and a change.
 */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { compare, type Comparison, evenTurns } from "./compare.js"
import { makeFiles } from "./files.js"
import { type Aim, atLeast, atMost, number, print, table, times } from "./report.js"

const sizes = [1, 1000] as const

const hits = {
  floor: "floor: a stat and a Map read in an Effect",
  program: "Silent.acquire, FileTokenCache",
  msal: "msal-node acquireTokenSilent, file plugin"
}

const changes = {
  floor: "floor: the same bytes written, synced and renamed",
  program: "TokenCache.modify, FileTokenCache"
}

const show = (title: string, labels: Readonly<Record<string, string>>, { micros, ratio }: Comparison) =>
  print(
    `${title}, by the number of accounts in the file`,
    "",
    ...table(
      ["", ...sizes.map(number), "1,000 against 1", ...sizes.map((size) => `${number(size)} against the floor`)],
      Object.entries(labels).map(([name, label]) => [
        label,
        ...sizes.map((size) => number(micros(`${name} ${size}`))),
        times(ratio(`${name} 1000`, `${name} 1`)),
        ...sizes.map((size) => times(ratio(`${name} ${size}`, `floor ${size}`)))
      ])
    ),
    ""
  )

export const measureFile = async (): Promise<ReadonlyArray<Aim>> => {
  const folder = await mkdtemp(join(tmpdir(), "grantwork-bench-"))
  const prepared = await Promise.all(sizes.map((size) => makeFiles(folder, size)))
  const hit = await compare(prepared.flatMap((one) => one.hit), evenTurns)
  const change = await compare(prepared.flatMap((one) => one.change), evenTurns)
  await Promise.all(prepared.map(({ close }) => close()))
  await rm(folder, { recursive: true })
  show("Silent hit from an unchanged file: microseconds for one", hits, hit)
  show("A change of one account: microseconds", changes, change)
  return [
    atMost(1.5, "file, hit, 1,000 accounts against 1", hit.ratio("program 1000", "program 1")),
    atMost(2, "file, hit against a stat and a Map read, 1,000 accounts", hit.ratio("program 1000", "floor 1000")),
    atLeast(100, "file, hit, faster than msal-node, 1,000 accounts", hit.ratio("msal 1000", "program 1000"))
  ]
}
