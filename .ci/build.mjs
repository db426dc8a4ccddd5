// Builds every package that has a tsconfig.build.json into its dist/, then runs the package's own build.mjs if any.
import { spawnSync } from "node:child_process"
import { copyFileSync, existsSync, readdirSync, rmSync } from "node:fs"

const packages = readdirSync("packages").map((name) => `packages/${name}`)
const published = packages.filter((path) => existsSync(`${path}/tsconfig.build.json`))

const run = (file, args, cwd = ".") => {
  const { status } = spawnSync(process.execPath, [file, ...args], { cwd, stdio: "inherit" })
  if (status !== 0) process.exit(status ?? 1)
}

for (const path of published) {
  rmSync(`${path}/dist`, { recursive: true, force: true })
  copyFileSync("LICENSE", `${path}/LICENSE`)
}
run("node_modules/typescript/bin/tsc", ["-b", "--force", ...published.map((path) => `${path}/tsconfig.build.json`)])
for (const path of published) if (existsSync(`${path}/build.mjs`)) run("build.mjs", [], path)
