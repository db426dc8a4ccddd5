// Checks the import rules, that the cruiser really read every package, and that each rule still catches a violation
// planted in a tree of its own.
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import config from "../.dependency-cruiser.mjs"

const root = fileURLToPath(new URL("..", import.meta.url))

const cruise = (cwd) => {
  const { stdout, stderr } = spawnSync(process.execPath, [
    join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs"),
    "packages",
    `--config=${join(root, ".dependency-cruiser.mjs")}`,
    "--output-type=json"
  ], { cwd, encoding: "utf8", maxBuffer: 1 << 28 })
  if (!stdout.startsWith("{")) throw new Error(`dependency-cruiser did not finish: ${stderr}`)
  const { modules, summary } = JSON.parse(stdout)
  return { modules: modules.map(({ source }) => source), violations: summary.violations }
}

/** rule, the file that breaks it, what that file imports; without a rule, an import that is allowed. */
const planted = [
  ["core-ring-AuthError", "core/src/AuthError.ts", "./domain/Outer.js"],
  ["core-ring-domain", "core/src/domain/Inner.ts", "../protocol/Outer.js"],
  ["core-ring-protocol", "core/src/protocol/Inner.ts", "../cache/Outer.js"],
  ["core-ring-cache", "core/src/cache/Inner.ts", "../services/Outer.js"],
  ["core-ring-services", "core/src/services/Inner.ts", "../endpoints/Outer.js"],
  ["core-ring-endpoints", "core/src/endpoints/Inner.ts", "../acquisition/Outer.js"],
  ["core-ring-acquisition", "core/src/acquisition/Inner.ts", "../grants/Outer.js"],
  ["core-ring-protocol", "core/src/protocol/Index.ts", "../index.js"],
  ["emulator-ring-scenario", "emulator/src/scenario/Inner.ts", "../directory/Outer.js"],
  ["emulator-ring-directory", "emulator/src/directory/Inner.ts", "../protocol/Outer.js"],
  ["emulator-ring-protocol", "emulator/src/protocol/Inner.ts", "../state/Outer.js"],
  ["emulator-ring-state", "emulator/src/state/Inner.ts", "../pages/Outer.js"],
  ["emulator-ring-pages", "emulator/src/pages/Inner.ts", "../http/Outer.js"],
  ["emulator-ring-http", "emulator/src/http/Inner.ts", "../issuing/Outer.js"],
  ["emulator-ring-issuing", "emulator/src/issuing/Inner.ts", "../grants/Outer.js"],
  ["emulator-ring-grants", "emulator/src/grants/Inner.ts", "../endpoints/Outer.js"],
  ["emulator-ring-endpoints", "emulator/src/endpoints/Inner.ts", "../app.js"],
  ["core-only-rings", "core/src/grants/Stray.ts", "../utils/Stray.js"],
  ["core-runs-anywhere", "core/src/domain/Builtin.ts", "node:crypto"],
  ["core-runs-anywhere", "core/src/services/Builtin.ts", "fs"],
  ["core-runs-anywhere", "core/src/endpoints/Platform.ts", "@effect/platform-node/NodeHttpClient"],
  ["core-jose-in-crypto", "core/src/protocol/Jose.ts", "jose"],
  ["package-core", "core/src/domain/Testing.ts", "@grantwork/testing"],
  ["package-testing", "testing/src/Node.ts", "@grantwork/node"],
  ["package-testing", "testing/src/Emulator.ts", "@grantwork/emulator"],
  ["package-promise", "promise/src/Testing.ts", "@grantwork/testing"],
  ["package-emulator", "emulator/src/Core.ts", "@grantwork/core"],
  ["package-node", "node/src/Promise.ts", "@grantwork/promise"],
  ["package-redis", "redis/src/Node.ts", "@grantwork/node"],
  ["package-server", "server/src/Node.ts", "@grantwork/node"],
  ["package-cli", "cli/src/Redis.ts", "@grantwork/redis"],
  ["package-identity-server", "identity-server/src/Core.ts", "@grantwork/core"],
  ["package-express-sample", "express-sample/src/Core.ts", "@grantwork/core"],
  ["sample-without-effect", "express-sample/src/Effect.ts", "effect/Effect"],
  ["testing-only-effect", "testing/src/Jose.ts", "jose"],
  ["effect-deep", "demo/src/Barrel.ts", "effect"],
  ["package-by-name", "demo/src/Reach.ts", "../../core/src/index.js"],
  ["no-cycle", "demo/src/Egg.ts", "./Hen.js"],
  [undefined, "demo/src/Hen.ts", "./Egg.js"],
  ["resolvable", "demo/src/Missing.ts", "nowhere"],
  [undefined, "core/src/index.ts", "./grants/Outer.js"],
  [undefined, "core/src/grants/Inner.ts", "../domain/Outer.js"],
  [undefined, "emulator/src/app.ts", "./endpoints/Outer.js"],
  [undefined, "core/src/services/Crypto.ts", "jose"],
  [undefined, "core/src/services/Deep.ts", "effect/Effect"],
  [undefined, "testing/src/emulator.ts", "@grantwork/emulator"],
  [undefined, "promise/src/Core.ts", "@grantwork/core"],
  [undefined, "express-sample/src/Promise.ts", "@grantwork/promise"],
  [undefined, "demo/src/Core.ts", "@grantwork/core"]
]

