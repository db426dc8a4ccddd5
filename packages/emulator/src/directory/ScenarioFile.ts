/**
 * A scenario in JSON, in which comments may stand.
 */
import * as Data from "effect/Data"
import * as Either from "effect/Either"
import * as JsonParser from "jsonc-parser"
import { decode, fieldName, type Problem } from "../scenario/InvalidScenario.js"
import { Scenario } from "../scenario/Scenario.js"
import * as Directory from "./Directory.js"

/**
 * Each problem stands on a line of its own: `file:line:column: field: what is wrong`.
 *
 * @category errors
 */
export class InvalidScenarioFile extends Data.TaggedError("InvalidScenarioFile")<{
  readonly message: string
}> {}

/** @category constructors */
export const parse = (content: string, file: string): Either.Either<Scenario, InvalidScenarioFile> =>
  Either.gen(function*() {
    const text = content.replace(/^\uFEFF/, "")
    const fail = (lines: ReadonlyArray<string>) => Either.left(new InvalidScenarioFile({ message: lines.join("\n") }))
    const tooDeep = offsetTooDeep(text)
    if (tooDeep !== undefined) return yield* fail([`${at(text, tooDeep, file)}: is nested too deeply`])
    const errors: Array<JsonParser.ParseError> = []
    const root = JsonParser.parseTree(text, errors, { allowTrailingComma: true })
    if (root === undefined || errors.length > 0) {
      return yield* fail(
        text.trim() === "" || errors.length === 0
          ? [`${at(text, 0, file)}: the file is empty`]
          : errors.map(({ error, offset }) => `${at(text, offset, file)}: ${words(error)}`)
      )
    }
    const repeated = repeatedMembers(root)
    if (repeated.length > 0) {
      return yield* fail(
        repeated.map(({ name, offset }) => `${at(text, offset, file)}: ${fieldName([name])}: stands here twice`)
      )
    }
    const told = (problems: ReadonlyArray<Problem>) =>
      fail(
        problems.map(({ message, path }) => `${at(text, offsetOf(root, path), file)}: ${fieldName(path)}: ${message}`)
      )
    const scenario = yield* Either.orElse(decode(Scenario)(valueOf(root)), ({ problems }) => told(problems))
    yield* Either.orElse(Directory.make(scenario), (problems) => told(problems))
    return scenario
  })

const deepest = 64

/** Where more lists and objects are open than any scenario needs, and than a parser can take. */
const offsetTooDeep = (text: string): number | undefined => {
  const scanner = JsonParser.createScanner(text, true)
  let depth = 0
  for (let token = scanner.scan(); token !== JsonParser.SyntaxKind.EOF; token = scanner.scan()) {
    if (opening.has(token)) depth++
    if (closing.has(token)) depth--
    if (depth > deepest) return scanner.getTokenOffset()
  }
  return undefined
}

const opening = new Set([JsonParser.SyntaxKind.OpenBraceToken, JsonParser.SyntaxKind.OpenBracketToken])
const closing = new Set([JsonParser.SyntaxKind.CloseBraceToken, JsonParser.SyntaxKind.CloseBracketToken])

/** What the parser calls an error, in words. */
const words = (error: JsonParser.ParseErrorCode): string =>
  JsonParser.printParseErrorCode(error).replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase()

/** The value of a node, in which `__proto__` is a name like any other. */
const valueOf = ({ children = [], type, value }: JsonParser.Node): unknown => {
  switch (type) {
    case "object":
      return Object.fromEntries(
        children.flatMap(({ children: [name, member] = [] }) =>
          name === undefined || member === undefined ? [] : [[String(name.value), valueOf(member)]]
        )
      )
    case "array":
      return children.map(valueOf)
    default:
      return value
  }
}

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
  const seen = new Set<string>()
  const repeated = type !== "object" ?
    [] :
    children.flatMap(({ children: [name] = [], offset }) =>
      seen.size === seen.add(String(name?.value)).size ? [{ name: String(name?.value), offset }] : []
    )
  return [...repeated, ...children.flatMap(repeatedMembers)]
}
