/**
 * What an API that refuses a token demands of the next one.
 */
import * as WwwAuthenticate from "@grantwork/core/WwwAuthenticate"
import * as Option from "effect/Option"
import { optionalText } from "./arguments.js"

/**
 * The claims that a `WWW-Authenticate` header demands, as the `claims` of any request takes them: first of
 * `acquireTokenSilentWithError`, and where that asks for interaction, of `initiateAuthCodeFlow`. None where it demands none; throws
 * `InvalidArgument` where it is no text.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
export const claimsChallenge = (header: string | null | undefined): string | undefined =>
  Option.getOrUndefined(WwwAuthenticate.claims(optionalText("header", header ?? undefined)))
