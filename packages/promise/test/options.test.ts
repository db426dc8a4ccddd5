import { createFetch, type IdentityServer, startIdentityServer } from "@grantwork/identity-server"
import type * as Facade from "@grantwork/promise"
import {
  AuthError,
  ConfidentialClientApplication,
  IdTokenRejected,
  InvalidAuthority,
  InvalidConfiguration,
  MalformedResponse,
  NetworkFailure,
  PublicClientApplication,
  type PublicClientOptions
} from "@grantwork/promise"
import { join } from "node:path"
import { Agent, ProxyAgent } from "undici"
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest"
import { packed } from "../../../.ci/packed.mjs"
import { issuer, metadata } from "./scripted.js"
import { answer, dispatcherFor, failure, jane, publicClient, redirectUri, untyped } from "./setting.js"

const contoso = "7e7e7e7e-0000-4000-8000-00000000c0c0"

const thrown = (make: () => unknown): unknown => {
  try {
    make()
  } catch (error) {
    return error
  }
  throw new Error("It did not throw.")
}

const atMicrosoft = { issuer: undefined, authority: "https://login.microsoftonline.com/common" }

describe("options", () => {
  it.each<[string, Partial<PublicClientOptions>]>([
    ["clientID", untyped({ clientID: "client" })],
    ["clientSecret", untyped({ clientSecret: "secret" })],
    ["clientId", { clientId: "" }],
    ["clientId", { clientId: untyped(null) }],
    ["issuer", { authority: "https://login.microsoftonline.com/common" }],
    ["authority", { authority: untyped(7) }],
    ["issuer", { issuer: untyped(null) }],
    ["knownAuthorities", { knownAuthorities: untyped("provider.example") }],
    ["knownAuthorities", { knownAuthorities: untyped([null]) }],
    ["instanceDiscovery", { instanceDiscovery: untyped(null) }],
    ["instanceDiscovery", { instanceDiscovery: untyped(1) }],
    ["instanceDiscovery", { instanceDiscovery: "http://login.microsoftonline.com/common/discovery/instance" }],
    ["metadata", { metadata: untyped("{}") }],
    ["metadata", { metadata: untyped(null) }],
    ["allowedTenants", { allowedTenants: untyped("7e7e7e7e-0000-4000-8000-000000000001") }],
    ["allowedTenants", { allowedTenants: untyped(null) }],
    ["allowedTenants", { ...atMicrosoft, allowedTenants: [] }],
    ["allowedTenants", { ...atMicrosoft, allowedTenants: ["example.com"] }],
    ["allowedTenants", { allowedTenants: () => true }],
    ["clientCapabilities", { clientCapabilities: untyped("cp1") }],
    ["clientCapabilities", { clientCapabilities: untyped(null) }],
    ["clientCapabilities", { clientCapabilities: [""] }],
    ["clockSkew", { clockSkew: untyped("2 minutes") }],
    ["clockSkew", { clockSkew: Number.NaN }],
    ["clockSkew", { clockSkew: Number.POSITIVE_INFINITY }],
    ["requestTimeout", { requestTimeout: 0 }],
    ["maximumResponseSize", { maximumResponseSize: -1 }],
    ["maximumResponseSize", { maximumResponseSize: untyped(null) }],
    ["idTokenSigningAlgorithms", { idTokenSigningAlgorithms: [] }],
    ["idTokenSigningAlgorithms", { idTokenSigningAlgorithms: untyped(["none"]) }],
    ["idTokenSigningAlgorithms", { idTokenSigningAlgorithms: untyped("RS256") }],
    ["allowInsecureLoopback", { allowInsecureLoopback: untyped("false") }],
    ["proactiveRefresh", { proactiveRefresh: untyped(true) }],
    ["proactiveRefresh", { proactiveRefresh: untyped("later") }],
    ["retry", { retry: untyped("no") }],
    ["repeatRefusals", { repeatRefusals: -1 }],
    ["repeatRefusals", { repeatRefusals: Number.POSITIVE_INFINITY }],
    ["extendedLifetime", { extendedLifetime: untyped("yes") }],
    ["telemetry", { telemetry: untyped(0) }],
    ["applicationName", { applicationName: "a\nb" }],
    ["applicationName", { applicationName: untyped(1) }],
    ["applicationVersion", { applicationVersion: "" }],
    [
      "plainEntries",
      { tokenCache: { redis: { withCommandOptions: untyped }, plainEntries: untyped("encrypted") } }
    ],
    ["capacity", { tokenCache: { memory: { capacity: 0 } } }],
    ["path", { tokenCache: { file: "a\0b" } }],
    ["commandTimeout", { tokenCache: { redis: { withCommandOptions: untyped }, commandTimeout: -1 } }],
    ["fetch", { fetch: untyped({}) }],
    ["fetch", { fetch, dispatcher: new Agent() }],
    ["dispatcher", { dispatcher: untyped({}) }]
  ])("have to be right: %s", (option, options) => {
    const error = thrown(() => new PublicClientApplication({ clientId: "client", issuer, ...options }))
    expect(error).toBeInstanceOf(InvalidConfiguration)
    expect(error).toBeInstanceOf(AuthError)
    expect(error).toMatchObject({ option, message: expect.stringContaining(option) })
  })

  it.each<[string, Partial<PublicClientOptions>]>([
    ["malformed", { issuer: "nonsense" }],
    ["insecure", { issuer: "http://provider.example" }],
    ["insecure", { issuer: "http://127.0.0.1:1" }],
    ["unknown_host", { issuer: undefined, authority: "https://login.example/tenant" }],
    ["unknown_host", {
      issuer: undefined,
      authority: "https://fs.login.example/adfs",
      instanceDiscovery: true
    }],
    ["metadata", { metadata: {} }],
    ["issuer_mismatch", { metadata: { ...metadata, issuer: `${issuer}/` } }]
  ])("have to name an authority that is not %s", (reason, options) => {
    const error = thrown(() => new PublicClientApplication({ clientId: "client", issuer, ...options }))
    expect(error).toBeInstanceOf(InvalidAuthority)
    expect(error).toMatchObject({ reason })
  })

  it.each([undefined, null, "options"])("have to be an object, not %s", (options) => {
    const error = thrown(() => new PublicClientApplication(untyped(options)))
    expect(error).toBeInstanceOf(InvalidConfiguration)
    expect(error).toMatchObject({ option: "options" })
    expect(thrown(() => new ConfidentialClientApplication(untyped(options)))).toMatchObject({ option: "options" })
  })

  it.each([undefined, null, "", 7])("have to have a secret in a confidential client, not %s", (clientSecret) => {
    const options = { clientId: "client", issuer, clientSecret: untyped(clientSecret) }
    const error = thrown(() => new ConfidentialClientApplication(options))
    expect(error).toBeInstanceOf(InvalidConfiguration)
    expect(error).toMatchObject({ option: "clientSecret" })
  })

  it("name Microsoft unless told otherwise", async () => {
    const asked: Array<string> = []
    const fetch = async (address: string | URL) => {
      asked.push(String(address))
      return new Response("", { status: 503 })
    }
    const ask = async (options: Partial<PublicClientOptions>) => {
      const app = new PublicClientApplication({ clientId: "client", fetch, retry: false, ...options })
      await failure(app.initiateAuthCodeFlow({ scopes: [], redirectUri }))
    }
    await ask({ authority: "https://login.example/tenant", knownAuthorities: ["login.example"] })
    await ask({ issuer: "http://localhost:1", allowInsecureLoopback: true })
    await ask({ authority: "https://login.example/tenant", instanceDiscovery: true })
    await ask({ authority: "https://login.example/tenant", instanceDiscovery: "https://discovery.example/instances" })
    expect(asked).toEqual([
      "https://login.example/tenant/v2.0/.well-known/openid-configuration",
      "http://localhost:1/.well-known/openid-configuration",
      expect.stringMatching(/^https:\/\/login\.microsoftonline\.com\/common\/discovery\/instance\?/),
      expect.stringMatching(/^https:\/\/discovery\.example\/instances\?/)
    ])
    const { authorizationUrl } = await new PublicClientApplication({ clientId: "client" })
      .initiateAuthCodeFlow({ scopes: [], redirectUri })
    expect(authorizationUrl).toMatch(/^https:\/\/login\.microsoftonline\.com\/common\/oauth2\/v2\.0\/authorize\?/)
  })

  it("tell the metadata and what the application can do", async () => {
    const fetch = () => Promise.reject(new Error("Nothing is asked."))
    const options = { clientId: "client", issuer, metadata, fetch, clientCapabilities: ["cp1"] }
    const app = new PublicClientApplication(options)
    const { authorizationUrl } = await app.initiateAuthCodeFlow({ scopes: [], redirectUri })
    const { origin, pathname, searchParams } = new URL(authorizationUrl)
    expect(`${origin}${pathname}`).toBe(metadata.authorization_endpoint)
    expect(JSON.parse(searchParams.get("claims") ?? "")).toEqual({ access_token: { xms_cc: { values: ["cp1"] } } })
  })

  it.each<[string, PublicClientOptions["allowedTenants"], boolean]>([
    ["a list that has it", [contoso], true],
    ["a list without it", ["7e7e7e7e-0000-4000-8000-000000000001"], false],
    ["a function that says yes", (tenantId) => tenantId === contoso, true],
    ["a function that says no", () => false, false],
    ["a function that promises yes", untyped(async () => true), false]
  ])("let a tenant in by %s: %s", async (_, allowedTenants, isIn) => {
    const client_info = Buffer.from(JSON.stringify({ uid: "jane", utid: contoso })).toString("base64url")
    const fetch = async () => Response.json({ token_type: "Bearer", access_token: "a", client_info })
    const app = new PublicClientApplication({ clientId: "client", fetch, allowedTenants })
    const signedIn = app.acquireTokenByUsernamePassword({ ...jane, scopes: ["read"] })
    if (isIn) {
      expect(await signedIn).toMatchObject({ tenantId: contoso })
    } else {
      expect(await failure(signedIn)).toBeInstanceOf(IdTokenRejected)
      expect(await app.getAccounts()).toEqual([])
    }
  })

  /** Asks Microsoft for a token as often as told; what was sent, header by header. */
  const askMicrosoft = async (options: Partial<PublicClientOptions>, times: number, answer: () => Response) => {
    const sent: Array<Headers> = []
    const fetch = async (address: string | URL, init?: RequestInit) => {
      if (String(address).endsWith("/token")) {
        sent.push(new Headers(init?.headers))
      }
      return answer()
    }
    const app = new PublicClientApplication({ clientId: "client", fetch, ...options })
    for (let count = 0; count < times; count++) {
      await failure(app.acquireTokenByUsernamePassword({ ...jane, scopes: ["read"] }))
    }
    return sent
  }
  const refusal = () => Response.json({ error: "invalid_grant", error_codes: [50126] }, { status: 400 })

  it("tell Microsoft of the application and the library, or not (feature 126)", async () => {
    const [named] = await askMicrosoft({ applicationName: "billing", applicationVersion: "1.2" }, 1, refusal)
    expect(named?.get("x-app-name")).toBe("billing")
    expect(named?.get("x-app-ver")).toBe("1.2")
    expect(named?.get("x-client-sku")).toMatch(/grantwork/i)
    const [silent] = await askMicrosoft({ telemetry: false }, 1, refusal)
    expect([...silent?.keys() ?? []].filter((name) => name.startsWith("x-"))).toEqual(["x-anchormailbox"])
  })

  it("repeat refusals for a while, or send again", async () => {
    expect(await askMicrosoft({ repeatRefusals: 60 }, 2, refusal)).toHaveLength(1)
    expect(await askMicrosoft({}, 2, refusal)).toHaveLength(2)
  })

  it.each([[true, 2], [false, 1]])("try again after an outage: %s", async (retry, requests) => {
    expect(await askMicrosoft({ retry }, 1, () => new Response("", { status: 503 }))).toHaveLength(requests)
  })

  it.each<[PublicClientOptions["proactiveRefresh"], string]>([["off", "first"], ["wait", "second"]])(
    "renew ahead of time: %s",
    async (proactiveRefresh, served) => {
      let count = 0
      const client_info = Buffer.from(JSON.stringify({ uid: "jane", utid: contoso })).toString("base64url")
      const fetch = async () => {
        count += 1
        return Response.json({
          token_type: "Bearer",
          access_token: count === 1 ? "first" : "second",
          refresh_token: "refresh",
          expires_in: 3600,
          refresh_in: 1,
          client_info
        })
      }
      const app = new PublicClientApplication({ clientId: "client", fetch, proactiveRefresh })
      const { account } = await app.acquireTokenByUsernamePassword({ ...jane, scopes: ["read"] })
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 600_000 })
      onTestFinished(() => void vi.useRealTimers())
      expect(await app.acquireTokenSilent({ scopes: ["read"], account })).toMatchObject({ accessToken: served })
    }
  )

  it.each([[true, { accessToken: "first" }], [undefined, null]])(
    "let an expired token serve while the provider is down: %s",
    async (extendedLifetime, served) => {
      let isDown = false
      const client_info = Buffer.from(JSON.stringify({ uid: "jane", utid: contoso })).toString("base64url")
      const fetch = async () => {
        if (isDown) throw new TypeError("fetch failed")
        return Response.json({
          token_type: "Bearer",
          access_token: "first",
          refresh_token: "refresh",
          expires_in: 3600,
          ext_expires_in: 7200,
          client_info
        })
      }
      const app = new PublicClientApplication({ clientId: "client", fetch, extendedLifetime, retry: false })
      const { account } = await app.acquireTokenByUsernamePassword({ ...jane, scopes: ["read"] })
      isDown = true
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_700_000 })
      onTestFinished(() => void vi.useRealTimers())
      const silent = app.acquireTokenSilent({ scopes: ["read"], account })
      if (served === null) {
        expect(await failure(silent)).toBeInstanceOf(NetworkFailure)
      } else {
        expect(await silent).toMatchObject(served)
      }
    }
  )

  it("take accounts of their own kind of authority", async () => {
    const authority = { authority: "https://fs.example.com/adfs", knownAuthorities: ["fs.example.com"] }
    const app = new PublicClientApplication({ clientId: "client", ...authority })
    const account = { homeAccountId: "jane", tenantId: "adfs", localAccountId: "jane", username: "", name: null }
    const atAdfs = { ...account, environment: "fs.example.com", authorityType: "ADFS" } as const
    await app.removeAccount({ account: atAdfs })
    const elsewhere = app.removeAccount({ account: { ...atAdfs, environment: "login.microsoftonline.com" } })
    expect(await failure(elsewhere)).toMatchObject({ argument: "account" })
  })

  it("bound what is read", async () => {
    const fetch = async () => Response.json({ ...metadata, padding: "x".repeat(1000) })
    const app = new PublicClientApplication({ clientId: "client", issuer, fetch, maximumResponseSize: 1000 })
    const error = await failure(app.initiateAuthCodeFlow({ scopes: [], redirectUri }))
    expect(error).toBeInstanceOf(MalformedResponse)
    expect(error).toMatchObject({ reason: "too_large" })
  })
})

