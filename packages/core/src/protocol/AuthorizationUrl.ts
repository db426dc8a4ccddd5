/**
 * The address a person's browser is sent to.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest
 */
import * as Form from "./Form.js"

/**
 * How the provider sends the response back.
 *
 * @see https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html
 * @category models
 */
export type ResponseMode = "query" | "form_post" | "fragment"

/** @category constants */
export const responseModes: ReadonlyArray<ResponseMode> = ["query", "form_post", "fragment"]

/**
 * The endpoint with the request's parameters added to whatever query it has.
 *
 * @category constructors
 */
export const make = (authorizationEndpoint: string, parameters: Form.Form): string => {
  const url = new URL(authorizationEndpoint)
  for (const [name, value] of Form.entries(parameters)) {
    url.searchParams.set(name, value)
  }
  return url.toString()
}
