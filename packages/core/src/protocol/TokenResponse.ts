/**
 * A successful answer of the token endpoint.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.1
 */
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { MalformedResponse } from "../AuthError.js"
import * as IssuePath from "./IssuePath.js"

const longestLifetime = 10 * 365 * 24 * 60 * 60

/**
 * A number of seconds, which some providers write as text; negative counts as 0, more than ten years as ten years.
 */
const Seconds = Schema.Union(
  Schema.Number.pipe(Schema.finite()),
  Schema.NumberFromString.pipe(Schema.finite())
).pipe(Schema.clamp(0, longestLifetime))

const lastSecondOfYear9999 = 253_402_300_799

/** Seconds since 1970, as number or text. */
const EpochSeconds = Schema.Union(
  Schema.Number.pipe(Schema.finite()),
  Schema.NumberFromString.pipe(Schema.finite())
).pipe(Schema.clamp(0, lastSecondOfYear9999))

const absent = { as: "Option", nullable: true } as const

/** @category models */
export class TokenResponse extends Schema.Class<TokenResponse>("@grantwork/core/TokenResponse")({
  accessToken: Schema.Redacted(Schema.NonEmptyString).pipe(
    Schema.propertySignature,
    Schema.fromKey("access_token")
  ),
  tokenType: Schema.optionalWith(Schema.NonEmptyString, { default: () => "Bearer", nullable: true }).pipe(
    Schema.fromKey("token_type")
  ),
  expiresIn: Schema.optionalWith(Seconds, absent).pipe(Schema.fromKey("expires_in")),
  expiresOn: Schema.optionalWith(EpochSeconds, absent).pipe(Schema.fromKey("expires_on")),
  extendedExpiresIn: Schema.optionalWith(Seconds, absent).pipe(Schema.fromKey("ext_expires_in")),
  refreshIn: Schema.optionalWith(Seconds, absent).pipe(Schema.fromKey("refresh_in")),
  scope: Schema.optionalWith(Schema.String, absent),
  refreshToken: Schema.optionalWith(Schema.Redacted(Schema.NonEmptyString), absent).pipe(
    Schema.fromKey("refresh_token")
  ),
  refreshTokenExpiresIn: Schema.optionalWith(Seconds, absent).pipe(Schema.fromKey("refresh_token_expires_in")),
  idToken: Schema.optionalWith(Schema.Redacted(Schema.NonEmptyString), absent).pipe(Schema.fromKey("id_token")),
  clientInfo: Schema.optionalWith(Schema.String, absent).pipe(Schema.fromKey("client_info")),
  familyId: Schema.optionalWith(Schema.String, absent).pipe(Schema.fromKey("foci"))
}) {}

const decodeUnknown = Schema.decodeUnknownEither(TokenResponse)

/**
 * In lower case.
 *
 * @category models
 */
export type TokenType = "bearer" | "pop"

/**
 * Decodes a JSON body into tokens of the type that was asked for.
 *
 * @category constructors
 */
export const decode = (body: unknown, type: TokenType = "bearer"): Either.Either<TokenResponse, MalformedResponse> =>
  decodeUnknown(body).pipe(
    Either.mapLeft((issue) => {
      const field = IssuePath.first(issue).join(".")
      return field === "" || field === "access_token"
        ? new MalformedResponse({
          reason: "no_access_token",
          field: "access_token",
          message: "The token endpoint answered without an access token. Check that the authority is right."
        })
        : new MalformedResponse({
          reason: "wrong_type",
          field,
          message: `The token endpoint answered with a ${field} of the wrong type.`
        })
    }),
    Either.filterOrLeft(
      (response) => response.tokenType.toLowerCase() === type,
      () =>
        new MalformedResponse({
          reason: "token_type",
          field: "token_type",
          message: `The token endpoint answered with a token that is not of type ${type}, as was asked.`
        })
    )
  )
