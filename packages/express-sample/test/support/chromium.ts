import { existsSync } from "node:fs"
import { type Browser, chromium } from "playwright-core"

const executablePath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium"

/** Whether tests in a browser are left out, which is said aloud; in CI they never are, and fail without one. */
export const lacksChromium = !existsSync(executablePath) && process.env["CI"] === undefined

if (lacksChromium) process.emitWarning(`Tests in a browser are skipped: there is no Chromium at ${executablePath}.`)

/** A real browser, which asks nobody for anything that a test did not ask for. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
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
