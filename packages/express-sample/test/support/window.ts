import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core"
import type { Sample } from "./sample.js"

interface Credentials {
  readonly username: string
  readonly password: string
}

/** A browser window, and what a person does in it. */
export interface Window extends AsyncDisposable {
  readonly page: Page
  readonly context: BrowserContext
  /** What the browser complained about, such as a breach of the content security policy. */
  readonly complaints: ReadonlyArray<string>
  /** Addresses gone to, redirects included. */
  readonly addresses: ReadonlyArray<string>
  /** Waits for the page of this title, and fails where it does not come. */
  readonly sees: (title: string) => Promise<void>
  readonly press: (name: string) => Promise<void>
  /** Begins at the sample, and enters name and password at the provider. */
  readonly enterPassword: (person: Credentials) => Promise<void>
  /** The same, and gives consent. */
  readonly signIn: (person: Credentials) => Promise<void>
  /** What stands beside a name in a table. */
  readonly cell: (name: string) => Promise<string>
}

/** Opens a window in which nobody is signed in. */
export const openWindow = async (
  browser: Browser,
  sample: Sample,
  options: BrowserContextOptions = {}
): Promise<Window> => {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, ...options })
  const page = await context.newPage()
  const complaints: Array<string> = []
  const addresses: Array<string> = []
  page.on("console", (message) => {
    if (!message.text().startsWith("Failed to load resource")) complaints.push(message.text())
  })
  page.on("request", (request) => {
    addresses.push(request.url())
    const code = new URL(request.url()).searchParams.get("code")
    if (code !== null) sample.client.secrets.add(code)
  })
  const press = (name: string) => page.getByRole("button", { name, exact: true }).click()
  const enterPassword = async ({ password, username }: Credentials) => {
    await page.goto(sample.origin)
    await page.getByRole("link", { name: "Sign in" }).click()
    await page.getByLabel("Username").fill(username)
    await page.getByLabel("Password").fill(password)
    await press("Sign in")
  }
  return {
    page,
    context,
    complaints,
    addresses,
    sees: (title) => page.getByRole("heading", { level: 1, name: title, exact: true }).waitFor(),
    press,
    enterPassword,
    signIn: async (person) => {
      await enterPassword(person)
      await press("Accept")
      await page.waitForURL(`${sample.origin}/profile`)
    },
    cell: (name) =>
      page.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) })
        .getByRole("cell").innerText(),
    [Symbol.asyncDispose]: () => context.close()
  }
}
