// Bundles core, Effect and the platform into one file per runtime, and keeps the declarations index.d.ts leads to.
import { build } from "esbuild"
import { readdirSync, readFileSync, rmSync } from "node:fs"
import { isBuiltin } from "node:module"
import { dirname, join } from "node:path"

const manifest = JSON.parse(readFileSync("package.json", "utf8"))
const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })

const fail = (message) => {
  console.error(`@grantwork/promise: ${message}`)
  process.exit(1)
}

const bundle = async (runtime, { mayImport, ...options }) => {
  const outfile = `dist/${runtime}/index.js`
  const { metafile } = await build({
    entryPoints: ["src/index.ts"],
    outfile,
    bundle: true,
    format: "esm",
    target: "es2022",
    legalComments: "none",
    minifySyntax: true,
    minifyWhitespace: true,
    // What Node shows of an uncaught error is the line it was thrown in.
    lineLimit: 160,
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    logLevel: "warning",
    ...options
  })
  const { bytes, imports } = metafile.outputs[outfile]
  const foreign = imports.map(({ path }) => path).filter((path) => !mayImport(path))
  if (foreign.length > 0) fail(`${outfile} must not import ${foreign.join(", ")}`)
  console.log(`${outfile} ${Math.round(bytes / 1024)} kB`)
}

await bundle("node", {
  platform: "node",
  conditions: ["@grantwork/source", "module"],
  mainFields: ["module", "main"],
  external: dependencies,
  mayImport: (path) => isBuiltin(path) || dependencies.includes(path)
})

await bundle("default", {
  platform: "neutral",
  conditions: ["@grantwork/source", "module"],
  mainFields: ["module", "main"],
  mayImport: () => false
})

const declarations = new Map()
const specifiers = /(?:\bfrom\s*|\bimport\s*\(?\s*)["']([^"']+)["']|<reference\s+types="([^"]+)"/g

const visit = (file) => {
  if (declarations.has(file)) return
  const text = readFileSync(file, "utf8")
  const found = [...text.matchAll(specifiers)].map(([, imported, referenced]) => imported ?? referenced)
  declarations.set(file, found.filter((path) => !path.startsWith(".")))
  for (const path of found.filter((path) => path.startsWith("."))) {
    visit(join(dirname(file), path.replace(/\.js$/, ".d.ts")))
  }
}
visit("dist/index.d.ts")

for (const [file, packages] of declarations) {
  if (packages.length > 0) fail(`${file} must stand alone, yet names ${packages.join(", ")}`)
}

for (const path of readdirSync("dist", { recursive: true })) {
  const file = join("dist", path)
  if (/\.d\.ts(\.map)?$/.test(path) && !declarations.has(file.replace(/\.map$/, ""))) rmSync(file)
}
