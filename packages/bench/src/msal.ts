/**
 * Their side: msal-node with the same tokens in its cache, in the JSON it reads and writes.
 */
import { type AccountInfo, PublicClientApplication } from "@azure/msal-node"
import { cachedIdToken, clientId, grantedScopes, lifetimeSeconds, type Person, scopes, tenantId } from "./people.js"

const unifiedCache = (cached: ReadonlyArray<Person>, environment: string, origin: string) => {
  const now = Math.floor(Date.now() / 1000)
  const expiresOn = String(now + lifetimeSeconds)
  const target = grantedScopes.join(" ")
  const common = { environment, client_id: clientId }
  const section = (entry: (person: Person) => readonly [string, Record<string, unknown>]) =>
    Object.fromEntries(cached.map((person) => {
      const [suffix, fields] = entry(person)
      const key = `${person.homeAccountId}-${environment}-${suffix}`.toLowerCase()
      return [key, { home_account_id: person.homeAccountId, ...fields }]
    }))
  return JSON.stringify({
    AccessToken: section((person) => [
      `accesstoken-${clientId}-${tenantId}-${target}-`,
      {
        ...common,
        credential_type: "AccessToken",
        secret: person.accessToken,
        realm: tenantId,
        target,
        token_type: "Bearer",
        cached_at: String(now),
        expires_on: expiresOn,
        extended_expires_on: expiresOn
      }
    ]),
    RefreshToken: section((person) => [
      `refreshtoken-${clientId}---`,
      { ...common, credential_type: "RefreshToken", secret: person.refreshToken }
    ]),
    IdToken: section((person) => [
      `idtoken-${clientId}-${tenantId}--`,
      {
        ...common,
        credential_type: "IdToken",
        secret: cachedIdToken(person.index, `${origin}/${tenantId}/v2.0`, now),
        realm: tenantId
      }
    ]),
    Account: section((person) => [
      tenantId,
      {
        environment,
        realm: tenantId,
        local_account_id: person.objectId,
        username: person.username,
        name: person.name,
        authority_type: "MSSTS",
        tenantProfiles: [JSON.stringify({
          tenantId,
          localAccountId: person.objectId,
          name: person.name,
          username: person.username,
          isHomeTenant: true
        })]
      }
    ]),
    AppMetadata: {}
  })
}

const accountOf = ({ homeAccountId, name, objectId, username }: Person, environment: string): AccountInfo => ({
  homeAccountId,
  environment,
  tenantId,
  localAccountId: objectId,
  username,
  name
})

/**
 * msal-node takes only an https authority. Where the origin is the token server, it is told endpoints on http in the
 * metadata it is given, so that both sides speak the same plain http and msal-node keeps its own network client.
 */
const authorityOf = (origin: string) => {
  const { host } = new URL(origin)
  const authority = `https://${host}/${tenantId}`
  return origin.startsWith("https:") ? { authority } : {
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

/** msal-node with these people's tokens cached, as if they had signed in at the origin. */
export const makeMsal = (cached: ReadonlyArray<Person>, origin: string, environment: string) => {
  const application = new PublicClientApplication({ auth: { clientId, ...authorityOf(origin) } })
  application.getTokenCache().deserialize(unifiedCache(cached, environment, origin))
  const accounts = cached.map((person) => accountOf(person, environment))
  return {
    silent: (forceRefresh = false) =>
      accounts.map((account) => () => application.acquireTokenSilent({ scopes, account, forceRefresh }))
  }
}
