/**
 * What of a request may be shown: names, and the values of parameters that hold no secret.
 */

/** Parameters shown as they are; the value of every other one is masked. */
const shown = new Set([
  "api-version",
  "authorization_endpoint",
  "claims",
  "client-request-id",
  "client_assertion_type",
  "client_id",
  "client_info",
  "code_challenge_method",
  "domain_hint",
  "error",
  "error_codes",
  "expires_in",
  "ext_expires_in",
  "foci",
  "grant_type",
  "instance_aware",
  "login_hint",
  "max_age",
  "post_logout_redirect_uri",
  "prompt",
  "redirect_uri",
  "refresh_in",
  "requested_token_use",
  "response_mode",
  "response_type",
  "scope",
  "status",
  "suberror",
  "token_type",
  "username"
])

const mask = "•••"

const mostFields = 50

/** A name no parameter has may be a secret that was sent in the wrong place. */
const isName = (text: string): boolean => /^[a-z][\w.-]{0,39}$/i.test(text)

/**
 * The first fifty parameters with secrets masked, in their order.
 *
 * @category combinators
 */
export const parameters = (search: Iterable<readonly [string, string]>): ReadonlyArray<readonly [string, string]> =>
  [...search].slice(0, mostFields).map(([name, value]) => [
    isName(name) ? name : mask,
    shown.has(name) ? value.slice(0, 400) : mask
  ])

/**
 * Members of a JSON answer with secrets masked, in their order.
 *
 * @category combinators
 */
export const members = (body: Readonly<Record<string, unknown>>): ReadonlyArray<readonly [string, string]> =>
  parameters(
    Object.entries(body).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)])
  )
