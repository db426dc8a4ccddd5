/**
 * Claims: what a provider says of a person, and what an API demands to be said.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#ClaimsParameter
 */
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { InvalidArgument } from "../AuthError.js"

/**
 * The verified claims of an ID token.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#IDToken
 * @category models
 */
export interface IdTokenClaims {
  readonly iss: string
  readonly sub: string
  readonly aud: string | ReadonlyArray<string>
  readonly exp: number
  readonly iat: number
  readonly [claim: string]: unknown
}

/**
 * The first of these claims that is a non-empty text.
 *
 * @category getters
 */
export const text = (claims: IdTokenClaims, ...names: ReadonlyArray<string>): Option.Option<string> =>
  Option.fromNullable(
    names.map((name) => claims[name]).find((value): value is string => typeof value === "string" && value !== "")
  )

const ClaimsChallenge = Schema.parseJson(Schema.Record({ key: Schema.String, value: Schema.Unknown }))
const decodeChallenge = Schema.decodeEither(ClaimsChallenge)

/**
 * Checks a claims challenge: a JSON object as text. The challenge itself is never repeated in the error.
 *
 * @category constructors
 */
export const parseChallenge = (
  claims: string | undefined
): Either.Either<string | undefined, InvalidArgument> =>
  claims === undefined || claims === ""
    ? Either.right(undefined)
    : decodeChallenge(claims).pipe(
      Either.filterOrLeft(canBeWritten, () => undefined),
      Either.mapBoth({
        onLeft: () =>
          new InvalidArgument({
            argument: "claims",
            message: "claims has to be a JSON object as text, such as the claims of an InteractionRequired error."
          }),
        onRight: (challenge) => Object.keys(challenge).length === 0 ? undefined : claims
      })
    )

/** What is nested without end can be read, but not written. */
const canBeWritten = (challenge: unknown): boolean => Option.isSome(Option.liftThrowable(JSON.stringify)(challenge))

/**
 * A claims challenge together with what the client is capable of, as `claims` goes on the wire; undefined where both are
 * empty.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge#how-to-communicate-client-capabilities-to-microsoft-entra-id
 * @category combinators
 */
export const withCapabilities = (
  challenge: string | undefined,
  capabilities: ReadonlyArray<string>
): string | undefined => {
  if (capabilities.length === 0) {
    return challenge
  }
  const claims = challenge === undefined ? {} : Schema.decodeSync(ClaimsChallenge)(challenge)
  const accessToken = claims["access_token"]
  return JSON.stringify({
    ...claims,
    access_token: { ...Predicate.isRecord(accessToken) && accessToken, xms_cc: { values: capabilities } }
  })
}
