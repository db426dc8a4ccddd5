import { Browser, createFetch, startIdentityServer } from "@grantwork/identity-server"
import { importedRefreshToken } from "./importedRefreshToken.js"
import type { Setting } from "./Setting.js"

const jane = { sub: "1001", username: "jane", password: "correct horse", name: "Jane Doe", email: "jane@example.com" }
const sam = { sub: "1002", username: "sam", password: "battery staple", name: "Sam Roe", email: "sam@example.com" }
const kim = { sub: "1003", username: "kim", password: "rainy window", name: "Kim Poe", email: "kim@example.com" }

const scope = "read"

/** An independent OpenID Connect server on loopback, over TLS. */
export const startOidcProvider = async (): Promise<Setting> => {
  const server = await startIdentityServer({ users: [jane, sam, kim] })
  const { caCertificate, clients, issuer } = server
  const clientId = clients.public.client_id
  return {
    address: issuer,
    caCertificate,
    registration: { clientId, issuer },
    redirectUri: "https://app.example/callback",
    scope,
    jane,
    sam,
    kim,
    kimsRefreshToken: () =>
      importedRefreshToken(createFetch(caCertificate), `${issuer}/token`, { clientId, person: kim, scope }),
    browse: async (authorizationUrl, { password, username }, consent = "accept") => {
      const { parameters } = await new Browser({ caCertificate }).signIn(authorizationUrl, {
        username,
        password,
        consent
      })
      return parameters
    },
    [Symbol.asyncDispose]: () => server.close()
  }
}
