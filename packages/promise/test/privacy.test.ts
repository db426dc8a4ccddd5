import { type IdentityServer, startIdentityServer } from "@grantwork/identity-server"
import { ConfidentialClientApplication, type TokenResult } from "@grantwork/promise"
import { inspect } from "node:util"
import { afterAll, beforeAll, expect, it, vi } from "vitest"
import { issuer, scripted } from "./scripted.js"
import { confidentialClient, dispatcherFor, failure, jane, redirectUri } from "./setting.js"

let server: IdentityServer

beforeAll(async () => {
  server = await startIdentityServer()
})

afterAll(() => server.close())

const everythingOf = (value: object): string =>
  [
    inspect(value, { depth: Infinity, showHidden: true, getters: true }),
    JSON.stringify(value),
    String(value),
    Reflect.ownKeys(value).map(String).join()
  ].join("\n")

const secretsOf = (
  { accessToken, idToken, refreshToken }: TokenResult
) => [accessToken, idToken ?? "", refreshToken ?? ""]

it("shows no secret in an application", async () => {
  const logs = (["debug", "error", "info", "log", "warn"] as const).map((level) => vi.spyOn(console, level))
  const dispatcher = dispatcherFor(server)
  const app = confidentialClient(server, dispatcher)
  const result = await app.acquireTokenByUsernamePassword({ ...jane, scopes: ["read", "offline_access"] })
  const shown = everythingOf(app)
  for (const secret of [server.clients.secretPost.client_secret, jane.password, ...secretsOf(result)]) {
    expect(secret).not.toBe("")
    expect(shown).not.toContain(secret)
  }
  expect(JSON.stringify(app)).toBe("{}")
  expect(inspect(app)).toBe("ConfidentialClientApplication {}")
  await app.dispose()
  await dispatcher.close()
  for (const log of logs) expect(log).not.toHaveBeenCalled()
})

it("shows no secret in an error, whatever the provider sends back", async () => {
  const secrets = {
    clientSecret: "the client's secret",
    password: "the person's password",
    refreshToken: "the refresh token",
    code: "the code",
    codeVerifier: "the-verifier-of-the-code-that-is-long-enough"
  }
  const { clientSecret, code, codeVerifier, password, refreshToken } = secrets
  const fetch = scripted(async (_, init) => {
    const echo = `${String(init?.body)} ${Object.values(secrets).join(" ")}`
    return Response.json({ error: "invalid_request", error_description: echo, suberror: echo }, { status: 400 })
  })
  const app = new ConfidentialClientApplication({ clientId: "client", clientSecret, issuer, fetch })
  const calls: ReadonlyArray<[() => Promise<unknown>, ReadonlyArray<string>]> = [
    [() => app.acquireTokenByUsernamePassword({ username: "jane", password, scopes: [] }), [password, clientSecret]],
    [() => app.acquireTokenByRefreshToken({ refreshToken, scopes: [] }), [refreshToken, clientSecret]],
    [() => app.acquireTokenByAuthorizationCode({ code, codeVerifier, redirectUri, scopes: [] }), [code, codeVerifier]]
  ]
  for (const [call, sent] of calls) {
    const shown = everythingOf(await failure(call()))
    for (const secret of sent) expect(shown).not.toContain(secret)
  }
})
