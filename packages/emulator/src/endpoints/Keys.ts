/**
 * The keys that tokens can be checked with.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7517#section-5
 */
import * as Effect from "effect/Effect"
import { Exchange } from "../http/Exchange.js"
import * as Origin from "../http/Origin.js"
import * as Reply from "../http/Reply.js"
import { World } from "../state/World.js"
import { tenantOf } from "./tenantOf.js"

/** @category endpoints */
export const keys = Effect.gen(function*() {
  yield* tenantOf
  const { origin } = yield* Exchange
  const published = yield* (yield* World).keys.published
  const issuer = Origin.issuer(origin, "{tenantid}")
  return Reply.json({ keys: published.map((key) => ({ ...key, issuer })) })
})
