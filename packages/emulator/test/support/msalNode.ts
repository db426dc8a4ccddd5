import {
  type AuthenticationResult,
  AuthError,
  type Configuration,
  CryptoProvider,
  type INetworkModule,
  type NetworkRequestOptions,
  type PublicClientApplication
} from "@azure/msal-node"
import type { Person } from "../../src/Browser.js"
import { clientIds } from "../../src/scenario/defaultScenario.js"
import type { RunningEmulator } from "../../src/startEmulator.js"
import { createFetch, type Fetch } from "./leadingFetch.js"

/** Under which hosts the emulator is found: its own, and the one that msal-node takes to be Microsoft's. */
export const hosts = ["localhost", "login.microsoftonline.com"] as const

export type Host = typeof hosts[number]

export const originUnder = (host: Host, emulator: RunningEmulator): string =>
  host === "localhost" ? emulator.origin : `https://${host}`

/** What msal-node names the cloud in accounts. */
export const environmentUnder = (host: Host, emulator: RunningEmulator): string =>
  host === "localhost" ? new URL(emulator.origin).host : "login.windows.net"

const networkClient = (fetch: Fetch): INetworkModule => {
  const send = async (method: string, url: string, options: NetworkRequestOptions = {}) => {
    const response = await fetch(url, {
      method,
      ...(options.headers !== undefined && { headers: options.headers }),
      ...(options.body !== undefined && { body: options.body })
    })
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: JSON.parse(await response.text())
    }
  }
  return {
    sendGetRequestAsync: (url, options) => send("GET", url, options),
    sendPostRequestAsync: (url, options) => send("POST", url, options)
  }
}

/** Nothing but the way to the emulator differs from msal-node's defaults. */
export const configure = (
  emulator: RunningEmulator,
  host: Host,
  auth: Partial<Configuration["auth"]> & { readonly tenant?: string } = {},
  fetch: Fetch = createFetch(emulator)
): Configuration => {
  const { tenant = "contoso.example", ...rest } = auth
  return {
    auth: {
      clientId: clientIds.public,
      authority: authorityUnder(host, emulator, tenant),
      ...(host === "localhost" && { knownAuthorities: [new URL(emulator.origin).host] }),
      ...rest
    },
    system: { networkClient: networkClient(fetch) }
  }
}

export const authorityUnder = (host: Host, emulator: RunningEmulator, tenant: string): string =>
  `${originUnder(host, emulator)}/${tenant}`

export const interactively = (
  app: PublicClientApplication,
  emulator: RunningEmulator,
  person: Person,
  request: { readonly scopes?: Array<string>; readonly claims?: string } = {}
): Promise<AuthenticationResult> =>
  app.acquireTokenInteractive({
    scopes: ["User.Read"],
    ...request,
    openBrowser: async (authorizationUrl) => {
      const { parameters, url } = await emulator.signIn(authorizationUrl, person)
      const page = await fetch(url, { method: "POST", body: parameters })
      if (!page.ok) throw new Error(await page.text())
    }
  })

const redirectUri = "https://app.example/callback"

/** What a web app keeps between the two halves of the code flow. */
export const codeFlow = async (scopes: Array<string>) => {
  const crypto = new CryptoProvider()
  const { challenge, verifier } = await crypto.generatePkceCodes()
  const kept = { scopes, redirectUri, state: crypto.createNewGuid(), nonce: crypto.createNewGuid() }
  return {
    authorization: { ...kept, codeChallenge: challenge, codeChallengeMethod: "S256" },
    redemption: { ...kept, codeVerifier: verifier }
  }
}

/** The account of a result that has to have one. */
export const accountOf = ({ account }: Pick<AuthenticationResult, "account">) => {
  if (account === null) throw new Error("The result has no account.")
  return account
}

/** What msal-node fails with. */
export const failureOf = async (call: Promise<unknown>): Promise<AuthError> => {
  try {
    await call
  } catch (error) {
    if (error instanceof AuthError) return error
    throw error
  }
  throw new Error("It did not fail.")
}
