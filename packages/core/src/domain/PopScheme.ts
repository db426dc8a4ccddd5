/**
 * The HTTP request that a token is to be good for, and for no other one.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-signed-http-request-03
 */
import * as Either from "effect/Either"
import type { InvalidArgument } from "../AuthError.js"
import * as Argument from "./Argument.js"

/** @category models */
export interface PopScheme {
  /** In capitals. */
  readonly method: "GET" | "POST" | "PUT" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS"
  /** Absolute; host, port and path are bound, the query is not. */
  readonly url: string
  /** What the API gave out against replays, where it does. */
  readonly nonce?: string | undefined
}

const methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"] as const

/** @category constructors */
export const parse = (scheme: PopScheme): Either.Either<PopScheme, InvalidArgument> => {
  if (typeof scheme !== "object" || scheme === null) {
    return Either.left(Argument.invalid("authScheme", "authScheme has to be an object with method and url."))
  }
  const { method, nonce, url } = scheme
  if (!methods.includes(method)) {
    return Either.left(Argument.invalid("authScheme.method", `authScheme.method is one of ${methods.join(", ")}.`))
  }
  if (!isHttpAddress(url)) {
    return Either.left(
      Argument.invalid(
        "authScheme.url",
        "authScheme.url has to be the absolute address of the request, of http or https."
      )
    )
  }
  return Either.map(
    nonce === undefined ? Either.right(nonce) : Argument.nonEmptyText("authScheme.nonce", nonce),
    (nonce) => ({ method, url, nonce })
  )
}

const isHttpAddress = (url: unknown): boolean =>
  typeof url === "string" && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
