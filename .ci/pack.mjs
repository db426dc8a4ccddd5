// Packs every built package into .packed/, to be installed by path.
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, readdirSync } from "node:fs"

const built = readdirSync("packages").filter((name) => existsSync(`packages/${name}/dist`))
mkdirSync(".packed", { recursive: true })
const { status } = spawnSync(
  "npm",
  ["pack", "--pack-destination", ".packed", ...built.flatMap((name) => ["--workspace", `packages/${name}`])],
  { stdio: "inherit" }
)
process.exit(status ?? 1)
