/**
 * Every way a Grantwork program can fail: one closed union of tagged errors.
 *
 * A tag says what the caller can do; the provider's own words are kept beside it, with every secret in them masked.
 */
import * as Schema from "effect/Schema"

const details = {
  /** What happened and what to do about it. */
  message: Schema.String,
  /** Address that was asked, without query. */
  endpoint: Schema.optional(Schema.String),
  /** HTTP status of the answer. */
  status: Schema.optional(Schema.Int),
  /** The provider's `error` code. */
  error: Schema.optional(Schema.String),
  /** The provider's `error_description`. */
  errorDescription: Schema.optional(Schema.String),
  /** The provider's numeric codes: the digits of each `AADSTS` number. */
  errorCodes: Schema.optionalWith(Schema.Array(Schema.Number), { default: () => [] }),
  /** The provider's `error_uri`. */
  errorUri: Schema.optional(Schema.String),
  /** The provider's `suberror`. */
  suberror: Schema.optional(Schema.String),
  /** Identifier of the request, to quote to the provider's support. */
  correlationId: Schema.optional(Schema.String),
  /** The provider's `trace_id`. */
  traceId: Schema.optional(Schema.String),
  /** The provider's `timestamp`. */
  timestamp: Schema.optional(Schema.String)
}

/**
 * Why a person has to act.
 *
 * - `no_account`: the cache knows nothing of this account
 * - `no_token`: the cache holds no refresh token for this account
 * - `expired`: the refresh token is expired or revoked
 * - `login`: the provider wants a fresh sign-in
 * - `consent`: the person, or an administrator, has to consent
 * - `mfa`: a second factor is demanded
 * - `password`: the password is expired or has to be changed
 * - `policy`: a device or access policy stands in the way
 * - `claims`: claims are demanded; replay `claims` in the sign-in
 *
 * @category models
 */
export const InteractionReason = Schema.Literal(
  "no_account",
  "no_token",
  "expired",
  "login",
  "consent",
  "mfa",
  "password",
  "policy",
  "claims"
)

/** @category models */
export type InteractionReason = typeof InteractionReason.Type

/**
 * A person has to sign in; replay `claims` there when they are present.
 *
 * @category errors
 */
export class InteractionRequired
  extends Schema.TaggedError<InteractionRequired>("@grantwork/core/InteractionRequired")("InteractionRequired", {
    ...details,
    reason: InteractionReason,
    /** MSAL's word for what the person has to do: the suberror, empty where that is for programs only. */
    classification: Schema.optional(Schema.String),
    /** Claims challenge, a JSON object as text, to pass as `claims` to the next sign-in. */
    claims: Schema.optional(Schema.String)
  })
{}

/**
 * The username or the password is wrong: ask again.
 *
 * @category errors
 */
export class InvalidCredentials
  extends Schema.TaggedError<InvalidCredentials>("@grantwork/core/InvalidCredentials")("InvalidCredentials", details)
{}

/**
 * The authorization code, or another grant, was refused.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 * @category errors
 */
export class InvalidGrant
  extends Schema.TaggedError<InvalidGrant>("@grantwork/core/InvalidGrant")("InvalidGrant", details)
{}

/**
 * The client's registration or credential was refused.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 * @category errors
 */
export class InvalidClient
  extends Schema.TaggedError<InvalidClient>("@grantwork/core/InvalidClient")("InvalidClient", details)
{}

/**
 * A requested scope is unknown, malformed or beyond what was granted.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 * @category errors
 */
export class InvalidScope
  extends Schema.TaggedError<InvalidScope>("@grantwork/core/InvalidScope")("InvalidScope", details)
{}

/**
 * The person, or the provider on a policy's behalf, said no.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1
 * @category errors
 */
export class AccessDenied
  extends Schema.TaggedError<AccessDenied>("@grantwork/core/AccessDenied")("AccessDenied", details)
{}

/**
 * Any other error the provider names.
 *
 * @category errors
 */
export class ServerRefused
  extends Schema.TaggedError<ServerRefused>("@grantwork/core/ServerRefused")("ServerRefused", details)
{}

/**
 * The provider asks to slow down; `retryAfter` is in seconds.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 * @category errors
 */
export class Throttled extends Schema.TaggedError<Throttled>("@grantwork/core/Throttled")("Throttled", {
  ...details,
  retryAfter: Schema.optional(Schema.Number)
}) {}

/**
 * The provider is down for the moment: a 5xx answer, or an error that says so.
 *
 * @category errors
 */
export class ServerUnavailable
  extends Schema.TaggedError<ServerUnavailable>("@grantwork/core/ServerUnavailable")("ServerUnavailable", details)
{}

/**
 * No complete answer came: no connection, a dropped one, or none within the time limit.
 *
 * @category errors
 */
export class NetworkFailure extends Schema.TaggedError<NetworkFailure>("@grantwork/core/NetworkFailure")(
  "NetworkFailure",
  {
    ...details,
    reason: Schema.Literal("connection", "timeout"),
    /** The platform's code, such as `ECONNREFUSED`. */
    code: Schema.optional(Schema.String)
  }
) {}

