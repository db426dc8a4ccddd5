/**
 * An error as a provider words it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 */
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Masking from "./Masking.js"

/** @category models */
export interface ErrorResponse {
  readonly error: string
  readonly errorDescription?: string | undefined
  readonly errorCodes: ReadonlyArray<number>
  readonly errorUri?: string | undefined
  readonly suberror?: string | undefined
  readonly claims?: string | undefined
  readonly correlationId?: string | undefined
  readonly traceId?: string | undefined
  readonly timestamp?: string | undefined
}

const longestText = 4096
const mostCodes = 100
const longestClaims = 65_536

/**
 * Reads an error object, none where there is no `error`. Members of the wrong type, and claims of more than
 * 65,536 characters, count as absent.
 *
 * @category constructors
 */
export const decode = (body: unknown): Option.Option<ErrorResponse> => {
  if (!Predicate.isRecord(body) || !nonEmpty(body["error"])) {
    return Option.none()
  }
  const text = (name: string) => nonEmpty(body[name]) ? body[name] : undefined
  const errorDescription = text("error_description")
  return Option.some({
    error: body["error"],
    errorDescription,
    errorCodes: codes(body["error_codes"], errorDescription, text("error_uri")),
    errorUri: text("error_uri"),
    suberror: text("suberror"),
    claims: (text("claims")?.length ?? 0) > longestClaims ? undefined : text("claims"),
    correlationId: text("correlation_id"),
    traceId: text("trace_id"),
    timestamp: text("timestamp")
  })
}

const nonEmpty = (value: unknown): value is string => typeof value === "string" && value !== ""

const codes = (
  announced: unknown,
  description: string | undefined,
  uri: string | undefined
): ReadonlyArray<number> => {
  const sources = [
    Array.isArray(announced) ? announced.flatMap(numberOf) : [],
    Array.from((description ?? "").matchAll(/\bAADSTS(\d{1,9})\b/g), ([, digits]) => Number(digits)),
    Array.from((uri ?? "").matchAll(/[?&]code=(\d{1,9})\b/g), ([, digits]) => Number(digits))
  ]
  return [...new Set(sources.find((numbers) => numbers.length > 0))].slice(0, mostCodes)
}

const numberOf = (value: unknown): ReadonlyArray<number> =>
  Number.isSafeInteger(value) || (typeof value === "string" && /^\d{1,9}$/.test(value)) ? [Number(value)] : []

/**
 * The same error with every secret in its texts masked, and each text but `claims` cut to 4,096 characters.
 *
 * @category combinators
 */
export const hideSecrets = (response: ErrorResponse, secrets: ReadonlyArray<string>): ErrorResponse => {
  const hide = Masking.hide(secrets)
  const masked = (text: string | undefined) => text === undefined ? undefined : hide(text).slice(0, longestText)
  const code = (text: string) => knownCodes.has(text) ? text : hide(text).slice(0, longestText)
  return {
    error: code(response.error),
    errorDescription: masked(response.errorDescription),
    errorCodes: response.errorCodes.filter((number) => hide(String(number)) === String(number)),
    errorUri: masked(response.errorUri),
    suberror: response.suberror === undefined ? undefined : code(response.suberror),
    claims: response.claims === undefined ? undefined : hide(response.claims),
    correlationId: masked(response.correlationId),
    traceId: masked(response.traceId),
    timestamp: masked(response.timestamp)
  }
}

/**
 * What an answer to a request without secrets says went wrong; undefined where it says nothing.
 *
 * @category getters
 */
export const words = (body: Option.Option<unknown>): ErrorResponse | undefined =>
  Option.getOrUndefined(Option.map(Option.flatMap(body, decode), (response) => hideSecrets(response, [])))

const knownCodes = new Set([
  "invalid_request",
  "invalid_client",
  "invalid_grant",
  "unauthorized_client",
  "unsupported_grant_type",
  "unsupported_response_type",
  "invalid_scope",
  "invalid_target",
  "access_denied",
  "server_error",
  "temporarily_unavailable",
  "interaction_required",
  "login_required",
  "consent_required",
  "account_selection_required",
  "basic_action",
  "additional_action",
  "message_only",
  "user_password_expired",
  "bad_token",
  "token_expired",
  "protection_policy_required",
  "client_mismatch",
  "device_authentication_failed"
])
