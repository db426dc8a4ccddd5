/**
 * Which tag an error answer gets: one table, read from the top, the first row that fits decides.
 *
 * Suberrors weigh more than codes of the OAuth registry, and those more than AADSTS numbers, which move.
 */
import * as Option from "effect/Option"
import {
  AccessDenied,
  type AuthError,
  type InteractionReason,
  InteractionRequired,
  InvalidAuthority,
  InvalidClient,
  InvalidCredentials,
  InvalidGrant,
  InvalidScope,
  ServerRefused,
  ServerUnavailable,
  Throttled
} from "../AuthError.js"
import * as ErrorCatalogue from "./ErrorCatalogue.js"
import * as ErrorResponse from "./ErrorResponse.js"

/**
 * What was asked, and how the answer came.
 *
 * @category models
 */
export interface Circumstances {
  readonly grantType: "authorization_code" | "client_credentials" | "password" | "refresh_token" | "authorize"
  readonly endpoint: string
  readonly status?: number | undefined
  readonly retryAfter?: number | undefined
  readonly correlationId?: string | undefined
  /** Secrets that were sent, in plain, to be masked in the provider's words. */
  readonly secrets: ReadonlyArray<string>
}

type Verdict =
  | { readonly tag: "InteractionRequired"; readonly reason: InteractionReason }
  | {
    readonly tag:
      | "InvalidAuthority"
      | "InvalidCredentials"
      | "InvalidGrant"
      | "InvalidClient"
      | "InvalidScope"
      | "AccessDenied"
      | "Throttled"
      | "ServerUnavailable"
      | "ServerRefused"
  }

interface Row {
  readonly suberror?: ReadonlyArray<string>
  readonly anySuberror?: true
  readonly error?: ReadonlyArray<string>
  readonly code?: ReadonlyArray<number>
  readonly grantType?: Circumstances["grantType"]
  readonly claims?: true
  readonly verdict: Verdict
}

const interaction = (reason: InteractionReason): Verdict => ({ tag: "InteractionRequired", reason })

const needsPerson = ["invalid_grant", "interaction_required", "login_required", "consent_required"]
const consentCodes = [65001, 65004, 90094]
const mfaCodes = [50072, 50074, 50076, 50078, 50079, 50158]
const passwordCodes = [50055, 50144]
const policyCodes = [50005, 50057, 50105, 50129, 50131, 53000, 53001, 53002, 53003, 53004, 500021, 530003, 530032]
const otherAccountCodes = [50020, 90072]
const expiredCodes = [50089, 50132, 50173, 70008, 70043, 700081, 700082, 700084]
const credentialCodes = [50034, 50053, 50056, 50126]

const rows: ReadonlyArray<Row> = [
  { suberror: ["bad_token", "token_expired"], grantType: "refresh_token", verdict: interaction("expired") },
  { suberror: ["consent_required"], verdict: interaction("consent") },
  { suberror: ["user_password_expired"], verdict: interaction("password") },
  {
    suberror: ["message_only", "protection_policy_required", "device_authentication_failed"],
    verdict: interaction("policy")
  },
  { suberror: ["client_mismatch"], verdict: { tag: "InvalidGrant" } },
  { code: [50196], verdict: { tag: "Throttled" } },
  // What the scopes name is wrong, which Microsoft blames on the client or calls a resource.
  { code: [500011, 650053, 650057], verdict: { tag: "InvalidScope" } },
  // No such tenant, of which no metadata was asked.
  { code: [90002, 900023], verdict: { tag: "InvalidAuthority" } },
  { error: ["consent_required"], verdict: interaction("consent") },
  { error: needsPerson, code: consentCodes, verdict: interaction("consent") },
  { error: needsPerson, code: mfaCodes, verdict: interaction("mfa") },
  { error: needsPerson, code: passwordCodes, verdict: interaction("password") },
  { error: needsPerson, code: policyCodes, verdict: interaction("policy") },
  { error: needsPerson, code: otherAccountCodes, verdict: interaction("login") },
  { error: needsPerson, claims: true, verdict: interaction("claims") },
  { suberror: ["basic_action", "additional_action"], verdict: interaction("mfa") },
  { error: ["interaction_required", "login_required", "account_selection_required"], verdict: interaction("login") },
  { error: ["invalid_grant"], code: credentialCodes, grantType: "password", verdict: { tag: "InvalidCredentials" } },
  { error: ["invalid_grant"], grantType: "refresh_token", verdict: interaction("expired") },
  { error: ["invalid_grant"], code: expiredCodes, grantType: "password", verdict: interaction("expired") },
  { error: ["invalid_grant"], anySuberror: true, grantType: "password", verdict: interaction("login") },
  { error: ["access_denied"], verdict: { tag: "AccessDenied" } },
  { error: ["invalid_scope"], verdict: { tag: "InvalidScope" } },
  { error: ["invalid_client", "unauthorized_client"], verdict: { tag: "InvalidClient" } },
  { error: ["server_error", "temporarily_unavailable"], verdict: { tag: "ServerUnavailable" } }
]

