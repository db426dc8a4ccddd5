/**
 * Their side: msal-node with the same tokens in its cache.
 */
import {
  type AccountInfo,
  ConfidentialClientApplication,
  type ICachePlugin,
  PublicClientApplication
} from "@azure/msal-node"
import type { Authority } from "./authority.js"
import { clientId, clientSecret, type Person, scopes, tenantId } from "./people.js"

export const accountOf = (
  { homeAccountId, name, objectId, username }: Person,
  { environment }: Authority
): AccountInfo => ({ homeAccountId, environment, tenantId, localAccountId: objectId, username, name })

/**
 * msal-node takes only an https authority. Where the origin is the token server, it is told endpoints on http in the
 * metadata it is given, so that both sides speak the same plain http and msal-node keeps its own network client.
 */
const registration = ({ origin }: Authority) => {
  const { host } = new URL(origin)
  const authority = `https://${host}/${tenantId}`
  return origin.startsWith("https:") ? { clientId, authority } : {
    clientId,
    authority,
    knownAuthorities: [host],
    authorityMetadata: JSON.stringify({
      issuer: `${origin}/${tenantId}/v2.0`,
      authorization_endpoint: `${origin}/${tenantId}/oauth2/v2.0/authorize`,
      token_endpoint: `${origin}/${tenantId}/oauth2/v2.0/token`,
      jwks_uri: `${origin}/${tenantId}/discovery/v2.0/keys`
    })
  }
}

interface Options {
  /** What is in the cache beforehand. */
  readonly json?: string
  readonly cachePlugin?: ICachePlugin
}

export const makeMsal = (authority: Authority, { cachePlugin, json }: Options) => {
  const application = new PublicClientApplication({
    auth: registration(authority),
    ...cachePlugin && { cache: { cachePlugin } }
  })
  if (json !== undefined) {
    application.getTokenCache().deserialize(json)
  }
  return {
    application,
    silent: (cached: ReadonlyArray<Person>, forceRefresh = false) =>
      cached.map((person) => {
        const account = accountOf(person, authority)
        return () => application.acquireTokenSilent({ scopes, account, forceRefresh })
      })
  }
}

/** An application that asks for tokens in its own name. */
export const makeConfidentialMsal = (authority: Authority, json: string) => {
  const application = new ConfidentialClientApplication({ auth: { ...registration(authority), clientSecret } })
  application.getTokenCache().deserialize(json)
  return application
}
