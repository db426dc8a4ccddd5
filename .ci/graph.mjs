// Draws core's rings from their imports into docs/explanation/architecture.md; with --check, only compares.
import { spawnSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"

const page = "docs/explanation/architecture.md"
const source = "packages/core/src/"
const rings = ["AuthError", "domain", "protocol", "cache", "services", "endpoints", "acquisition", "grants"]

const { stdout } = spawnSync(
  process.execPath,
  [
    "node_modules/dependency-cruiser/bin/dependency-cruise.mjs",
    source,
    "--config=.dependency-cruiser.mjs",
    "--output-type=json"
  ],
  { encoding: "utf8", maxBuffer: 1 << 28 }
)

const ringOf = (path) => rings.find((ring) => path === `${source}${ring}.ts` || path.startsWith(`${source}${ring}/`))

const files = new Map()
const imports = new Map()
for (const { dependencies, source: from } of JSON.parse(stdout).modules) {
  const ring = ringOf(from)
  if (ring === undefined) continue
  files.set(ring, (files.get(ring) ?? 0) + 1)
  for (const { resolved } of dependencies) {
    const to = ringOf(resolved)
    if (to !== undefined && to !== ring) imports.set(`${ring} ${to}`, (imports.get(`${ring} ${to}`) ?? 0) + 1)
  }
}

const lines = [
  "```mermaid",
  "flowchart RL",
  ...rings.map((ring) => `  ${ring}["${ring}${files.get(ring) > 1 ? ` (${files.get(ring)} files)` : ""}"]`),
  ...rings.flatMap((from) =>
    rings.filter((to) => imports.has(`${from} ${to}`)).map((to) =>
      `  ${from} -- ${imports.get(`${from} ${to}`)} --> ${to}`
    )
  ),
  "```"
]

const before = readFileSync(page, "utf8")
const after = before.replace(
  /<!-- graph -->[^]*<!-- \/graph -->/,
  () => `<!-- graph -->\n\n${lines.join("\n")}\n\n<!-- /graph -->`
)

if (!process.argv.includes("--check")) {
  writeFileSync(page, after)
} else if (after !== before) {
  console.error(`${page} does not show today's imports. Run: npm run graph`)
  process.exit(1)
}