const fits = (row: Row, response: ErrorResponse.ErrorResponse, grantType: Circumstances["grantType"]): boolean =>
  (row.suberror === undefined || (response.suberror !== undefined && row.suberror.includes(response.suberror)))
  && (row.anySuberror === undefined || response.suberror !== undefined)
  && (row.error === undefined || row.error.includes(response.error))
  && (row.code === undefined || response.errorCodes.some((code) => row.code?.includes(code)))
  && (row.grantType === undefined || row.grantType === grantType)
  && (row.claims === undefined || response.claims !== undefined)

const judge = (response: ErrorResponse.ErrorResponse, circumstances: Circumstances): Verdict => {
  const status = circumstances.status ?? 400
  if (status === 429 || (status >= 500 && circumstances.retryAfter !== undefined)) {
    return { tag: "Throttled" }
  }
  const row = rows.find((row) => fits(row, response, circumstances.grantType))
  if (row !== undefined) {
    return row.verdict
  }
  if (response.error === "invalid_grant") {
    const unexplained = response.errorCodes.length === 0 && response.suberror === undefined
    return { tag: circumstances.grantType === "password" && unexplained ? "InvalidCredentials" : "InvalidGrant" }
  }
  return { tag: status >= 500 ? "ServerUnavailable" : "ServerRefused" }
}

/**
 * The typed error of an error answer, without a secret in it.
 *
 * @category constructors
 */
export const classify = (response: ErrorResponse.ErrorResponse, circumstances: Circumstances): AuthError => {
  const verdict = judge(response, circumstances)
  const { claims, ...said } = ErrorResponse.hideSecrets(response, circumstances.secrets)
  const details = {
    ...said,
    endpoint: circumstances.endpoint,
    status: circumstances.status,
    correlationId: said.correlationId ?? circumstances.correlationId,
    message: `${explanation(verdict, said, circumstances)} (${
      [said.error, said.errorDescription].filter((text) => text !== undefined).join(": ").replace(controls, " ")
    })`
  }
  switch (verdict.tag) {
    case "InteractionRequired":
      return new InteractionRequired({
        ...details,
        reason: verdict.reason,
        classification: classification(said.suberror),
        claims
      })
    case "InvalidAuthority":
      return new InvalidAuthority({ ...details, reason: "not_found", authority: circumstances.endpoint })
    case "InvalidCredentials":
      return new InvalidCredentials(details)
    case "InvalidGrant":
      return new InvalidGrant(details)
    case "InvalidClient":
      return new InvalidClient(details)
    case "InvalidScope":
      return new InvalidScope(details)
    case "AccessDenied":
      return new AccessDenied(details)
    case "Throttled":
      return new Throttled({ ...details, retryAfter: circumstances.retryAfter })
    case "ServerUnavailable":
      return new ServerUnavailable(details)
    case "ServerRefused":
      return new ServerRefused(details)
  }
}

/** What these suberrors say is for programs, not for people. */
const unclassified = new Set([
  "bad_token",
  "token_expired",
  "protection_policy_required",
  "client_mismatch",
  "device_authentication_failed"
])

const classification = (suberror: string | undefined): string | undefined =>
  suberror !== undefined && unclassified.has(suberror) ? "" : suberror

const controls = /[\u0000-\u001F\u007F-\u009F]+/g

const interactionRemedies: Record<InteractionReason, string> = {
  no_account: "No such account is signed in. Sign in interactively.",
  no_token: "No refresh token is cached for this account. Sign in interactively.",
  expired: "The refresh token is expired or revoked. Sign in interactively.",
  login: "The provider asks the person to sign in. Sign in interactively.",
  consent: "Consent is missing. Sign in interactively, or have an administrator consent.",
  mfa: "A further proof of identity is demanded. Sign in interactively, passing on the claims if there are any.",
  password: "The password is expired or has to be changed. Sign in interactively.",
  policy: "A policy of the tenant stands in the way. Sign in interactively to see what it asks.",
  claims: "The provider demands claims. Sign in interactively, passing on the claims."
}

const explanation = (
  verdict: Verdict,
  { errorCodes }: Pick<ErrorResponse.ErrorResponse, "errorCodes">,
  circumstances: Circumstances
): string =>
  Option.match(ErrorCatalogue.explain(errorCodes), {
    onNone: () => remedy(verdict, circumstances),
    onSome: ({ meaning, remedy }) => `${meaning} ${remedy}`
  })

const remedy = (verdict: Verdict, circumstances: Circumstances): string => {
  switch (verdict.tag) {
    case "InteractionRequired":
      return interactionRemedies[verdict.reason]
    case "InvalidAuthority":
      return "There is no such tenant. Check the authority for a typo."
    case "InvalidCredentials":
      return "The username or the password is wrong. Ask for them again."
    case "InvalidGrant":
      return circumstances.grantType === "authorization_code"
        ? "The authorization code was refused: it is used, expired, or meant for another client or redirect URI."
          + " Start a new sign-in."
        : "The grant was refused. Look at errorCodes and suberror."
    case "InvalidClient":
      return "The client was refused. Check the client id, its credential and the grants it is registered for."
    case "InvalidScope":
      return "A scope was refused. Check the spelling, and that the client may ask for it."
    case "AccessDenied":
      return "Access was denied by the person or by a policy. Offer to sign in again."
    case "Throttled":
      return "The provider asks to slow down. Try again after retryAfter seconds."
    case "ServerUnavailable":
      return "The provider is unavailable for the moment. Try again later."
    case "ServerRefused":
      return "The provider refused the request. Look at error and errorCodes."
  }
}
