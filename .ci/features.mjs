// Writes docs/reference/features.md from the features and the tests that prove them: those whose names carry the feature's
// number, as in "(feature 3)". With --check it only compares, and fails where the page or a proof is missing.
import { existsSync, readFileSync, writeFileSync } from "node:fs"

const page = "docs/reference/features.md"
const [report, mode] = process.argv.slice(2)

const { testResults } = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : { testResults: [] }
const tests = testResults.flatMap(({ assertionResults }) => assertionResults)

const passed = new Set()
const failed = new Set()
for (const { fullName, status } of tests) {
  for (const [, numbers] of fullName.matchAll(/\(features? ([\d, ]+)\)/g)) {
    for (const number of numbers.split(",").map(Number)) (status === "passed" ? passed : failed).add(number)
  }
}

const problems = []
const lines = []
for (const [number, isSeed, feature, answer] of JSON.parse(readFileSync(".ci/features.json", "utf8"))) {
  if (feature === undefined) {
    lines.push("", `## ${number}`, "", "| | feature | in Grantwork |", "| --- | --- | --- |")
    continue
  }
  const isProven = passed.has(number) && !failed.has(number)
  if (answer !== null && !isProven) problems.push(`Feature ${number} (${feature}) has no passing test.`)
  if (answer === null && isProven) {
    problems.push(`Feature ${number} (${feature}) has a test, and is said to be missing.`)
  }
  lines.push(`| ${number}${isSeed ? "\\*" : ""} | ${feature} | ${answer === null ? "no" : `yes: ${answer}`} |`)
}

const text = `# Features

What the clients of the MSAL family offer, numbered, and what Grantwork does for each. A line that says yes is proven by tests that
carry its number. The star marks what MSAL's shared client has.
${lines.join("\n")}
`

if (mode !== "--check") {
  writeFileSync(page, text)
} else if (!existsSync(page) || squeeze(readFileSync(page, "utf8")) !== squeeze(text)) {
  problems.push(`${page} is out of date. Run: npm test && npm run features`)
}

for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exit(1)

/** Tables are padded by the formatter. */
function squeeze(markdown) {
  return markdown.replace(/ +/g, " ").replace(/-+/g, "-")
}
