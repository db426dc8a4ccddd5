import { createFetch, type IdentityServer, startIdentityServer } from "@grantwork/identity-server"
import type * as Facade from "@grantwork/promise"
import {
  AuthError,
  ConfidentialClientApplication,
  InvalidAuthority,
  InvalidConfiguration,
  MalformedResponse,
  NetworkFailure,
  PublicClientApplication,
  type PublicClientOptions
} from "@grantwork/promise"
import { join } from "node:path"
import { Agent, ProxyAgent } from "undici"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { packed } from "../../../.ci/packed.mjs"
import { issuer, metadata } from "./scripted.js"
import { answer, dispatcherFor, failure, jane, publicClient, redirectUri, untyped } from "./setting.js"

const thrown = (make: () => unknown): unknown => {
  try {
    make()
  } catch (error) {
    return error
  }
  throw new Error("It did not throw.")
}

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
    ["unknown_host", { issuer: undefined, authority: "https://login.example/tenant" }]
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
      const app = new PublicClientApplication({ clientId: "client", fetch, ...options })
      await failure(app.initiateAuthCodeFlow({ scopes: [], redirectUri }))
    }
    await ask({})
    await ask({ authority: "https://login.example/tenant", knownAuthorities: ["login.example"] })
    await ask({ issuer: "http://localhost:1", allowInsecureLoopback: true })
    expect(asked).toEqual([
      "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration",
      "https://login.example/tenant/v2.0/.well-known/openid-configuration",
      "http://localhost:1/.well-known/openid-configuration"
    ])
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

  it("go by the caller's fetch", async () => {
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

  it("go by the caller's dispatcher, which stays open", async () => {
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
