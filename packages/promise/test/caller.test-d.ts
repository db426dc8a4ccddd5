import {
  type Account,
  type AuthCodeFlow,
  AuthError,
  type ClientApplication,
  ConfidentialClientApplication,
  InteractionRequired,
  InvalidArgument,
  PublicClientApplication,
  type TokenResult
} from "@grantwork/promise"

const session = new Map<string, string>()

export const begin = async (app: ClientApplication, claims?: string): Promise<string> => {
  const flow: AuthCodeFlow = await app.initiateAuthCodeFlow({ scopes: [], redirectUri: "https://a.example", claims })
  session.set("flow", JSON.stringify(flow))
  return flow.authorizationUrl
}

export const end = async (app: ClientApplication, authResponse: URL): Promise<Account | null> => {
  const flow: unknown = JSON.parse(session.get("flow") ?? "null")
  const { account, expiresAt }: TokenResult = await app.acquireTokenByAuthCodeFlow({ flow, authResponse })
  return expiresAt.getTime() > 0 ? account : null
}

export const use = async (options: { readonly clientId: string; readonly secret: string }): Promise<string> => {
  const app = new ConfidentialClientApplication({ ...options, clientSecret: options.secret, fetch })
  try {
    const [account] = await app.getAccounts({ username: "jane" })
    const result = await app.acquireTokenSilent({ scopes: ["read"], account, signal: AbortSignal.timeout(1000) })
    return result === null ? await begin(app) : result.accessToken
  } catch (error) {
    if (error instanceof InteractionRequired) {
      return error.reason === "claims" ? begin(app, error.claims) : begin(app)
    }
    if (error instanceof AuthError) {
      switch (error._tag) {
        case "Throttled":
          return "later"
        default:
          return error instanceof InvalidArgument ? error.argument : error.message
      }
    }
    throw error
  } finally {
    await app[Symbol.asyncDispose]()
  }
}

export const refused = (app: ClientApplication): ReadonlyArray<unknown> => [
  // @ts-expect-error a confidential client has a credential
  () => new ConfidentialClientApplication({ clientId: "client" }),
  // @ts-expect-error one credential, not two
  () => new ConfidentialClientApplication({ clientId: "client", clientSecret: "secret", clientAssertion: "a.b.c" }),
  () =>
    new ConfidentialClientApplication({ clientId: "client", clientAssertion: ({ tokenEndpoint }) => tokenEndpoint }),
  // @ts-expect-error a public client has none
  () => new PublicClientApplication({ clientId: "client", clientSecret: "secret" }),
  // @ts-expect-error the account has to be considered
  () => app.acquireTokenSilent({ scopes: [] }),
  // @ts-expect-error there may be no result
  async () => (await app.acquireTokenSilent({ scopes: [], account: null })).accessToken,
  async () => (await app.acquireTokenSilentWithError({ scopes: [], account: null })).accessToken
]
