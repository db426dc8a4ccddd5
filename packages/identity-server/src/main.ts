import { mkdir, writeFile } from "node:fs/promises"
import { dirname, resolve } from "node:path"
import { parseArgs } from "node:util"
import { startIdentityServer } from "./startIdentityServer.js"

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "4443" },
    "ca-out": { type: "string" }
  }
})

const caFile = resolve(values["ca-out"] ?? `node_modules/.cache/grantwork/ca-${values.port}.pem`)
const server = await startIdentityServer({ port: Number(values.port) }).catch((error: unknown) => {
  console.error(`Port ${values.port} cannot be used. Pass another: npm run identity-server -- --port 4444`)
  console.error(error instanceof Error ? error.message : error)
  return process.exit(1)
})
await mkdir(dirname(caFile), { recursive: true })
await writeFile(caFile, server.caCertificate)

console.log(`An OpenID Connect server for trying things out. Stop it with Ctrl+C.

  issuer    ${server.issuer}
  client    ${server.clients.native.client_id}
  scopes    read write
  redirect  ${server.clients.native.redirect_uris.join(" or ")}
  people    ${server.users.map(({ password, username }) => `${username} with password "${password}"`).join(", ")}

Let Node trust it, anew after each start:

  export NODE_EXTRA_CA_CERTS=${caFile}
`)
