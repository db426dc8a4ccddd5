import { execFileSync } from "node:child_process"
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"
import { packed } from "../../../.ci/packed.mjs"

const modules = fileURLToPath(new URL("../../../node_modules", import.meta.url))

it("is installed where nothing of Effect is", () => {
  const { resolve } = createRequire(join(packed.directory, "package.json"))
  expect(resolve("undici")).toContain("undici")
  for (
    const name of ["effect", "effect/Effect", "@effect/platform", "@effect/platform-node", "@grantwork/core", "jose"]
  ) {
    expect(() => resolve(name)).toThrow(/Cannot find module/)
  }
})

it("has declarations that name nothing of Effect", () => {
  const dist = join(packed.directory, "dist")
  const files = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".d.ts"))
  expect(files).toContain("index.d.ts")
  for (const file of files) {
    const text = readFileSync(join(dist, file), "utf8")
    expect([...text.matchAll(/(?:from |import\()"([^."][^"]*)"/g)].map(([, name]) => name)).toEqual([])
    expect(text).not.toMatch(/\b(Effect|Layer|Redacted|Option|DateTime|Schema)\.\w/)
  }
})

it.each([
  ["a browser's library", { lib: ["ES2022", "DOM"], types: [] }],
  ["the latest library", { lib: ["ESNext", "DOM"], types: [] }],
  ["Node's types", { lib: ["ES2022"], types: ["node"], typeRoots: [join(modules, "@types")] }]
])("type-checks a caller with %s", (name, options) => {
  const caller = join(packed.directory, "../../..", `caller with ${name}`)
  mkdirSync(caller, { recursive: true })
  cpSync(new URL("caller.test-d.ts", import.meta.url), join(caller, "caller.ts"))
  writeFileSync(join(caller, "package.json"), JSON.stringify({ type: "module" }))
  const compilerOptions = {
    module: "NodeNext",
    target: "ES2022",
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    ...options
  }
  writeFileSync(join(caller, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["caller.ts"] }))
  const compile = () => execFileSync(process.execPath, [join(modules, "typescript/bin/tsc")], { cwd: caller })
  expect(compile).not.toThrow()
  rmSync(caller, { recursive: true })
}, 60_000)
