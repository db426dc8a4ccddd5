import { InteractionRequiredAuthError, PublicClientApplication, ServerError } from "@azure/msal-node"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { clientIds, contoso, fabrikam } from "../../src/scenario/defaultScenario.js"
import { type RunningEmulator, startEmulator } from "../../src/startEmulator.js"
import { accountOf, configure, failureOf, hosts } from "../support/msalNode.js"
import { jane, mia, sam } from "../support/people.js"

const scopes = ["User.Read"]

let emulator: RunningEmulator

beforeAll(async () => {
  emulator = await startEmulator()
})

afterAll(() => emulator.close())

const refusals = [
  { why: "the password is wrong", username: jane.username, password: "wrong", errorNo: 50126, subError: "" },
  { why: "nobody has the name", username: "nobody@contoso.example", password: "wrong", errorNo: 50034, subError: "" },
  {
    why: "the account is blocked",
    username: "bob@contoso.example",
    password: "locked out",
    errorNo: 50057,
    subError: ""
  },
  {
    why: "the person lives elsewhere",
    username: "kim@fabrikam.example",
    password: "rainy window",
    errorNo: 50020,
    subError: ""
  }
]

const demands = [
  { what: "a second factor", ...mia, clientId: clientIds.public, errorNo: 50076, subError: "basic_action" },
  {
    what: "a new password",
    username: "new@contoso.example",
    password: "first password",
    clientId: clientIds.public,
    errorNo: 50055,
    subError: "user_password_expired"
  },
  { what: "consent", ...jane, clientId: clientIds.native, errorNo: 65001, subError: "consent_required" }
]

describe.each(hosts)("msal-node with a password at %s", (host) => {
  const publicClient = (auth: Parameters<typeof configure>[2] = {}) =>
    new PublicClientApplication(configure(emulator, host, auth))

  it("signs in, and goes on silently", async () => {
    const app = publicClient()
    const correlationId = "0b6c1d2e-3f40-4a5b-9c6d-7e8f90a1b2c3"
    const result = await app.acquireTokenByUsernamePassword({ ...jane, scopes, correlationId })
    expect(result).toMatchObject({
      tenantId: contoso,
      correlationId,
      account: { username: jane.username, tenantId: contoso },
      idTokenClaims: { aud: clientIds.public, preferred_username: jane.username }
    })
    expect((await emulator.requests()).at(-1)).toMatchObject({ correlationId, grantType: "password", status: 200 })
    const account = accountOf({ account: result?.account ?? null })
    expect((await app.acquireTokenSilent({ scopes, account })).fromCache).toBe(true)
    expect((await app.acquireTokenSilent({ scopes, account, forceRefresh: true })).fromCache).toBe(false)
  })

  it("signs a guest in to another tenant", async () => {
    const result = await publicClient({ tenant: fabrikam }).acquireTokenByUsernamePassword({ ...sam, scopes })
    expect(result).toMatchObject({ tenantId: fabrikam, account: { username: sam.username, tenantId: fabrikam } })
    expect(result?.account?.homeAccountId.split(".")[1]).toBe(contoso)
  })

  it.each(refusals)("is refused when $why", async ({ errorNo, password, subError, username }) => {
    const app = publicClient()
    const error = await failureOf(app.acquireTokenByUsernamePassword({ username, password, scopes }))
    expect(error).toBeInstanceOf(ServerError)
    expect(error).toMatchObject({ errorCode: "invalid_grant", errorNo, subError })
    expect(error.errorMessage).toContain(`AADSTS${errorNo}: `)
    expect(await app.getAllAccounts()).toEqual([])
  })

  it.each(demands)("is told to ask for $what", async ({ clientId, errorNo, password, subError, username }) => {
    const app = publicClient({ clientId })
    const error = await failureOf(app.acquireTokenByUsernamePassword({ username, password, scopes }))
    expect(error).toBeInstanceOf(InteractionRequiredAuthError)
    expect(error).toMatchObject({ errorCode: "invalid_grant", errorNo, subError })
  })

  it("is told which claims a second factor has to meet", async () => {
    const error = await failureOf(publicClient().acquireTokenByUsernamePassword({ ...mia, scopes }))
    if (!(error instanceof InteractionRequiredAuthError)) throw error
    expect(JSON.parse(error.claims)).toHaveProperty("access_token")
  })

  it("is refused at common", async () => {
    const call = publicClient({ tenant: "common" }).acquireTokenByUsernamePassword({ ...jane, scopes })
    expect(await failureOf(call)).toMatchObject({ errorCode: "invalid_request", errorNo: 9001023 })
  })

  it("is refused where the application may not", async () => {
    const { public: id } = clientIds
    await emulator.putApp({ id, name: "Public client", ropc: false })
    const error = await failureOf(publicClient().acquireTokenByUsernamePassword({ ...jane, scopes }))
    expect(error).toMatchObject({ errorCode: "invalid_client", errorNo: 7000218 })
    await emulator.putApp({ id, name: "Public client" })
  })

  it.each([
    { what: "resource", scopes: ["api://nothing/read"], errorCode: "invalid_resource", errorNo: 500011 },
    { what: "permission", scopes: ["api://notes/burn"], errorCode: "invalid_client", errorNo: 650053 }
  ])("is refused an unknown $what", async ({ errorCode, errorNo, scopes }) => {
    expect(await failureOf(publicClient().acquireTokenByUsernamePassword({ ...jane, scopes })))
      .toMatchObject({ errorCode, errorNo })
  })

  it("is refused as an unknown application", async () => {
    const app = publicClient({ clientId: "aaaaaaaa-0000-4000-8000-000000000000" })
    expect(await failureOf(app.acquireTokenByUsernamePassword({ ...jane, scopes })))
      .toMatchObject({ errorCode: "unauthorized_client", errorNo: 700016 })
  })
})

describe("msal-node with a password", () => {
  it("is told of an unknown tenant", async () => {
    const app = new PublicClientApplication(
      configure(emulator, "login.microsoftonline.com", { tenant: "unknown.example" })
    )
    expect(await failureOf(app.acquireTokenByUsernamePassword({ ...jane, scopes })))
      .toMatchObject({ errorCode: "invalid_request", errorNo: 90002 })
  })

  it("does not find an unknown tenant's metadata", async () => {
    const app = new PublicClientApplication(configure(emulator, "localhost", { tenant: "unknown.example" }))
    expect(await failureOf(app.acquireTokenByUsernamePassword({ ...jane, scopes })))
      .toMatchObject({ errorCode: "endpoints_resolution_error" })
  })
})
