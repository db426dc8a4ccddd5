import { execFile } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { afterAll, beforeAll, expect, it } from "vitest"
import { clientIds } from "../../src/scenario/defaultScenario.js"
import { type RunningEmulator, startEmulator } from "../../src/startEmulator.js"
import { jane } from "../support/people.js"

const program = fileURLToPath(new URL("msal_client.mjs", import.meta.url))

let emulator: RunningEmulator
let directory: string

beforeAll(async () => {
  emulator = await startEmulator()
  directory = mkdtempSync(join(tmpdir(), "grantwork-"))
  writeFileSync(join(directory, "ca.pem"), emulator.caCertificate)
})

afterAll(async () => {
  rmSync(directory, { recursive: true })
  await emulator.close()
})

const run = (env: Readonly<Record<string, string>>) =>
  promisify(execFile)(
    process.execPath,
    [program, emulator.origin, clientIds.public, jane.username, jane.password],
    { env: { ...process.env, ...env } }
  )

it("msal-node signs in with its own HTTP client where Node trusts the emulator's certificate", async () => {
  const { stdout } = await run({ NODE_EXTRA_CA_CERTS: join(directory, "ca.pem") })
  expect(JSON.parse(stdout)).toEqual({ username: jane.username, fromCache: [true, false] })
})

it("msal-node does not reach it elsewhere", async () => {
  await expect(run({ NODE_EXTRA_CA_CERTS: "" })).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("endpoints_resolution_error")
  })
})
