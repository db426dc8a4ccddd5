/**
 * Another tenant than the application's own, named for one call.
 */
import * as Either from "effect/Either"
import type { InvalidArgument, InvalidAuthority } from "../AuthError.js"
import * as Argument from "../domain/Argument.js"
import * as Authority from "../domain/Authority.js"
import * as AuthorityUrl from "../domain/AuthorityUrl.js"
import type { Service as Application } from "../services/ClientApplication.js"

/**
 * A tenant in the application's own cloud, or a user flow beside its own; elsewhere its own issuer.
 *
 * @category constructors
 */
export const parse = (
  authority: string,
  { authority: own, trustPolicy }: Application
): Either.Either<Authority.Authority, InvalidArgument | InvalidAuthority> =>
  own._tag === "OpenIdConnect"
    ? Either.filterOrLeft(
      AuthorityUrl.openIdConnect(authority, trustPolicy),
      ({ issuer }) => issuer === own.issuer,
      elsewhere
    )
    : Either.filterOrLeft(
      AuthorityUrl.microsoft(authority, trustPolicy),
      (other) => other._tag === own._tag && Authority.provider(other) === Authority.provider(own),
      elsewhere
    )

const elsewhere = () =>
  Argument.invalid(
    "authority",
    "authority has to be a tenant in the application's own cloud. Use another application for another provider."
  )
