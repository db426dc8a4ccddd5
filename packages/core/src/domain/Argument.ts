/**
 * Checks of what callers pass, for those whom no compiler stops.
 */
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { InvalidArgument } from "../AuthError.js"

/** @category constructors */
export const invalid = (argument: string, message: string): InvalidArgument =>
  new InvalidArgument({ argument, message })

/** @category constructors */
export const nonEmptyText = (argument: string, value: unknown): Either.Either<string, InvalidArgument> =>
  typeof value === "string" && value !== "" && value.isWellFormed()
    ? Either.right(value)
    : Either.left(invalid(argument, `${argument} has to be a non-empty text.`))

const longestSecret = 65_536

/** @category constructors */
export const secret = (
  argument: string,
  value: Redacted.Redacted
): Either.Either<Redacted.Redacted, InvalidArgument> =>
  Redacted.isRedacted(value)
    ? nonEmptyText(argument, Redacted.value(value)).pipe(
      Either.filterOrLeft((text) => text.length <= longestSecret, () => invalid(argument, `${argument} is too long.`)),
      Either.map(() => value)
    )
    : Either.left(invalid(argument, `${argument} has to be a Redacted text.`))

/** @category constructors */
export const duration = (
  argument: string,
  value: Duration.DurationInput
): Either.Either<Duration.Duration, InvalidArgument> =>
  Duration.decodeUnknown(value).pipe(
    Option.filter((decoded) => Duration.isFinite(decoded) && !Number.isNaN(value)),
    Either.fromOption(() => invalid(argument, `${argument} has to be a finite duration, such as "5 minutes".`))
  )
