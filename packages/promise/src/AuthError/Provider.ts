/**
 * What the provider says.
 */
import { AuthError, type ErrorDetails } from "./AuthError.js"

/**
 * Why a person has to act.
 *
 * - `no_account`: no account was given, or the cache knows nothing of it
 * - `no_token`: the cache holds no refresh token for this account
 * - `expired`: the refresh token is expired or revoked
 * - `login`: the provider wants a fresh sign-in
 * - `consent`: the person, or an administrator, has to consent
 * - `mfa`: a second factor is demanded
 * - `password`: the password is expired or has to be changed
 * - `policy`: a device or access policy stands in the way
 * - `claims`: claims are demanded; replay `claims` in the sign-in
 */
export type InteractionReason =
  | "no_account"
  | "no_token"
  | "expired"
  | "login"
  | "consent"
  | "mfa"
  | "password"
  | "policy"
  | "claims"

/** A person has to sign in; replay `claims` there when they are present. */
export class InteractionRequired extends AuthError {
  declare readonly reason: InteractionReason
  /** MSAL's word for what the person has to do: the suberror, empty where that is for programs only. */
  declare readonly classification?: string | undefined
  /** Claims challenge, a JSON object as text, to pass as `claims` to the next sign-in. */
  declare readonly claims?: string | undefined

  public constructor(details: ErrorDetails & Pick<InteractionRequired, "reason" | "classification" | "claims">) {
    super(details)
  }

  override get _tag(): "InteractionRequired" {
    return "InteractionRequired"
  }
}

/** The username or the password is wrong: ask again. */
export class InvalidCredentials extends AuthError {
  override get _tag(): "InvalidCredentials" {
    return "InvalidCredentials"
  }
}

/** The authorization code, or another grant, was refused. */
export class InvalidGrant extends AuthError {
  override get _tag(): "InvalidGrant" {
    return "InvalidGrant"
  }
}

/** The client's registration or secret was refused. */
export class InvalidClient extends AuthError {
  override get _tag(): "InvalidClient" {
    return "InvalidClient"
  }
}

/** A requested scope is unknown, malformed or beyond what was granted. */
export class InvalidScope extends AuthError {
  override get _tag(): "InvalidScope" {
    return "InvalidScope"
  }
}

/** The person, or the provider on a policy's behalf, said no. */
export class AccessDenied extends AuthError {
  override get _tag(): "AccessDenied" {
    return "AccessDenied"
  }
}

/** Any other error the provider names. */
export class ServerRefused extends AuthError {
  override get _tag(): "ServerRefused" {
    return "ServerRefused"
  }
}

/** The provider asks to slow down. */
export class Throttled extends AuthError {
  /** Seconds to wait. */
  declare readonly retryAfter?: number | undefined

  public constructor(details: ErrorDetails & Pick<Throttled, "retryAfter">) {
    super(details)
  }

  override get _tag(): "Throttled" {
    return "Throttled"
  }
}

/** The provider is down for the moment: a 5xx answer, or an error that says so. */
export class ServerUnavailable extends AuthError {
  override get _tag(): "ServerUnavailable" {
    return "ServerUnavailable"
  }
}
