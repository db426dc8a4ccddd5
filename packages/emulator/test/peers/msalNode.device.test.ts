import { PublicClientApplication } from "@azure/msal-node"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Person } from "../../src/Browser.js"
import { clientIds, contoso } from "../../src/scenario/defaultScenario.js"
import { type RunningEmulator, startEmulator } from "../../src/startEmulator.js"
import { createFetch, type Fetch } from "../support/leadingFetch.js"
import { configure, failureOf, hosts, originUnder } from "../support/msalNode.js"
import { jane } from "../support/people.js"
import { signInDevice } from "../support/signInDevice.js"

let emulator: RunningEmulator

beforeAll(async () => {
  emulator = await startEmulator()
})

afterAll(() => emulator.close())

describe.each(hosts)("msal-node as a device at %s", (host) => {
  /** The device asks for its tokens when the person is done, so that it never waits. */
  const signIn = (person: Person) => {
    const fetch = createFetch(emulator)
    let done: Promise<string> = Promise.resolve("")
    const patient: Fetch = async (url, init) => {
      await done
      return fetch(url, init)
    }
    const app = new PublicClientApplication(configure(emulator, host, { clientId: clientIds.native }, patient))
    return app.acquireTokenByDeviceCode({
      scopes: ["User.Read"],
      deviceCodeCallback: ({ expiresIn, interval, message, userCode, verificationUri }) => {
        expect({ expiresIn, interval, verificationUri })
          .toEqual({ expiresIn: 900, interval: 5, verificationUri: `${originUnder(host, emulator)}/device` })
        expect(message).toContain(userCode)
        done = signInDevice(fetch, { verificationUri, userCode }, person)
      }
    })
  }

  it("signs in", async () => {
    await emulator.putApp({ id: clientIds.native, name: "Device" })
    expect(await signIn(jane)).toMatchObject({
      tenantId: contoso,
      fromCache: false,
      account: { username: jane.username, tenantId: contoso },
      idTokenClaims: { aud: clientIds.native }
    })
    expect((await emulator.requests()).at(-1)).toMatchObject({ grantType: "device_code", status: 200 })
  })

  it("is told of a denial", async () => {
    expect(await failureOf(signIn({ ...jane, consent: "deny" })))
      .toMatchObject({ errorCode: "post_request_failed", errorMessage: "authorization_declined" })
  })
})
