/**
 * Makes the pictures of the pages in the documentation:
 * `npm run screenshots -w packages/express-sample`
 */
import { fileURLToPath } from "node:url"
import { launchChromium } from "./support/chromium.js"
import { asking, jane, startSample } from "./support/sample.js"
import { openWindow } from "./support/window.js"

const folder = fileURLToPath(new URL("../../../docs/images/", import.meta.url))

const sample = await startSample()
await sample.emulator.putApp(asking)
const browser = await launchChromium()
const { enterPassword, page, press } = await openWindow(browser, sample, {
  viewport: { width: 800, height: 740 }
})

const picture = (name: string) => page.screenshot({ path: `${folder}sample-${name}.png` })

await enterPassword(jane)
await press("Cancel")
await page.setViewportSize({ width: 800, height: 360 })
await picture("error")
await page.setViewportSize({ width: 800, height: 740 })
await page.getByRole("link", { name: "Sign in again" }).click()
await press("Accept")
await press("Get a new token")
await page.getByRole("status").waitFor()
await picture("profile")
await browser.close()
await sample.close()
