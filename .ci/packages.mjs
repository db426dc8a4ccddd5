// Checks every package that will be published the way its users will meet it: packed.
import { spawnSync } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import { publint } from "publint"
import { formatMessage } from "publint/utils"

const attw = "node_modules/@arethetypeswrong/cli/dist/index.js"
const published = readdirSync("packages").filter((name) =>
  JSON.parse(readFileSync(`packages/${name}/package.json`, "utf8")).private !== true
)

for (const name of published) {
  const { messages, pkg } = await publint({ pkgDir: `packages/${name}`, strict: true })
  for (const message of messages) console.error(`${pkg.name}: ${formatMessage(message, pkg)}`)
  if (messages.length > 0) process.exitCode = 1
}

for (const name of published) {
  const { status, stdout } = spawnSync(process.execPath, [attw, "--pack", `packages/${name}`, "--profile=esm-only"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"]
  })
  if (status !== 0) console.error(stdout)
  if (status !== 0) process.exitCode = 1
}

if (published.length === 0) throw new Error("no package is published")
if (process.exitCode === undefined) console.log(`Ready to publish: ${published.join(", ")}.`)
