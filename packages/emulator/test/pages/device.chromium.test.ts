import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { clientIds } from "../../src/scenario/defaultScenario.js"
import { lacksChromium } from "../support/chromium.js"
import { credentials, openPlace, type Place, type Visit } from "./visit.js"

interface DeviceAuthorization {
  readonly user_code: string
  readonly device_code: string
  readonly verification_uri: string
}

describe.skipIf(lacksChromium)("on the page for devices", () => {
  let place: Place

  beforeAll(async () => {
    place = await openPlace()
  })
  beforeEach(() => place.forget())
  afterAll(() => place[Symbol.asyncDispose]())

  const begin = async (visit: Visit) => {
    const client = { client_id: clientIds.public }
    const device: DeviceAuthorization = await (await visit.post("devicecode", { ...client, scope: "openid" })).json()
    await visit.page.goto(device.verification_uri)
    return {
      device,
      poll: async (): Promise<unknown> =>
        (await visit.post("token", {
          ...client,
          grant_type: "urn:ietf:params:oauth:grant-type:device_code",
          device_code: device.device_code
        })).json()
    }
  }

  const enterCode = async (visit: Visit, code: string) => {
    await visit.page.getByLabel("Code").fill(code)
    await visit.press("Next")
  }

  it("a wrong code is told, and the right one signs the device in", async () => {
    await using visit = await place.visit()
    const { device, poll } = await begin(visit)
    await enterCode(visit, "not a code")
    expect(await visit.page.getByRole("alert").textContent()).toContain("The code is wrong")
    expect(await visit.page.locator(":focus").getAttribute("name")).toBe("user_code")
    expect(await poll()).toMatchObject({ error: "authorization_pending" })

    const { user_code } = device
    await enterCode(visit, ` ${user_code.slice(0, 3).toLowerCase()}-${user_code.slice(3)}`)
    await visit.enterPassword(...credentials("jane"))
    expect(await visit.heading()).toBe("Is this your device?")
    expect(await poll()).toMatchObject({ error: "authorization_pending" })
    await visit.press("Continue")
    expect(await visit.heading()).toBe("You are signed in")
    expect(await poll()).toMatchObject({ access_token: expect.any(String), id_token: expect.any(String) })
  })

  it("a device that is not one's own is turned away", async () => {
    await using visit = await place.visit()
    const { device, poll } = await begin(visit)
    await enterCode(visit, device.user_code)
    await visit.enterPassword(...credentials("jane"))
    await visit.press("Cancel")
    expect(await visit.heading()).toBe("The device is not signed in")
    expect(await poll()).toMatchObject({ error: "authorization_declined" })
  })
})
