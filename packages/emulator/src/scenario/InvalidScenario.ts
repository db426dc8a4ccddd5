/**
 * What is wrong with a scenario, and where.
 */
import * as Data from "effect/Data"
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"

/** @category models */
export interface Problem {
  /** Names and indices that lead to the field. */
  readonly path: ReadonlyArray<PropertyKey>
  readonly message: string
}

/** @category errors */
export class InvalidScenario extends Data.TaggedError("InvalidScenario")<{
  readonly problems: ReadonlyArray<Problem>
}> {
  override get message(): string {
    return this.problems.map(({ message, path }) => `${fieldName(path)}: ${message}`).join("\n")
  }
}

/**
 * A field as one writes it: `users[0].username`.
 *
 * @category encoders
 */
export const fieldName = (path: ReadonlyArray<PropertyKey>): string =>
  path.map((key) => typeof key === "number" ? `[${key}]` : `.${String(key)}`).join("").replace(/^\./, "") || "(scenario)"

/**
 * Decodes, and names every field that is wrong or unknown.
 *
 * @category constructors
 */
export const decode =
  <A, I>(schema: Schema.Schema<A, I>) => (input: unknown): Either.Either<A, InvalidScenario> =>
    Either.mapLeft(
      Schema.decodeUnknownEither(schema, { errors: "all", onExcessProperty: "error" })(input),
      (error) => new InvalidScenario({ problems: ParseResult.ArrayFormatter.formatErrorSync(error) })
    )
