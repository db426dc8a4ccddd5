/**
 * What an API gives out against replays of signed requests.
 */
import * as WwwAuthenticate from "@grantwork/core/WwwAuthenticate"
import * as Option from "effect/Option"
import { optionalText } from "./arguments.js"

/**
 * The nonce of a `WWW-Authenticate` header, for the next request's `authScheme`. None where it has none; throws
 * `InvalidArgument` where it is no text.
 *
 * @see https://learn.microsoft.com/entra/msal/dotnet/advanced/proof-of-possession-tokens
 */
export const popNonce = (header: string | null | undefined): string | undefined =>
  Option.getOrUndefined(WwwAuthenticate.nonce(optionalText("header", header ?? undefined)))
