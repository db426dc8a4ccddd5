import { type IdentityServer, startIdentityServer } from "@grantwork/identity-server"
import { ApplicationDisposed, PublicClientApplication } from "@grantwork/promise"
import { execFile } from "node:child_process"
import { rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterAll, beforeAll, expect, it } from "vitest"
import { packed } from "../../../.ci/packed.mjs"
import { gate, issuer } from "./scripted.js"
import { dispatcherFor, failure, jane, publicClient, redirectUri } from "./setting.js"

let server: IdentityServer

beforeAll(async () => {
  server = await startIdentityServer()
})

afterAll(() => server.close())

const password = { ...jane, scopes: ["read", "offline_access"] }

it("makes later calls reject, and may be repeated", async () => {
  const dispatcher = dispatcherFor(server)
  const app = publicClient(server, { dispatcher })
  const { account } = await app.acquireTokenByUsernamePassword(password)
  const disposals = [app.dispose(), app.dispose()]
  for (
    const call of [
      app.getAccounts(),
      app.acquireTokenSilent({ scopes: ["read"], account }),
      app.initiateAuthCodeFlow({ scopes: [], redirectUri })
    ]
  ) {
    expect(await failure(call)).toBeInstanceOf(ApplicationDisposed)
  }
  await Promise.all(disposals)
  await app.dispose()
  expect(await failure(app.getAccounts())).toMatchObject({ _tag: "ApplicationDisposed", name: "ApplicationDisposed" })
  await dispatcher.close()
})

it("waits for calls under way", async () => {
  const { fetch, open } = gate()
  const app = new PublicClientApplication({ clientId: "client", issuer, fetch })
  const call = app.acquireTokenByUsernamePassword(password)
  let disposed = false
  const disposal = app.dispose().then(() => {
    disposed = true
  })
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(disposed).toBe(false)
  open(Response.json({ access_token: "a", token_type: "Bearer", expires_in: 60 }))
  expect(await call).toMatchObject({ accessToken: "a", account: null })
  await disposal
})

it("comes at the end of a block", async () => {
  const apps: Array<PublicClientApplication> = []
  {
    await using app = new PublicClientApplication({ clientId: "client", issuer })
    apps.push(app)
    expect(await app.getAccounts()).toEqual([])
  }
  for (const app of apps) expect(await failure(app.getAccounts())).toBeInstanceOf(ApplicationDisposed)
})

/** Runs a program, which has an app and an account, on a Node of its own that trusts the server. */
const run = async (name: string, program: string): Promise<ReadonlyArray<string>> => {
  const { caCertificate, clients, issuer } = server
  const file = join(packed.directory, `../../../${name}.mjs`)
  await writeFile(`${file}.pem`, caCertificate)
  await writeFile(
    file,
    `import { PublicClientApplication } from "@grantwork/promise"
    import { subscribe } from "node:diagnostics_channel"
    const app = new PublicClientApplication(${JSON.stringify({ clientId: clients.public.client_id, issuer })})
    const { account } = await app.acquireTokenByUsernamePassword(${JSON.stringify(password)})
    ${program}`
  )
  try {
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: `${file}.pem` }
    const { stdout } = await promisify(execFile)(process.execPath, [file], { env, timeout: 10_000 })
    return stdout.trimEnd().split("\n")
  } finally {
    await rm(file)
    await rm(`${file}.pem`)
  }
}

it("waits for refreshes under way that nobody waits for any more", async () => {
  const output = await run(
    "abandoned",
    `subscribe("undici:request:trailers", ({ request }) => console.log("answered", request.path))
    subscribe("undici:request:error", ({ request }) => console.log("failed", request.path))
    const controller = new AbortController()
    subscribe("undici:client:sendHeaders", () => controller.abort())
    const request = { scopes: ["read"], account, forceRefresh: true, signal: controller.signal }
    await app.acquireTokenSilent(request).catch((error) => console.log(error.name))
    await app.dispose()
    console.log("disposed")`
  )
  expect(output).toEqual(["AbortError", "answered /token", "disposed"])
})

it("is not needed for the process to end", async () => {
  const started = Date.now()
  expect(await run("undisposed", "console.log(account.username)")).toEqual(["jane"])
  expect(Date.now() - started).toBeLessThan(3000)
})
