import { type IdentityServer, startIdentityServer } from "@grantwork/identity-server"
import { InvalidCredentials, NetworkFailure, PublicClientApplication } from "@grantwork/promise"
import { getEventListeners } from "node:events"
import type { Agent } from "undici"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { gate, issuer, scripted } from "./scripted.js"
import { dispatcherFor, jane, publicClient, redirectUri, rejection } from "./setting.js"

let server: IdentityServer
let dispatcher: Agent

beforeAll(async () => {
  server = await startIdentityServer()
  dispatcher = dispatcherFor(server)
})

afterAll(async () => {
  await dispatcher.close()
  await server.close()
})

const password = { ...jane, scopes: ["read", "offline_access"] }
const account = {
  homeAccountId: "h",
  environment: issuer,
  tenantId: "",
  localAccountId: "l",
  username: "",
  name: null,
  authorityType: "Generic"
} as const
const abortError: unknown = expect.objectContaining({ name: "AbortError", constructor: DOMException })

describe("a signal aborted before the call", () => {
  it("wins in every method, and nothing is sent", async () => {
    let sent = 0
    const fetch = async () => Response.json({ sent: sent++ })
    const app = new PublicClientApplication({ clientId: "client", issuer, fetch })
    const signal = AbortSignal.abort()
    const calls = [
      app.acquireTokenSilent({ scopes: [], account, signal }),
      app.acquireTokenSilentWithError({ scopes: [], account, signal }),
      app.initiateAuthCodeFlow({ scopes: [], redirectUri, signal }),
      app.acquireTokenByAuthCodeFlow({ flow: "none", authResponse: "", signal }),
      app.getAuthorizationRequestUrl({ scopes: [], redirectUri, signal }),
      app.acquireTokenByAuthorizationCode({ scopes: [], redirectUri, code: "c", signal }),
      app.acquireTokenByUsernamePassword({ ...password, signal }),
      app.acquireTokenByRefreshToken({ scopes: [], refreshToken: "", signal }),
      app.getAccounts({ signal }),
      app.getAccount({ homeAccountId: "h", signal }),
      app.removeAccount({ account, signal })
    ]
    for (const call of calls) expect(await rejection(call)).toEqual(abortError)
    await app.dispose()
    expect(await rejection(app.getAccounts({ signal }))).toEqual(abortError)
    expect(sent).toBe(0)
  })

  it("rejects with its reason", async () => {
    const app = publicClient(server, { dispatcher })
    const reason = new RangeError("enough")
    expect(await rejection(app.getAccounts({ signal: AbortSignal.abort(reason) }))).toBe(reason)
  })
})

describe("a signal aborted during the call", () => {
  it("ends it, and the request", async () => {
    const { asked, fetch, left } = gate()
    const app = new PublicClientApplication({ clientId: "client", issuer, fetch })
    const controller = new AbortController()
    const call = app.acquireTokenByUsernamePassword({ ...password, signal: controller.signal })
    await asked
    controller.abort()
    expect(await rejection(call)).toEqual(abortError)
    expect(left()).toBe(true)
    await app.dispose()
  })

  it("rejects with a TimeoutError after its time", async () => {
    const { fetch } = gate()
    const app = new PublicClientApplication({ clientId: "client", issuer, fetch })
    const call = app.acquireTokenByUsernamePassword({ ...password, signal: AbortSignal.timeout(20) })
    expect(await rejection(call)).toMatchObject({ name: "TimeoutError" })
  })

  it.each([
    ["a success", () => Response.json({ access_token: "a", token_type: "Bearer", expires_in: 60 })],
    ["a failure", () => Response.json({ error: "invalid_grant" }, { status: 400 })],
    ["a lost connection", () => Promise.reject(new Error("lost"))]
  ])("wins over %s", async (_, answer) => {
    const controller = new AbortController()
    const fetch = scripted(async () => {
      controller.abort()
      return answer()
    })
    const app = new PublicClientApplication({ clientId: "client", issuer, fetch })
    const call = app.acquireTokenByUsernamePassword({ ...password, signal: controller.signal })
    expect(await rejection(call)).toEqual(abortError)
  })

  it("wins over a cache hit", async () => {
    const app = publicClient(server, { dispatcher })
    const { account } = await app.acquireTokenByUsernamePassword(password)
    const controller = new AbortController()
    const call = app.acquireTokenSilent({ scopes: ["read"], account, signal: controller.signal })
    controller.abort()
    expect(await rejection(call)).toEqual(abortError)
    await app.dispose()
  })

  it("leaves a shared refresh to the others", async () => {
    const app = publicClient(server, { dispatcher })
    const { account } = await app.acquireTokenByUsernamePassword(password)
    const controller = new AbortController()
    const request = { scopes: ["read"], account, forceRefresh: true }
    const aborted = app.acquireTokenSilent({ ...request, signal: controller.signal })
    const other = app.acquireTokenSilent(request)
    controller.abort()
    expect(await rejection(aborted)).toEqual(abortError)
    expect(await other).toMatchObject({ source: "identity-provider" })
    await app.dispose()
  })
})

describe("a signal aborted after the call", () => {
  it("changes nothing, and holds nothing", async () => {
    const app = publicClient(server, { dispatcher })
    const controller = new AbortController()
    const { signal } = controller
    const { account } = await app.acquireTokenByUsernamePassword({ ...password, signal })
    const wrong = app.acquireTokenByUsernamePassword({ ...password, password: "wrong", signal })
    expect(await rejection(wrong)).toBeInstanceOf(InvalidCredentials)
    expect(getEventListeners(signal, "abort")).toHaveLength(0)
    controller.abort()
    expect(await app.acquireTokenSilent({ scopes: ["read"], account })).toMatchObject({ source: "cache" })
    await app.dispose()
  })
})

it("is not needed where the time limit of the request serves", async () => {
  const { fetch } = gate()
  const app = new PublicClientApplication({ clientId: "client", issuer, fetch, requestTimeout: 0.02 })
  const error = await rejection(app.acquireTokenByUsernamePassword(password))
  expect(error).toBeInstanceOf(NetworkFailure)
  expect(error).toMatchObject({ reason: "timeout" })
})
