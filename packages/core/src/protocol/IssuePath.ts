/**
 * Where a decoder stopped.
 */
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"

/**
 * The path to what is wrong, empty where it cannot be told: the formatter prints the value too, and a hostile one may
 * break it.
 *
 * @category getters
 */
export const first = (error: ParseResult.ParseError): ReadonlyArray<string> =>
  Option.liftThrowable(() => ParseResult.ArrayFormatter.formatErrorSync(error)[0]?.path ?? [])().pipe(
    Option.getOrElse(() => []),
    (path) => path.map(String)
  )
