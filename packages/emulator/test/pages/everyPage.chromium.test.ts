import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import axe, { type AxeResults } from "axe-core"
import type { Browser, BrowserContextOptions, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as Reply from "../../src/http/Reply.js"
import type { Html } from "../../src/pages/Html.js"
import { lacksChromium, launchChromium, openContext } from "../support/chromium.js"
import { everyPage, everyPageWithAlert } from "./everyPage.js"
import { hostileTexts } from "./markup.js"

const phone: BrowserContextOptions = { viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true }
const calm = Object.entries(everyPage("Jane"))
const alarmed = Object.entries(everyPageWithAlert("Jane", "The answer was wrong."))
const pages = [...calm, ...alarmed.map(([name, page]) => [`${name}, with an alert`, page] as const)]

describe.skipIf(lacksChromium)("every page, in a browser", () => {
  let browser: Browser

  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser.close())

  /** Opens a page as the emulator would send it, headers and all, and tells what the browser complained about. */
  const open = async (html: Html, options: BrowserContextOptions = {}) => {
    const context = await openContext(browser, options)
    const complaints: Array<string> = []
    await context.route("**", async (route) => {
      if (route.request().method() !== "GET") return route.fulfill({ status: 204 })
      const response = HttpServerResponse.toWeb(Reply.toResponse(Reply.page(html)))
      return route.fulfill({ body: await response.text(), headers: Object.fromEntries(response.headers) })
    })
    const page = await context.newPage()
    page.on("console", (message) => complaints.push(message.text()))
    page.on("pageerror", ({ message }) => complaints.push(message))
    page.on("dialog", (dialog) => {
      complaints.push(dialog.message())
      return dialog.dismiss()
    })
    // The page that posts itself never comes to rest.
    await page.goto("https://pages.example/", { waitUntil: "commit" })
    await page.waitForFunction(() => document.readyState === "complete")
    return { page, complaints, [Symbol.asyncDispose]: () => context.close() }
  }

  const unfold = (page: Page) =>
    page.locator("details").evaluateAll((all) => all.forEach((one) => one.setAttribute("open", "")))

  it.each(pages)("%s has no barrier that axe finds, in light or dark", async (_, html) => {
    await using opened = await open(html, { reducedMotion: "reduce" })
    const { complaints, page } = opened
    await unfold(page)
    await page.evaluate(axe.source)
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme })
      const { passes, violations } = await page.evaluate<AxeResults>("axe.run()")
      expect(violations.map(({ id, nodes }) => [colorScheme, id, nodes.map(({ html }) => html)])).toEqual([])
      expect(passes.map(({ id }) => id)).toContain("color-contrast")
    }
    expect(complaints).toEqual([])
  })

  it("is dark where that is preferred", async () => {
    const lightness = async (colorScheme: "light" | "dark") => {
      await using opened = await open(everyPage("Jane").signIn, { colorScheme })
      return await opened.page.evaluate(() => {
        const { backgroundColor, color } = getComputedStyle(document.body)
        const sum = (text: string) =>
          (text.match(/\d+/g) ?? []).slice(0, 3).reduce((total, one) => total + Number(one), 0)
        return { background: sum(backgroundColor), text: sum(color) }
      })
    }
    const [light, dark] = [await lightness("light"), await lightness("dark")]
    expect(light.background).toBeGreaterThan(light.text)
    expect(dark.background).toBeLessThan(dark.text)
    expect(dark.background).toBeLessThan(light.background)
  })

  const longest = everyPage("W".repeat(150))
  const onPhones = [
    ...pages,
    ...Object.entries(longest).map(([name, page]) => [`${name}, with long words`, page] as const)
  ]

  it.each(onPhones)("%s fits a phone, and fingers", async (_, html) => {
    await using opened = await open(html, phone)
    const { page } = opened
    await unfold(page)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
    const targets = page.locator("button, summary, main a, label:has(input), input:not([type=checkbox])")
    const heights = await targets.evaluateAll((all) =>
      all.filter((one) => one.getClientRects().length > 0).map((one) => one.getBoundingClientRect().height)
    )
    expect(heights.filter((height) => height < 44)).toEqual([])
  })

  it("keeps still for those who ask for it", async () => {
    const durations = async (reducedMotion: "reduce" | "no-preference") => {
      await using opened = await open(everyPage("Jane").signIn, { reducedMotion })
      return await opened.page.locator("*").evaluateAll((all) =>
        all.map((one) => getComputedStyle(one).transitionDuration)
      )
    }
    expect(new Set(await durations("no-preference")).size).toBeGreaterThan(1)
    expect(new Set(await durations("reduce"))).toEqual(new Set(["0s"]))
  })

  it.each(hostileTexts)("becomes no other page through %j", async (text) => {
    await using opened = await open(everyPage("Jane").message)
    const skeletons = (pages: Readonly<Record<string, Html>>) =>
      opened.page.evaluate(
        (texts) =>
          texts.map((text) =>
            [...new DOMParser().parseFromString(text, "text/html").querySelectorAll("*")]
              .map((element) => [element.tagName, ...element.getAttributeNames()])
          ),
        Object.values(pages).map((page) => page.text)
      )
    expect(await skeletons(everyPage(text))).toEqual(await skeletons(everyPage("Jane")))
  })
})
