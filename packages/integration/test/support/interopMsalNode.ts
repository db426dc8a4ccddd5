/**
 * Leads msal-node. Each line of the input is a call, each line of the output what came of it; all in JSON. The argument
 * says where the emulator is.
 */
import {
  type AuthenticationResult,
  ConfidentialClientApplication,
  type INetworkModule,
  type NetworkRequestOptions,
  PublicClientApplication
} from "@azure/msal-node"
import { createInterface } from "node:readline"
import { fetch } from "undici"
import { carefulPlugin, filePlugin } from "./interop/filePlugin.js"
import { type Destination, leadingAgent } from "./interop/leadingAgent.js"
import { authorityOf, type Registration } from "./interop/Peer.js"

type Call =
  & { readonly app: string }
  & (
    | { readonly do: "start" } & Registration
    | {
      readonly do: "signIn"
      readonly username: string
      readonly password: string
      readonly scopes: Array<string>
    }
    | { readonly do: "accounts" }
    | { readonly do: "silent"; readonly username: string; readonly scopes: Array<string>; readonly refresh: boolean }
    | { readonly do: "remove"; readonly username: string }
    | { readonly do: "ownToken"; readonly scopes: Array<string> }
  )

interface Task extends Destination {
  readonly plugin: keyof typeof plugins
}

const plugins = { own: filePlugin, careful: carefulPlugin }
const { plugin, ...destination }: Task = JSON.parse(process.argv[2] ?? "")
const dispatcher = leadingAgent(destination)

const send = async (method: string, url: string, { body, headers = {} }: NetworkRequestOptions = {}) => {
  const response = await fetch(url, { method, headers, dispatcher, ...(body !== undefined && { body }) })
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: JSON.parse(await response.text())
  }
}

const networkClient: INetworkModule = {
  sendGetRequestAsync: (url, options) => send("GET", url, options),
  sendPostRequestAsync: (url, options) => send("POST", url, options)
}

const apps = new Map<string, PublicClientApplication | ConfidentialClientApplication>()

const start = (registration: Registration) => {
  const { clientId, clientSecret, path } = registration
  const rest = { system: { networkClient }, cache: { cachePlugin: plugins[plugin](path) } }
  const auth = { clientId, authority: authorityOf(registration) }
  return clientSecret === undefined
    ? new PublicClientApplication({ auth, ...rest })
    : new ConfidentialClientApplication({ auth: { ...auth, clientSecret }, ...rest })
}

const started = (name: string) => {
  const app = apps.get(name)
  if (app === undefined) throw new Error(`${name} has not started.`)
  return app
}

const accountsOf = async (app: PublicClientApplication | ConfidentialClientApplication, name: string) =>
  (await app.getTokenCache().getAllAccounts()).filter(({ username }) => username === name)

const tokenOf = (result: AuthenticationResult | null) => {
  if (result === null) throw new Error("There is no token.")
  return result.accessToken
}

const answer = async (call: Call): Promise<unknown> => {
  if (call.do === "start") {
    apps.set(call.app, start(call))
    return null
  }
  const app = started(call.app)
  switch (call.do) {
    case "signIn":
      return tokenOf(await app.acquireTokenByUsernamePassword(call))
    case "accounts":
      return (await app.getTokenCache().getAllAccounts()).map(({ username }) => username)
    case "silent": {
      const [account] = await accountsOf(app, call.username)
      if (account === undefined) throw new Error(`There is no account ${call.username}.`)
      return tokenOf(await app.acquireTokenSilent({ scopes: call.scopes, account, forceRefresh: call.refresh }))
    }
    case "remove": {
      // Of one person's accounts, those without an ID token have no name.
      const homes = (await accountsOf(app, call.username)).map(({ homeAccountId }) => homeAccountId)
      for (;;) {
        const account = (await app.getTokenCache().getAllAccounts()).find((one) => homes.includes(one.homeAccountId))
        if (account === undefined) return null
        await app.getTokenCache().removeAccount(account)
      }
    }
    case "ownToken": {
      if (!(app instanceof ConfidentialClientApplication)) throw new Error("A public client has no own tokens.")
      return tokenOf(await app.acquireTokenByClientCredential(call))
    }
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const call: Call = JSON.parse(line)
  const told = await answer(call).then(
    (result) => ({ result }),
    (error: unknown) => ({ raised: String(error) })
  )
  process.stdout.write(`${JSON.stringify(told)}\n`)
}
await dispatcher.close()
