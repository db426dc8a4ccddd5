/**
 * Visits to a running emulator, each in a window of its own.
 */
import type { APIResponse, BrowserContext, BrowserContextOptions, Page } from "playwright-core"
import { clientIds, defaultScenario } from "../../src/scenario/defaultScenario.js"
import { startEmulator } from "../../src/startEmulator.js"
import { launchChromium, openContext } from "../support/chromium.js"
import { type Application, type Brought, startApplication } from "./application.js"

export interface Visit extends AsyncDisposable {
  readonly page: Page
  readonly context: BrowserContext
  /** Opens the authorization endpoint. */
  readonly authorize: (parameters?: Readonly<Record<string, string>>) => Promise<void>
  /** Posts to an endpoint of the tenant, as an application does. */
  readonly post: (endpoint: "token" | "devicecode", form: Readonly<Record<string, string>>) => Promise<APIResponse>
  readonly enterPassword: (username: string, password: string) => Promise<void>
  readonly press: (button: string) => Promise<void>
  readonly heading: () => Promise<string | null>
  /** What the browser brings to the application through what is done. */
  readonly bringing: (act: () => Promise<unknown>) => Promise<Brought>
}

/** Everything that visits need, started once. */
export interface Place extends AsyncDisposable {
  readonly origin: string
  readonly application: Application
  /** Forgets whatever earlier visits did. */
  readonly forget: () => Promise<void>
  readonly visit: (options?: BrowserContextOptions) => Promise<Visit>
}

const tenant = "contoso.example"

export const openPlace = async (): Promise<Place> => {
  const emulator = await startEmulator()
  const application = await startApplication()
  const browser = await launchChromium()
  return {
    origin: emulator.origin,
    application,
    forget: () => emulator.reset(defaultScenario),
    visit: async (options) => {
      const context = await openContext(browser, options)
      return lead(await context.newPage(), context, emulator.origin, application)
    },
    [Symbol.asyncDispose]: async () => {
      await browser.close()
      await application[Symbol.asyncDispose]()
      await emulator.close()
    }
  }
}

const lead = (page: Page, context: BrowserContext, origin: string, application: Application): Visit => {
  const press = (name: string) => page.getByRole("button", { name }).click()
  return {
    page,
    context,
    press,
    authorize: async (parameters = {}) => {
      const query = new URLSearchParams({
        client_id: clientIds.public,
        redirect_uri: application.redirectUri,
        response_type: "code",
        scope: "openid profile",
        ...parameters
      })
      await page.goto(`${origin}/${tenant}/oauth2/v2.0/authorize?${query}`)
    },
    post: (endpoint, form) =>
      context.request.post(`${origin}/${tenant}/oauth2/v2.0/${endpoint}`, { form: { ...form } }),
    enterPassword: async (username, password) => {
      await page.getByLabel("Username").fill(username)
      await page.getByLabel("Password").fill(password)
      await press("Sign in")
    },
    heading: () => page.getByRole("heading", { level: 1 }).textContent(),
    bringing: async (act) => {
      const brought = application.next()
      await act()
      return brought
    },
    [Symbol.asyncDispose]: () => context.close()
  }
}

/** Username and password of somebody in `defaultScenario`. */
export const credentials = (name: string): readonly [username: string, password: string] => {
  const person = defaultScenario.users?.find(({ username }) => username.startsWith(`${name}@`))
  if (person === undefined) throw new Error(`The default scenario has no ${name}.`)
  return [person.username, person.password]
}
