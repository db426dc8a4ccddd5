/**
 * What is wrong with an answer: that none came, or that it cannot be trusted. Nothing of it is cached.
 */
import { AuthError, type ErrorDetails } from "./AuthError.js"

/** No complete answer came: no connection, a dropped one, or none within the time limit. */
export class NetworkFailure extends AuthError {
  declare readonly reason: "connection" | "timeout"
  /** The platform's code, such as `ECONNREFUSED`. */
  declare readonly code?: string | undefined

  public constructor(details: ErrorDetails & Pick<NetworkFailure, "reason" | "code">) {
    super(details)
  }

  override get _tag(): "NetworkFailure" {
    return "NetworkFailure"
  }
}

/** An answer came that is not what the protocol promises. */
export class MalformedResponse extends AuthError {
  declare readonly reason:
    | "redirect"
    | "too_large"
    | "not_json"
    | "wrong_type"
    | "no_access_token"
    | "token_type"
    | "status"
  /** The member that is wrong. */
  declare readonly field?: string | undefined

  public constructor(details: ErrorDetails & Pick<MalformedResponse, "reason" | "field">) {
    super(details)
  }

  override get _tag(): "MalformedResponse" {
    return "MalformedResponse"
  }
}

/** The authority or its metadata cannot be trusted or found. */
export class InvalidAuthority extends AuthError {
  declare readonly reason: "malformed" | "insecure" | "unknown_host" | "not_found" | "issuer_mismatch" | "metadata"
  /** The authority or issuer as given. */
  declare readonly authority: string

  public constructor(details: ErrorDetails & Pick<InvalidAuthority, "reason" | "authority">) {
    super(details)
  }

  override get _tag(): "InvalidAuthority" {
    return "InvalidAuthority"
  }
}

/** The ID token is not proof of who signed in. */
export class IdTokenRejected extends AuthError {
  /** The rule of OpenID Connect that failed: a claim's name, or what is wrong with the token as a whole. */
  declare readonly rule:
    | "missing"
    | "malformed"
    | "algorithm"
    | "unknown_key"
    | "signature"
    | "iss"
    | "aud"
    | "azp"
    | "exp"
    | "nbf"
    | "iat"
    | "sub"
    | "tid"
    | "nonce"
    | "at_hash"
    | "auth_time"

  public constructor(details: ErrorDetails & Pick<IdTokenRejected, "rule">) {
    super(details)
  }

  override get _tag(): "IdTokenRejected" {
    return "IdTokenRejected"
  }
}

/** The authorization response does not belong to the flow, or is not one. */
export class ResponseMismatch extends AuthError {
  declare readonly reason: "state" | "issuer" | "duplicate" | "code_and_error" | "no_code"
  /** The parameter that is wrong. */
  declare readonly parameter: string

  public constructor(details: ErrorDetails & Pick<ResponseMismatch, "reason" | "parameter">) {
    super(details)
  }

  override get _tag(): "ResponseMismatch" {
    return "ResponseMismatch"
  }
}
