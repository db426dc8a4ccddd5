/**
 * JSON of other programs, which has to be written again with the same meaning: numbers beyond JavaScript's included.
 */
import * as Option from "effect/Option"

/** A number as it is written. */
class ExactNumber {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/**
 * JSON as a value, in which such a number is an object.
 *
 * @category models
 */
export interface ExactJson {
  readonly value: unknown
  /** Whether there may be such a number in it. */
  readonly hasExactNumbers: boolean
}

/**
 * Reads an object or a list; none where the text is no JSON or is nested more than 64 deep.
 *
 * @category constructors
 */
export const parse = (text: string): Option.Option<ExactJson> =>
  Option.liftThrowable((): ExactJson => {
    const value: unknown = JSON.parse(text)
    return isNested(value) && !isExact(value, 0)
      ? { value: parseExactly(text), hasExactNumbers: true }
      : { value, hasExactNumbers: false }
  })()

/**
 * Writes the JSON. What has no such number costs no more than `JSON.stringify`.
 *
 * @category destructors
 */
export const stringify = ({ hasExactNumbers, value }: ExactJson): string => {
  const text = JSON.stringify(value)
  return hasExactNumbers ? stringifyExactly(value, text) : text
}

/** @category predicates */
export const holdsExactNumber = (value: unknown): boolean =>
  value instanceof ExactNumber || (isNested(value) && Object.values(value).some(holdsExactNumber))

const isNested = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

const deepest = 64

const isExact = (value: Readonly<Record<string, unknown>>, depth: number): boolean => {
  if (depth > deepest) {
    throw new RangeError("The JSON is nested too deeply.")
  }
  let exact = true
  // Quicker than Object.values, and what JSON.parse makes inherits nothing that counts.
  for (const name in value) {
    const member = value[name]
    if (typeof member === "number") {
      exact = Math.abs(member) <= Number.MAX_SAFE_INTEGER && exact
    } else if (isNested(member)) {
      exact = isExact(member, depth + 1) && exact
    }
  }
  return exact
}

/** What no string in the JSON begins with: one NUL more than it has in a row, and JSON has one way to write that. */
const markFor = (json: string): string => {
  let count = 1
  while (json.includes(String.raw`\u0000`.repeat(count))) {
    count += 1
  }
  return "\0".repeat(count)
}

const textOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g

const parseExactly = (json: string): unknown => {
  const mark = markFor(json)
  const marked = json.replace(
    textOrNumber,
    (token) =>
      token.startsWith("\"") || Math.abs(Number(token)) <= Number.MAX_SAFE_INTEGER
        ? token
        : JSON.stringify(mark + token)
  )
  return JSON.parse(
    marked,
    (_, member: unknown) =>
      typeof member === "string" && member.startsWith(mark) ? new ExactNumber(member.slice(mark.length)) : member
  )
}

const stringifyExactly = (value: unknown, json: string): string => {
  const mark = markFor(json)
  const escapedMark = JSON.stringify(mark).slice(1, -1)
  return JSON.stringify(value, (_, member: unknown) => member instanceof ExactNumber ? mark + member.text : member)
    .split(`"${escapedMark}`)
    .map((part, index) => index === 0 ? part : part.replace("\"", ""))
    .join("")
}
