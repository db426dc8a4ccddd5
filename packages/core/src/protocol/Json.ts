/**
 * JSON off the wire: any bytes may come.
 */
import * as Option from "effect/Option"

const utf8 = new TextDecoder("utf-8", { fatal: true })

/**
 * Reads JSON without members named `__proto__`, none where the bytes are not JSON in UTF-8 or are nested
 * more than 64 deep.
 *
 * @category constructors
 */
export const parse = (bytes: Uint8Array): Option.Option<unknown> =>
  Option.liftThrowable(() => {
    const text = utf8.decode(bytes)
    if (isDeep(text)) {
      throw new RangeError("The JSON is nested too deeply.")
    }
    const value: unknown = mayNamePrototype.test(text) ? JSON.parse(text, withoutPrototype) : JSON.parse(text)
    return value
  })()

const deepest = 64

const isDeep = (text: string): boolean => {
  let depth = 0
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    depth += token === "[" || token === "{" ? 1 : token === "]" || token === "}" ? -1 : 0
    if (depth > deepest) {
      return true
    }
  }
  return false
}

/** Escapes may spell the name too. */
const mayNamePrototype = /__proto__|\\u/

const withoutPrototype = (key: string, value: unknown): unknown => key === "__proto__" ? undefined : value
