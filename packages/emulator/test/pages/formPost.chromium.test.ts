import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { clientIds } from "../../src/scenario/defaultScenario.js"
import { lacksChromium } from "../support/chromium.js"
import { credentials, openPlace, type Place } from "./visit.js"

describe.skipIf(lacksChromium)("without JavaScript, or hardly any", () => {
  let place: Place

  beforeAll(async () => {
    place = await openPlace()
  })
  beforeEach(() => place.forget())
  afterAll(() => place[Symbol.asyncDispose]())

  const state = "<a state> with \"signs\" & 'words', ünd more"

  it("the answer is posted by itself", async () => {
    await using visit = await place.visit()
    await visit.authorize({ response_mode: "form_post", state })
    const { method, parameters } = await visit.bringing(() => visit.enterPassword(...credentials("jane")))
    expect(method).toBe("POST")
    expect(parameters.get("state")).toBe(state)
    expect(parameters.get("code")).not.toBeNull()
  })

  it("the answer is posted by a button", async () => {
    await using visit = await place.visit({ javaScriptEnabled: false })
    await visit.authorize({ response_mode: "form_post", state })
    await visit.enterPassword(...credentials("jane"))
    expect(await visit.heading()).toBe("Back to the application")
    expect(await visit.page.getByRole("main").innerText()).toContain(new URL(place.application.redirectUri).host)
    const { method, parameters } = await visit.bringing(() => visit.press("Continue"))
    expect(method).toBe("POST")
    expect(parameters.get("state")).toBe(state)
    expect(parameters.get("code")).not.toBeNull()
  })

  it("everything a sign-in can ask for is answered", async () => {
    await using visit = await place.visit({ javaScriptEnabled: false })
    await visit.authorize({ client_id: clientIds.native })
    await visit.enterPassword("mia@contoso.example", "wrong")
    await visit.enterPassword(...credentials("mia"))
    await visit.page.getByText("Which code").click()
    await visit.page.getByLabel("Code").fill(await visit.page.getByRole("group").locator("code").innerText())
    await visit.press("Verify")
    const { parameters } = await visit.bringing(() => visit.press("Accept"))
    expect(parameters.get("code")).not.toBeNull()
  })

  it("the request log opens, and leaves out what was not refused", async () => {
    await using visit = await place.visit({ javaScriptEnabled: false })
    await visit.post("token", { client_id: clientIds.public, grant_type: "password", scope: "openid" })
    await visit.post("devicecode", { client_id: clientIds.public, scope: "openid" })
    await visit.page.goto(`${place.origin}/_emulator/requests`)
    const entries = visit.page.locator("ol > li")
    expect(await entries.locator(".path").allInnerTexts()).toEqual([
      "/contoso.example/oauth2/v2.0/devicecode",
      "/contoso.example/oauth2/v2.0/token"
    ])
    await visit.page.getByLabel("Only refusals").check()
    expect(await entries.first().isVisible()).toBe(false)
    await entries.last().locator("summary").click()
    expect(await entries.last().getByRole("table", { name: "Form" }).innerText()).toContain("grant_type")
  })
})
