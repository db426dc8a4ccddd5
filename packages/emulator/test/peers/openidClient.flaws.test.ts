import * as oidc from "openid-client"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import type * as Fault from "../../src/scenario/Fault.js"
import { type RunningEmulator, startEmulator } from "../../src/startEmulator.js"
import { discover, signIn } from "../support/openidClient.js"

type Flaw = Extract<Fault.Input, { readonly kind: "badIdToken" }>["flaw"]

let emulator: RunningEmulator

beforeAll(async () => {
  emulator = await startEmulator()
})

afterEach(() => emulator.clearFaults())

afterAll(() => emulator.close())

/** What openid-client says of each. */
const refusals: ReadonlyArray<readonly [Flaw, Readonly<Record<string, unknown>>]> = [
  ["issuer", { code: "OAUTH_JWT_CLAIM_COMPARISON_FAILED", cause: { cause: { claim: "iss" } } }],
  ["audience", { code: "OAUTH_JWT_CLAIM_COMPARISON_FAILED", cause: { cause: { claim: "aud" } } }],
  ["nonce", { code: "OAUTH_JWT_CLAIM_COMPARISON_FAILED", cause: { cause: { claim: "nonce" } } }],
  ["expired", { code: "OAUTH_JWT_TIMESTAMP_CHECK_FAILED", cause: { cause: { claim: "exp" } } }],
  ["signature", { code: "OAUTH_INVALID_RESPONSE", cause: { message: "JWT signature verification failed" } }],
  ["unsigned", { code: "OAUTH_INVALID_RESPONSE", cause: { message: expect.stringContaining("\"alg\"") } }],
  ["missing", { code: "OAUTH_INVALID_RESPONSE", cause: { message: expect.stringContaining("\"id_token\"") } }]
]

describe("openid-client refuses", () => {
  it.each(refusals)("an ID token with the flaw %s", async (flaw, refusal) => {
    const configuration = await discover(emulator)
    await emulator.addFault({ kind: "badIdToken", flaw, times: 1, on: { endpoint: "token" } })
    await expect(signIn(configuration, emulator)).rejects.toMatchObject(refusal)
    expect((await signIn(configuration, emulator)).claims()).toBeDefined()
  })

  it("user info of another subject than the ID token's", async () => {
    const configuration = await discover(emulator)
    await emulator.addFault({ kind: "badIdToken", flaw: "subject", on: { endpoint: "token" } })
    const tokens = await signIn(configuration, emulator)
    await expect(oidc.fetchUserInfo(configuration, tokens.access_token, tokens.claims()?.sub ?? ""))
      .rejects.toMatchObject({ code: "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED" })
  })

  it("an ID token whose tenant is not its issuer's", async () => {
    const configuration = await discover(emulator, { issuer: "https://login.microsoftonline.com/common/v2.0" })
    await emulator.addFault({ kind: "badIdToken", flaw: "tenant", on: { endpoint: "token" } })
    await expect(signIn(configuration, emulator))
      .rejects.toMatchObject({ code: "OAUTH_JWT_CLAIM_COMPARISON_FAILED" })
  })

  it("metadata in another issuer's name", async () => {
    await emulator.addFault({ kind: "wrongIssuer", on: { endpoint: "metadata" } })
    await expect(discover(emulator)).rejects.toMatchObject({ code: "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED" })
  })

  it.each([
    { when: "before its time", seconds: 7200 },
    { when: "after its time", seconds: -7200 }
  ])("an ID token of a clock that is off, $when", async ({ seconds }) => {
    const configuration = await discover(emulator)
    await emulator.addFault({ kind: "clockSkew", seconds, on: { endpoint: "token" } })
    await expect(signIn(configuration, emulator)).rejects.toMatchObject({ code: "OAUTH_JWT_TIMESTAMP_CHECK_FAILED" })
  })

  it.each(
    [
      { what: "a page of a proxy", fault: { kind: "proxyPage" }, expected: { code: "OAUTH_RESPONSE_IS_NOT_CONFORM" } },
      {
        what: "a page of a proxy that says it is well",
        fault: { kind: "proxyPage", status: 200 },
        expected: { code: "OAUTH_RESPONSE_IS_NOT_JSON" }
      },
      { what: "an outage", fault: { kind: "unavailable" }, expected: { code: "OAUTH_RESPONSE_IS_NOT_CONFORM" } },
      { what: "throttling", fault: { kind: "throttled" }, expected: { error: "temporarily_unavailable", status: 429 } }
    ] as const
  )("$what", async ({ expected, fault }) => {
    const configuration = await discover(emulator)
    await emulator.addFault({ ...fault, on: { endpoint: "token" } })
    await expect(signIn(configuration, emulator)).rejects.toMatchObject(expected)
  })
})
