import * as oidc from "openid-client"
import { clientIds, contoso } from "../../src/scenario/defaultScenario.js"
import type { RunningEmulator } from "../../src/startEmulator.js"
import { createFetch } from "./leadingFetch.js"
import { jane } from "./people.js"

/** The emulator as openid-client sees it; ID tokens' signatures are checked, too. */
export const discover = async (
  emulator: RunningEmulator,
  options: {
    readonly issuer?: string
    readonly clientId?: string
    readonly metadata?: Partial<oidc.ClientMetadata>
    readonly authentication?: oidc.ClientAuth
  } = {}
): Promise<oidc.Configuration> => {
  const {
    authentication = oidc.None(),
    clientId = clientIds.public,
    issuer = `${emulator.origin}/${contoso}/v2.0`,
    metadata = {}
  } = options
  const fetch = createFetch(emulator)
  return oidc.discovery(new URL(issuer), clientId, metadata, authentication, {
    execute: [oidc.enableNonRepudiationChecks],
    [oidc.customFetch]: (url, { body, ...options }) =>
      fetch(url, { ...options, body: body instanceof Uint8Array ? body.slice() : body ?? null })
  })
}

export const authorize = async (
  configuration: oidc.Configuration,
  parameters: Readonly<Record<string, string>> = {}
) => {
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier()
  const expectedState = oidc.randomState()
  const expectedNonce = oidc.randomNonce()
  const url = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: "https://app.example/callback",
    scope: "openid profile email offline_access User.Read",
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    state: expectedState,
    nonce: expectedNonce,
    ...parameters
  })
  return { url, checks: { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true } }
}

/** Code and PKCE, from the authorization URL to verified tokens. */
export const signIn = async (
  configuration: oidc.Configuration,
  browser: Pick<RunningEmulator, "signIn">,
  parameters: Readonly<Record<string, string>> = {},
  checks: oidc.AuthorizationCodeGrantChecks = {}
) => {
  const started = await authorize(configuration, parameters)
  const arrived = await browser.signIn(started.url, jane)
  return oidc.authorizationCodeGrant(configuration, arrived.url, { ...started.checks, ...checks })
}
