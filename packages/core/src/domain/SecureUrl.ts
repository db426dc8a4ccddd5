/**
 * Addresses that may carry credentials: https, or http on loopback where the application says so.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8252#section-8.3
 */
import * as Either from "effect/Either"

/** @category models */
export interface Policy {
  readonly allowInsecureLoopback: boolean
}

/** @category models */
export type Refusal = "malformed" | "insecure"

/**
 * Only what the specification allows, since parsers mend the rest, each in its own way.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3986#section-2
 */
const isAbsolute = (text: unknown): boolean =>
  typeof text === "string" && /^[a-z][a-z0-9+.-]*:\/\/(?=[^/?#])[\w\-.~:/?#[\]@!$&'()*+,;=%]+$/i.test(text)

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"])

/**
 * Reads an address that has no credentials in it.
 *
 * @category constructors
 */
export const parse = (text: string, policy: Policy): Either.Either<URL, Refusal> => {
  if (!isAbsolute(text) || !URL.canParse(text)) {
    return Either.left("malformed")
  }
  const url = new URL(text)
  if (url.username !== "" || url.password !== "" || text.includes("#")) {
    return Either.left("malformed")
  }
  const secure = url.protocol === "https:"
    || (url.protocol === "http:" && policy.allowInsecureLoopback && loopback.has(url.hostname))
  return secure ? Either.right(url) : Either.left("insecure")
}
