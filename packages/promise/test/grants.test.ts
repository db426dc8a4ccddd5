import { type IdentityServer, startIdentityServer } from "@grantwork/identity-server"
import {
  AccessDenied,
  type ClientApplication,
  InteractionRequired,
  InvalidArgument,
  InvalidCredentials,
  InvalidGrant,
  ResponseMismatch
} from "@grantwork/promise"
import { createHash } from "node:crypto"
import type { Agent } from "undici"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { answer, confidentialClient, dispatcherFor, failure, jane, publicClient, redirectUri } from "./setting.js"

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

describe.each<[string, () => ClientApplication]>([
  ["a public client", () => publicClient(server, { dispatcher })],
  ["a confidential client with its secret in the form", () => confidentialClient(server, dispatcher, "secretPost")],
  ["a confidential client with its secret in the header", () => confidentialClient(server, dispatcher, "secretBasic")]
])("%s", (_, create) => {
  let app: ClientApplication

  beforeEach(() => {
    app = create()
    return () => app.dispose()
  })

  const signIn = async () => {
    const flow = await app.initiateAuthCodeFlow({ scopes: ["read"], redirectUri, prompt: "consent" })
    const authResponse = await answer(server, flow.authorizationUrl)
    return app.acquireTokenByAuthCodeFlow({ flow, authResponse })
  }

  it("signs in by browser", async () => {
    const before = Date.now()
    const result = await signIn()
    expect(result).toEqual({
      accessToken: expect.stringMatching(/./),
      tokenType: "Bearer",
      scopes: expect.arrayContaining(["openid", "read"]),
      expiresAt: expect.any(Date),
      extendedExpiresAt: null,
      refreshAt: null,
      account: {
        homeAccountId: "248289761001",
        environment: server.issuer,
        tenantId: "",
        localAccountId: "248289761001",
        username: "jane",
        name: "Jane Doe",
        authorityType: "Generic"
      },
      idToken: expect.stringMatching(/^ey/),
      idTokenClaims: expect.objectContaining({ iss: server.issuer, sub: "248289761001" }),
      tenantId: "",
      source: "identity-provider",
      correlationId: expect.stringMatching(/^[\da-f-]{36}$/),
      refreshToken: expect.stringMatching(/./)
    })
    expect(result.expiresAt.getTime() - before).toBeGreaterThan(3500_000)
    expect(result.expiresAt.getTime() - before).toBeLessThan(3610_000)
  })

  it("keeps its flow in JSON, and takes the answer in any form", async () => {
    for (const form of [String, (url: URL) => url.search, (url: URL) => Object.fromEntries(url.searchParams)]) {
      const flow = await app.initiateAuthCodeFlow({ scopes: [], redirectUri, state: "a state", maxAge: 3600 })
      expect(flow).toMatchObject({ redirectUri, state: "a state", maxAge: 3600 })
      const authResponse = form(await answer(server, flow.authorizationUrl))
      const stored: unknown = JSON.parse(JSON.stringify(flow))
      const { account } = await app.acquireTokenByAuthCodeFlow({ flow: stored, authResponse, correlationId: "abc" })
      expect(account?.username).toBe("jane")
    }
  })

  it("refuses an answer to another flow, and a denied consent", async () => {
    const flow = await app.initiateAuthCodeFlow({ scopes: [], redirectUri })
    const mismatch = await failure(
      app.acquireTokenByAuthCodeFlow({ flow, authResponse: { state: "another", code: "code" } })
    )
    expect(mismatch).toBeInstanceOf(ResponseMismatch)
    expect(mismatch).toMatchObject({ reason: "state", parameter: "state" })
    const authResponse = await answer(server, flow.authorizationUrl, { ...jane, consent: "deny" })
    const denied = await failure(app.acquireTokenByAuthCodeFlow({ flow, authResponse }))
    expect(denied).toBeInstanceOf(AccessDenied)
    expect(denied.error).toBe("access_denied")
  })

  it("signs in by browser with a state, nonce and verifier of the caller's", async () => {
    const codeVerifier = "v".repeat(43)
    const checks = { nonce: "a nonce", codeVerifier }
    const url = await app.getAuthorizationRequestUrl({ scopes: ["read"], redirectUri, state: "mine", ...checks })
    expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({
      state: "mine",
      nonce: "a nonce",
      code_challenge: createHash("sha256").update(codeVerifier).digest("base64url")
    })
    const code = (await answer(server, url)).searchParams.get("code") ?? ""
    const request = { code, redirectUri, scopes: ["read"], ...checks }
    expect(await app.acquireTokenByAuthorizationCode(request)).toMatchObject({ account: { username: "jane" } })
    expect(await failure(app.acquireTokenByAuthorizationCode(request))).toBeInstanceOf(InvalidGrant)
  })

  it("signs in by name and password", async () => {
    const { account, source } = await app.acquireTokenByUsernamePassword({ ...jane, scopes: ["read"] })
    expect([account?.name, source]).toEqual(["Jane Doe", "identity-provider"])
    const wrong = await failure(app.acquireTokenByUsernamePassword({ ...jane, password: "wrong", scopes: ["read"] }))
    expect(wrong).toBeInstanceOf(InvalidCredentials)
    expect(wrong).toMatchObject({ error: "invalid_grant", status: 400, endpoint: `${server.issuer}/token` })
  })

  it("gets tokens silently: from the cache, and by the refresh token", async () => {
    const signedIn = await signIn()
    const account: typeof signedIn.account = JSON.parse(JSON.stringify(signedIn.account))
    const request = { scopes: ["read"], account }
    const hit = await app.acquireTokenSilent(request)
    expect(hit).toEqual({ ...signedIn, source: "cache", correlationId: null, refreshToken: null })
    expect(await app.acquireTokenSilentWithError(request)).toEqual(hit)
    for (const how of [{ forceRefresh: true }, { minValidity: 7200 }]) {
      const refreshed = await app.acquireTokenSilent({ ...request, ...how, correlationId: "mine" })
      expect(refreshed).toMatchObject({
        source: "identity-provider",
        correlationId: "mine",
        refreshToken: null,
        account
      })
      expect(refreshed?.accessToken).not.toBe(signedIn.accessToken)
    }
  })

  it("asks for interaction where nobody is signed in", async () => {
    const { account } = await signIn()
    for (const request of [{ scopes: [], account: null }, { scopes: [], account: undefined }]) {
      expect(await app.acquireTokenSilent(request)).toBeNull()
      const error = await failure(app.acquireTokenSilentWithError(request))
      expect(error).toBeInstanceOf(InteractionRequired)
      expect(error).toMatchObject({ reason: "no_account" })
    }
    const sam = account && { ...account, homeAccountId: "248289761002" }
    expect(await app.acquireTokenSilent({ scopes: [], account: sam })).toBeNull()
  })

  it("takes over a refresh token", async () => {
    const { refreshToken } = await signIn()
    const other = create()
    const result = await other.acquireTokenByRefreshToken({ refreshToken: refreshToken ?? "", scopes: ["read"] })
    expect(result).toMatchObject({ account: { username: "jane" }, source: "identity-provider" })
    expect(await other.acquireTokenSilent({ scopes: ["read"], account: result.account })).toMatchObject({
      source: "cache"
    })
    const dead = await failure(other.acquireTokenByRefreshToken({ refreshToken: "dead", scopes: ["read"] }))
    expect(dead).toBeInstanceOf(InteractionRequired)
    expect(dead).toMatchObject({ reason: "expired" })
    await other.dispose()
  })

  it("lists, gets and removes accounts", async () => {
    expect(await app.getAccounts()).toEqual([])
    const { account } = await signIn()
    await app.acquireTokenByUsernamePassword({ username: "sam", password: "battery staple", scopes: ["read"] })
    expect((await app.getAccounts()).map(({ username }) => username).sort()).toEqual(["jane", "sam"])
    expect(await app.getAccounts({ username: "JANE" })).toEqual([account])
    expect(await app.getAccount({ homeAccountId: "248289761001" })).toEqual(account)
    expect(await app.getAccount({ homeAccountId: "nobody" })).toBeNull()
    expect(account).not.toBeNull()
    expect(account && await app.removeAccount({ account })).toBeUndefined()
    expect((await app.getAccounts()).map(({ username }) => username)).toEqual(["sam"])
    expect(await app.acquireTokenSilent({ scopes: ["read"], account })).toBeNull()
  })

  it("keeps its cache apart from what it hands out", async () => {
    const { account } = await signIn()
    const request = { scopes: ["read"], account }
    const handedOut = await app.acquireTokenSilentWithError(request)
    Object.assign(handedOut.idTokenClaims ?? {}, { sub: "changed" })
    Object.assign(handedOut.idTokenClaims?.["amr"] ?? {}, ["changed"])
    Object.assign(handedOut.scopes, ["changed"])
    expect(await app.acquireTokenSilentWithError(request)).toMatchObject({
      idTokenClaims: { sub: "248289761001", amr: ["pwd"] },
      scopes: expect.arrayContaining(["read"])
    })
    expect(await app.acquireTokenSilent({ ...request, forceRefresh: true })).toMatchObject({ account })
  })

  it("refuses a flow that is none", async () => {
    const error = await failure(app.acquireTokenByAuthCodeFlow({ flow: undefined, authResponse: "?code=c&state=s" }))
    expect(error).toBeInstanceOf(InvalidArgument)
    expect(error).toMatchObject({ argument: "flow" })
  })
})
