/**
 * From the errors of core to the classes this package exports.
 */
import type * as Core from "@grantwork/core/AuthError"
import * as Cause from "effect/Cause"
import * as Option from "effect/Option"
import * as Answer from "./AuthError/Answer.js"
import type { AuthError } from "./AuthError/AuthError.js"
import * as Call from "./AuthError/Call.js"
import * as Provider from "./AuthError/Provider.js"

type Errors = { readonly [Error in Core.AuthError as Error["_tag"]]: Error }

const counterparts: { readonly [Tag in keyof Errors]: (error: Errors[Tag]) => AuthError } = {
  InteractionRequired: (error) => new Provider.InteractionRequired(error),
  InvalidCredentials: (error) => new Provider.InvalidCredentials(error),
  InvalidGrant: (error) => new Provider.InvalidGrant(error),
  InvalidClient: (error) => new Provider.InvalidClient(error),
  InvalidScope: (error) => new Provider.InvalidScope(error),
  AccessDenied: (error) => new Provider.AccessDenied(error),
  ServerRefused: (error) => new Provider.ServerRefused(error),
  Throttled: (error) => new Provider.Throttled(error),
  ServerUnavailable: (error) => new Provider.ServerUnavailable(error),
  NetworkFailure: (error) => new Answer.NetworkFailure(error),
  MalformedResponse: (error) => new Answer.MalformedResponse(error),
  InvalidAuthority: (error) => new Answer.InvalidAuthority(error),
  IdTokenRejected: (error) => new Answer.IdTokenRejected(error),
  ResponseMismatch: (error) => new Answer.ResponseMismatch(error),
  CacheUnavailable: (error) => new Call.CacheUnavailable(error),
  CredentialUnavailable: (error) => new Call.CredentialUnavailable(error),
  InvalidConfiguration: (error) => new Call.InvalidConfiguration(error),
  InvalidArgument: (error) => new Call.InvalidArgument(error)
}

const counterpart = <Tag extends keyof Errors>(tag: Tag, error: Errors[Tag]): AuthError => counterparts[tag](error)

/** What to throw: the error's counterpart here, or a defect as it is. */
export const toError = (cause: Cause.Cause<Core.AuthError>): unknown => {
  const failure = Cause.failureOption(cause)
  return Option.isSome(failure) ? counterpart(failure.value._tag, failure.value) : Cause.squash(cause)
}
