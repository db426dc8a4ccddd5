// Installs what package-lock.json lists when it is not installed yet, so that `npm test` works on a fresh clone.
import { spawnSync } from "node:child_process"
import { statSync } from "node:fs"

const changedAt = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0

// npm writes both files in one go and in no promised order.
const slack = 2000

if (changedAt("node_modules/.package-lock.json") + slack < changedAt("package-lock.json")) {
  console.log("Installing the dependencies that package-lock.json lists (npm ci) ...")
  const { status } = spawnSync("npm ci --loglevel=error --no-progress", {
    shell: true,
    stdio: ["ignore", "ignore", "inherit"]
  })
  if (status !== 0) {
    console.error("The dependencies could not be installed: `npm ci` failed, see above.")
    process.exit(1)
  }
  console.log("Dependencies installed.")
}
