/**
 * Ends the session in the browser.
 *
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html
 */
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import * as Directory from "../directory/Directory.js"
import { Exchange } from "../http/Exchange.js"
import * as Reply from "../http/Reply.js"
import type { Handler } from "../http/serve.js"
import { messagePage } from "../pages/messagePage.js"
import { parse } from "../protocol/Parameters.js"
import { World } from "../state/World.js"
import * as AuthorizationResponse from "./AuthorizationResponse.js"
import * as Session from "./Session.js"
import { tenantOf } from "./tenantOf.js"

/**
 * Leads back to a redirect URI that some application has registered, and nowhere else.
 *
 * @category endpoints
 */
export const logout: Handler = Effect.gen(function*() {
  yield* tenantOf
  const { directory } = yield* World
  const { form, method, query } = yield* Exchange
  const parameters = yield* parse(method === "POST" ? form : query)
  const browserId = yield* Session.known
  if (browserId !== undefined) yield* Session.end(browserId)
  const target = parameters["post_logout_redirect_uri"]
  const { apps } = yield* Ref.get(directory)
  if (target !== undefined && apps.some((app) => Directory.isRegistered(app, target))) {
    const { state } = parameters
    return Reply.redirect(state === undefined ? target : AuthorizationResponse.withQuery(target, { state }))
  }
  return Reply.page(messagePage({ title: "You are signed out", text: "You can close this page." }))
})
