import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { clientIds } from "../../src/scenario/defaultScenario.js"
import { lacksChromium } from "../support/chromium.js"
import { credentials, openPlace, type Place, type Visit } from "./visit.js"

describe.skipIf(lacksChromium)("with nothing but a keyboard", () => {
  let place: Place

  beforeAll(async () => {
    place = await openPlace()
  })
  beforeEach(() => place.forget())
  afterAll(() => place[Symbol.asyncDispose]())

  const type = async ({ page }: Visit, ...keys: ReadonlyArray<string>) => {
    for (const key of keys) {
      await (key === "Tab" || key === "Enter" ? page.keyboard.press(key) : page.keyboard.type(key))
    }
  }
  const arriveAt = ({ page }: Visit, name: string) => page.getByRole("heading", { level: 1, name }).waitFor()

  /** Name or text of what has the focus, and whether one sees that it has. */
  const focused = ({ page }: Visit) =>
    page.locator(":focus").evaluate((element) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(element)
      return {
        what: element.getAttribute("name") ?? element.textContent.trim(),
        isSeen: outlineStyle === "solid" && Number.parseFloat(outlineWidth) >= 2
      }
    })

  it("a person signs in, proves a second factor and consents", async () => {
    await using visit = await place.visit()
    const [username, password] = credentials("mia")
    await visit.authorize({ client_id: clientIds.native })
    await type(visit, username, "Tab", password, "Enter")
    await arriveAt(visit, "Enter your code")
    await type(visit, "123456", "Enter")
    await arriveAt(visit, "Permissions requested")
    const { parameters } = await visit.bringing(() => type(visit, "Tab", "Enter"))
    expect(parameters.get("code")).not.toBeNull()
  })

  it("the focus is seen, and goes through the page in order", async () => {
    await using visit = await place.visit()
    await visit.authorize()
    const stops = [await focused(visit)]
    for (let stop = 1; stop < 4; stop++) {
      await type(visit, "Tab")
      stops.push(await focused(visit))
    }
    expect(stops).toEqual(
      ["username", "password", "Sign in", "Who can sign in here"].map((what) => ({ what, isSeen: true }))
    )
    await type(visit, "Enter")
    expect(await visit.page.getByRole("list").isVisible()).toBe(true)
  })

  it("an account is picked", async () => {
    await using visit = await place.visit()
    await visit.authorize()
    await visit.bringing(() => visit.enterPassword(...credentials("jane")))
    await visit.authorize({ prompt: "select_account" })
    expect(await focused(visit)).toMatchObject({ what: "account", isSeen: true })
    const { parameters } = await visit.bringing(() => type(visit, "Enter"))
    expect(parameters.get("code")).not.toBeNull()
  })

  it("nothing is accepted by an Enter that came too early", async () => {
    await using visit = await place.visit()
    await visit.authorize({ client_id: clientIds.native })
    await visit.enterPassword(...credentials("jane"))
    await arriveAt(visit, "Permissions requested")
    await type(visit, "Enter")
    expect(await visit.heading()).toBe("Permissions requested")
  })
})
