import { type IdentityServer, startIdentityServer } from "@grantwork/identity-server"
import { ApplicationDisposed, ConfidentialClientApplication, InvalidArgument } from "@grantwork/promise"
import type { Agent } from "undici"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { issuer, scripted } from "./scripted.js"
import { dispatcherFor, failure, jane, publicClient, rejection, untyped } from "./setting.js"

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

const signIn = { ...jane, scopes: ["read", "offline_access"] }

describe("a token cache", () => {
  it("is exported as MSAL serializes it, and imported elsewhere", async () => {
    await using app = publicClient(server, { dispatcher })
    expect(await app.exportTokenCache()).toBe("{}")
    const { accessToken, account } = await app.acquireTokenByUsernamePassword(signIn)
    const json = await app.exportTokenCache()
    const sections: Record<string, object> = JSON.parse(json)
    expect(Object.keys(sections).sort()).toEqual(["AccessToken", "Account", "IdToken", "RefreshToken"])
    expect(Object.values(sections["AccessToken"] ?? {})).toMatchObject([
      {
        credential_type: "AccessToken",
        secret: accessToken,
        environment: server.issuer,
        expires_on: expect.any(String)
      }
    ])

    await using other = publicClient(server, { dispatcher })
    expect(await other.importTokenCache({ json })).toBeUndefined()
    expect(await other.getAccounts()).toEqual([account])
    const hit = await other.acquireTokenSilent({ scopes: ["read"], account })
    expect(hit).toMatchObject({ accessToken, source: "cache" })
    expect(await other.exportTokenCache()).toBe(json)
    expect(await other.acquireTokenSilent({ scopes: ["read"], account, forceRefresh: true })).toMatchObject({
      source: "identity-provider"
    })
  })

  it("adds to what there is, and keeps the newer of two tokens", async () => {
    await using app = publicClient(server, { dispatcher })
    await app.acquireTokenByUsernamePassword(signIn)
    const json = await app.exportTokenCache()
    const { account } = await app.acquireTokenByUsernamePassword({
      ...signIn,
      username: "sam",
      password: "battery staple"
    })
    await app.importTokenCache({ json: json.replaceAll(/"(cached_at|last_modification_time)":"\d+"/g, "\"$1\":\"1\"") })
    expect(await app.getAccounts()).toHaveLength(2)
    expect(await app.exportTokenCache()).toContain(
      json.slice(json.indexOf("\"secret\""), json.indexOf("\"home_account_id\""))
    )
    expect(await app.acquireTokenSilent({ scopes: ["read"], account })).toMatchObject({ source: "cache" })
  })

  it.each(["", "{}", " "])("of nothing may be imported: %j", async (json) => {
    await using app = publicClient(server, { dispatcher })
    await app.importTokenCache({ json })
    expect(await app.getAccounts()).toEqual([])
  })

  it.each(["{", "[]", "null", "{\"AccessToken\":1}", untyped(undefined), untyped({}), untyped(1)])(
    "is refused where it is none: %j",
    async (json) => {
      await using app = publicClient(server, { dispatcher })
      const error = await failure(app.importTokenCache({ json }))
      expect(error).toBeInstanceOf(InvalidArgument)
      expect(error).toMatchObject({ argument: "json" })
    }
  )

  it("is neither imported nor exported once a signal is aborted, or the application disposed", async () => {
    const app = publicClient(server, { dispatcher })
    const signal = AbortSignal.abort(new Error("enough"))
    expect(await rejection(app.importTokenCache({ json: "{}", signal }))).toBe(signal.reason)
    expect(await rejection(app.exportTokenCache({ signal }))).toBe(signal.reason)
    await app.dispose()
    expect(await failure(app.importTokenCache({ json: "{}" }))).toBeInstanceOf(ApplicationDisposed)
    expect(await failure(app.exportTokenCache())).toBeInstanceOf(ApplicationDisposed)
  })

  it("has the tokens of an application in its own name", async () => {
    const fetch = scripted(async () => Response.json({ access_token: "own", token_type: "Bearer", expires_in: 3600 }))
    const options = { clientId: "client", clientSecret: "secret", issuer, fetch }
    await using app = new ConfidentialClientApplication(options)
    const { accessToken } = await app.acquireTokenByClientCredential({ scopes: ["read"] })
    await using other = new ConfidentialClientApplication(options)
    await other.importTokenCache({ json: await app.exportTokenCache() })
    expect(await other.acquireTokenByClientCredential({ scopes: ["read"] })).toMatchObject({
      accessToken,
      source: "cache"
    })
  })
})

describe("a token for a path of Federated Managed Identity", () => {
  const application = () => {
    const asked: Array<string | null> = []
    const fetch = scripted(async (_, init) => {
      const path = new URLSearchParams(await new Response(init?.body ?? null).text()).get("fmi_path")
      asked.push(path)
      return Response.json({ access_token: `for ${path}`, token_type: "Bearer", expires_in: 3600 })
    })
    return {
      asked,
      app: new ConfidentialClientApplication({ clientId: "client", clientSecret: "secret", issuer, fetch })
    }
  }

  it("is asked for by the path, and cached apart", async () => {
    const { app, asked } = application()
    for (const source of ["identity-provider", "cache"]) {
      for (const fmiPath of [undefined, "agent", "another"]) {
        expect(await app.acquireTokenByClientCredential({ scopes: ["read"], fmiPath })).toMatchObject({
          accessToken: `for ${fmiPath ?? null}`,
          source
        })
      }
    }
    expect(asked).toEqual([null, "agent", "another"])
    await app.dispose()
  })

  it.each(["", untyped(null), untyped(1), untyped(["agent"])])("is refused where it is %j", async (fmiPath) => {
    const { app, asked } = application()
    const error = await failure(app.acquireTokenByClientCredential({ scopes: ["read"], fmiPath }))
    expect(error).toBeInstanceOf(InvalidArgument)
    expect(error).toMatchObject({ argument: "fmiPath" })
    expect(asked).toEqual([])
    await app.dispose()
  })
})
