/**
 * From the start of a process to its first token, out of a file with many accounts.
 */
import { execFile } from "node:child_process"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { microsoft } from "./authority.js"
import { accountOf } from "./facade.js"
import { clientId, people, personOf, scopes, tenantId } from "./people.js"
import { type Aim, atMost, number, print, table, times } from "./report.js"
import { unifiedJson } from "./unifiedJson.js"

const accounts = 1000
const rounds = 7

const labels = {
  floor: "floor: the file read and JSON.parse",
  program: "Silent.acquire, FileTokenCache",
  facade: "acquireTokenSilentWithError, facade",
  msal: "msal-node acquireTokenSilent, file plugin"
}

const names = ["floor", "program", "facade", "msal"] as const

/** Milliseconds, by the clock of the process itself. */
const start = async (name: string, task: string): Promise<number> => {
  const file = fileURLToPath(new URL(`./cold/${name}.mjs`, import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [file, task])
  return Number(stdout)
}

const median = (values: ReadonlyArray<number>): number => values.toSorted((a, b) => a - b).at(values.length / 2) ?? NaN

export const measureColdStart = async (): Promise<ReadonlyArray<Aim>> => {
  const folder = await mkdtemp(join(tmpdir(), "grantwork-bench-"))
  const path = join(folder, "tokens.json")
  await writeFile(path, unifiedJson(people(accounts), microsoft), { mode: 0o600 })
  const account = accountOf(personOf(accounts / 2), microsoft)
  const task = JSON.stringify({
    path,
    clientId,
    authority: `${microsoft.origin}/${tenantId}`,
    tenantId,
    scopes,
    account
  })
  const samples = new Map<string, Array<number>>(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      samples.get(name)?.push(await start(name, task))
    }
  }
  await rm(folder, { recursive: true })
  const millis = (name: string) => median(samples.get(name) ?? [])
  const ratio = (slower: string, faster: string) =>
    median((samples.get(slower) ?? []).map((sample, round) => sample / (samples.get(faster)?.[round] ?? NaN)))
  print(
    "Cold start: milliseconds from the start of a process to the first token, from a file with 1,000 accounts",
    "",
    ...table(
      ["", "milliseconds", "against the floor"],
      names.map((name) => [labels[name], number(millis(name)), times(ratio(name, "floor"))])
    ),
    ""
  )
  return [
    atMost(1, "cold start, program against msal-node", ratio("program", "msal")),
    atMost(1, "cold start, facade against msal-node", ratio("facade", "msal"))
  ]
}
