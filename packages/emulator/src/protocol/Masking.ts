/**
 * What of a request may be shown: known names, and the values of parameters that hold no secret.
 */

/** Parameters shown as they are. */
const shown = new Set([
  "api-version",
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
  "instance_aware",
  "login_hint",
  "max_age",
  "prompt",
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

/** Parameters of which the name is shown, and the value is not. */
const named = new Set([
  "access_token",
  "account",
  "assertion",
  "client_assertion",
  "client_secret",
  "code",
  "code_challenge",
  "code_verifier",
  "confirm_password",
  "correlation_id",
  "decision",
  "device_code",
  "error_description",
  "error_subcode",
  "error_uri",
  "id_token",
  "id_token_hint",
  "iss",
  "logout_hint",
  "new_password",
  "nonce",
  "password",
  "refresh_token",
  "request",
  "request_uri",
  "session_state",
  "sid",
  "state",
  "step",
  "timestamp",
  "trace_id",
  "user_code"
])

const grantTypes = new Set([
  "authorization_code",
  "client_credentials",
  "device_code",
  "password",
  "refresh_token",
  "urn:ietf:params:oauth:grant-type:device_code",
  "urn:ietf:params:oauth:grant-type:jwt-bearer"
])

const claims = new Set([
  "access_token",
  "acr",
  "acrs",
  "amr",
  "auth_time",
  "capolids",
  "email",
  "family_name",
  "given_name",
  "id_token",
  "login_hint",
  "name",
  "nbf",
  "polids",
  "preferred_username",
  "sid",
  "sub",
  "tid",
  "upn",
  "userinfo",
  "xms_cc"
])

/** Stands for what may be secret. */
export const mask = "•••"

const mostFields = 50

/** A grant type nobody knows may be a secret that was sent in the wrong place. */
export const grantType = (text: string): string => grantTypes.has(text) ? text : mask

/** Without what an application put behind the path. */
const address = (text: string): string => {
  if (!URL.canParse(text)) return mask
  const { password, username } = new URL(text)
  const [place = "", rest] = text.split(/[?#]/)
  if (username !== "" || password !== "") return mask
  return rest === undefined ? place : `${place}?${mask}`
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Names of the claims that are asked for, if all are known. */
const claimsRequest = (text: string): string => {
  try {
    const members: unknown = JSON.parse(text)
    if (!isObject(members)) return mask
    const names = Object.entries(members).flatMap(([part, asked]) => [
      [part],
      ...Object.keys(isObject(asked) ? asked : { [mask]: asked }).map((name) => [part, name])
    ])
    return names.flat().every((name) => claims.has(name)) ? names.map((one) => one.join(".")).join(" ") : mask
  } catch {
    return mask
  }
}

/** Parameters of which a part is shown. */
const partly: Readonly<Record<string, (text: string) => string>> = {
  authorization_endpoint: address,
  claims: claimsRequest,
  grant_type: grantType,
  post_logout_redirect_uri: address,
  redirect_uri: address
}

const value = (name: string, text: string): string => {
  const part = Object.hasOwn(partly, name) ? partly[name] : undefined
  if (part !== undefined) return part(text).slice(0, 400)
  return shown.has(name) ? text.slice(0, 400) : mask
}

const isKnown = (name: string): boolean => shown.has(name) || named.has(name) || Object.hasOwn(partly, name)

/**
 * The first fifty parameters with secrets masked, in their order. So are names nobody knows: they may be secrets that
 * were sent in the wrong place.
 *
 * @category combinators
 */
export const parameters = (search: Iterable<readonly [string, string]>): ReadonlyArray<readonly [string, string]> =>
  [...search].slice(0, mostFields).map(([name, text]) => [isKnown(name) ? name : mask, value(name, text)])

/**
 * Members of a JSON answer with secrets masked, in their order. Their names are the emulator's own.
 *
 * @category combinators
 */
export const members = (body: Readonly<Record<string, unknown>>): ReadonlyArray<readonly [string, string]> =>
  Object.entries(body).slice(0, mostFields).map(([name, member]) => [
    name,
    value(name, typeof member === "string" ? member : JSON.stringify(member) ?? "")
  ])
