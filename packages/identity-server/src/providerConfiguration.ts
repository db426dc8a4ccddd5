import type { AdapterFactory, Configuration, JWK } from "oidc-provider"
import { type Client, type ClientAuthMethod, defaultGrantTypes } from "./clients.js"
import { errors } from "./oidcProvider.js"
import { errorPage } from "./pages.js"
import { apiScopes, supportedScopes } from "./scopes.js"
import type { SigningAlgorithm } from "./signingKeys.js"
import { claimsByScope, claimsOf, type User } from "./users.js"

export const apiResource = "https://api.example"

export interface Settings {
  readonly accessTokenTtl: number
  readonly adapter: AdapterFactory
  readonly clientAuthMethods: ReadonlyArray<ClientAuthMethod>
  readonly clients: ReadonlyArray<Client>
  readonly cookieKeys: ReadonlyArray<string>
  readonly idTokenSigningAlg: SigningAlgorithm
  readonly issuesRefreshToken: (scopes: ReadonlySet<string>) => boolean
  readonly refreshTokenTtl: number
  readonly rotateRefreshToken: boolean
  readonly signingKeys: ReadonlyArray<JWK>
  readonly users: ReadonlyArray<User>
}

const hour = 60 * 60
const fortnight = 14 * 24 * hour

const features = ({ accessTokenTtl, idTokenSigningAlg }: Settings): Configuration["features"] => ({
  clientCredentials: { enabled: true },
  devInteractions: { enabled: false },
  rpInitiatedLogout: { enabled: false },
  resourceIndicators: {
    enabled: true,
    getResourceServerInfo: (_ctx, resource) => {
      if (resource !== apiResource) throw new errors.InvalidTarget()
      return {
        accessTokenFormat: "jwt",
        accessTokenTTL: accessTokenTtl,
        audience: apiResource,
        jwt: { sign: { alg: idTokenSigningAlg } },
        scope: apiScopes.join(" ")
      }
    }
  }
})

// oidc-provider announces every default it would rather see replaced: nothing here is left at one of those.
export const providerConfiguration = (settings: Settings): Configuration => ({
  adapter: settings.adapter,
  claims: claimsByScope,
  clientAuthMethods: [...settings.clientAuthMethods],
  clientBasedCORS: () => false,
  clientDefaults: { grant_types: defaultGrantTypes, id_token_signed_response_alg: settings.idTokenSigningAlg },
  clients: settings.clients
    .filter(({ token_endpoint_auth_method }) => settings.clientAuthMethods.includes(token_endpoint_auth_method))
    .map(({ jwks, ...client }) => ({ ...client, ...(jwks && { jwks: { keys: [...jwks.keys] } }) })),
  conformIdTokenClaims: false,
  cookies: { keys: settings.cookieKeys },
  enabledJWA: { idTokenSigningAlgValues: [settings.idTokenSigningAlg] },
  features: features(settings),
  findAccount: (_ctx, sub) => {
    const user = settings.users.find((candidate) => candidate.sub === sub)
    return user && { accountId: sub, claims: () => claimsOf(user) }
  },
  issueRefreshToken: (_ctx, client, source) =>
    client.grantTypeAllowed("refresh_token") && settings.issuesRefreshToken(source.scopes),
  jwks: { keys: settings.signingKeys },
  renderError: (ctx, { error, error_description }) => {
    ctx.type = "html"
    ctx.body = errorPage(error, error_description)
  },
  responseTypes: ["code"],
  rotateRefreshToken: settings.rotateRefreshToken,
  scopes: supportedScopes,
  ttl: {
    AccessToken: settings.accessTokenTtl,
    AuthorizationCode: 60,
    ClientCredentials: settings.accessTokenTtl,
    Grant: fortnight,
    IdToken: hour,
    Interaction: hour,
    RefreshToken: settings.refreshTokenTtl,
    Session: fortnight
  }
})
