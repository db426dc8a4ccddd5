/**
 * What the browser brings back to the application.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2
 * @see https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Directory from "../directory/Directory.js"
import { Exchange } from "../http/Exchange.js"
import * as Reply from "../http/Reply.js"
import * as ClientInfo from "../protocol/ClientInfo.js"
import { type EntraError, toJson } from "../protocol/EntraError.js"
import type { Authentication } from "../state/Authentication.js"
import type { Purpose } from "../state/SignIn.js"

type Authorization = Purpose & { readonly _tag: "Authorization" }

/** @category constructors */
export const grant = (
  purpose: Authorization,
  code: string,
  membership: Directory.Membership,
  { sessionId }: Authentication
): Reply.Reply =>
  send(purpose, {
    code,
    ...(purpose.wantsClientInfo && { client_info: ClientInfo.encode(membership) }),
    session_state: sessionId
  })

/** @category constructors */
export const refuse = (purpose: Authorization, error: EntraError): Effect.Effect<Reply.Reply, never, Exchange> =>
  Effect.gen(function*() {
    const { correlationId, origin, traceId } = yield* Exchange
    const timestamp = new Date(yield* Clock.currentTimeMillis).toISOString().replace("T", " ").replace(/\.\d+Z$/, "Z")
    const members = Object.entries(toJson(error, { correlationId, origin, traceId, timestamp }))
    const parameters: Record<string, string> = {}
    for (const [name, value] of members) parameters[name] = typeof value === "string" ? value : JSON.stringify(value)
    return { ...send(purpose, parameters), refusal: error }
  })

const send = (
  { redirectUri, responseMode, state }: Authorization,
  response: Readonly<Record<string, string>>
): Reply.Reply => {
  const parameters = { ...response, ...(state !== undefined && { state }) }
  switch (responseMode) {
    case "form_post":
      return Reply.formPost(redirectUri, new URLSearchParams(parameters))
    case "fragment":
      return Reply.redirect(`${redirectUri}#${new URLSearchParams(parameters)}`)
    case "query":
      return Reply.redirect(withQuery(redirectUri, parameters))
  }
}

/**
 * The redirect URI with the parameters behind what it has of its own, which stays as it is to the letter.
 *
 * @category combinators
 */
export const withQuery = (redirectUri: string, parameters: Readonly<Record<string, string>>): string =>
  `${redirectUri}${redirectUri.includes("?") ? "&" : "?"}${new URLSearchParams(parameters)}`
