import { AuthError, ConfidentialClientApplication, PublicClientApplication, ServerError } from "@azure/msal-node"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { clientIds, contoso, fabrikam, webSecret } from "../../src/scenario/defaultScenario.js"
import { type RunningEmulator, startEmulator } from "../../src/startEmulator.js"
import { createFetch } from "../support/leadingFetch.js"
import {
  accountOf,
  authorityUnder,
  codeFlow,
  configure,
  environmentUnder,
  failureOf,
  hosts,
  interactively,
  originUnder
} from "../support/msalNode.js"
import { jane, mia, sam } from "../support/people.js"

let emulator: RunningEmulator

beforeAll(async () => {
  emulator = await startEmulator()
})

afterAll(() => emulator.close())

describe.each(hosts)("msal-node at %s", (host) => {
  const publicClient = (auth: Parameters<typeof configure>[2] = {}) =>
    new PublicClientApplication(configure(emulator, host, auth))

  it("signs in by code and PKCE", async () => {
    const app = publicClient()
    const { authorization, redemption } = await codeFlow(["User.Read"])
    const url = new URL(await app.getAuthCodeUrl({ ...authorization, loginHint: jane.username }))
    expect(url.origin).toBe(originUnder(host, emulator))

    const { parameters } = await emulator.signIn(url, jane)
    const correlationId = "5f0e7a3c-1b2d-4c5e-8f90-a1b2c3d4e5f6"
    const before = Math.floor(Date.now() / 1000)
    const result = await app.acquireTokenByCode(
      {
        ...redemption,
        correlationId,
        code: parameters.get("code") ?? "",
        clientInfo: parameters.get("client_info") ?? ""
      },
      { code: parameters.get("code") ?? "", state: parameters.get("state") ?? "" }
    )
    const after = Math.ceil(Date.now() / 1000)

    const { oid } = await profile(result.accessToken)
    expect(result).toMatchObject({
      tenantId: contoso,
      uniqueId: oid,
      tokenType: "Bearer",
      fromCache: false,
      correlationId,
      authority: `${authorityUnder(host, emulator, "contoso.example")}/`
    })
    expect(result.scopes.toSorted()).toEqual(["User.Read", "openid", "profile"])
    expect(result.account).toMatchObject({
      homeAccountId: `${oid}.${contoso}`,
      localAccountId: oid,
      environment: environmentUnder(host, emulator),
      tenantId: contoso,
      username: jane.username,
      name: "Jane Doe"
    })
    expect(result.idTokenClaims).toMatchObject({
      aud: clientIds.public,
      iss: `${originUnder(host, emulator)}/${contoso}/v2.0`,
      nonce: authorization.nonce,
      oid,
      tid: contoso,
      preferred_username: jane.username,
      ver: "2.0"
    })
    expect(result.expiresOn?.getTime()).toBeGreaterThanOrEqual((before + 3600) * 1000)
    expect(result.expiresOn?.getTime()).toBeLessThanOrEqual((after + 3600) * 1000)
    expect((await emulator.requests()).at(-2)).toMatchObject({ correlationId, grantType: "authorization_code" })
  })

  const profile = async (accessToken: string): Promise<{ readonly oid: string; readonly name: string }> => {
    const response = await createFetch(emulator)(`${originUnder(host, emulator)}/v1.0/me`, {
      headers: { authorization: `Bearer ${accessToken}` }
    })
    const { displayName, id } = JSON.parse(await response.text())
    return { oid: String(id), name: String(displayName) }
  }

  it("refuses the answer to another's request", async () => {
    const app = publicClient()
    const { authorization, redemption } = await codeFlow(["User.Read"])
    const { parameters } = await emulator.signIn(await app.getAuthCodeUrl(authorization), jane)
    const code = parameters.get("code") ?? ""
    const state = parameters.get("state") ?? ""
    expect(await failureOf(app.acquireTokenByCode({ ...redemption, code }, { code, state: "another" })))
      .toMatchObject({ errorCode: "state_mismatch" })
    expect(await failureOf(app.acquireTokenByCode({ ...redemption, code, nonce: "another" }, { code, state })))
      .toMatchObject({ errorCode: "nonce_mismatch" })
  })

  it("is refused a code twice, and with another verifier", async () => {
    const app = publicClient()
    const { authorization, redemption } = await codeFlow(["User.Read"])
    const { parameters } = await emulator.signIn(await app.getAuthCodeUrl(authorization), jane)
    const code = parameters.get("code") ?? ""
    const stranger = await codeFlow(["User.Read"])
    const wrong = await failureOf(
      app.acquireTokenByCode({ ...redemption, code, codeVerifier: stranger.redemption.codeVerifier })
    )
    expect(wrong).toMatchObject({ errorCode: "invalid_grant", errorNo: 501481 })
    expect((await app.acquireTokenByCode({ ...redemption, code })).tenantId).toBe(contoso)
    expect(await failureOf(app.acquireTokenByCode({ ...redemption, code })))
      .toMatchObject({ errorCode: "invalid_grant", errorNo: 54005 })
  })

  it("signs in with a secret", async () => {
    const app = new ConfidentialClientApplication(
      configure(emulator, host, { clientId: clientIds.web, clientSecret: webSecret })
    )
    const { authorization, redemption } = await codeFlow(["User.Read"])
    const { parameters } = await emulator.signIn(await app.getAuthCodeUrl(authorization), jane)
    const result = await app.acquireTokenByCode({ ...redemption, code: parameters.get("code") ?? "" })
    expect(result.account).toMatchObject({ username: jane.username, tenantId: contoso })
  })

  it("is refused without the secret", async () => {
    const app = publicClient({ clientId: clientIds.web })
    const { authorization, redemption } = await codeFlow(["User.Read"])
    const { parameters } = await emulator.signIn(await app.getAuthCodeUrl(authorization), jane)
    expect(await failureOf(app.acquireTokenByCode({ ...redemption, code: parameters.get("code") ?? "" })))
      .toMatchObject({ errorCode: "invalid_client", errorNo: 7000218 })
  })

  it("signs in with its own listener", async () => {
    const app = publicClient()
    const result = await interactively(app, emulator, jane)
    expect(result.account).toMatchObject({ username: jane.username, tenantId: contoso })
    expect(await app.getAllAccounts()).toMatchObject([{ homeAccountId: accountOf(result).homeAccountId }])
  })

  it.each(["common", "organizations"])("signs in to %s, and is told the tenant", async (tenant) => {
    const { account, tenantId } = await interactively(publicClient({ tenant }), emulator, sam)
    expect({ tenantId, username: account?.username }).toEqual({ tenantId: contoso, username: sam.username })
  })

  it("signs a guest in to another tenant", async () => {
    const app = publicClient()
    const home = accountOf(await interactively(app, emulator, sam))
    const guest = await interactively(publicClient({ tenant: "fabrikam.example" }), emulator, sam)
    expect(guest.tenantId).toBe(fabrikam)
    expect(guest.account).toMatchObject({
      homeAccountId: home.homeAccountId,
      tenantId: fabrikam,
      username: sam.username
    })
    expect(guest.uniqueId).not.toBe(home.localAccountId)

    const silent = await app.acquireTokenSilent({
      scopes: ["User.Read"],
      account: home,
      authority: authorityUnder(host, emulator, fabrikam),
      forceRefresh: true
    })
    expect(silent).toMatchObject({ tenantId: fabrikam, uniqueId: guest.uniqueId, fromCache: false })
    expect([...(await app.getAllAccounts())[0]?.tenantProfiles?.keys() ?? []].toSorted())
      .toEqual([contoso, fabrikam].toSorted())
  })

  it("signs in with a second factor", async () => {
    const { account } = await interactively(publicClient(), emulator, mia)
    expect(account?.username).toBe(mia.username)
  })

  it("asks for consent once, and is told of a denial", async () => {
    await emulator.reset()
    const app = publicClient({ clientId: clientIds.native })
    const scopes = ["User.Read", "Mail.Read"]
    const denied = await failureOf(interactively(app, emulator, { ...jane, consent: "deny" }, { scopes }))
    expect(denied).toBeInstanceOf(ServerError)
    expect(denied).toMatchObject({ errorCode: "access_denied" })
    expect(denied.errorMessage).toContain("AADSTS65004")

    const result = await interactively(app, emulator, jane, { scopes })
    expect(result.scopes.toSorted()).toEqual(["Mail.Read", "User.Read", "openid", "profile"])
    const browser = await emulator.openBrowser()
    const { authorization } = await codeFlow(scopes)
    const url = await app.getAuthCodeUrl(authorization)
    expect((await browser.signIn(url, { ...jane, consent: "deny" })).parameters.has("code")).toBe(true)
  })

  it("is told that nobody is signed in when no page may be shown", async () => {
    const app = publicClient()
    const { authorization } = await codeFlow(["User.Read"])
    const url = await app.getAuthCodeUrl({ ...authorization, prompt: "none" })
    const browser = await emulator.openBrowser()
    const { parameters } = await browser.signIn(url, jane)
    expect(parameters.get("error")).toBe("login_required")
    await browser.signIn(await app.getAuthCodeUrl(authorization), jane)
    expect((await browser.signIn(url, jane)).parameters.has("code")).toBe(true)
  })
})

