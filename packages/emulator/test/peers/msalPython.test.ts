import { decodeJwt } from "jose"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { apiSecret, clientIds, contoso, fabrikam, webSecret } from "../../src/scenario/defaultScenario.js"
import { type RunningEmulator, startEmulator } from "../../src/startEmulator.js"
import { createClientCertificate } from "../support/clientCertificate.js"
import { createFetch } from "../support/leadingFetch.js"
import { jane, mia, sam } from "../support/people.js"
import { isInstalled, type PythonMsal, startPythonMsal, type Values } from "../support/pythonMsal.js"
import { signInDevice } from "../support/signInDevice.js"

const scopes = ["User.Read"]
const authority = "https://login.microsoftonline.com/contoso.example"

let emulator: RunningEmulator
let msal: PythonMsal
let count = 0

const ask = async (app: string, method: string, options?: Values): Promise<Values> => {
  const result = await msal.call(app, method, options)
  if (result === null || typeof result !== "object") throw new Error(`${method} returned ${String(result)}.`)
  return { ...result }
}

const publicClient = async (options: Values = {}): Promise<string> => {
  const app = `public ${count++}`
  await msal.create(app, "PublicClientApplication", { client_id: clientIds.public, authority, ...options })
  return app
}

const confidentialClient = async (options: Values): Promise<string> => {
  const app = `confidential ${count++}`
  await msal.create(app, "ConfidentialClientApplication", { client_id: clientIds.web, authority, ...options })
  return app
}

const codeFlow = async (app: string, person = jane, options: Values = {}): Promise<Values> => {
  const redirect_uri = "https://app.example/callback"
  const flow = await ask(app, "initiate_auth_code_flow", { scopes, redirect_uri, ...options })
  const { parameters } = await emulator.signIn(String(flow["auth_uri"]), person)
  return ask(app, "acquire_token_by_auth_code_flow", {
    auth_code_flow: flow,
    auth_response: Object.fromEntries(parameters)
  })
}

const accounts = async (app: string): Promise<ReadonlyArray<Values>> =>
  Object.values(await ask(app, "get_accounts")) as ReadonlyArray<Values>

const grantTypes = async () => (await emulator.requests()).map(({ grantType }) => grantType)

