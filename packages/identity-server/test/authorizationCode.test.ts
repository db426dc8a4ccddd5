import * as oidc from "openid-client"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { Browser, createFetch, type IdentityServer, startIdentityServer } from "../src/index.js"
import { authorize, discover, errorOf, jane, signIn } from "./relyingParty.js"

let server: IdentityServer

beforeAll(async () => {
  server = await startIdentityServer()
})

afterAll(() => server.close())

describe("authorization code with PKCE", () => {
  it.each(["public", "native", "secretPost", "secretBasic"] as const)("gives tokens to the %s client", async (name) => {
    const configuration = await discover(server, server.clients[name])
    const tokens = await signIn(server, configuration, {
      prompt: "consent",
      scope: "openid profile email offline_access read write"
    })
    expect(tokens.claims()).toMatchObject({
      iss: server.issuer,
      sub: "248289761001",
      name: "Jane Doe",
      preferred_username: "jane",
      email: "jane@example.com",
      amr: ["pwd"]
    })
    expect(tokens.scope?.split(" ").sort()).toEqual(["email", "offline_access", "openid", "profile", "read", "write"])
    expect(tokens.refresh_token).toBeTypeOf("string")
    const userInfo = await oidc.fetchUserInfo(configuration, tokens.access_token, "248289761001")
    expect(userInfo).toMatchObject({ name: "Jane Doe", email_verified: true })
  })

  it("publishes its scopes", async () => {
    const metadata = (await discover(server, server.clients.public)).serverMetadata()
    expect(metadata.scopes_supported).toEqual(["openid", "profile", "email", "offline_access", "read", "write"])
    expect(metadata.grant_types_supported).toContain("password")
    expect(metadata.authorization_response_iss_parameter_supported).toBe(true)
  })

  it("is required of the public client", async () => {
    const { url } = await authorize(await discover(server, server.clients.public))
    url.searchParams.delete("code_challenge")
    url.searchParams.delete("code_challenge_method")
    const { parameters } = await new Browser(server).signIn(url, jane)
    expect(parameters.get("error")).toBe("invalid_request")
  })

  it("brings the code as fragment or form", async () => {
    const configuration = await discover(server, server.clients.public)
    for (const response_mode of ["fragment", "form_post"]) {
      const { checks, url } = await authorize(configuration, { response_mode })
      const arrived = await new Browser(server).signIn(url, jane)
      expect(arrived.url.search).toBe("")
      const callback = new URL(`?${arrived.parameters}`, arrived.url)
      callback.hash = ""
      expect((await oidc.authorizationCodeGrant(configuration, callback, checks)).access_token).toBeTypeOf("string")
    }
  })

  it("ends with access_denied when consent is denied", async () => {
    const configuration = await discover(server, server.clients.public)
    const { checks, url } = await authorize(configuration)
    const arrived = await new Browser(server).signIn(url, { ...jane, consent: "deny" })
    expect(await errorOf(oidc.authorizationCodeGrant(configuration, arrived.url, checks))).toBe("access_denied")
  })

  it("reports an error as form, too", async () => {
    const { url } = await authorize(await discover(server, server.clients.public), { response_mode: "form_post" })
    const { parameters } = await new Browser(server).signIn(url, { ...jane, consent: "deny" })
    expect(parameters.get("error")).toBe("access_denied")
  })

  it("allows a native client any port on loopback", async () => {
    const { url } = await authorize(await discover(server, server.clients.native), {
      redirect_uri: "http://127.0.0.1:50123/callback"
    })
    const arrived = await new Browser(server).signIn(url, jane)
    expect(arrived.url.origin).toBe("http://127.0.0.1:50123")
    expect(arrived.parameters.has("code")).toBe(true)
  })

  it("gives a JWT with the scopes of a resource", async () => {
    const configuration = await discover(server, server.clients.public)
    const { checks, url } = await authorize(configuration, { resource: "https://api.example", scope: "openid read" })
    const arrived = await new Browser(server).signIn(url, jane)
    const tokens = await oidc.authorizationCodeGrant(configuration, arrived.url, checks, {
      resource: "https://api.example"
    })
    const payload: unknown = JSON.parse(Buffer.from(tokens.access_token.split(".")[1] ?? "", "base64url").toString())
    expect(payload).toMatchObject({ aud: "https://api.example", iss: server.issuer, scope: "read" })
  })
})

describe("the client with a secret in the header", () => {
  it("is refused when the secret was not form-encoded", async () => {
    const { client_id, client_secret } = server.clients.secretBasic
    const response = await createFetch(server.caCertificate)(`${server.issuer}/token`, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString("base64")}` },
      body: new URLSearchParams({ grant_type: "password", username: "jane", password: "correct horse" })
    })
    expect(response.ok).toBe(false)
  })
})
