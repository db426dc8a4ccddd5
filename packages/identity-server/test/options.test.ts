import * as oidc from "openid-client"
import { describe, expect, it, vi } from "vitest"
import { createFetch, startIdentityServer } from "../src/index.js"
import { discover, passwordGrant, signIn } from "./relyingParty.js"

describe("options", () => {
  it.each(["ES256", "PS256"] as const)("sign with %s and rotate the key", async (alg) => {
    await using other = await startIdentityServer({ idTokenSigningAlg: alg })
    const metadata = { id_token_signed_response_alg: alg }
    const configuration = await discover(other, other.clients.public, metadata)
    oidc.enableNonRepudiationChecks(configuration)
    await passwordGrant(configuration)
    await other.rotateSigningKey()
    const fresh = await discover(other, other.clients.public, metadata)
    oidc.enableNonRepudiationChecks(fresh)
    const { refresh_token = "" } = await passwordGrant(fresh)
    await oidc.refreshTokenGrant(fresh, refresh_token)
    const keys: unknown = await (await createFetch(other.caCertificate)(`${other.issuer}/jwks`)).json()
    expect(keys).toMatchObject({ keys: [{ alg, use: "sig" }, { alg, use: "sig" }] })
  })

  it("change lifetimes, rotation, people and clients", async () => {
    await using other = await startIdentityServer({
      accessTokenTtl: 5,
      clients: [{
        client_id: "another",
        redirect_uris: ["https://app.example/callback"],
        scope: "openid read",
        token_endpoint_auth_method: "none"
      }],
      refreshTokens: "always",
      rotateRefreshToken: false,
      users: [{ sub: "1", username: "jane", password: "correct horse", name: "J", email: "j@example.com" }]
    })
    const configuration = await discover(other, { ...other.clients.public, client_id: "another" })
    const tokens = await passwordGrant(configuration)
    expect(tokens).toMatchObject({ expires_in: 5, scope: "openid read" })
    const refreshed = await oidc.refreshTokenGrant(configuration, tokens.refresh_token ?? "")
    expect(refreshed.refresh_token).toBe(tokens.refresh_token)
    const { claims, refresh_token } = await signIn(other, configuration)
    expect(claims()?.sub).toBe("1")
    expect(refresh_token).toBeTypeOf("string")
  })
})

it("keeps quiet", async () => {
  const spies = (["error", "info", "log", "warn"] as const).map((level) => vi.spyOn(console, level))
  await using other = await startIdentityServer()
  const configuration = await discover(other, other.clients.public)
  const { refresh_token = "" } = await signIn(other, configuration, {
    prompt: "consent",
    scope: "openid offline_access"
  })
  await oidc.refreshTokenGrant(configuration, refresh_token)
  for (const spy of spies) expect(spy).not.toHaveBeenCalled()
})
