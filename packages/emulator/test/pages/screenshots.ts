/**
 * Makes the pictures of the pages in the documentation:
 * `npm run screenshots -w packages/emulator`
 */
import { fileURLToPath } from "node:url"
import { clientIds } from "../../src/scenario/defaultScenario.js"
import { startEmulator } from "../../src/startEmulator.js"
import { launchChromium, openContext } from "../support/chromium.js"
import { startApplication } from "./application.js"

const folder = fileURLToPath(new URL("../../../../docs/images/", import.meta.url))

await using application = await startApplication()
await using emulator = await startEmulator({ port: 8443, seed: "screenshots" })
const browser = await launchChromium()
const context = await openContext(browser, { viewport: { width: 800, height: 600 } })
const page = await context.newPage()

const picture = (name: string) => page.screenshot({ path: `${folder}emulator-${name}.png`, animations: "disabled" })

const post = (path: string, form: Readonly<Record<string, string>>) =>
  context.request.post(`${emulator.origin}/contoso.example/oauth2/v2.0/${path}`, { form: { ...form } })

const authorize = (parameters: Readonly<Record<string, string>>) =>
  page.goto(`${emulator.origin}/contoso.example/oauth2/v2.0/authorize?${new URLSearchParams({
    client_id: clientIds.native,
    redirect_uri: application.redirectUri,
    response_type: "code",
    scope: "openid profile offline_access api://notes/read api://notes/write",
    ...parameters
  })}`)

const signIn = async (username: string, password: string) => {
  await page.getByLabel("Username").fill(username)
  await page.getByLabel("Password").fill(password)
  await page.getByRole("button", { name: "Sign in" }).click()
}

await authorize({})
await page.getByText("Who can sign in here").click()
await picture("sign-in")
await signIn("jane@contoso.example", "correct horse")
await picture("consent")
await page.getByRole("button", { name: "Accept" }).click()
await authorize({ prompt: "login", login_hint: "sam@contoso.example" })
await signIn("sam@contoso.example", "battery staple")
await page.getByRole("button", { name: "Cancel" }).click()
await authorize({ prompt: "select_account" })
await picture("account-picker")

const native = { client_id: clientIds.native, scope: "openid api://notes/read" }
const device: { readonly user_code: string; readonly device_code: string } = await (await post("devicecode", native))
  .json()
await page.setViewportSize({ width: 360, height: 640 })
await page.goto(`${emulator.origin}/device`)
await page.getByLabel("Code").fill(device.user_code)
await picture("device")

const jane = { username: "jane@contoso.example", grant_type: "password" }
await post("token", { ...native, ...jane, password: "wrong" })
await post("token", {
  ...native,
  grant_type: "urn:ietf:params:oauth:grant-type:device_code",
  device_code: device.device_code
})
await post("token", { ...native, ...jane, password: "correct horse" })
await page.setViewportSize({ width: 800, height: 450 })
await page.goto(`${emulator.origin}/_emulator/requests`)
await page.locator("summary").nth(2).click()
await page.getByRole("list").evaluate((list) => scrollBy(0, list.getBoundingClientRect().top - 16))
await picture("request-log")
await page.goto(emulator.origin)
await picture("home")
await browser.close()
