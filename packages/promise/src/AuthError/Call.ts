/**
 * What is wrong on this side: the set-up, the call or the cache.
 */
import { AuthError, type ErrorDetails } from "./AuthError.js"

/** The token cache could not be read or written. */
export class CacheUnavailable extends AuthError {
  declare readonly operation: "read" | "modify" | "list" | "lock"

  public constructor(details: ErrorDetails & Pick<CacheUnavailable, "operation">) {
    super(details)
  }

  override get _tag(): "CacheUnavailable" {
    return "CacheUnavailable"
  }
}

/** What proves the application could not be had: the callback for it failed, or gave something else; nothing was sent. */
export class CredentialUnavailable extends AuthError {
  /** The option whose callback it is. */
  declare readonly option: "clientAssertion" | "clientSigner"

  public constructor(details: ErrorDetails & Pick<CredentialUnavailable, "option">) {
    super(details)
  }

  override get _tag(): "CredentialUnavailable" {
    return "CredentialUnavailable"
  }
}

/** The client application is set up wrongly; its constructor throws this. */
export class InvalidConfiguration extends AuthError {
  /** The option that is wrong. */
  declare readonly option: string

  public constructor(details: ErrorDetails & Pick<InvalidConfiguration, "option">) {
    super(details)
  }

  override get _tag(): "InvalidConfiguration" {
    return "InvalidConfiguration"
  }
}

/** An argument of the call is wrong; nothing was sent. */
export class InvalidArgument extends AuthError {
  /** The argument that is wrong, such as `scopes` or `account.homeAccountId`. */
  declare readonly argument: string

  public constructor(details: ErrorDetails & Pick<InvalidArgument, "argument">) {
    super(details)
  }

  override get _tag(): "InvalidArgument" {
    return "InvalidArgument"
  }
}

/** The application was called after `dispose`; nothing was sent. */
export class ApplicationDisposed extends AuthError {
  override get _tag(): "ApplicationDisposed" {
    return "ApplicationDisposed"
  }
}
