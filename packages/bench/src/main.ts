/**
 * Measures a silent cache hit and a refresh beside msal-node, and prints ratios; nothing fails for being slow.
 */
import { cpus } from "node:os"
import { measureHits } from "./hits.js"
import { measureRefreshes } from "./refreshes.js"
import { print, summary } from "./report.js"

print(
  "",
  `Grantwork beside @azure/msal-node 7.2.1 on Node.js ${process.versions.node}, ${cpus().length} cores`,
  "Medians over rounds in which the sides take turns. Times depend on the machine; look at the ratios.",
  ""
)
const aims = [...await measureHits(), ...await measureRefreshes()]
print("Aims on this run", "", ...summary(aims), "")
