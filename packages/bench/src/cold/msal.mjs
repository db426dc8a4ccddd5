import { PublicClientApplication } from "@azure/msal-node"
import { readFile } from "node:fs/promises"

const { account, authority, clientId, path, scopes } = JSON.parse(process.argv[2])

const cachePlugin = {
  beforeCacheAccess: async ({ tokenCache }) => tokenCache.deserialize(await readFile(path, "utf8")),
  afterCacheAccess: async () => {}
}
const application = new PublicClientApplication({ auth: { clientId, authority }, cache: { cachePlugin } })
const { fromCache } = await application.acquireTokenSilent({ scopes, account })
if (!fromCache) throw new Error("The token came from elsewhere than the file.")
console.log(performance.now())
