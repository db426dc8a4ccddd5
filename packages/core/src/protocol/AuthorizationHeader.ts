/**
 * How a token is shown to an API.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 */
import * as Redacted from "effect/Redacted"
import type { TokenResult } from "../domain/TokenResult.js"

/** @category encoders */
export const of = ({ accessToken, tokenType }: Pick<TokenResult, "accessToken" | "tokenType">): string =>
  `${tokenType === "pop" ? "PoP" : "Bearer"} ${Redacted.value(accessToken)}`
