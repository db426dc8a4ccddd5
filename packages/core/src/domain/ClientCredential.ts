/**
 * What a confidential client proves itself with.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3
 */
import * as Data from "effect/Data"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"

/** @category models */
export type ClientCredential = Data.TaggedEnum<{
  ClientSecret: { readonly secret: Redacted.Redacted }
}>

/** @category constructors */
export const { ClientSecret } = Data.taggedEnum<ClientCredential>()

/**
 * What must never be seen, in plain, to be masked wherever a provider sends it back.
 *
 * @category destructors
 */
export const secrets = (credential: Option.Option<ClientCredential>): ReadonlyArray<string> =>
  Option.toArray(credential).map(({ secret }) => Redacted.value(secret))