describe("msal-node", () => {
  it("does not reach an emulator whose certificate it does not trust", async () => {
    const other = await startEmulator()
    const fetch = createFetch({ origin: emulator.origin, caCertificate: other.caCertificate })
    const app = new PublicClientApplication(configure(emulator, "login.microsoftonline.com", {}, fetch))
    const call = app.acquireTokenByUsernamePassword({ ...jane, scopes: ["User.Read"] })
    await expect(call).rejects.not.toBeInstanceOf(ServerError)
    await expect(call).rejects.toBeInstanceOf(AuthError)
    await other.close()
  })

  it("finds its tokens again under another name of the cloud", async () => {
    const app = new PublicClientApplication(configure(emulator, "login.microsoftonline.com"))
    const { accessToken, account } = await interactively(app, emulator, jane)
    const authority = "https://login.windows.net/contoso.example"
    const result = await app.acquireTokenSilent({ scopes: ["User.Read"], account: accountOf({ account }), authority })
    expect(result).toMatchObject({ fromCache: true, accessToken })
  })

  it("is told that a host is none of Microsoft's", async () => {
    const { auth, ...configuration } = configure(emulator, "localhost")
    const app = new PublicClientApplication({ ...configuration, auth: { ...auth, knownAuthorities: [] } })
    expect(await failureOf(app.acquireTokenByUsernamePassword({ ...jane, scopes: ["User.Read"] })))
      .toMatchObject({ errorCode: "endpoints_resolution_error" })
    expect((await emulator.requests()).at(-1)).toMatchObject({
      origin: "https://login.microsoftonline.com",
      path: "/common/discovery/instance",
      status: 400
    })
  })
})
