import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import { X509Certificate } from "node:crypto"
import { once } from "node:events"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { startEmulator } from "../src/startEmulator.js"
import { createFetch } from "./support/leadingFetch.js"

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))

let folder = ""

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "grantwork-emulator-"))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

interface Run {
  readonly child: ChildProcessWithoutNullStreams
  readonly output: { stdout: string; stderr: string }
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>
}

const start = (...flags: ReadonlyArray<string>): Run => {
  const child = spawn(process.execPath, ["--conditions=@grantwork/source", "--import=tsx", main, ...flags])
  const output = { stdout: "", stderr: "" }
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => void (output[name] += text))
  }
  const ended = once(child, "close").then(([code]: ReadonlyArray<unknown>) => ({
    code: typeof code === "number" ? code : null,
    ...output
  }))
  return { child, output, ended }
}

/** Ends as soon as the words are out, or with the process. */
const said = async ({ child, ended, output }: Run, words: string): Promise<string> => {
  let isOver = false
  void ended.then(() => (isOver = true))
  while (!output.stdout.includes(words)) {
    await Promise.race([once(child.stdout, "data"), ended])
    if (isOver) throw new Error(`It ended: ${output.stderr}${output.stdout}`)
  }
  return output.stdout
}

describe("the command", () => {
  it("says what it is, writes its certificate, serves, and ends when interrupted", async () => {
    const caFile = join(folder, "new", "ca.pem")
    const run = start("--port", "0", "--ca-out", caFile)
    const banner = await said(run, "Stop it with Ctrl+C.")
    expect(banner).toMatch(/not for production/i)
    expect(banner).toContain(`NODE_EXTRA_CA_CERTS=${caFile}`)
    expect(banner).toContain("jane@contoso.example")
    expect(banner).not.toContain("WARNING")
    const [origin = ""] = /https:\/\/localhost:\d+/.exec(banner) ?? []
    const caCertificate = await readFile(caFile, "utf8")
    expect(new X509Certificate(caCertificate).ca).toBe(true)
    const response = await createFetch({ origin, caCertificate })(`${origin}/common/discovery/v2.0/keys`)
    expect(response.status).toBe(200)
    run.child.kill("SIGINT")
    const { code, stderr } = await run.ended
    expect([0, 130]).toContain(code)
    expect(stderr).toBe("")
  })

  it("warns where it lets others in", async () => {
    const run = start("--port", "0", "--host", "0.0.0.0")
    expect(await said(run, "Stop it with Ctrl+C.")).toMatch(/WARNING: it listens at 0\.0\.0\.0/)
    run.child.kill("SIGTERM")
    await run.ended
  })

  it("names the host it listens at, and does not warn where only this machine reaches it", async () => {
    const run = start("--port", "0", "--host", "127.0.0.2")
    const banner = await said(run, "Stop it with Ctrl+C.")
    expect(banner).toMatch(/pages +https:\/\/127\.0\.0\.2:\d+$/m)
    expect(banner).not.toContain("WARNING")
    run.child.kill("SIGTERM")
    await run.ended
  })

  it("tells its usage", async () => {
    const { code, stderr, stdout } = await start("--help").ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(stdout).toContain("Usage: grantwork-emulator [options]")
  })

  it.each<[flags: ReadonlyArray<string>, message: RegExp]>([
    [["--bogus"], /--bogus[^]*Usage:/],
    [["--port"], /--port[^]*Usage:/],
    [["positional"], /positional[^]*Usage:/],
    [["--port", "eighty"], /--port has to be a number/],
    [["--port", "65536"], /--port has to be a number/],
    [["--port", "0", "--host", ""], /--host has to be an address or a name/],
    [["--port", "0", "--host", "a b"], /--host has to be an address or a name/],
    [["--scenario", "/nowhere/scenario.json"], /scenario cannot be read/]
  ])("refuses %j", async (flags, message) => {
    const { code, stderr, stdout } = await start(...flags).ended
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/^\s+at /m)
  })

  it("tells file, line and field of a mistake in the scenario", async () => {
    const file = join(folder, "scenario.json")
    await writeFile(file, "{\n  \"tenants\": [],\n  \"usres\": [{ \"password\": \"s3cr3t\" }]\n}")
    const { code, stderr, stdout } = await start("--port", "0", "--scenario", file).ended
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
    expect(stderr).toContain(`${file}:3:3: usres: `)
    expect(stderr).not.toContain("s3cr3t")
    expect(stderr).not.toMatch(/^\s+at /m)
  })

  it("serves a scenario of one's own", async () => {
    const file = join(folder, "own.json")
    const tenant = { id: "d0000000-0000-4000-8000-00000000000d", name: "Own", domains: ["own.example"] }
    await writeFile(file, `// mine\n${JSON.stringify({ tenants: [tenant] })}`)
    const run = start("--port", "0", "--scenario", file)
    const banner = await said(run, "Stop it with Ctrl+C.")
    expect(banner).toContain("/own.example")
    expect(banner).not.toContain("contoso")
    run.child.kill("SIGINT")
    await run.ended
  })

  it("says that its port is taken", async () => {
    await using other = await startEmulator()
    const { port } = new URL(other.origin)
    const { code, stderr, stdout } = await start("--port", port).ended
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
    expect(stderr).toContain(`Port ${port} cannot be used`)
    expect(stderr).not.toMatch(/^\s+at /m)
  })

  it("says that it cannot write its certificate", async () => {
    const { code, stderr } = await start("--port", "0", "--ca-out", folder).ended
    expect(code).toBe(2)
    expect(stderr).toContain("--ca-out cannot be written")
  })
})
