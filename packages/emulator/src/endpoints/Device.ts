/**
 * Where a person enters the code that a device shows.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8628#section-3.3
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import * as Directory from "../directory/Directory.js"
import { Exchange } from "../http/Exchange.js"
import * as Reply from "../http/Reply.js"
import type { Handler } from "../http/serve.js"
import { devicePage } from "../pages/devicePage.js"
import { entraError } from "../protocol/EntraError.js"
import { parse } from "../protocol/Parameters.js"
import { World } from "../state/World.js"
import { ownPagesOnly } from "./ownPagesOnly.js"
import * as Session from "./Session.js"
import * as SignInPages from "./SignInPages.js"

/** @category endpoints */
export const show: Handler = Effect.map(
  Session.browser,
  (browser) => Session.remember(Reply.page(devicePage({})), browser)
)

/** @category endpoints */
export const submit: Handler = Effect.gen(function*() {
  yield* ownPagesOnly
  const { deviceCodes, directory, identifiers } = yield* World
  const { form } = yield* Exchange
  const browser = yield* Session.browser
  const userCode = ((yield* parse(form))["user_code"] ?? "").replace(/[\s-]/g, "").toUpperCase()
  const now = Math.floor((yield* Clock.currentTimeMillis) / 1000)
  const found = (yield* deviceCodes.entries).find(([, device]) => device.userCode === userCode)
  if (found === undefined || found[1].outcome._tag !== "Pending" || found[1].expiresAt <= now) {
    const alert = "The code is wrong, was used, or has expired. Check what the device shows now."
    return Session.remember(Reply.page(devicePage({ alert }), 400), browser)
  }
  const [deviceCode, { claims, clientId, scopes, segment }] = found
  const authority = Directory.authority(yield* Ref.get(directory), segment)
  if (authority === undefined) return yield* entraError(90002, { tenant: segment })
  const signIn = {
    id: yield* identifiers.secret(""),
    browser: browser.id,
    authority,
    clientId,
    purpose: { _tag: "Device", deviceCode },
    scopes,
    claims,
    startedAt: now,
    prompt: new Set(["select_account"]),
    loginHint: undefined,
    domainHint: undefined,
    maxAge: undefined,
    personId: undefined,
    hasConsented: false,
    hasConfirmed: false,
    alert: undefined
  } as const
  return Session.remember(yield* SignInPages.go(signIn), browser)
})
