import { Account, type ClientApplication } from "@grantwork/core"
import { DefaultScenario, type Scenario } from "@grantwork/emulator"
import { type RunningEmulator, startEmulator } from "@grantwork/emulator/startEmulator"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { type Provider, type ProviderOptions, unruly, type User } from "./Provider.js"

const { clientIds, contoso, defaultScenario, webSecret } = DefaultScenario

export interface EmulatorProvider extends Provider {
  readonly emulator: RunningEmulator
  /** The public client at another tenant. */
  readonly at: (tenant: string) => ClientApplication.Options
}

/** Somebody of the emulator's own scenario. */
export const known = (username: string): User => {
  const user = defaultScenario.users?.find((one) => one.username === username)
  if (user === undefined) throw new Error(`Nobody is called ${username}.`)
  return { username, password: user.password }
}

const users = {
  jane: {
    id: "d0000000-0000-4000-8000-000000000001",
    ...known("jane@contoso.example"),
    name: "Jane Doe"
  },
  jozef: {
    id: "d0000000-0000-4000-8000-000000000002",
    username: "józef+o'neill@contoso.example",
    password: unruly,
    name: "Józef"
  }
}

/** The emulator's own scenario, in which a used refresh token revokes what came of it. */
export const scenario = (
  { accessTokenLifetime = 3600, rotatesRefreshTokens = true }: ProviderOptions = {}
): Scenario.Input => ({
  ...defaultScenario,
  users: [
    ...(defaultScenario.users ?? []).filter(({ username }) => username !== users.jane.username),
    ...Object.values(users)
  ],
  policies: {
    accessTokenLifetime,
    refreshTokenRotation: rotatesRefreshTokens,
    refreshTokenReplay: "revoke"
  }
})

const account = (origin: string, { id, name, username }: typeof users[keyof typeof users]) =>
  new Account.Account({
    homeAccountId: `${id}.${contoso}`,
    localAccountId: id,
    environment: new URL(origin).host,
    tenantId: contoso,
    username,
    name: Option.some(name),
    authorityType: "MSSTS"
  })

/** Clients of the tenant `contoso.example`. */
const clientsOf = (at: EmulatorProvider["at"]): Provider["clients"] => {
  const tenant = "contoso.example"
  const web = { ...at(tenant), clientId: clientIds.web, clientSecret: Redacted.make(webSecret) }
  return {
    public: at(tenant),
    native: { ...at(tenant), clientId: clientIds.native },
    secretPost: web,
    secretBasic: { ...web, clientAuthenticationMethod: "client_secret_basic" }
  }
}

/** The Entra-like server. */
export const startEmulatorProvider = async (options?: ProviderOptions): Promise<EmulatorProvider> => {
  const emulator = await startEmulator({ scenario: scenario(options) })
  const { caCertificate, close, origin, requests, rotateSigningKey } = emulator
  const at = (tenant: string) => ({
    clientId: clientIds.public,
    authority: `${origin}/${tenant}`,
    knownAuthorities: [new URL(origin).host]
  })
  const requestsTo = async (path: RegExp) => (await requests()).filter((request) => path.test(request.path))
  const tokenRequests = () => requestsTo(/\/token$/)
  return {
    caCertificate,
    clients: clientsOf(at),
    asksConsent: "native",
    scopes: { read: "api://notes/read", write: "api://notes/write" },
    signInScopes: ["openid", "profile"],
    people: { ...users, sam: known("sam@contoso.example") },
    accounts: { jane: account(origin, users.jane), jozef: account(origin, users.jozef) },
    issuer: `${origin}/${contoso}/v2.0`,
    localAccountClaim: "oid",
    endpoints: {
      authorization: `${origin}/${contoso}/oauth2/v2.0/authorize`,
      token: `${origin}/${contoso}/oauth2/v2.0/token`
    },
    denial: /^AADSTS65004: /,
    unknownClient: "unauthorized_client",
    otherClientFields: ["client_info"],
    grantTypes: async () => (await tokenRequests()).map(({ grantType }) => grantType),
    lastTokenFields: async () => (await tokenRequests()).at(-1)?.form.map(([name]) => name) ?? [],
    fetchesOfKeys: async () => (await requestsTo(/\/keys$/)).length,
    pageVisits: async () => (await requestsTo(/^\/sign-in\//)).length,
    // The key that comes next is published ahead.
    rotateSigningKey: async () => {
      await rotateSigningKey()
      await rotateSigningKey()
    },
    close,
    emulator,
    at
  }
}