const plant = (directory) => {
  const write = (path, content) => {
    const file = join(directory, path)
    if (existsSync(file)) return
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
  for (const [, file, specifier] of planted) {
    const statements =
      `import type * as It from "${specifier}"\nexport const run = async () => { await using it = It }\n`
    write(`packages/${file}`, statements)
  }
  for (const [, file, specifier] of planted) {
    if (specifier.startsWith(".")) write(join("packages", dirname(file), specifier.replace(/js$/, "ts")), "export {}\n")
  }
  for (const name of readdirSync(join(directory, "packages"))) {
    write(`packages/${name}/package.json`, JSON.stringify({ exports: { "@grantwork/source": "./src/index.ts" } }))
    write(`packages/${name}/src/index.ts`, "export {}\n")
    mkdirSync(join(directory, "node_modules/@grantwork"), { recursive: true })
    symlinkSync(join(directory, "packages", name), join(directory, "node_modules/@grantwork", name))
  }
  mkdirSync(join(directory, "node_modules/@effect"))
  for (const name of ["effect", "jose", "@effect/platform-node"]) {
    symlinkSync(join(root, "node_modules", name), join(directory, "node_modules", name))
  }
}

const problems = []

const { modules, violations } = cruise(root)
for (const { rule, from, to } of violations) problems.push(`${rule.name}: ${from} must not import ${to}`)
for (const name of readdirSync(join(root, "packages"))) {
  for (const folder of ["src", "test"]) {
    const path = `packages/${name}/${folder}`
    const count = modules.filter((source) => source.startsWith(`${path}/`)).length
    const sources = existsSync(join(root, path)) ? readdirSync(join(root, path), { recursive: true }) : []
    const expected = sources.filter((file) => file.endsWith(".ts") && !/(^|\/)\.cache\//.test(file)).length
    if (count < expected) problems.push(`${path}: the cruiser read ${count} of ${expected} modules`)
  }
}

const directory = mkdtempSync(join(tmpdir(), "grantwork-imports-"))
try {
  plant(directory)
  const caught = new Set(cruise(directory).violations.map(({ rule, from }) => `${rule.name} in ${from}`))
  const expected = new Set(planted.flatMap(([rule, file]) => rule === undefined ? [] : [`${rule} in packages/${file}`]))
  for (const one of expected) if (!caught.has(one)) problems.push(`not caught: ${one}`)
  for (const one of caught) if (!expected.has(one)) problems.push(`wrongly caught: ${one}`)
  for (const { name } of config.forbidden) {
    if (!planted.some(([rule]) => rule === name)) problems.push(`no violation is planted for ${name}`)
  }
} finally {
  rmSync(directory, { recursive: true, force: true })
}

for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exit(1)
const read = modules.filter((source) => source.startsWith("packages/")).length
console.log(`Import rules hold in ${read} modules; ${config.forbidden.length} rules caught what was planted.`)
