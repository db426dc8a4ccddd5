import { PublicClientApplication } from "@grantwork/promise"

const { account, authority, clientId, path, scopes } = JSON.parse(process.argv[2])

const application = new PublicClientApplication({ clientId, authority, tokenCache: { file: path } })
const { source } = await application.acquireTokenSilentWithError({ scopes, account })
if (source !== "cache") throw new Error("The token came from elsewhere than the file.")
console.log(performance.now())
await application.dispose()