describe.runIf(isInstalled())("msal for Python", () => {
  beforeAll(async () => {
    emulator = await startEmulator()
    msal = startPythonMsal(emulator)
  })

  afterAll(async () => {
    msal.close()
    await emulator.close()
  })

  it("signs in by code and PKCE", async () => {
    const app = await publicClient()
    const result = await codeFlow(app, jane, { max_age: 3600 })
    expect(result).toMatchObject({
      token_type: "Bearer",
      expires_in: 3600,
      ext_expires_in: 3600,
      id_token_claims: {
        aud: clientIds.public,
        iss: `https://login.microsoftonline.com/${contoso}/v2.0`,
        tid: contoso,
        preferred_username: jane.username
      }
    })
    expect(String(result["scope"]).split(" ").toSorted()).toEqual(["User.Read", "openid", "profile"])
    const { oid } = { ...Object(result["id_token_claims"]) }
    expect(await accounts(app)).toMatchObject([{
      home_account_id: `${oid}.${contoso}`,
      local_account_id: oid,
      environment: "login.microsoftonline.com",
      realm: contoso,
      username: jane.username
    }])
  })

  it.each(["common", "organizations"])("signs in to %s, and is told the tenant", async (tenant) => {
    const app = await publicClient({ authority: `https://login.microsoftonline.com/${tenant}` })
    expect(await codeFlow(app)).toMatchObject({ id_token_claims: { tid: contoso } })
  })

  it("refuses a nonce that is not its own", async () => {
    const app = await publicClient()
    await emulator.addFault({ kind: "badIdToken", flaw: "nonce", times: 1, on: { endpoint: "token" } })
    await expect(codeFlow(app)).rejects.toMatchObject({
      type: "RuntimeError",
      message: expect.stringMatching(/nonce/i)
    })
  })

  it("is told that a person declined", async () => {
    const app = await publicClient({ client_id: clientIds.native })
    expect(await codeFlow(app, { ...jane, consent: "deny" })).toMatchObject({
      error: "access_denied",
      error_description: expect.stringContaining("AADSTS65004")
    })
  })

  it("takes a token from the cache, and a new one when it has to", async () => {
    const app = await publicClient()
    const first = await codeFlow(app)
    const [account] = await accounts(app)
    const before = await grantTypes()
    const cached = await ask(app, "acquire_token_silent", { scopes, account })
    expect(cached["access_token"]).toBe(first["access_token"])
    expect(await grantTypes()).toEqual(before)
    for (const previous of [first, cached]) {
      const fresh = await ask(app, "acquire_token_silent", { scopes, account, force_refresh: true })
      expect(fresh).toMatchObject({ id_token_claims: { tid: contoso } })
      expect(fresh["access_token"]).not.toBe(previous["access_token"])
    }
    expect(await ask(app, "acquire_token_silent", { scopes: ["api://notes/read"], account }))
      .toMatchObject({ scope: expect.stringContaining("api://notes/read") })
  })

  it("forgets an account that is removed", async () => {
    const app = await publicClient()
    await codeFlow(app)
    const [account] = await accounts(app)
    await msal.call(app, "remove_account", { account })
    expect(await accounts(app)).toEqual([])
    expect(await msal.call(app, "acquire_token_silent", { scopes, account })).toBeNull()
  })

  it("needs a new sign-in once sessions are revoked", async () => {
    const app = await publicClient()
    await codeFlow(app)
    const [account] = await accounts(app)
    await emulator.revokeSessions(jane.username)
    expect(await ask(app, "acquire_token_silent_with_error", { scopes, account, force_refresh: true }))
      .toMatchObject({ error: "invalid_grant", error_codes: [50173], suberror: "bad_token", classification: "" })
  })

  it("signs in with a password, once it knows who checks it", async () => {
    const app = await publicClient()
    expect(await ask(app, "acquire_token_by_username_password", { ...jane, scopes }))
      .toMatchObject({ id_token_claims: { tid: contoso, preferred_username: jane.username } })
    const [realm, grant] = (await emulator.requests()).slice(-2)
    expect(realm).toMatchObject({ path: `/common/userrealm/${jane.username}`, status: 200 })
    expect(grant).toMatchObject({ grantType: "password", status: 200 })
    expect(await accounts(app)).toMatchObject([{ username: jane.username }])
  })

  it("signs a guest in to another tenant", async () => {
    const app = await publicClient({ authority: `https://login.microsoftonline.com/${fabrikam}` })
    expect(await ask(app, "acquire_token_by_username_password", { ...sam, scopes }))
      .toMatchObject({ id_token_claims: { tid: fabrikam, preferred_username: sam.username } })
    expect(await accounts(app)).toMatchObject([{
      home_account_id: expect.stringMatching(new RegExp(`\\.${contoso}$`)),
      realm: fabrikam
    }])
  })

  it.each([
    { why: "the password is wrong", ...jane, password: "wrong", error_codes: [50126] },
    { why: "nobody has the name", username: "nobody@contoso.example", password: "wrong", error_codes: [50034] },
    { why: "the account is blocked", username: "bob@contoso.example", password: "locked out", error_codes: [50057] },
    {
      why: "the password has expired",
      username: "new@contoso.example",
      password: "first password",
      error_codes: [50055],
      suberror: "user_password_expired"
    },
    { why: "a second factor is needed", ...mia, error_codes: [50076], suberror: "basic_action", claims: /capolids/ },
    {
      why: "nobody has consented",
      ...jane,
      client_id: clientIds.native,
      error_codes: [65001],
      suberror: "consent_required"
    }
  ])("is refused when $why", async ({ password, username, ...refusal }) => {
    const app = await publicClient("client_id" in refusal ? { client_id: refusal.client_id } : {})
    const answer = await ask(app, "acquire_token_by_username_password", { username, password, scopes })
    expect(answer).toMatchObject({
      error: "invalid_grant",
      error_codes: refusal.error_codes,
      error_description: expect.stringContaining(`AADSTS${refusal.error_codes[0]}: `)
    })
    expect(answer["suberror"]).toBe("suberror" in refusal ? refusal.suberror : undefined)
    expect(answer["claims"]).toEqual("claims" in refusal ? expect.stringMatching(refusal.claims ?? "") : undefined)
    expect(await accounts(app)).toEqual([])
  })

  const shown = async (app: string) => {
    const flow = await ask(app, "initiate_device_flow", { scopes })
    expect(flow).toMatchObject({
      verification_uri: "https://login.microsoftonline.com/device",
      message: expect.stringContaining(String(flow["user_code"]))
    })
    return flow
  }

  const enter = (flow: Values, person = jane) =>
    signInDevice(
      createFetch(emulator),
      { verificationUri: String(flow["verification_uri"]), userCode: String(flow["user_code"]) },
      person
    )

  it("signs in as a device", async () => {
    const app = await publicClient()
    const flow = await shown(app)
    // It asks once, and does not wait, where the flow has expired.
    expect(await ask(app, "acquire_token_by_device_flow", { flow: { ...flow, expires_at: 0 } }))
      .toMatchObject({ error: "authorization_pending", error_codes: [70016] })
    await enter(flow)
    expect(await ask(app, "acquire_token_by_device_flow", { flow }))
      .toMatchObject({ id_token_claims: { preferred_username: jane.username } })
  })

  it("is told that a device was declined", async () => {
    const app = await publicClient()
    const flow = await shown(app)
    await enter(flow, { ...jane, consent: "deny" })
    expect(await ask(app, "acquire_token_by_device_flow", { flow })).toMatchObject({ error: "authorization_declined" })
  })

  it("gets a token in its own name by a secret", async () => {
    const app = await confidentialClient({ client_credential: webSecret })
    const result = await ask(app, "acquire_token_for_client", { scopes: ["api://notes/.default"] })
    expect(decodeJwt(String(result["access_token"]))).toMatchObject({ azp: clientIds.web, idtyp: "app" })
    const wrong = await confidentialClient({ client_credential: "wrong" })
    expect(await ask(wrong, "acquire_token_for_client", { scopes: ["api://notes/.default"] }))
      .toMatchObject({ error: "invalid_client", error_codes: [7000215] })
  })

  it("gets a token in its own name by a certificate", async () => {
    const client_id = "d0000000-0000-4000-8000-000000000003"
    const { certificate, privateKey: private_key, thumbprint } = await createClientCertificate()
    await emulator.putApp({ id: client_id, name: "Daemon", certificates: [certificate] })
    const app = await confidentialClient({ client_id, client_credential: { private_key, thumbprint } })
    const result = await ask(app, "acquire_token_for_client", { scopes: ["api://notes/.default"] })
    expect(decodeJwt(String(result["access_token"]))).toMatchObject({ azp: client_id })
  })

  it("calls on in its caller's name", async () => {
    const caller = await ask(await publicClient(), "acquire_token_by_username_password", {
      ...jane,
      scopes: ["api://notes/read"]
    })
    const app = await confidentialClient({ client_id: clientIds.api, client_credential: apiSecret })
    const result = await ask(app, "acquire_token_on_behalf_of", { user_assertion: caller["access_token"], scopes })
    expect(decodeJwt(String(result["access_token"])))
      .toMatchObject({ azp: clientIds.api, preferred_username: jane.username })
  })

  it("shares refresh tokens within a family, and not beyond", async () => {
    const member = await publicClient({ client_id: clientIds.family, cache: "shared" })
    await codeFlow(member)
    const sibling = await publicClient({ client_id: clientIds.sibling, cache: "shared" })
    const [account] = await accounts(sibling)
    const result = await ask(sibling, "acquire_token_silent", { scopes, account })
    expect(decodeJwt(String(result["access_token"]))).toMatchObject({ azp: clientIds.sibling })
    const stranger = await publicClient({ client_id: clientIds.public, cache: "shared" })
    expect(await msal.call(stranger, "acquire_token_silent", { scopes, account })).toBeNull()
    const refused = (await emulator.requests()).findLast(({ grantType }) => grantType === "refresh_token")
    expect(refused?.status).toBe(400)
    expect(refused?.answer).toContainEqual(["suberror", "client_mismatch"])
  })

  it("meets a claims challenge by a new token", async () => {
    const app = await publicClient({ client_capabilities: ["CP1"] })
    const first = await codeFlow(app)
    expect(first).toMatchObject({ expires_in: 86_400 })
    const [account] = await accounts(app)
    const claims_challenge = "{\"access_token\":{\"nbf\":{\"essential\":true,\"value\":\"1\"}}}"
    const next = await ask(app, "acquire_token_silent", { scopes, account, claims_challenge })
    expect(decodeJwt(String(next["access_token"]))).toMatchObject({ xms_cc: ["CP1"] })
    expect(next["access_token"]).not.toBe(first["access_token"])
  })

  it("holds back after it was told to", async () => {
    const app = await publicClient()
    await codeFlow(app)
    const [account] = await accounts(app)
    const request = { scopes, account, force_refresh: true }
    await emulator.addFault({ kind: "throttled", retryAfter: 600, times: 1, on: { grantType: "refresh_token" } })
    const told = await ask(app, "acquire_token_silent_with_error", request)
    expect(told).toMatchObject({ error: "temporarily_unavailable" })
    const before = (await emulator.requests()).length
    expect(await ask(app, "acquire_token_silent_with_error", request)).toEqual(told)
    expect((await emulator.requests()).length).toBe(before)
  })

  it("fails when the service is down", async () => {
    const app = await publicClient()
    await emulator.addFault({ kind: "unavailable", times: 1, on: { endpoint: "token" } })
    await expect(codeFlow(app)).rejects.toMatchObject({ type: "HTTPError", message: expect.stringContaining("503") })
  })

  it("is told that a host is none of Microsoft's, and of an unknown tenant", async () => {
    await expect(publicClient({ authority: "https://login.example/contoso.example" }))
      .rejects.toMatchObject({ type: "ValueError", message: expect.stringContaining("invalid_instance") })
    await expect(publicClient({ authority: "https://login.microsoftonline.com/unknown.example" }))
      .rejects.toMatchObject({ type: "ValueError", message: expect.stringContaining("tenant") })
  })

  it("signs in at the emulator's own host", async () => {
    const app = await publicClient({ authority: `${emulator.origin}/contoso.example`, validate_authority: false })
    expect(await codeFlow(app)).toMatchObject({ id_token_claims: { iss: `${emulator.origin}/${contoso}/v2.0` } })
    expect(await accounts(app)).toMatchObject([{ environment: "localhost", username: jane.username }])
  })
})
