/**
 * Measures the library beside msal-node, and prints ratios; nothing fails for being slow. `--only hits,file` chooses
 * sections.
 */
import { cpus } from "node:os"
import { parseArgs } from "node:util"
import { measureAccounts } from "./accounts.js"
import { measureColdStart } from "./coldStart.js"
import { measureEqualCalls } from "./equalCalls.js"
import { measureFile } from "./file.js"
import { measureHeap } from "./heap.js"
import { measureHits } from "./hits.js"
import { measureJson } from "./json.js"
import { measureRedis } from "./redis.js"
import { measureRefreshes } from "./refreshes.js"
import { type Aim, print, summary } from "./report.js"
import { measureTokens } from "./tokens.js"

const sections: Readonly<Record<string, () => Promise<ReadonlyArray<Aim>>>> = {
  hits: measureHits,
  tokens: measureTokens,
  accounts: measureAccounts,
  file: measureFile,
  coldStart: measureColdStart,
  redis: measureRedis,
  json: measureJson,
  equalCalls: measureEqualCalls,
  heap: measureHeap,
  refreshes: measureRefreshes
}

const { values } = parseArgs({ options: { only: { type: "string", default: Object.keys(sections).join(",") } } })

print(
  "",
  `Grantwork beside @azure/msal-node 7.2.1 on Node.js ${process.versions.node}, ${cpus().length} cores`,
  "Medians over rounds in which the sides take turns. Times depend on the machine; look at the ratios.",
  ""
)
const aims: Array<Aim> = []
for (const name of values.only.split(",")) {
  const measure = sections[name]
  if (measure === undefined) {
    throw new Error(`There is no section ${name}. There are ${Object.keys(sections).join(", ")}.`)
  }
  aims.push(...await measure())
}
print("Aims on this run", "", ...summary(aims), "")
