/**
 * Checks of options, for those whom no compiler stops.
 */
import * as Either from "effect/Either"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import { InvalidConfiguration } from "../AuthError.js"

/**
 * An option as it was read, or why it was refused.
 *
 * @category models
 */
export type Checked<A> = Either.Either<A, InvalidConfiguration>

/** @category constructors */
export const refuse = (option: string, message: string): Checked<never> =>
  Either.left(new InvalidConfiguration({ option, message }))

/**
 * A secret that is a text and not blank.
 *
 * @category constructors
 */
export const secret = (option: string, value: Redacted.Redacted): Checked<Redacted.Redacted> => {
  if (!Redacted.isRedacted(value)) {
    return refuse(option, `${option} has to be a text in Redacted.`)
  }
  const text = Redacted.value(value)
  return Predicate.isString(text) && text.trim() !== ""
    ? Either.right(value)
    : refuse(option, `${option} has to be a text that is not empty.`)
}
