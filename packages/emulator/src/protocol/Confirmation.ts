/**
 * The key that an access token is to be bound to.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7800#section-3.1
 */
import * as Either from "effect/Either"
import * as Encoding from "effect/Encoding"
import * as Schema from "effect/Schema"
import { type EntraError, entraError } from "./EntraError.js"
import { type Parameters, required } from "./Parameters.js"

const Confirmation = Schema.parseJson(Schema.Struct({ kid: Schema.NonEmptyString.pipe(Schema.maxLength(128)) }))

const decode = Schema.decodeEither(Confirmation)

/**
 * The key's name, none where a bearer token is asked for.
 *
 * @category decoders
 */
export const parse = (parameters: Parameters): Either.Either<string | undefined, EntraError> =>
  parameters["token_type"] !== "pop" ?
    Either.right(undefined) :
    Either.flatMap(
      required(parameters, "req_cnf"),
      (text) =>
        Either.flatMap(Encoding.decodeBase64UrlString(text), decode).pipe(
          Either.mapBoth({
            onLeft: () => entraError(90100, { field: "req_cnf" }),
            onRight: ({ kid }) => kid
          })
        )
    )
