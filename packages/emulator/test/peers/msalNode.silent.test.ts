import { InteractionRequiredAuthError, PublicClientApplication, ServerError } from "@azure/msal-node"
import * as Either from "effect/Either"
import * as Encoding from "effect/Encoding"
import { decodeJwt } from "jose"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { clientIds, defaultScenario } from "../../src/scenario/defaultScenario.js"
import { type RunningEmulator, startEmulator } from "../../src/startEmulator.js"
import { createFetch } from "../support/leadingFetch.js"
import {
  accountOf,
  authorityUnder,
  configure,
  failureOf,
  hosts,
  interactively,
  originUnder
} from "../support/msalNode.js"
import { jane } from "../support/people.js"

const scopes = ["User.Read"]

let emulator: RunningEmulator

beforeAll(async () => {
  emulator = await startEmulator()
})

afterEach(() => emulator.reset(defaultScenario))

afterAll(() => emulator.close())

describe.each(hosts)("msal-node's silent call at %s", (host) => {
  const publicClient = (auth: Parameters<typeof configure>[2] = {}) =>
    new PublicClientApplication(configure(emulator, host, auth))

  const grantTypes = async () =>
    (await emulator.requests()).flatMap(({ grantType }) => grantType === undefined ? [] : [grantType])

  it("takes a token from the cache, and a new one when it has to", async () => {
    const app = publicClient()
    const first = await interactively(app, emulator, jane)
    const account = accountOf(first)
    const cached = await app.acquireTokenSilent({ scopes, account })
    expect(cached).toMatchObject({ fromCache: true, accessToken: first.accessToken, idToken: first.idToken })
    expect(await grantTypes()).toEqual(["authorization_code"])

    for (const previous of [first.accessToken, cached.accessToken]) {
      const fresh = await app.acquireTokenSilent({ scopes, account, forceRefresh: true })
      expect(fresh).toMatchObject({ fromCache: false, account: { homeAccountId: account.homeAccountId } })
      expect(fresh.accessToken).not.toBe(previous)
      expect(fresh.idTokenClaims).toMatchObject({ preferred_username: jane.username })
    }
    expect(await grantTypes()).toEqual(["authorization_code", "refresh_token", "refresh_token"])
  })

  it("replaces a token that is about to expire", async () => {
    await emulator.reset({ ...defaultScenario, policies: { accessTokenLifetime: 299 } })
    const app = publicClient()
    const first = await interactively(app, emulator, jane)
    const next = await app.acquireTokenSilent({ scopes, account: accountOf(first) })
    expect(next.fromCache).toBe(false)
    expect(next.accessToken).not.toBe(first.accessToken)
  })

  it("gets a token for another resource", async () => {
    const app = publicClient()
    const { account } = await interactively(app, emulator, jane)
    const request = { scopes: ["api://notes/read"], account: accountOf({ account }) }
    const result = await app.acquireTokenSilent(request)
    expect(result.fromCache).toBe(false)
    expect(decodeJwt(result.accessToken)).toMatchObject({ scp: expect.stringMatching(/(^| )read( |$)/) })
    expect((await app.acquireTokenSilent(request)).fromCache).toBe(true)
  })

  it("is refused a tenant that the person does not belong to", async () => {
    const app = publicClient()
    const { account } = await interactively(app, emulator, jane)
    const call = app.acquireTokenSilent({
      scopes,
      account: accountOf({ account }),
      authority: authorityUnder(host, emulator, "fabrikam.example"),
      forceRefresh: true
    })
    expect(await failureOf(call)).toMatchObject({ errorCode: "invalid_grant", errorNo: 50020 })
  })

  it("forgets an account that is removed", async () => {
    const app = publicClient()
    const account = accountOf(await interactively(app, emulator, jane))
    await app.getTokenCache().removeAccount(account)
    expect(await app.getAllAccounts()).toEqual([])
    expect(await failureOf(app.acquireTokenSilent({ scopes, account }))).toMatchObject({ errorCode: "no_tokens_found" })
  })

  it("needs a new sign-in once sessions are revoked", async () => {
    const app = publicClient()
    const account = accountOf(await interactively(app, emulator, jane))
    await emulator.revokeSessions(jane.username)
    const refused = await failureOf(app.acquireTokenSilent({ scopes, account, forceRefresh: true }))
    expect(refused).toBeInstanceOf(InteractionRequiredAuthError)
    expect(refused).toMatchObject({ errorCode: "invalid_grant", subError: "bad_token", errorNo: 50173 })
    expect(await failureOf(app.acquireTokenSilent({ scopes, account, forceRefresh: true })))
      .toMatchObject({ errorCode: "no_tokens_found" })

    await interactively(app, emulator, jane)
    expect((await app.acquireTokenSilent({ scopes, account, forceRefresh: true })).fromCache).toBe(false)
  })

  it("needs a sign-in that meets the claims once a second factor is demanded", async () => {
    const app = publicClient()
    const account = accountOf(await interactively(app, emulator, jane))
    await emulator.changeUser(jane.username, { mfa: true })
    const refused = await failureOf(app.acquireTokenSilent({ scopes, account, forceRefresh: true }))
    if (!(refused instanceof InteractionRequiredAuthError)) throw refused
    expect(refused).toMatchObject({ errorCode: "invalid_grant", subError: "basic_action", errorNo: 50076 })
    expect(refused.traceId).toMatch(/^[0-9a-f-]{36}$/)
    expect(refused.timestamp).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/)
    expect(JSON.parse(refused.claims)).toHaveProperty("access_token")

    await interactively(app, emulator, jane, { claims: refused.claims })
    expect((await app.acquireTokenSilent({ scopes, account, forceRefresh: true })).fromCache).toBe(false)
  })

  it("needs consent for more than was consented to", async () => {
    const app = publicClient({ clientId: clientIds.native })
    const account = accountOf(await interactively(app, emulator, jane))
    expect((await app.acquireTokenSilent({ scopes, account, forceRefresh: true })).fromCache).toBe(false)
    const refused = await failureOf(app.acquireTokenSilent({ scopes: ["Mail.Read"], account }))
    expect(refused).toBeInstanceOf(InteractionRequiredAuthError)
    expect(refused).toMatchObject({ errorCode: "invalid_grant", subError: "consent_required", errorNo: 65001 })
  })

  it("shares refresh tokens within a family, and not beyond", async () => {
    const app = publicClient({ clientId: clientIds.family })
    await interactively(app, emulator, jane)
    const cache: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>> = JSON.parse(
      app.getTokenCache().serialize()
    )
    expect(Object.values(cache["AppMetadata"] ?? {})).toMatchObject([{ client_id: clientIds.family, family_id: "1" }])
    const refreshTokens = Object.values(cache["RefreshToken"] ?? {})
    expect(refreshTokens).toMatchObject([{ family_id: "1" }])

    const refreshToken = refreshTokens[0]?.["secret"] ?? ""
    const sibling = publicClient({ clientId: clientIds.sibling })
    const result = await sibling.acquireTokenByRefreshToken({ refreshToken, scopes })
    expect(result).toMatchObject({ idTokenClaims: { aud: clientIds.sibling, preferred_username: jane.username } })
    expect(await failureOf(publicClient().acquireTokenByRefreshToken({ refreshToken, scopes })))
      .toMatchObject({ errorCode: "invalid_grant", subError: "client_mismatch", errorNo: 700003 })
  })

  const callMe = (accessToken: string) =>
    createFetch(emulator)(`${originUnder(host, emulator)}/v1.0/me`, {
      headers: { authorization: `Bearer ${accessToken}` }
    })

  it("meets the challenge of a resource", async () => {
    const app = publicClient({ clientCapabilities: ["CP1"] })
    const { accessToken, account } = await interactively(app, emulator, jane)
    expect((await callMe(accessToken)).status).toBe(200)
    await emulator.challenge(jane.username)
    const challenged = await callMe(accessToken)
    expect(challenged.status).toBe(401)
    const [, encoded = ""] = /claims="([^"]+)"/.exec(challenged.headers.get("www-authenticate") ?? "") ?? []
    const claims = Either.getOrThrow(Encoding.decodeBase64String(encoded))

    const request = { scopes, account: accountOf({ account }) }
    expect((await app.acquireTokenSilent(request)).accessToken).toBe(accessToken)
    const next = await app.acquireTokenSilent({ ...request, claims })
    expect(next.fromCache).toBe(false)
    expect((await callMe(next.accessToken)).status).toBe(200)
  })

  it("gets longer tokens where it can meet challenges, and is not challenged where it cannot", async () => {
    const able = await interactively(publicClient({ clientCapabilities: ["CP1"] }), emulator, jane)
    const unable = await interactively(publicClient(), emulator, jane)
    const lifetime = (token: string) => {
      const { exp = 0, iat = 0 } = decodeJwt(token)
      return exp - iat
    }
    expect([able, unable].map(({ accessToken }) => lifetime(accessToken))).toEqual([86_400, 3600])
    await emulator.challenge(jane.username)
    const refused = await callMe(unable.accessToken)
    expect(refused.status).toBe(401)
    expect(refused.headers.get("www-authenticate")).toContain("error=\"invalid_token\"")
    expect(refused.headers.get("www-authenticate")).not.toContain("claims=")
  })

  it("holds back after it was told to", async () => {
    const app = publicClient()
    const account = accountOf(await interactively(app, emulator, jane))
    await emulator.addFault({ kind: "throttled", retryAfter: 600, times: 1, on: { grantType: "refresh_token" } })
    const told = await failureOf(app.acquireTokenSilent({ scopes, account, forceRefresh: true }))
    expect(told).toBeInstanceOf(ServerError)
    expect(told).toMatchObject({ errorCode: "temporarily_unavailable" })
    expect((await emulator.requests()).at(-1)).toMatchObject({ status: 429 })
    expect(await failureOf(app.acquireTokenSilent({ scopes, account, forceRefresh: true }))).toBeInstanceOf(ServerError)
    expect(await grantTypes()).toEqual(["authorization_code", "refresh_token"])
  })

  it("fails when the service is down, and keeps what it has", async () => {
    const app = publicClient()
    const first = await interactively(app, emulator, jane)
    const account = accountOf(first)
    await emulator.addFault({ kind: "unavailable", on: { endpoint: "token" } })
    const failed = await failureOf(app.acquireTokenSilent({ scopes, account, forceRefresh: true }))
    expect(failed).toBeInstanceOf(ServerError)
    expect(failed).toMatchObject({ errorCode: "temporarily_unavailable" })
    expect((await emulator.requests()).at(-1)).toMatchObject({ status: 503 })
    expect((await app.acquireTokenSilent({ scopes, account })).accessToken).toBe(first.accessToken)
  })

  it("fails when the connection drops", async () => {
    const app = publicClient()
    const account = accountOf(await interactively(app, emulator, jane))
    await emulator.addFault({ kind: "drop", times: 1, on: { endpoint: "token" } })
    expect(await failureOf(app.acquireTokenSilent({ scopes, account, forceRefresh: true })))
      .toMatchObject({ errorCode: "network_error" })
    expect((await app.acquireTokenSilent({ scopes, account, forceRefresh: true })).fromCache).toBe(false)
  })
})