describe("requests", () => {
  let server: IdentityServer

  beforeAll(async () => {
    server = await startIdentityServer()
  })

  afterAll(() => server.close())

  const signIn = async (app: PublicClientApplication) => {
    const flow = await app.initiateAuthCodeFlow({ scopes: ["read"], redirectUri, prompt: "consent" })
    const authResponse = await answer(server, flow.authorizationUrl)
    const { account } = await app.acquireTokenByAuthCodeFlow({ flow, authResponse })
    return app.acquireTokenSilent({ scopes: ["read"], account, forceRefresh: true })
  }

  it("go by the caller's fetch (feature 124)", async () => {
    const app = publicClient(server, { fetch: createFetch(server.caCertificate) })
    expect(await signIn(app)).toMatchObject({ account: { username: "jane" } })
    await app.dispose()
  })

  it("go by the platform's fetch elsewhere than on Node, and by no dispatcher there", async () => {
    const elsewhere: typeof Facade = await import(join(packed.directory, "dist/default/index.js"))
    const { clients, issuer } = server
    const options = { clientId: clients.public.client_id, issuer }
    const app = new elsewhere.PublicClientApplication({ ...options, fetch: createFetch(server.caCertificate) })
    expect(await signIn(app)).toMatchObject({ account: { username: "jane" } })
    await app.dispose()
    const error = thrown(() => new elsewhere.PublicClientApplication({ ...options, dispatcher: new Agent() }))
    expect(error).toBeInstanceOf(elsewhere.InvalidConfiguration)
    expect(error).toMatchObject({ option: "dispatcher" })
    const untrusting = new elsewhere.PublicClientApplication(options)
    const untrusted = untrusting.acquireTokenByUsernamePassword({ ...jane, scopes: [] })
    await expect(untrusted).rejects.toBeInstanceOf(elsewhere.NetworkFailure)
  })

  it("go by the caller's dispatcher, which stays open (feature 125)", async () => {
    const dispatcher = dispatcherFor(server)
    for (const _ of [1, 2]) {
      const app = publicClient(server, { dispatcher })
      expect(await signIn(app)).toMatchObject({ account: { username: "jane" } })
      await app.dispose()
    }
    await dispatcher.close()
  })

  it("trust no certificate that nobody vouches for, and go by no other way than the proxy", async () => {
    const dispatcher = new ProxyAgent("http://127.0.0.1:9")
    for (const options of [{}, { dispatcher }]) {
      const app = publicClient(server, options)
      const error = await failure(app.acquireTokenByUsernamePassword({ ...jane, scopes: [] }))
      expect(error).toBeInstanceOf(NetworkFailure)
      await app.dispose()
    }
    await dispatcher.close()
  })
})
