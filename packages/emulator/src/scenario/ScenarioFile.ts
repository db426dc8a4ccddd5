/**
 * A scenario in JSON, in which comments may stand.
 */
import * as Data from "effect/Data"
import * as Either from "effect/Either"
import * as JsonParser from "jsonc-parser"
import * as Directory from "../directory/Directory.js"
import { decode, fieldName, type Problem } from "./InvalidScenario.js"
import { Scenario } from "./Scenario.js"

/**
 * Each problem stands on a line of its own: `file:line:column: field: what is wrong`.
 *
 * @category errors
 */
export class InvalidScenarioFile extends Data.TaggedError("InvalidScenarioFile")<{
  readonly message: string
}> {}

/** @category constructors */
export const parse = (text: string, file: string): Either.Either<Scenario, InvalidScenarioFile> =>
  Either.gen(function*() {
    const errors: Array<JsonParser.ParseError> = []
    const root = JsonParser.parseTree(text, errors, { allowTrailingComma: true })
    const fail = (lines: ReadonlyArray<string>) => Either.left(new InvalidScenarioFile({ message: lines.join("\n") }))
    if (root === undefined || errors.length > 0) {
      return yield* fail(
        errors.length === 0
          ? [`${at(text, 0, file)}: the file is empty`]
          : errors.map(({ error, offset }) =>
            `${at(text, offset, file)}: ${JsonParser.printParseErrorCode(error).replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase()}`
          )
      )
    }
    const repeated = repeatedMembers(root)
    if (repeated.length > 0) {
      return yield* fail(repeated.map(({ name, offset }) => `${at(text, offset, file)}: ${name}: stands here twice`))
    }
    const told = (problems: ReadonlyArray<Problem>) =>
      fail(problems.map(({ message, path }) =>
        `${at(text, offsetOf(root, path), file)}: ${fieldName(path)}: ${message}`
      ))
    const value: unknown = JsonParser.getNodeValue(root)
    const scenario = yield* Either.orElse(decode(Scenario)(value), ({ problems }) => told(problems))
    yield* Either.orElse(Directory.make(scenario), (problems) => told(problems))
    return scenario
  })

/** The field, or the nearest thing around it that is in the file. */
const offsetOf = (root: JsonParser.Node, path: ReadonlyArray<PropertyKey>): number => {
  for (let length = path.length; length > 0; length--) {
    const segments = path.slice(0, length).filter((key) => typeof key !== "symbol")
    const node = JsonParser.findNodeAtLocation(root, segments)
    if (node !== undefined) return node.parent?.type === "property" ? node.parent.offset : node.offset
  }
  return root.offset
}

const at = (text: string, offset: number, file: string): string => {
  const before = text.slice(0, offset).split("\n")
  return `${file}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`
}

const repeatedMembers = (
  { children = [], type }: JsonParser.Node
): ReadonlyArray<{ readonly name: string; readonly offset: number }> => {
  const names = type === "object" ? children.map((property) => String(property.children?.[0]?.value)) : []
  return [
    ...children.flatMap(({ offset }, index) => {
      const name = names[index] ?? ""
      return type === "object" && names.indexOf(name) < index ? [{ name, offset }] : []
    }),
    ...children.flatMap(repeatedMembers)
  ]
}

