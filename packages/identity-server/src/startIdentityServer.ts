import { issueCertificates } from "@grantwork/emulator/certificates"
import { randomUUID } from "node:crypto"
import { once } from "node:events"
import { createServer } from "node:https"
import { type Client, type ClientAuthMethod, type Clients, predefinedClients } from "./clients.js"
import { serveInteractions } from "./interactions.js"
import { createMemoryAdapter } from "./memoryAdapter.js"
import { Provider } from "./oidcProvider.js"
import { registerPasswordGrant } from "./passwordGrant.js"
import { providerConfiguration } from "./providerConfiguration.js"
import { type RecordedRequest, recordRequests } from "./requestLog.js"
import { createSigningKey, type SigningAlgorithm } from "./signingKeys.js"
import { defaultUsers, type User } from "./users.js"

export interface IdentityServerOptions {
  /** Instead of `jane` and `sam`. */
  readonly users?: ReadonlyArray<User>
  /** Besides the predefined ones. */
  readonly clients?: ReadonlyArray<Client>
  /** Announced and accepted; clients registered for another are unknown. All but signatures unless told otherwise. */
  readonly clientAuthMethods?: ReadonlyArray<ClientAuthMethod>
  /** Seconds; an hour unless told otherwise. */
  readonly accessTokenTtl?: number
  /** Seconds; two weeks unless told otherwise. */
  readonly refreshTokenTtl?: number
  readonly idTokenSigningAlg?: SigningAlgorithm
  /** Whether a refresh token is good for one use only; true unless told otherwise. */
  readonly rotateRefreshToken?: boolean
  /**
   * `"offline_access"`, the default, issues a refresh token for that scope only, which the authorization endpoint
   * grants only with `prompt=consent`; `"always"` issues one with every code and password.
   *
   * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#OfflineAccess}
   */
  readonly refreshTokens?: "always" | "offline_access"
  /** Any free one unless told otherwise. */
  readonly port?: number
}

export interface IdentityServer extends AsyncDisposable {
  readonly issuer: string
  /** PEM; the only authority that vouches for the server. */
  readonly caCertificate: string
  readonly clients: Clients
  readonly users: ReadonlyArray<User>
  /** Every request answered so far, oldest first. */
  readonly requests: ReadonlyArray<RecordedRequest>
  /** Signs with a new key from now on; the keys before it stay published. */
  readonly rotateSigningKey: () => Promise<void>
  readonly close: () => Promise<void>
}

export const startIdentityServer = async (options: IdentityServerOptions = {}): Promise<IdentityServer> => {
  const { accessTokenTtl = 3600, idTokenSigningAlg = "RS256", refreshTokenTtl = 1_209_600, users = defaultUsers } =
    options
  const { caCertificate, certificate, privateKey } = await issueCertificates()
  const server = createServer({ cert: certificate, key: privateKey })
  server.listen(options.port ?? 0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  const issuer = `https://localhost:${typeof address === "object" ? address?.port : address}`
  const requests: Array<RecordedRequest> = []
  const adapter = createMemoryAdapter()
  const cookieKeys = [randomUUID()]
  const issuesRefreshToken = (scopes: ReadonlySet<string>) =>
    options.refreshTokens === "always" || scopes.has("offline_access")
  let signingKeys = [await createSigningKey(idTokenSigningAlg)]

  const createListener = () => {
    const provider = new Provider(
      issuer,
      providerConfiguration({
        accessTokenTtl,
        adapter,
        clientAuthMethods: options.clientAuthMethods ?? ["client_secret_basic", "client_secret_post", "none"],
        clients: [...Object.values<Client>({ ...predefinedClients }), ...(options.clients ?? [])],
        cookieKeys,
        idTokenSigningAlg,
        issuesRefreshToken,
        refreshTokenTtl,
        rotateRefreshToken: options.rotateRefreshToken ?? true,
        signingKeys,
        users
      })
    )
    registerPasswordGrant(provider, { issuesRefreshToken, users })
    recordRequests(provider, requests)
    serveInteractions(provider, users)
    provider.on("server_error", (_ctx, error) => console.error(error))
    return provider.callback()
  }

  let listener = createListener()
  server.on("request", (request, response) => void listener(request, response))
  const close = async () => {
    if (!server.listening) return
    server.close()
    server.closeAllConnections()
    await once(server, "close")
  }

  return {
    issuer,
    caCertificate,
    clients: predefinedClients,
    users,
    requests,
    rotateSigningKey: async () => {
      signingKeys = [await createSigningKey(idTokenSigningAlg), ...signingKeys]
      listener = createListener()
    },
    close,
    [Symbol.asyncDispose]: close
  }
}
