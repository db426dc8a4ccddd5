/**
 * How Entra says no: an OAuth error with a number of its own.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
import * as Data from "effect/Data"

/** @category errors */
export class EntraError extends Data.TaggedError("EntraError")<{
  /** AADSTS number. */
  readonly number: number
  /** OAuth error. */
  readonly error: string
  readonly description: string
  readonly status: number
  readonly suberror?: string | undefined
  /** Claims challenge, a JSON object as text. */
  readonly claims?: string | undefined
}> {}

interface Row {
  readonly error: string
  readonly says: string
  readonly status?: number
  readonly suberror?: string
}

/** What each number stands for; `{…}` is filled in. */
const catalogue = {
  16000: { error: "interaction_required", says: "Several people are signed in, and the request does not choose one." },
  50011: {
    error: "invalid_request",
    says: "The redirect URI {redirectUri} is not registered for the application {app}."
  },
  50013: { error: "invalid_grant", says: "The assertion's signature does not hold." },
  50020: {
    error: "invalid_grant",
    says: "The account {username} is neither a member nor a guest of the tenant {tenant}."
  },
  50034: { error: "invalid_grant", says: "The tenant {tenant} has no account {username}." },
  50049: { error: "invalid_instance", says: "{host} is no host of a known cloud instance." },
  50055: { error: "invalid_grant", says: "The password has expired.", suberror: "user_password_expired" },
  50057: { error: "invalid_grant", says: "The account is disabled." },
  50058: { error: "login_required", says: "Nobody is signed in, and the request forbids to ask." },
  50059: { error: "invalid_request", says: "The address names no tenant, and neither does the credential." },
  50076: { error: "invalid_grant", says: "A second factor is needed for {resource}.", suberror: "basic_action" },
  50089: { error: "invalid_grant", says: "The sign-in took too long, or was begun elsewhere. Start again." },
  50126: { error: "invalid_grant", says: "The username or the password is wrong." },
  50173: { error: "invalid_grant", says: "The grant was revoked. A new sign-in is needed.", suberror: "bad_token" },
  54005: { error: "invalid_grant", says: "The authorization code was redeemed before." },
  65001: {
    error: "invalid_grant",
    says: "Nobody consented to what the application {app} asks for.",
    suberror: "consent_required"
  },
  65004: { error: "access_denied", says: "The person declined to consent." },
  70000: { error: "invalid_grant", says: "The {what} is malformed or was never issued." },
  70003: { error: "unsupported_grant_type", says: "The grant type {grantType} is not supported here." },
  70008: { error: "invalid_grant", says: "The authorization code has expired." },
  70011: { error: "invalid_scope", says: "The scope {scope} is not valid." },
  70016: { error: "authorization_pending", says: "The sign-in on the other device is not finished. Keep asking." },
  70018: { error: "bad_verification_code", says: "The device code was never issued." },
  70020: { error: "expired_token", says: "The device code has expired." },
  70002: { error: "authorization_declined", says: "The person declined on the other device." },
  28000: { error: "invalid_scope", says: "The scopes {scope} belong to more than one resource." },
  90002: { error: "invalid_request", says: "There is no tenant {tenant}. Check it for a typo." },
  90023: { error: "invalid_request", says: "There is nothing at this address.", status: 404 },
  90033: { error: "server_error", says: "There was a temporary failure inside the emulator.", status: 500 },
  90094: {
    error: "consent_required",
    says: "Only an administrator can consent to {scope}.",
    suberror: "consent_required"
  },
  90100: { error: "invalid_request", says: "The parameter {field} is empty or not valid." },
  500011: { error: "invalid_resource", says: "The tenant {tenant} has no resource {resource}." },
  500112: { error: "invalid_grant", says: "The redirect URI is not the one the code was requested with." },
  500131: { error: "invalid_grant", says: "The assertion is not meant for this application." },
  500133: { error: "invalid_grant", says: "The assertion has expired or is not valid yet." },
  500200: { error: "unauthorized_client", says: "The application {app} does not admit personal accounts." },
  501481: { error: "invalid_grant", says: "The code verifier does not fit the code challenge." },
  650053: { error: "invalid_client", says: "The resource {resource} has no permission {scope}." },
  700003: {
    error: "invalid_grant",
    says: "The refresh token belongs to another application.",
    suberror: "client_mismatch"
  },
  700005: { error: "invalid_grant", says: "The {what} was issued for another tenant." },
  700007: { error: "invalid_grant", says: "The {what} was issued to another application." },
  700016: { error: "unauthorized_client", says: "There is no application {app} in the tenant {tenant}." },
  700021: { error: "invalid_client", says: "The assertion names another client than the request.", status: 401 },
  700023: {
    error: "invalid_client",
    says: "The assertion's audience is neither the token endpoint nor the issuer.",
    status: 401
  },
  700024: { error: "invalid_client", says: "The assertion has expired or is not valid yet.", status: 401 },
  700025: { error: "invalid_client", says: "The client is public, and must not send a credential.", status: 401 },
  700027: { error: "invalid_client", says: "The assertion's signature does not hold.", status: 401 },
  700054: { error: "unsupported_response_type", says: "The response type {responseType} is not supported." },
  700082: { error: "invalid_grant", says: "The refresh token has expired.", suberror: "token_expired" },
  900144: { error: "invalid_request", says: "The body lacks the parameter {field}." },
  900561: { error: "invalid_request", says: "The endpoint takes {method} requests only.", status: 405 },
  1002012: {
    error: "invalid_scope",
    says: "The scope {scope} is not valid: a client in its own name asks for a resource's /.default."
  },
  7000215: { error: "invalid_client", says: "The client secret is wrong.", status: 401 },
  7000218: {
    error: "invalid_client",
    says: "The body lacks client_assertion or client_secret, or the application allows no public client here.",
    status: 401
  },
  9000411: { error: "invalid_request", says: "The parameter {field} is repeated." },
  9001023: {
    error: "invalid_request",
    says: "The grant type {grantType} is not supported at /common or /consumers. Name a tenant or /organizations."
  },
  9002313: { error: "invalid_request", says: "The request is malformed." }
} as const satisfies Readonly<Record<number, Row>>

