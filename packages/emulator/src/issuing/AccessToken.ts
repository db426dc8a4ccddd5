/**
 * What a token has to tell to be an access token in a person's name. A signature vouches for no claim's type.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
import * as Schema from "effect/Schema"

const Claims = Schema.Struct({
  iss: Schema.String,
  iat: Schema.Number,
  tid: Schema.String,
  oid: Schema.String,
  sub: Schema.String,
  scp: Schema.String,
  amr: Schema.Array(Schema.String),
  serial: Schema.Number,
  cnf: Schema.optional(Schema.Struct({ kid: Schema.String })),
  xms_cc: Schema.optional(Schema.Array(Schema.String))
})

/** @category models */
export type Claims = typeof Claims.Type

/** @category predicates */
export const isAccessToken = Schema.is(Claims)

/** @category getters */
export const scopesOf = ({ scp }: Claims): ReadonlySet<string> => new Set(scp.split(" "))
