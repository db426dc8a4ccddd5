import { type RunningEmulator, startEmulator } from "@grantwork/emulator/startEmulator"
import { Browser } from "@grantwork/identity-server"
import { execFileSync, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, expect, it } from "vitest"
import { known } from "./support/emulator.js"
import "./support/patience.js"

const root = fileURLToPath(new URL("../../..", import.meta.url))
const dependencies = ["effect", "@effect/platform", "jose", "undici", "@types/node", "undici-types"]
const programs = [...readFileSync(join(root, "README.md"), "utf8").matchAll(/^```ts\n([\s\S]*?)^```$/gm)]
  .map(([, code = ""]) => code)
  .filter((code) => code.includes("terminal.question"))

let emulator: RunningEmulator
let folder: string

/** Puts a package into the folder as npm would from its tarball. */
const install = (name: string) => {
  const target = join(folder, "node_modules/@grantwork", name)
  mkdirSync(target, { recursive: true })
  const packing = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder]
  const packed: unknown = JSON.parse(
    execFileSync("npm", packing, {
      cwd: join(root, "packages", name),
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"]
    })
  )
  expect(packed).toMatchObject([{ filename: expect.any(String) }])
  const [{ filename }] = packed as [{ readonly filename: string }]
  execFileSync("tar", ["-xzf", join(folder, filename), "--strip-components=1", "-C", target])
}

beforeAll(async () => {
  emulator = await startEmulator()
  folder = mkdtempSync(join(realpathSync(tmpdir()), "grantwork-newcomer-"))
  writeFileSync(join(folder, "ca.pem"), emulator.caCertificate)
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }))
  for (const name of ["core", "promise"]) install(name)
  for (const name of dependencies) {
    mkdirSync(join(folder, "node_modules", name, ".."), { recursive: true })
    symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name))
  }
  for (const [index, code] of programs.entries()) {
    writeFileSync(join(folder, `program${index}.ts`), code.replaceAll("localhost:8443", new URL(emulator.origin).host))
  }
})

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await emulator.close()
})

it("has a program in Effect and one in promises", () => {
  expect(programs).toHaveLength(2)
  expect(programs[0]).toContain("@grantwork/core")
  expect(programs[1]).toContain("@grantwork/promise")
})

it("type-checks against the packages as published", () => {
  const options = ["--strict", "--noEmit", "--target", "es2022", "--module", "nodenext", "--types", "node"]
  const files = programs.map((_, index) => `program${index}.ts`)
  const compiler = join(root, "node_modules/typescript/bin/tsc")
  const { status, stdout } = spawnSync(process.execPath, [compiler, ...options, "--skipLibCheck", ...files], {
    cwd: folder,
    encoding: "utf8"
  })
  expect({ status, stdout }).toEqual({ status: 0, stdout: "" })
})

it.each([0, 1])("runs: program %i", async (index) => {
  const child = spawn(process.execPath, [join(root, "node_modules/tsx/dist/cli.mjs"), `program${index}.ts`], {
    cwd: folder,
    env: { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, "ca.pem") }
  })
  const errors = text(child.stderr)
  let output = ""
  const asked = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk
      const address = /Sign in at (\S+)\nand paste/.exec(output)?.[1]
      if (address !== undefined) resolve(address)
    })
    child.once("exit", () => reject(new Error(`ended early: ${output}`)))
  })
  const { url } = await new Browser(emulator).signIn(await asked, known("jane@contoso.example"))
  child.stdin.write(`${url.href}\n`)
  const [status] = await once(child, "close")
  expect({ status, errors: await errors }).toEqual({ status: 0, errors: "" })
  expect(output).toMatch(/A token for User\.Read openid profile.*, from the cache\./)
})
