import { Browser, createFetch, startIdentityServer } from "@grantwork/identity-server"
import * as Schema from "effect/Schema"

interface Person {
  readonly username: string
  readonly password: string
}

/** Where the story takes place. */
export interface Setting extends AsyncDisposable {
  readonly issuer: string
  /** PEM; the one authority that vouches for the server. */
  readonly caCertificate: string
  readonly clientId: string
  readonly redirectUri: string
  readonly jane: Person
  readonly sam: Person
  /** What another library got for Kim, who comes along with it. */
  readonly kimsRefreshToken: () => Promise<string>
  /** Opens a new browser, signs in there, decides on consent, and brings what comes to the redirect URI. */
  readonly browse: (
    authorizationUrl: string,
    person: Person,
    consent?: "accept" | "deny"
  ) => Promise<URLSearchParams>
}

const jane = { sub: "1001", username: "jane", password: "correct horse", name: "Jane Doe", email: "jane@example.com" }
const sam = { sub: "1002", username: "sam", password: "battery staple", name: "Sam Roe", email: "sam@example.com" }
const kim = { sub: "1003", username: "kim", password: "rainy window", name: "Kim Poe", email: "kim@example.com" }

const decodeTokens = Schema.decodeUnknownSync(Schema.Struct({ refresh_token: Schema.String }))

/** A real OpenID Connect server on loopback, over TLS. */
export const startServer = async (): Promise<Setting> => {
  const server = await startIdentityServer({ users: [jane, sam, kim] })
  const { caCertificate, clients, issuer } = server
  const clientId = clients.public.client_id
  return {
    issuer,
    caCertificate,
    clientId,
    redirectUri: "https://app.example/callback",
    jane,
    sam,
    kimsRefreshToken: async () => {
      const response = await createFetch(caCertificate)(`${issuer}/token`, {
        method: "POST",
        body: new URLSearchParams({
          grant_type: "password",
          client_id: clientId,
          username: kim.username,
          password: kim.password,
          scope: "openid profile offline_access read"
        })
      })
      return decodeTokens(await response.json()).refresh_token
    },
    browse: async (authorizationUrl, { password, username }, consent = "accept") => {
      const arrived = await new Browser({ caCertificate }).signIn(authorizationUrl, { username, password, consent })
      return arrived.parameters
    },
    [Symbol.asyncDispose]: server.close
  }
}
