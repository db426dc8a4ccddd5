// Packs every built package into .packed/, to be installed by path.
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, readdirSync } from "node:fs"

const built = readdirSync("packages").filter((name) => existsSync(`packages/${name}/dist`))
mkdirSync(".packed", { recursive: true })
const { status } = spawnSync(
  "npm",
  [
    "pack",
    "--silent",
    "--pack-destination",
    ".packed",
    ...built.flatMap((name) => ["--workspace", `packages/${name}`])
  ],
  { stdio: "inherit" }
)
if (status === 0) console.log("Install them by path: npm install effect@3 @effect/platform@0.97 .packed/*.tgz")
process.exit(status ?? 1)
