/**
 * Keeps other sites from posting the emulator's forms through somebody's browser.
 */
import * as Effect from "effect/Effect"
import { Exchange } from "../http/Exchange.js"
import { type EntraError, entraError } from "../protocol/EntraError.js"

/**
 * Refuses a form that a page of another site posts. The emulator's own pages send the origin `null`, for they tell no
 * referrer: where the browser says of which site the page is, that counts alone.
 *
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 * @category programs
 */
export const ownPagesOnly: Effect.Effect<void, EntraError, Exchange> = Effect.flatMap(
  Exchange,
  ({ headers, origin }) => {
    const site = headers["sec-fetch-site"]
    const isOwn = site === undefined ? (headers["origin"] ?? origin) === origin : ["same-origin", "none"].includes(site)
    return isOwn ? Effect.void : Effect.fail(entraError(9002313))
  }
)
