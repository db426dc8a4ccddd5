import { Account, type ClientApplication } from "@grantwork/core"
import { type Client, type IdentityServerOptions, startIdentityServer, type User } from "@grantwork/identity-server"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { publicJwk } from "./openssl.js"
import { type Provider, type ProviderOptions, unruly } from "./Provider.js"
import { redirectUri } from "./signIn.js"

const users = {
  jane: {
    sub: "248289761001",
    username: "jane",
    password: "correct horse",
    name: "Jane Doe",
    email: "jane@example.com"
  },
  sam: { sub: "248289761002", username: "sam", password: "battery staple", name: "Sam Roe", email: "sam@example.com" },
  jozef: { sub: "2", username: "józef+o'neill", password: unruly, name: "Józef", email: "jozef@example.com" }
}

interface OidcProviderOptions
  extends ProviderOptions, Pick<IdentityServerOptions, "clientAuthMethods" | "idTokenSigningAlg">
{
  /** Certificates of clients by their ids. */
  readonly signingClients?: Readonly<Record<string, string>>
}

const signingClient = ([client_id, certificate]: [string, string]): Client => ({
  client_id,
  token_endpoint_auth_method: "private_key_jwt",
  jwks: { keys: [publicJwk(certificate)] },
  redirect_uris: [redirectUri],
  grant_types: ["authorization_code", "refresh_token", "client_credentials"]
})

/** The independent server, which has no tenants; a used refresh token revokes its grant. */
export const startOidcProvider = async (
  { accessTokenLifetime = 3600, rotatesRefreshTokens = true, signingClients, ...options }: OidcProviderOptions = {}
): Promise<Provider> => {
  const server = await startIdentityServer({
    ...options,
    ...(signingClients && {
      clients: Object.entries(signingClients).map(signingClient),
      clientAuthMethods: ["none", "client_secret_post", "client_secret_basic", "private_key_jwt"]
    }),
    users: Object.values<User>(users),
    accessTokenTtl: accessTokenLifetime,
    rotateRefreshToken: rotatesRefreshTokens
  })
  const { caCertificate, clients, close, issuer, requests, rotateSigningKey } = server
  const registration = ({ client_id, client_secret }: Client): ClientApplication.Options => ({
    clientId: client_id,
    issuer,
    ...(client_secret !== undefined && { clientSecret: Redacted.make(client_secret) })
  })
  const account = ({ name, sub, username }: User) =>
    new Account.Account({
      homeAccountId: sub,
      localAccountId: sub,
      environment: issuer,
      tenantId: "",
      username,
      name: Option.some(name),
      authorityType: "Generic"
    })
  const tokenRequests = () => requests.filter(({ path }) => path === "/token")
  return {
    caCertificate,
    clients: {
      public: registration(clients.public),
      native: registration(clients.native),
      secretPost: registration(clients.secretPost),
      secretBasic: { ...registration(clients.secretBasic), clientAuthenticationMethod: "client_secret_basic" }
    },
    asksConsent: "public",
    scopes: { read: "read", write: "write" },
    signInScopes: ["offline_access", "openid", "profile"],
    people: users,
    accounts: { jane: account(users.jane), jozef: account(users.jozef) },
    issuer,
    localAccountClaim: "sub",
    endpoints: { authorization: `${issuer}/auth`, token: `${issuer}/token` },
    denial: /^The person said no$/,
    unknownClient: "invalid_client",
    otherClientFields: [],
    grantTypes: async () => tokenRequests().map(({ grantType }) => grantType),
    lastTokenFields: async () => tokenRequests().at(-1)?.formFields ?? [],
    fetchesOfKeys: async () => requests.filter(({ path }) => path === "/jwks").length,
    pageVisits: async () => requests.filter(({ path }) => path.startsWith("/interaction")).length,
    rotateSigningKey,
    close
  }
}
