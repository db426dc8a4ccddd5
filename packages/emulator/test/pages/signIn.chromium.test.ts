import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { clientIds } from "../../src/scenario/defaultScenario.js"
import { lacksChromium } from "../support/chromium.js"
import { argumentsOf } from "./argumentsOf.js"
import { credentials, openPlace, type Place } from "./visit.js"

describe.skipIf(lacksChromium)("in a browser", () => {
  let place: Place

  beforeAll(async () => {
    place = await openPlace()
  })
  beforeEach(() => place.forget())
  afterAll(() => place[Symbol.asyncDispose]())

  it("a person signs in, and the application gets tokens", async () => {
    await using visit = await place.visit()
    await visit.authorize({ state: "a state & more" })
    expect(await visit.page.title()).toBe("Sign in · Grantwork emulator")
    const { method, parameters } = await visit.bringing(() => visit.enterPassword(...credentials("jane")))
    expect(method).toBe("GET")
    expect(parameters.get("state")).toBe("a state & more")
    const answer = await visit.post("token", {
      client_id: clientIds.public,
      grant_type: "authorization_code",
      code: parameters.get("code") ?? "",
      redirect_uri: place.application.redirectUri
    })
    expect(await answer.json()).toMatchObject({ token_type: "Bearer", id_token: expect.any(String) })
  })

  it("a wrong password is told, and the next one counts", async () => {
    await using visit = await place.visit()
    const [username, password] = credentials("jane")
    await visit.authorize()
    await visit.enterPassword(username, "wrong")
    expect(await visit.page.getByRole("alert").textContent()).toContain("password is wrong")
    expect(await visit.page.getByLabel("Username").inputValue()).toBe(username)
    expect(await visit.page.getByLabel("Password").inputValue()).toBe("")
    expect(await visit.page.locator(":focus").getAttribute("name")).toBe("password")
    const { parameters } = await visit.bringing(() => visit.enterPassword(username, password))
    expect(parameters.get("code")).not.toBeNull()
  })

  it("a blocked person is told so", async () => {
    await using visit = await place.visit()
    await visit.authorize()
    await visit.enterPassword(...credentials("bob"))
    expect(await visit.page.getByRole("alert").textContent()).toContain("disabled")
  })

  it("whoever tries things out finds a password on the page, and what it brings", async () => {
    await using visit = await place.visit()
    await visit.authorize()
    const entry = visit.page.getByRole("listitem").filter({ hasText: "bob@contoso.example" })
    expect(await entry.isVisible()).toBe(false)
    await visit.page.getByText("Who can sign in here").click()
    expect(await entry.innerText()).toContain(credentials("bob")[1])
    expect(await entry.innerText()).toContain("blocked")
  })

  it("a second factor is asked for until it is right", async () => {
    await using visit = await place.visit()
    await visit.authorize()
    await visit.enterPassword(...credentials("mia"))
    expect(await visit.heading()).toBe("Enter your code")
    await visit.page.getByLabel("Code").fill("000000")
    await visit.press("Verify")
    expect(await visit.page.getByRole("alert").textContent()).toBe("The code is wrong.")
    await visit.page.getByText("Which code").click()
    const code = await visit.page.getByRole("group").locator("code").innerText()
    await visit.page.getByLabel("Code").fill(code)
    const { parameters } = await visit.bringing(() => visit.press("Verify"))
    expect(parameters.get("code")).not.toBeNull()
  })

  it("a new password is asked for twice, and holds from then on", async () => {
    await using visit = await place.visit()
    const [username, password] = credentials("new")
    const choose = async (first: string, second: string) => {
      await visit.page.getByLabel("New password", { exact: true }).fill(first)
      await visit.page.getByLabel("New password, once more").fill(second)
      await visit.press("Change password")
    }
    await visit.authorize()
    await visit.enterPassword(username, password)
    expect(await visit.heading()).toBe("Choose a new password")
    await choose("a brand new one", "a brand new two")
    expect(await visit.page.getByRole("alert").textContent()).toBe("The two passwords differ.")
    const { parameters } = await visit.bringing(() => choose("a brand new one", "a brand new one"))
    expect(parameters.get("code")).not.toBeNull()

    await using later = await place.visit()
    await later.authorize()
    await later.enterPassword(username, password)
    expect(await later.page.getByRole("alert").isVisible()).toBe(true)
    const again = await later.bringing(() => later.enterPassword(username, "a brand new one"))
    expect(again.parameters.get("code")).not.toBeNull()
  })

  it("consent is asked for once", async () => {
    await using visit = await place.visit()
    const asking = { client_id: clientIds.native, scope: "openid offline_access api://notes/read" }
    await visit.authorize(asking)
    await visit.enterPassword(...credentials("jane"))
    expect(await visit.heading()).toBe("Permissions requested")
    const asked = await visit.page.getByRole("list", { name: "This application would like to" }).innerText()
    expect(asked).toContain("Read your notes")
    expect(asked).toContain("offline_access")
    expect(asked).not.toContain("Write your notes")
    const first = await visit.bringing(() => visit.press("Accept"))
    expect(first.parameters.get("code")).not.toBeNull()
    const second = await visit.bringing(() => visit.authorize(asking))
    expect(second.parameters.get("code")).not.toBeNull()
  })

  it("a denial is brought to the application", async () => {
    await using visit = await place.visit()
    await visit.authorize({ client_id: clientIds.native, state: "kept" })
    await visit.enterPassword(...credentials("jane"))
    const { parameters } = await visit.bringing(() => visit.press("Cancel"))
    expect(Object.fromEntries(parameters)).toMatchObject({ error: "access_denied", state: "kept" })
    expect(parameters.has("code")).toBe(false)
  })

  it("who of two goes on is picked, or another account used", async () => {
    await using visit = await place.visit()
    await visit.authorize()
    await visit.bringing(() => visit.enterPassword(...credentials("jane")))
    await visit.authorize({ prompt: "select_account" })
    await visit.press("Use another account")
    expect(await visit.heading()).toBe("Sign in")
    expect(await visit.page.getByLabel("Username").inputValue()).toBe("")
    await visit.bringing(() => visit.enterPassword(...credentials("sam")))
    await visit.authorize()
    expect(await visit.heading()).toBe("Pick an account")
    expect(await visit.page.getByRole("button").allInnerTexts()).toEqual([
      expect.stringContaining("sam@contoso.example"),
      expect.stringContaining("jane@contoso.example"),
      expect.stringContaining("Use another account")
    ])
    const { parameters } = await visit.bringing(() => visit.press("Jane Doe"))
    const answer = await visit.post("token", {
      client_id: clientIds.public,
      grant_type: "authorization_code",
      code: parameters.get("code") ?? "",
      redirect_uri: place.application.redirectUri
    })
    const { id_token }: { readonly id_token: string } = await answer.json()
    expect(JSON.parse(Buffer.from(id_token.split(".")[1] ?? "", "base64url").toString())).toMatchObject({
      preferred_username: "jane@contoso.example"
    })
  })

  it("a sign-out ends the session", async () => {
    await using visit = await place.visit()
    await visit.authorize()
    await visit.bringing(() => visit.enterPassword(...credentials("jane")))
    await visit.page.goto(`${place.origin}/contoso.example/oauth2/v2.0/logout`)
    expect(await visit.heading()).toBe("You are signed out")
    await visit.authorize()
    expect(await visit.heading()).toBe("Sign in")
  })

  it("an unregistered redirect URI is told to the person, and leads nowhere", async () => {
    await using visit = await place.visit()
    await visit.authorize({ redirect_uri: "https://evil.example/\"><script>alert(1)</script>" })
    expect(await visit.page.getByRole("alert").textContent()).toMatch(/^AADSTS50011: .*evil\.example/)
    expect(new URL(visit.page.url()).origin).toBe(place.origin)
    expect(await visit.page.locator("script").count()).toBe(0)
    await visit.page.getByRole("link", { name: "request log" }).click()
    const refused = visit.page.getByRole("listitem").filter({ hasText: "/authorize" })
    expect(await refused.getByRole("table", { name: "Query" }).isVisible()).toBe(true)
    expect(await refused.innerText()).toContain("https://evil.example/")
  })

  it("the command on the home page brings a token", async () => {
    await using visit = await place.visit()
    await visit.page.goto(place.origin)
    const words = argumentsOf(await visit.page.locator("pre").innerText())
    const parameters = words.filter((_, index) => words[index - 1] === "--data-urlencode").map((word) => {
      const [name = "", ...value] = word.split("=")
      return [name, value.join("=")] as const
    })
    const address = words.find((word) => word.startsWith("https://")) ?? ""
    const answer = await visit.context.request.post(address, { form: Object.fromEntries(parameters) })
    expect(await answer.json()).toMatchObject({ token_type: "Bearer", access_token: expect.any(String) })
  })
})
