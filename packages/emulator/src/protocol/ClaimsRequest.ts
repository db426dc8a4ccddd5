/**
 * What a `claims` parameter asks for.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#ClaimsParameter
 */
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { type EntraError, entraError } from "./EntraError.js"

const Claim = Schema.NullOr(Schema.Struct({
  essential: Schema.optional(Schema.Boolean),
  value: Schema.optional(Schema.Unknown),
  values: Schema.optional(Schema.Array(Schema.Unknown))
}))

const Members = Schema.optionalWith(Schema.Record({ key: Schema.String, value: Claim }), { default: () => ({}) })

const Claims = Schema.parseJson(Schema.Struct({ access_token: Members, id_token: Members, userinfo: Members }))

/** @category models */
export interface ClaimsRequest {
  /** Whether the client can meet claims challenges: the capability `cp1`. */
  readonly isContinuous: boolean
  /** Whether only a sign-in with a second factor will do. */
  readonly needsMfa: boolean
  /** Authentication contexts to be met. */
  readonly contexts: ReadonlyArray<string>
}

/** @category constants */
export const none: ClaimsRequest = { isContinuous: false, needsMfa: false, contexts: [] }

/**
 * The challenge that demands a second factor.
 *
 * @category constants
 */
export const mfaChallenge = JSON.stringify({
  access_token: { capolids: { essential: true, values: ["5ec0ac70-0000-4000-8000-0000000fac70"] } }
})

/**
 * The challenge that demands a token issued from this second on.
 *
 * @category constructors
 */
export const newerThan = (seconds: number): string =>
  JSON.stringify({ access_token: { nbf: { essential: true, value: String(seconds) } } })

const longest = 8192

const decode = Schema.decodeUnknownEither(Schema.compose(Schema.String.pipe(Schema.maxLength(longest)), Claims))

/** @category constructors */
export const parse = (text: string | undefined): Either.Either<ClaimsRequest, EntraError> =>
  text === undefined ? Either.right(none) : Either.mapBoth(decode(text), {
    onLeft: () => entraError(90100, { field: "claims" }),
    onRight: ({ access_token, id_token }) => {
      const contexts = [access_token["acrs"], id_token["acrs"]].flatMap((claim) =>
        [claim?.value, ...(claim?.values ?? [])].filter((value) => typeof value === "string")
      )
      return {
        isContinuous: [...(access_token["xms_cc"]?.values ?? [])].some((value) =>
          typeof value === "string" && value.toLowerCase() === "cp1"
        ),
        needsMfa: contexts.length > 0 || access_token["capolids"] !== undefined || access_token["polids"] !== undefined,
        contexts
      }
    }
  })

/**
 * What two requests for the same token ask for together.
 *
 * @category combinators
 */
export const both = (one: ClaimsRequest, other: ClaimsRequest): ClaimsRequest => ({
  isContinuous: one.isContinuous || other.isContinuous,
  needsMfa: one.needsMfa || other.needsMfa,
  contexts: [...new Set([...one.contexts, ...other.contexts])]
})
