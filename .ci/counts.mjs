// Prints `N passed, N failed`, and `, N skipped` if any, from the report that Vitest's JSON reporter wrote.
import { existsSync, readFileSync } from "node:fs"

const [report] = process.argv.slice(2)
const { testResults } = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : { testResults: [] }

const statuses = testResults.flatMap(({ status, assertionResults }) => {
  const own = assertionResults.map((test) => test.status)
  // A file that could not be loaded has no failed test of its own.
  return status === "failed" && !own.includes("failed") ? [...own, "failed"] : own
})

const passed = statuses.filter((status) => status === "passed").length
const failed = statuses.filter((status) => status === "failed").length
const skipped = statuses.length - passed - failed

console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`)
if (passed === 0 || failed > 0) process.exit(1)
