// msal-node as it comes, with its own HTTP client. The arguments are the emulator's origin, a client id, a name and a
// password; the output is JSON.
import { PublicClientApplication } from "@azure/msal-node"

const [origin, clientId, username, password] = process.argv.slice(2)
const app = new PublicClientApplication({
  auth: { clientId, authority: `${origin}/contoso.example`, knownAuthorities: [new URL(origin).host] }
})
const scopes = ["User.Read"]
const { account } = await app.acquireTokenByUsernamePassword({ username, password, scopes })
const cached = await app.acquireTokenSilent({ account, scopes })
const fresh = await app.acquireTokenSilent({ account, scopes, forceRefresh: true })
console.log(JSON.stringify({ username: account.username, fromCache: [cached.fromCache, fresh.fromCache] }))
