import { afterAll, beforeAll, expect, it } from "@effect/vitest"
import { type IdentityServer, startIdentityServer } from "@grantwork/identity-server"
import { execFile } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import "./support/patience.js"

const run = promisify(execFile)
const script = fileURLToPath(new URL("support/oneGrant.ts", import.meta.url))
const packageRoot = fileURLToPath(new URL("..", import.meta.url))

let server: IdentityServer
let directory: string

beforeAll(async () => {
  server = await startIdentityServer()
  directory = mkdtempSync(join(tmpdir(), "grantwork-"))
  writeFileSync(join(directory, "ca.pem"), server.caCertificate)
})

afterAll(async () => {
  rmSync(directory, { recursive: true })
  await server.close()
})

it.each(["default", "undici"])("a process with the %s layer ends by itself when its work is done", async (over) => {
  const { stderr, stdout } = await run(
    process.execPath,
    ["--conditions=@grantwork/source", "--import", "tsx", script, over, server.issuer, server.caCertificate],
    { cwd: packageRoot, env: { ...process.env, NODE_EXTRA_CA_CERTS: join(directory, "ca.pem") } }
  )
  expect({ stderr, stdout }).toEqual({ stderr: "", stdout: "jane\n" })
})