/** @category models */
export type Code = keyof typeof catalogue

/** What the words of an error are filled in with. */
type Words = Readonly<Record<string, string>>

const longestWord = 200

/**
 * Whether there is an error of this number.
 *
 * @category predicates
 */
export const isCode = (number: number): number is Code => Object.hasOwn(catalogue, number)

/**
 * The error of this AADSTS number.
 *
 * @category constructors
 */
export const entraError = (
  code: Code,
  words: Words = {},
  changes: { readonly error?: string; readonly claims?: string; readonly status?: number } = {}
): EntraError => {
  const row: Row = catalogue[code]
  return new EntraError({
    number: code,
    error: row.error,
    description: row.says.replace(
      /\{(\w+)\}/g,
      (_, word: string) => (words[word] ?? "that was named").slice(0, longestWord)
    ),
    status: row.status ?? 400,
    suberror: row.suberror,
    ...changes
  })
}

/**
 * The answer of an endpoint that speaks JSON. Times are ISO 8601 with a blank.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 * @category encoders
 */
export const toJson = (
  { claims, description, error, number, suberror }: EntraError,
  trace: {
    readonly traceId: string
    readonly correlationId: string
    readonly timestamp: string
    readonly origin: string
  }
): Readonly<Record<string, unknown>> => ({
  error,
  error_description: fullDescription(number, description, trace),
  error_codes: [number],
  timestamp: trace.timestamp,
  trace_id: trace.traceId,
  correlation_id: trace.correlationId,
  error_uri: `${trace.origin}/error?code=${number}`,
  ...(suberror !== undefined && { suberror }),
  ...(claims !== undefined && { claims })
})

const fullDescription = (
  number: number,
  description: string,
  { correlationId, timestamp, traceId }: {
    readonly traceId: string
    readonly correlationId: string
    readonly timestamp: string
  }
): string =>
  `AADSTS${number}: ${description} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`
