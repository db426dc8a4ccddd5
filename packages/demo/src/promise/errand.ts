import { PublicClientApplication } from "@grantwork/promise"
import { Agent } from "undici"
import { receive } from "../errand.js"
import { openTokenCache } from "./tokenCache.js"

const { caCertificate, cache, registration, scope, username } = await receive()
const dispatcher = new Agent({ connect: { ca: caCertificate } })
const { close, tokenCache } = await openTokenCache(cache)
const app = new PublicClientApplication({ ...registration, dispatcher, tokenCache })

const [account] = await app.getAccounts({ username })
const { source } = await app.acquireTokenSilentWithError({ scopes: [scope], account })
console.log(source)

await app.dispose()
close()
await dispatcher.close()
