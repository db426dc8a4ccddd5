import * as oidc from "openid-client"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type IdentityServer, startIdentityServer } from "../src/index.js"
import { discover, errorOf, passwordGrant, signIn } from "./relyingParty.js"

let server: IdentityServer

beforeAll(async () => {
  server = await startIdentityServer()
})

afterAll(() => server.close())

describe("password grant", () => {
  it.each(["public", "native", "secretPost", "secretBasic"] as const)("gives tokens to the %s client", async (name) => {
    const configuration = await discover(server, server.clients[name])
    const tokens = await passwordGrant(configuration)
    expect(tokens.claims()).toMatchObject({ sub: "248289761001", email: "jane@example.com", amr: ["pwd"] })
    expect(tokens.claims()).not.toHaveProperty("name")
    expect(tokens).toMatchObject({ expires_in: 3600, scope: "openid email offline_access read", token_type: "bearer" })
    await oidc.fetchUserInfo(configuration, tokens.access_token, "248289761001")
    const refreshed = await oidc.refreshTokenGrant(configuration, tokens.refresh_token ?? "")
    expect(refreshed.claims()).toMatchObject({ sub: "248289761001", email: "jane@example.com" })
  })

  it("gives only what was asked for", async () => {
    const tokens = await passwordGrant(await discover(server, server.clients.public), { scope: "read unheard-of" })
    expect(tokens).toMatchObject({ scope: "read" })
    expect(tokens).not.toHaveProperty("id_token")
    expect(tokens).not.toHaveProperty("refresh_token")
  })

  it.each([
    [{ password: "wrong" }, "invalid_grant"],
    [{ username: "nobody" }, "invalid_grant"],
    [{ password: "" }, "invalid_request"]
  ])("refuses %o", async (parameters, error) => {
    const configuration = await discover(server, server.clients.public)
    expect(await errorOf(passwordGrant(configuration, parameters))).toBe(error)
    expect(server.requests.at(-1)).toMatchObject({ path: "/token", grantType: "password", status: 400 })
  })
})

describe("refresh", () => {
  it("rotates, and revokes the grant when a used token comes back", async () => {
    const configuration = await discover(server, server.clients.public)
    const { refresh_token: first = "" } = await signIn(server, configuration, {
      prompt: "consent",
      scope: "openid offline_access"
    })
    const second = await oidc.refreshTokenGrant(configuration, first)
    expect(second.id_token).toBeTypeOf("string")
    expect(second.refresh_token).not.toBe(first)
    expect(await errorOf(oidc.refreshTokenGrant(configuration, first))).toBe("invalid_grant")
    expect(await errorOf(oidc.refreshTokenGrant(configuration, second.refresh_token ?? ""))).toBe("invalid_grant")
    await expect(oidc.fetchUserInfo(configuration, second.access_token, oidc.skipSubjectCheck)).rejects.toMatchObject({
      status: 401
    })
  })

  it("will not widen the scope", async () => {
    const configuration = await discover(server, server.clients.public)
    const { refresh_token = "" } = await passwordGrant(configuration)
    const refresh = oidc.refreshTokenGrant(configuration, refresh_token, { scope: "openid write" })
    expect(await errorOf(refresh)).toBe("invalid_scope")
  })
})
