import { DefaultScenario } from "@grantwork/emulator"
import { type RunningEmulator, startEmulator } from "@grantwork/emulator/startEmulator"
import { Browser, type Person } from "@grantwork/identity-server"
import {
  IdTokenRejected,
  InteractionRequired,
  InvalidCredentials,
  PublicClientApplication,
  Throttled
} from "@grantwork/promise"
import { Agent } from "undici"
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import { known, scenario } from "./support/emulator.js"
import "./support/patience.js"
import { redirectUri } from "./support/signIn.js"

const jane = known("jane@contoso.example")
const mia = { ...known("mia@contoso.example"), code: "123456" }
const sam = known("sam@contoso.example")
const scopes = ["api://notes/read"]

let emulator: RunningEmulator
let dispatcher: Agent
let app: PublicClientApplication

beforeAll(async () => {
  emulator = await startEmulator()
  dispatcher = new Agent({ connect: { ca: emulator.caCertificate } })
})

afterAll(async () => {
  await dispatcher.close()
  await emulator.close()
})

beforeEach(async () => {
  await emulator.reset(scenario())
  app = new PublicClientApplication({
    clientId: DefaultScenario.clientIds.public,
    authority: `${emulator.origin}/contoso.example`,
    knownAuthorities: [new URL(emulator.origin).host],
    dispatcher
  })
  return () => app.dispose()
})

const signIn = async (person: Person, claims?: string) => {
  const flow = await app.initiateAuthCodeFlow({ scopes, redirectUri, claims })
  const { url } = await new Browser(emulator).signIn(flow.authorizationUrl, person)
  return app.acquireTokenByAuthCodeFlow({ flow, authResponse: url })
}

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => {
      throw new Error("It did not reject.")
    },
    (error: unknown) => error
  )

it("meets the demand for a second factor in a browser", async () => {
  const error = await failure(app.acquireTokenByUsernamePassword({ ...mia, scopes }))
  expect(error).toBeInstanceOf(InteractionRequired)
  expect(error).toMatchObject({ reason: "mfa", errorCodes: [50076], claims: expect.stringContaining("access_token") })
  const { claims } = error as InteractionRequired
  const { account } = await signIn(mia, claims)
  expect(account).toMatchObject({ username: mia.username, authorityType: "MSSTS" })
  const share = await app.acquireTokenSilentWithError({ scopes: ["api://notes/share"], account })
  expect(share.source).toBe("identity-provider")
})

it("tells a wrong password from a person who has to act", async () => {
  const wrong = app.acquireTokenByUsernamePassword({ ...jane, password: "wrong", scopes })
  expect(await failure(wrong)).toBeInstanceOf(InvalidCredentials)
  const { account } = await signIn(jane)
  await emulator.revokeSessions(jane.username)
  const request = { scopes, account, forceRefresh: true }
  expect(await failure(app.acquireTokenSilentWithError(request))).toMatchObject({
    name: "InteractionRequired",
    reason: "expired",
    suberror: "bad_token"
  })
  expect(await app.acquireTokenSilent(request)).toBeNull()
})

it("gets a guest's token of the other tenant", async () => {
  const { account, tenantId } = await signIn(sam)
  const authority = `${emulator.origin}/fabrikam.example`
  const abroad = await app.acquireTokenSilent({ scopes, account, authority })
  expect(abroad?.tenantId).not.toBe(tenantId)
  expect(abroad?.account).toMatchObject({ homeAccountId: account?.homeAccountId, tenantId: abroad?.tenantId })
  expect(await app.getAccounts()).toEqual([account])
})

it("waits as long as it is told, and believes no forged ID token", async () => {
  await emulator.addFault({ kind: "throttled", on: { endpoint: "token" }, times: 1, retryAfter: 7 })
  const throttled = await failure(app.acquireTokenByUsernamePassword({ ...jane, scopes }))
  expect(throttled).toBeInstanceOf(Throttled)
  expect(throttled).toMatchObject({ retryAfter: 7, status: 429 })
  await emulator.addFault({ kind: "badIdToken", on: { endpoint: "token" }, times: 1, flaw: "signature" })
  const rejected = await failure(signIn(jane))
  expect(rejected).toBeInstanceOf(IdTokenRejected)
  expect(rejected).toMatchObject({ rule: "signature" })
  expect(await app.getAccounts()).toEqual([])
})
