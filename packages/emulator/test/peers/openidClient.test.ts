import { generateKeyPair } from "jose"
import * as oidc from "openid-client"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { clientIds, contoso, fabrikam, webSecret } from "../../src/scenario/defaultScenario.js"
import { type RunningEmulator, startEmulator } from "../../src/startEmulator.js"
import { createClientCertificate } from "../support/clientCertificate.js"
import { createFetch } from "../support/leadingFetch.js"
import { authorize, discover, signIn } from "../support/openidClient.js"
import { jane } from "../support/people.js"
import { signInDevice } from "../support/signInDevice.js"

let emulator: RunningEmulator

beforeAll(async () => {
  emulator = await startEmulator()
})

afterEach(() => emulator.clearFaults())

afterAll(() => emulator.close())

describe("openid-client", () => {
  it.each([
    { where: "its own host", issuerAt: () => emulator.origin },
    { where: "Microsoft's", issuerAt: () => "https://login.microsoftonline.com" }
  ])("signs in at $where", async ({ issuerAt }) => {
    const issuer = `${issuerAt()}/${contoso}/v2.0`
    const configuration = await discover(emulator, { issuer })
    const tokens = await signIn(configuration, emulator)
    expect(tokens.claims()).toMatchObject({
      iss: issuer,
      aud: clientIds.public,
      tid: contoso,
      name: "Jane Doe",
      preferred_username: jane.username,
      email: jane.username
    })
    expect(tokens.scope?.split(" ").toSorted()).toEqual(["User.Read", "email", "openid", "profile"])
    expect(tokens.expiresIn()).toBeGreaterThan(3500)
  })

  it("signs in at common, where the issuer is a template", async () => {
    const configuration = await discover(emulator, { issuer: "https://login.microsoftonline.com/common/v2.0" })
    expect(configuration.serverMetadata().issuer).toBe("https://login.microsoftonline.com/{tenantid}/v2.0")
    const tokens = await signIn(configuration, emulator)
    expect(tokens.claims()?.iss).toBe(`https://login.microsoftonline.com/${contoso}/v2.0`)
  })

  it("refuses metadata that names another issuer than was asked for", async () => {
    await expect(discover(emulator, { issuer: `${emulator.origin}/contoso.example/v2.0` }))
      .rejects.toMatchObject({ code: "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED" })
  })

  it("tells who is signed in, by the same subject", async () => {
    const configuration = await discover(emulator)
    const tokens = await signIn(configuration, emulator)
    const subject = tokens.claims()?.sub ?? ""
    expect(await oidc.fetchUserInfo(configuration, tokens.access_token, subject))
      .toMatchObject({ sub: subject, name: "Jane Doe", email: jane.username })
    await expect(oidc.fetchUserInfo(configuration, tokens.access_token, "somebody else"))
      .rejects.toMatchObject({ code: "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED" })
  })

  it("is told another subject as another client", async () => {
    const subjects = await Promise.all(
      [clientIds.public, clientIds.family].map(async (clientId) =>
        (await signIn(await discover(emulator, { clientId }), emulator)).claims()?.sub
      )
    )
    expect(new Set(subjects).size).toBe(2)
  })

  it("refreshes, and keeps its subject", async () => {
    const configuration = await discover(emulator)
    const first = await signIn(configuration, emulator)
    const next = await oidc.refreshTokenGrant(configuration, first.refresh_token ?? "")
    expect(next.claims()?.sub).toBe(first.claims()?.sub)
    expect(next.access_token).not.toBe(first.access_token)
    expect(next.refresh_token).not.toBe(first.refresh_token)
  })

  it("is told the time of the sign-in, not of the answer", async () => {
    const configuration = await discover(emulator)
    const browser = await emulator.openBrowser()
    const first = (await signIn(configuration, browser)).claims()
    const fresh = (await signIn(configuration, browser, { max_age: "3600" }, { maxAge: 3600 })).claims()
    expect(fresh?.auth_time).toBe(first?.auth_time)
  })

  it("has a person sign in again when it says so", async () => {
    const configuration = await discover(emulator)
    const browser = await emulator.openBrowser()
    await signIn(configuration, browser)
    const { url } = await authorize(configuration, { prompt: "login" })
    await expect(browser.signIn(url, { ...jane, password: "wrong" })).rejects.toMatchObject({ _tag: "SignInFailed" })
    expect((await browser.signIn(url, jane)).parameters.has("code")).toBe(true)
  })

  it.each(["query", "form_post", "fragment"])("gets the code by %s", async (response_mode) => {
    const configuration = await discover(emulator)
    const { checks, url } = await authorize(configuration, { response_mode })
    const arrived = await emulator.signIn(url, jane)
    expect(arrived.url.search !== "").toBe(response_mode === "query")
    const callback = new URL(`?${arrived.parameters.toString()}`, arrived.url)
    callback.hash = ""
    expect((await oidc.authorizationCodeGrant(configuration, callback, checks)).claims()?.tid).toBe(contoso)
  })

  const registerKey = async () => {
    const client = await createClientCertificate()
    const clientId = "d0000000-0000-4000-8000-000000000002"
    await emulator.putApp({ id: clientId, name: "Daemon", certificates: [client.certificate] })
    const nameCertificate: oidc.ModifyAssertionFunction = (header) => {
      header["x5t#S256"] = Buffer.from(client.thumbprintSha256, "hex").toString("base64url")
    }
    return { ...client, clientId, options: { [oidc.modifyAssertion]: nameCertificate } }
  }

  const authentications: ReadonlyArray<{
    readonly by: string
    readonly prove: () => Promise<{ readonly clientId: string; readonly authentication: oidc.ClientAuth }>
  }> = [
    {
      by: "client_secret_post",
      prove: async () => ({ clientId: clientIds.web, authentication: oidc.ClientSecretPost(webSecret) })
    },
    {
      by: "client_secret_basic",
      prove: async () => ({ clientId: clientIds.web, authentication: oidc.ClientSecretBasic(webSecret) })
    },
    {
      by: "private_key_jwt",
      prove: async () => {
        const { clientId, key, options } = await registerKey()
        return { clientId, authentication: oidc.PrivateKeyJwt(key, options) }
      }
    }
  ]

  it.each(authentications)("gets a token in its own name by $by", async ({ prove }) => {
    const configuration = await discover(emulator, await prove())
    const tokens = await oidc.clientCredentialsGrant(configuration, { scope: "api://notes/.default" })
    expect(tokens).toMatchObject({ token_type: "bearer", access_token: expect.any(String) })
    expect(tokens.refresh_token).toBeUndefined()
  })

  it("is refused with another key", async () => {
    const { clientId, options } = await registerKey()
    const { privateKey } = await generateKeyPair("RS256")
    const authentication = oidc.PrivateKeyJwt(privateKey, options)
    const configuration = await discover(emulator, { clientId, authentication })
    await expect(oidc.clientCredentialsGrant(configuration, { scope: "api://notes/.default" }))
      .rejects.toMatchObject({ error: "invalid_client", status: 401 })
  })

  const device = async (consent: "accept" | "deny") => {
    const configuration = await discover(emulator)
    const shown = await oidc.initiateDeviceAuthorization(configuration, { scope: "openid profile User.Read" })
    const verificationUri = shown.verification_uri
    await signInDevice(createFetch(emulator), { verificationUri, userCode: shown.user_code }, { ...jane, consent })
    return oidc.pollDeviceAuthorizationGrant(configuration, { ...shown, interval: 0 })
  }

  it("signs in as a device", async () => {
    const tokens = await device("accept")
    expect(tokens.claims()).toMatchObject({ preferred_username: jane.username, tid: contoso })
  })

  it("is told that a device was declined", async () => {
    await expect(device("deny")).rejects.toMatchObject({ error: "authorization_declined" })
  })

  it.each([
    { what: "a person declines", person: { ...jane, consent: "deny" as const }, error: "access_denied" },
    { what: "nobody is signed in", parameters: { prompt: "none" }, error: "login_required" },
    { what: "the scope is unknown", parameters: { scope: "openid Nothing.Read" }, error: "invalid_client" },
    { what: "the response type is unknown", parameters: { response_type: "token" }, error: "unsupported_response_type" }
  ])("is told when $what", async ({ error, parameters = {}, person = jane }) => {
    await emulator.reset()
    const configuration = await discover(emulator, { clientId: clientIds.native })
    const { checks, url } = await authorize(configuration, parameters)
    const arrived = await emulator.signIn(url, person)
    await expect(oidc.authorizationCodeGrant(configuration, arrived.url, checks)).rejects.toMatchObject({ error })
  })

  it("goes on when the signing key is rotated", async () => {
    const configuration = await discover(emulator)
    await signIn(configuration, emulator)
    await emulator.rotateSigningKey()
    expect((await signIn(configuration, emulator)).claims()?.tid).toBe(contoso)
  })

  it("refuses a key that was withdrawn, and finds the next one when it looks", async () => {
    const configuration = await discover(emulator)
    await signIn(configuration, emulator)
    await emulator.rotateSigningKey({ withdraw: true })
    await emulator.rotateSigningKey({ withdraw: true })
    await expect(signIn(configuration, emulator)).rejects.toMatchObject({ code: "OAUTH_KEY_SELECTION_FAILED" })
    expect((await signIn(await discover(emulator), emulator)).claims()?.tid).toBe(contoso)
  })

  it("signs a guest in to another tenant only", async () => {
    const configuration = await discover(emulator, { issuer: `${emulator.origin}/${fabrikam}/v2.0` })
    const { checks, url } = await authorize(configuration)
    const guest = await emulator.signIn(url, { username: "sam@contoso.example", password: "battery staple" })
    expect((await oidc.authorizationCodeGrant(configuration, guest.url, checks)).claims()?.tid).toBe(fabrikam)
    await expect(signIn(configuration, emulator)).rejects.toMatchObject({ error: "invalid_grant" })
  })
})
