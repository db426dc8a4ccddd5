/**
 * What is wrong with a scenario, and where. Values are never told: some of them are passwords.
 */
import * as Array from "effect/Array"
import * as Data from "effect/Data"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"

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
  path.map((key) => {
    if (typeof key === "number") return `[${key}]`
    return /^[\w-]+$/.test(String(key)) ? `.${String(key)}` : `[${JSON.stringify(String(key))}]`
  }).join("").replace(/^\./, "") || "(scenario)"

/**
 * Decodes, and names every field that is wrong or unknown.
 *
 * @category constructors
 */
export const decode = <A, I>(schema: Schema.Schema<A, I>) => (input: unknown): Either.Either<A, InvalidScenario> =>
  Either.mapLeft(
    Schema.decodeUnknownEither(schema, { errors: "all", onExcessProperty: "error" })(withPlainKinds(input)),
    ({ issue }) => new InvalidScenario({ problems: problemsOf(issue, []) })
  )

/**
 * Faults are told apart by their kind as text, which not every value can be made; a kind that is no plain value is no
 * kind, like null.
 */
const withPlainKinds = (input: unknown): unknown =>
  replaceMember(
    replaceMember(input, "kind", plain),
    "faults",
    (faults) => Array.isArray(faults) ? faults.map((fault) => replaceMember(fault, "kind", plain)) : faults
  )

const plain = (kind: unknown): unknown => typeof kind === "object" ? null : kind

const replaceMember = (value: unknown, name: string, change: (member: unknown) => unknown): unknown =>
  typeof value !== "object" || value === null || Array.isArray(value) ? value : Object.fromEntries(
    Object.entries(value).map(([key, member]: [string, unknown]) => [key, key === name ? change(member) : member])
  )

const problemsOf = (issue: ParseResult.ParseIssue, path: ReadonlyArray<PropertyKey>): ReadonlyArray<Problem> => {
  switch (issue._tag) {
    case "Pointer":
      return problemsOf(issue.issue, [...path, ...Array.ensure(issue.path)])
    case "Composite":
      return AST.isUnion(issue.ast)
        ? problemsOfUnion(issue, path)
        : Array.ensure(issue.issues).flatMap((one) => problemsOf(one, path))
    case "Transformation":
      return problemsOf(issue.issue, path)
    case "Refinement":
      return issue.kind === "From" ? problemsOf(issue.issue, path) : [{ path, message: demand(issue) }]
    case "Missing":
      return [{ path, message: "is missing" }]
    case "Unexpected":
      return [{ path, message: "is no field that is known here" }]
    case "Type":
    case "Forbidden":
      return [{ path, message: demand(issue) }]
  }
}

/** Those of the member that the value was meant to be, which is the one of its type. */
const problemsOfUnion = (issue: ParseResult.Composite, path: ReadonlyArray<PropertyKey>): ReadonlyArray<Problem> => {
  const meant = Array.ensure(issue.issues).find((member) => !isOfAnotherType(member))
  return meant === undefined ? [{ path, message: `has to be ${expectation(issue.ast)}` }] : problemsOf(meant, path)
}

const isOfAnotherType = (issue: ParseResult.ParseIssue): boolean =>
  issue._tag === "Type"
  || (issue._tag === "Transformation" && isOfAnotherType(issue.issue))
  || (issue._tag === "Refinement" && issue.kind === "From" && isOfAnotherType(issue.issue))

const demand = (issue: ParseResult.Refinement | ParseResult.Type | ParseResult.Forbidden): string => {
  const own = Option.map(AST.getMessageAnnotation(issue.ast), (message) => message(issue))
  return Option.getOrElse(
    Option.filter(own, (text) => typeof text === "string"),
    () => `has to be ${expectation(issue.ast)}`
  )
}

const expectation = (ast: AST.AST): string => {
  switch (ast._tag) {
    case "Literal":
      return JSON.stringify(String(ast.literal))
    case "TypeLiteral":
      return "an object"
    case "TupleType":
      return "a list"
    case "Transformation":
      return expectation(ast.from)
    case "Union":
      return ast.types.filter((type) => !AST.isUndefinedKeyword(type)).map(expectation).join(" or ")
    default:
      return Option.getOrElse(AST.getDescriptionAnnotation(ast), () => "something else")
  }
}
