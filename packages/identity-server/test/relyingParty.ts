import * as oidc from "openid-client"
import { Browser, type Client, createFetch, type IdentityServer, type Person } from "../src/index.js"

export const jane: Person = { username: "jane", password: "correct horse" }

const authentication = ({ client_secret, token_endpoint_auth_method }: Client): oidc.ClientAuth => {
  switch (token_endpoint_auth_method) {
    case "client_secret_basic":
      return oidc.ClientSecretBasic(client_secret)
    case "client_secret_post":
      return oidc.ClientSecretPost(client_secret)
    case "none":
      return oidc.None()
    case "private_key_jwt":
      throw new Error("No predefined client signs.")
  }
}

/** The server as an independent client library sees it. */
export const discover = async (
  { caCertificate, issuer }: IdentityServer,
  client: Client,
  metadata: Partial<oidc.ClientMetadata> = {}
): Promise<oidc.Configuration> => {
  const fetch = createFetch(caCertificate)
  return oidc.discovery(new URL(issuer), client.client_id, metadata, authentication(client), {
    [oidc.customFetch]: (url, { body, ...options }) =>
      fetch(url, { ...options, body: body instanceof Uint8Array ? body.slice() : body ?? null })
  })
}

export interface Started {
  readonly url: URL
  readonly checks: oidc.AuthorizationCodeGrantChecks & { readonly pkceCodeVerifier: string }
}

export const authorize = async (
  configuration: oidc.Configuration,
  parameters: Readonly<Record<string, string>> = {}
): Promise<Started> => {
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier()
  const expectedState = oidc.randomState()
  const expectedNonce = oidc.randomNonce()
  const url = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: "https://app.example/callback",
    scope: "openid",
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    state: expectedState,
    nonce: expectedNonce,
    ...parameters
  })
  return { url, checks: { pkceCodeVerifier, expectedState, expectedNonce } }
}

/** Code and PKCE, from the authorization URL to verified tokens. */
export const signIn = async (
  server: IdentityServer,
  configuration: oidc.Configuration,
  parameters: Readonly<Record<string, string>> = {},
  browser: Browser = new Browser(server)
) => {
  const { checks, url } = await authorize(configuration, parameters)
  const arrived = await browser.signIn(url, jane)
  return oidc.authorizationCodeGrant(configuration, arrived.url, checks)
}

export const passwordGrant = (configuration: oidc.Configuration, parameters: Readonly<Record<string, string>> = {}) =>
  oidc.genericGrantRequest(configuration, "password", {
    username: "jane",
    password: "correct horse",
    scope: "openid email offline_access read",
    ...parameters
  })

/** The OAuth error code a call fails with. */
export const errorOf = async (call: Promise<unknown>): Promise<string | undefined> => {
  try {
    await call
    return undefined
  } catch (error) {
    if (error instanceof oidc.ResponseBodyError || error instanceof oidc.AuthorizationResponseError) return error.error
    throw error
  }
}
