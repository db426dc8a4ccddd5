/**
 * What every error has in common.
 */

/** What tells the errors apart; the Effect programs use the same tags, `ApplicationDisposed` apart. */
export type AuthErrorTag =
  | "InteractionRequired"
  | "InvalidCredentials"
  | "InvalidGrant"
  | "InvalidClient"
  | "InvalidScope"
  | "AccessDenied"
  | "ServerRefused"
  | "Throttled"
  | "ServerUnavailable"
  | "NetworkFailure"
  | "MalformedResponse"
  | "InvalidAuthority"
  | "IdTokenRejected"
  | "ResponseMismatch"
  | "CacheUnavailable"
  | "CredentialUnavailable"
  | "InvalidConfiguration"
  | "InvalidArgument"
  | "ApplicationDisposed"

/** What any error can tell; secrets are masked in all of it. */
export interface ErrorDetails {
  /** What happened and what to do about it. */
  readonly message: string
  /** Address that was asked, without query. */
  readonly endpoint?: string | undefined
  /** HTTP status of the answer. */
  readonly status?: number | undefined
  /** The provider's `error` code. */
  readonly error?: string | undefined
  /** The provider's `error_description`. */
  readonly errorDescription?: string | undefined
  /** The provider's numeric codes: the digits of each `AADSTS` number. */
  readonly errorCodes?: ReadonlyArray<number> | undefined
  /** The provider's `error_uri`. */
  readonly errorUri?: string | undefined
  /** The provider's `suberror`. */
  readonly suberror?: string | undefined
  /** Identifier of the request, to quote to the provider's support. */
  readonly correlationId?: string | undefined
  /** The provider's `trace_id`. */
  readonly traceId?: string | undefined
  /** The provider's `timestamp`. */
  readonly timestamp?: string | undefined
}

/** The class of every error that a call rejects with, aborts apart; what the provider did not say is left out. */
export abstract class AuthError extends Error implements ErrorDetails {
  declare readonly endpoint?: string | undefined
  declare readonly status?: number | undefined
  declare readonly error?: string | undefined
  declare readonly errorDescription?: string | undefined
  /** The digits of each `AADSTS` number; empty where there is none. */
  declare readonly errorCodes: ReadonlyArray<number>
  declare readonly errorUri?: string | undefined
  declare readonly suberror?: string | undefined
  declare readonly correlationId?: string | undefined
  declare readonly traceId?: string | undefined
  declare readonly timestamp?: string | undefined

  constructor({ message, ...details }: ErrorDetails) {
    super(message)
    const told = Object.entries(details).filter(([name, value]) => value !== undefined && !(name in this))
    Object.assign(this, { errorCodes: [] }, Object.fromEntries(told))
  }

  /** What to switch on where `instanceof` is not at hand. */
  abstract get _tag(): AuthErrorTag

  override get name(): string {
    return this._tag
  }

  /** Everything the error tells, its stack apart. */
  toJSON(): object {
    return Object.assign({ _tag: this._tag, message: this.message }, this)
  }
}
