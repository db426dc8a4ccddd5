/**
 * JSON off the wire: any bytes may come.
 */
import * as Option from "effect/Option"

const utf8 = new TextDecoder("utf-8", { fatal: true })

/**
 * Reads JSON without members named `__proto__`, none where the bytes are not JSON in UTF-8.
 *
 * @category constructors
 */
export const parse = (bytes: Uint8Array): Option.Option<unknown> =>
  Option.liftThrowable(() => {
    const text = utf8.decode(bytes)
    const value: unknown = mayNamePrototype.test(text) ? JSON.parse(text, withoutPrototype) : JSON.parse(text)
    return value
  })()

/** Escapes may spell the name too. */
const mayNamePrototype = /__proto__|\\u/

const withoutPrototype = (key: string, value: unknown): unknown => key === "__proto__" ? undefined : value
