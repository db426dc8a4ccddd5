import { execFileSync } from "node:child_process"
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"
import { packed } from "../../../.ci/packed.mjs"

const tsc = fileURLToPath(new URL("../../../node_modules/typescript/bin/tsc", import.meta.url))

const namesIn = async (runtime: string): Promise<ReadonlyArray<string>> => {
  const module: unknown = await import(join(packed.directory, "dist", runtime, "index.js"))
  return typeof module === "object" && module !== null ? Object.keys(module) : []
}

it("offers the same names in Node and elsewhere", async () => {
  expect(await namesIn("default")).toEqual(await namesIn("node"))
})

it.each(["node", "default"])("shows an uncaught error with lines a person can read: %s", (runtime) => {
  const lines = readFileSync(join(packed.directory, "dist", runtime, "index.js"), "utf8").split("\n")
  expect(lines.filter(({ length }) => length > 5000)).toEqual([])
})

it("has declarations that need no other package", () => {
  const caller = join(packed.directory, "../../caller")
  rmSync(caller, { recursive: true, force: true })
  mkdirSync(caller)
  writeFileSync(join(caller, "caller.mts"), "import * as facade from \"@grantwork/promise\"\nexport { facade }\n")
  const options = ["--strict", "--noEmit", "--module", "NodeNext", "--target", "ES2022", "--lib", "ES2022,DOM"]
  expect(() => execFileSync(process.execPath, [tsc, ...options, "caller.mts"], { cwd: caller })).not.toThrow()
}, 60_000)
