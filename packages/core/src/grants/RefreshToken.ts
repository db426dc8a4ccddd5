/**
 * A refresh token from elsewhere for tokens, such as when moving here from another library.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-6
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import { signIn } from "../acquisition/SignIn.js"
import type { AuthError } from "../AuthError.js"
import * as Argument from "../domain/Argument.js"
import * as Scopes from "../domain/Scopes.js"
import type { TokenResult } from "../domain/TokenResult.js"
import { ClientApplication } from "../services/ClientApplication.js"
import type { Crypto } from "../services/Crypto.js"
import type { TokenCache } from "../services/TokenCache.js"

/** @category models */
export interface Request {
  readonly refreshToken: Redacted.Redacted
  readonly scopes: ReadonlyArray<string>
  readonly correlationId?: string | undefined
}

/**
 * Caches what comes under the account that the answer names; an answer that names none is handed out uncached.
 *
 * @category programs
 */
export const acquire = (
  request: Request
): Effect.Effect<TokenResult, AuthError, ClientApplication | HttpClient.HttpClient | TokenCache | Crypto> =>
  Effect.gen(function*() {
    const { authority } = yield* ClientApplication
    const refreshToken = yield* Argument.secret("refreshToken", request.refreshToken)
    return yield* signIn({
      grantType: "refresh_token",
      authority,
      parameters: { refresh_token: refreshToken },
      scopes: yield* Scopes.parse(request.scopes),
      claims: undefined,
      correlationId: request.correlationId,
      idToken: { nonce: "unchecked", maxAge: Option.none(), required: false },
      call: { api: "refresh_token", outcome: "passed_over" },
      routing: Option.none(),
      hint: { refreshToken }
    })
  })
