/**
 * A cache file's text as it is encrypted: a compact JWE whose header names the key.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7516#section-3.1
 */
import * as Either from "effect/Either"
import * as Encoding from "effect/Encoding"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"

/**
 * As many characters of a text as tell whether it is encrypted.
 *
 * @category constants
 */
export const headLength = 1024

/**
 * The name of the key that a text is encrypted with; none where it is not encrypted by Grantwork. The beginning of the
 * text is enough, so that a text cut short counts as encrypted.
 *
 * @category decoders
 */
export const keyId = (text: string): Option.Option<string> => {
  const [header] = text.slice(0, headLength).split(".", 1)
  return Option.liftThrowable(JSON.parse)(
    Either.getOrElse(Encoding.decodeBase64UrlString(header ?? ""), () => "")
  ).pipe(
    Option.flatMap((decoded: unknown) =>
      Predicate.isRecord(decoded) && decoded["alg"] === "dir" && decoded["enc"] === "A256GCM"
        ? Option.liftPredicate(Predicate.isString)(decoded["kid"])
        : Option.none()
    )
  )
}
