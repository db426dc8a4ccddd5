/**
 * A real browser for tests: Chromium as the system has it, driven by playwright-core.
 */
import { existsSync } from "node:fs"
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from "playwright-core"

/** Where Chromium is; `CHROMIUM_PATH` says where else. */
const chromiumPath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium"

/**
 * Whether tests that need Chromium have to be left out, which is said aloud. In CI they never are: there they fail
 * without it.
 */
export const lacksChromium = !existsSync(chromiumPath) && process.env["CI"] === undefined

if (lacksChromium) {
  process.emitWarning(
    `Tests in a browser are skipped: there is no Chromium at ${chromiumPath}. Install it (on Debian: apt-get install chromium), or name one in CHROMIUM_PATH.`
  )
}

/** Asks nobody for anything that a test did not ask for. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync"
    ]
  })

/** A browser window of its own, in which nobody is signed in, and which takes the emulator's certificate. */
export const openContext = (browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> =>
  browser.newContext({ ignoreHTTPSErrors: true, ...options })
