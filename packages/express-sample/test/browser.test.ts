import { defaultScenario } from "@grantwork/emulator/defaultScenario"
import axe, { type AxeResults } from "axe-core"
import type { Browser } from "playwright-core"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { lacksChromium, launchChromium } from "./support/chromium.js"
import { expectNothingTold } from "./support/expectNothingTold.js"
import { asking, jane, type Sample, startSample } from "./support/sample.js"
import { openWindow } from "./support/window.js"

describe.skipIf(lacksChromium)("in a browser", () => {
  let browser: Browser
  let sample: Sample

  beforeAll(async () => {
    browser = await launchChromium()
    sample = await startSample()
  })

  beforeEach(async () => {
    await sample.emulator.reset(defaultScenario)
    await sample.emulator.putApp(asking)
  })

  afterEach(() => expectNothingTold(sample))

  afterAll(async () => {
    await browser.close()
    await sample.close()
  })

  it.each([true, false])(
    "somebody signs in, looks, refreshes and signs out; scripts: %s",
    async (javaScriptEnabled) => {
      await using window = await openWindow(browser, sample, { javaScriptEnabled })
      const { cell, complaints, page, press, sees, signIn } = window
      await signIn(jane)
      await sees("Jane Doe")
      expect(await cell("preferred_username")).toBe("jane@contoso.example")
      expect(await cell("userPrincipalName")).toBe("jane@contoso.example")
      expect(await cell("from")).toBe("cache")
      expect(await page.getByRole("status").count()).toBe(0)

      await press("Get a new token")
      expect(await page.getByRole("status").innerText()).toContain("from the identity provider")
      expect(await cell("userPrincipalName")).toBe("jane@contoso.example")

      await press("Sign out")
      await page.waitForURL(`${sample.origin}/`)
      await sees("Welcome")
      expect(complaints).toEqual([])
    }
  )

  it("whoever signed out is signed out at both, and stays so when going back", async () => {
    await using window = await openWindow(browser, sample)
    const { page, press, sees, signIn } = window
    await signIn(jane)
    await page.goto(`${sample.origin}/login`)
    await page.waitForURL(`${sample.origin}/profile`)
    await press("Sign out")
    await page.waitForURL(`${sample.origin}/`)

    await page.goBack()
    await sees("Welcome")
    await page.goto(`${sample.origin}/profile`)
    await sees("Welcome")
    await page.getByRole("link", { name: "Sign in" }).click()
    await page.getByLabel("Password").waitFor()
    expect(new URL(page.url()).origin).toBe(sample.emulator.origin)
  })

  it("somebody says no, and may try again", async () => {
    await using window = await openWindow(browser, sample)
    const { enterPassword, page, press, sees } = window
    await enterPassword(jane)
    await press("Cancel")
    await sees("You are not signed in")
    expect(await page.locator("main code").first().innerText()).toBe("AccessDenied AADSTS65004")
    await page.getByRole("link", { name: "Sign in again" }).click()
    await press("Accept")
    await page.waitForURL(`${sample.origin}/profile`)
    await sees("Jane Doe")
  })

  it("a tampered state signs nobody in", async () => {
    await using window = await openWindow(browser, sample)
    const { addresses, page, sees } = window
    await page.goto(`${sample.origin}/login`)
    const authorizationUrl = addresses.find((address) => address.includes("/authorize?")) ?? ""
    const { url } = await sample.emulator.signIn(authorizationUrl, jane)
    url.searchParams.set("state", "tampered")
    const answer = await page.goto(url.href)
    expect(answer?.status()).toBe(400)
    await sees("This sign-in cannot be finished")
    await page.goto(`${sample.origin}/profile`)
    await sees("Welcome")
  })

  it("an answer used before is refused, in the same browser and in another", async () => {
    await using window = await openWindow(browser, sample)
    await using other = await openWindow(browser, sample)
    await window.signIn(jane)
    const callback = window.addresses.find((address) => address.startsWith(`${sample.origin}/callback?`)) ?? ""
    for (const { page, sees } of [window, other]) {
      const answer = await page.goto(callback)
      expect(answer?.status()).toBe(400)
      await sees("This sign-in cannot be finished")
    }
    await other.page.goto(`${sample.origin}/profile`)
    await other.sees("Welcome")
  })

  it("a session gets another name at sign-in, which no script can read", async () => {
    await using window = await openWindow(browser, sample)
    const { context, page, signIn } = window
    const cookie = async () => (await context.cookies(sample.origin)).find(({ name }) => name === "express-sample")
    await page.goto(`${sample.origin}/login`)
    const before = await cookie()
    await signIn(jane)
    const after = await cookie()
    expect(before).toMatchObject({ httpOnly: true, sameSite: "Lax", expires: -1 })
    expect(after).toMatchObject({ httpOnly: true, sameSite: "Lax", expires: -1 })
    expect(after?.value).not.toBe(before?.value)
    expect(await page.evaluate("document.cookie")).not.toContain("express-sample")
  })

  it("another site's form does nothing", async () => {
    await using window = await openWindow(browser, sample)
    const { cell, context, page, sees, signIn } = window
    await signIn(jane)
    await context.route("https://attacker.example/", (route) =>
      route.fulfill({
        contentType: "text/html",
        body: `<form method="post" action="${sample.origin}/logout"><button>Win a prize</button></form>`
      }))
    await page.goto("https://attacker.example/")
    await page.getByRole("button").click()
    await page.waitForURL(`${sample.origin}/logout`)
    await sees("This form is out of date")
    await page.goto(`${sample.origin}/profile`)
    await sees("Jane Doe")
    expect(await cell("preferred_username")).toBe("jane@contoso.example")
  })

  it("a hostile query runs nothing", async () => {
    await using window = await openWindow(browser, sample)
    const { page, sees } = window
    const dialogs: Array<string> = []
    page.on("dialog", (dialog) => {
      dialogs.push(dialog.message())
      return dialog.dismiss()
    })
    await page.goto(`${sample.origin}/login`)
    const script = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>"
    await page.goto(`${sample.origin}/callback?${new URLSearchParams({ error: script, error_description: script })}`)
    await sees("This sign-in cannot be finished")
    expect(await page.locator("script, img").count()).toBe(0)
    expect(dialogs).toEqual([])
  })

  describe.each(["light", "dark"] as const)("in %s", (colorScheme) => {
    it("pages have no barrier that axe finds, and fit a phone", async () => {
      await using window = await openWindow(browser, sample, {
        colorScheme,
        viewport: { width: 360, height: 640 },
        isMobile: true,
        hasTouch: true
      })
      const { complaints, page, press, signIn } = window
      const check = async () => {
        await page.evaluate(axe.source)
        const { passes, violations } = await page.evaluate<AxeResults>("axe.run()")
        expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
        expect(passes.map(({ id }) => id)).toContain("color-contrast")
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
        const heights = await page.locator("button, main .button").evaluateAll((all) =>
          all.map((one) => one.getBoundingClientRect().height)
        )
        expect(heights.filter((height) => height < 44)).toEqual([])
      }
      await page.goto(sample.origin)
      await check()
      await page.goto(`${sample.origin}/callback`)
      await check()
      await page.goto(`${sample.origin}/nowhere`)
      await check()
      await signIn(jane)
      await press("Get a new token")
      await page.getByRole("status").waitFor()
      await check()
      expect(complaints).toEqual([])
    })
  })
})
