// Builds, packs and installs @grantwork/promise into a folder outside the repository, where nothing but the
// dependencies it declares can be found. `setup` is a Vitest global setup; it works only when a source has changed.
import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import { mkdirSync, readdirSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const facade = join(root, "packages/promise")
const consumer = join(
  realpathSync(tmpdir()),
  `grantwork-packed-${createHash("sha256").update(root).digest("hex").slice(0, 12)}`
)
const modules = join(consumer, "node_modules")

/** Where the package is installed, and a module that re-exports it, resolved by Node as any consumer's import is. */
export const packed = {
  directory: join(modules, "@grantwork/promise"),
  entry: join(modules, "consumer/index.js")
}

const inputs = [
  "package-lock.json",
  ".ci/build.mjs",
  ".ci/packed.mjs",
  ...["core", "node", "redis", "promise"].flatMap((name) =>
    ["src", "package.json", "tsconfig.json", "tsconfig.build.json", "build.mjs"].map((file) =>
      `packages/${name}/${file}`
    )
  )
]

const newest = (path) => {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return 0
  const inside = stats.isDirectory() ? readdirSync(path).map((name) => newest(join(path, name))) : []
  return Math.max(stats.mtimeMs, ...inside)
}

export const setup = () => {
  const sources = Math.max(...inputs.map((path) => newest(join(root, path))))
  if (newest(packed.entry) > sources) return
  rmSync(consumer, { recursive: true, force: true })
  mkdirSync(packed.directory, { recursive: true })
  execFileSync(process.execPath, [join(root, ".ci/build.mjs")], { cwd: root, stdio: ["ignore", "ignore", "inherit"] })
  const [{ filename }] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", consumer], {
      cwd: facade,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"]
    })
  )
  execFileSync("tar", ["-xzf", join(consumer, filename), "--strip-components=1", "-C", packed.directory])
  for (const name of ["undici", "node-forge"]) symlinkSync(join(root, "node_modules", name), join(modules, name))
  mkdirSync(dirname(packed.entry))
  writeFileSync(join(modules, "consumer/package.json"), JSON.stringify({ type: "module" }))
  writeFileSync(packed.entry, "export * from \"@grantwork/promise\"\n")
}
