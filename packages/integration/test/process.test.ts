import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import { execFile } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import type { Task } from "./support/oneGrant.js"
import "./support/patience.js"
import type { Provider } from "./support/Provider.js"
import { providerNames, startProvider } from "./support/providers.js"

const run = promisify(execFile)
const script = fileURLToPath(new URL("support/oneGrant.ts", import.meta.url))
const packageRoot = fileURLToPath(new URL("..", import.meta.url))

describe.each(providerNames)("at %s", (name) => {
  let provider: Provider
  let directory: string

  beforeAll(async () => {
    provider = await startProvider(name)
    directory = mkdtempSync(join(tmpdir(), "grantwork-"))
    writeFileSync(join(directory, "ca.pem"), provider.caCertificate)
  })

  afterAll(async () => {
    rmSync(directory, { recursive: true })
    await provider.close()
  })

  it.each(["default", "undici"])("a process with the %s layer ends by itself when its work is done", async (over) => {
    const { password, username } = provider.people.jane
    const task: Task = {
      caCertificate: over === "default" ? undefined : provider.caCertificate,
      client: provider.clients.public,
      username,
      password,
      scopes: [provider.scopes.read]
    }
    const { stderr, stdout } = await run(
      process.execPath,
      ["--conditions=@grantwork/source", "--import", "tsx", script, JSON.stringify(task)],
      { cwd: packageRoot, env: { ...process.env, NODE_EXTRA_CA_CERTS: join(directory, "ca.pem") } }
    )
    expect({ stderr, stdout }).toEqual({ stderr: "", stdout: `${username}\n` })
  })
})
