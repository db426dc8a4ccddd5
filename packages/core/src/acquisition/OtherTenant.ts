/**
 * Another tenant than the application's own, named for one call.
 */
import * as Either from "effect/Either"
import type { InvalidArgument, InvalidAuthority } from "../AuthError.js"
import * as Argument from "../domain/Argument.js"
import * as Authority from "../domain/Authority.js"
import type { Service as Application } from "../services/ClientApplication.js"

/**
 * A tenant in the application's own cloud; elsewhere its own issuer.
 *
 * @category constructors
 */
export const parse = (
  authority: string,
  { authority: own, trustPolicy }: Application
): Either.Either<Authority.Authority, InvalidArgument | InvalidAuthority> =>
  own._tag === "OpenIdConnect"
    ? Either.filterOrLeft(
      Authority.openIdConnect(authority, trustPolicy),
      ({ issuer }) => issuer === own.issuer,
      elsewhere
    )
    : Either.filterOrLeft(Authority.entra(authority, trustPolicy), ({ cloud }) => cloud === own.cloud, elsewhere)

const elsewhere = () =>
  Argument.invalid(
    "authority",
    "authority has to be a tenant in the application's own cloud. Use another application for another provider."
  )