/**
 * An answer came that is not what the protocol promises; nothing in it was used.
 *
 * @category errors
 */
export class MalformedResponse extends Schema.TaggedError<MalformedResponse>("@grantwork/core/MalformedResponse")(
  "MalformedResponse",
  {
    ...details,
    reason: Schema.Literal(
      "redirect",
      "too_large",
      "not_json",
      "wrong_type",
      "no_access_token",
      "token_type",
      "status"
    ),
    /** The member that is wrong. */
    field: Schema.optional(Schema.String)
  }
) {}

/**
 * The authority or its metadata cannot be trusted or found.
 *
 * @category errors
 */
export class InvalidAuthority extends Schema.TaggedError<InvalidAuthority>("@grantwork/core/InvalidAuthority")(
  "InvalidAuthority",
  {
    ...details,
    reason: Schema.Literal("malformed", "insecure", "unknown_host", "not_found", "issuer_mismatch", "metadata"),
    /** The authority or issuer as given. */
    authority: Schema.String
  }
) {}

/**
 * The ID token is not proof of who signed in; nothing of the answer was cached.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
 * @category errors
 */
export class IdTokenRejected extends Schema.TaggedError<IdTokenRejected>("@grantwork/core/IdTokenRejected")(
  "IdTokenRejected",
  {
    ...details,
    /** The rule that failed. */
    rule: Schema.Literal(
      "missing",
      "malformed",
      "algorithm",
      "unknown_key",
      "signature",
      "iss",
      "aud",
      "azp",
      "exp",
      "nbf",
      "iat",
      "sub",
      "tid",
      "nonce",
      "at_hash",
      "auth_time"
    )
  }
) {}

/**
 * The authorization response does not belong to the flow, or is not one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9700#section-2.1
 * @category errors
 */
export class ResponseMismatch extends Schema.TaggedError<ResponseMismatch>("@grantwork/core/ResponseMismatch")(
  "ResponseMismatch",
  {
    ...details,
    reason: Schema.Literal("state", "issuer", "duplicate", "code_and_error", "no_code"),
    /** The parameter that is wrong. */
    parameter: Schema.String
  }
) {}

/**
 * The token cache could not be read or written.
 *
 * @category errors
 */
export class CacheUnavailable extends Schema.TaggedError<CacheUnavailable>("@grantwork/core/CacheUnavailable")(
  "CacheUnavailable",
  { ...details, operation: Schema.Literal("read", "modify", "list", "lock") }
) {}

/**
 * What proves the client could not be had: the caller's own code for it failed, or gave something else.
 *
 * @category errors
 */
export class CredentialUnavailable
  extends Schema.TaggedError<CredentialUnavailable>("@grantwork/core/CredentialUnavailable")("CredentialUnavailable", {
    ...details,
    /** The option whose code it is. */
    option: Schema.Literal("clientAssertion", "clientSigner")
  })
{}

/**
 * The client application is set up wrongly.
 *
 * @category errors
 */
export class InvalidConfiguration
  extends Schema.TaggedError<InvalidConfiguration>("@grantwork/core/InvalidConfiguration")("InvalidConfiguration", {
    ...details,
    /** The option that is wrong. */
    option: Schema.String
  })
{}

/**
 * An argument of the call is wrong; nothing was sent.
 *
 * @category errors
 */
export class InvalidArgument extends Schema.TaggedError<InvalidArgument>("@grantwork/core/InvalidArgument")(
  "InvalidArgument",
  {
    ...details,
    /** The argument that is wrong. */
    argument: Schema.String
  }
) {}

/**
 * Schema of every error, for those who send them elsewhere.
 *
 * @category models
 */
export const AuthError = Schema.Union(
  InteractionRequired,
  InvalidCredentials,
  InvalidGrant,
  InvalidClient,
  InvalidScope,
  AccessDenied,
  ServerRefused,
  Throttled,
  ServerUnavailable,
  NetworkFailure,
  MalformedResponse,
  InvalidAuthority,
  IdTokenRejected,
  ResponseMismatch,
  CacheUnavailable,
  CredentialUnavailable,
  InvalidConfiguration,
  InvalidArgument
)

/** @category models */
export type AuthError =
  | InteractionRequired
  | InvalidCredentials
  | InvalidGrant
  | InvalidClient
  | InvalidScope
  | AccessDenied
  | ServerRefused
  | Throttled
  | ServerUnavailable
  | NetworkFailure
  | MalformedResponse
  | InvalidAuthority
  | IdTokenRejected
  | ResponseMismatch
  | CacheUnavailable
  | CredentialUnavailable
  | InvalidConfiguration
  | InvalidArgument

/**
 * Fills in the request's details where an error just made has none of its own.
 *
 * @category combinators
 */
export const withDetails =
  (details: { readonly endpoint: string; readonly correlationId: string }) => <E extends AuthError>(error: E): E =>
    Object.assign(error, {
      endpoint: error.endpoint ?? details.endpoint,
      correlationId: error.correlationId ?? details.correlationId
    })
