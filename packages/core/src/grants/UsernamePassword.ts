/**
 * A person's name and password for tokens. Prefer any other grant: this one knows no second factor.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.3
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as ProofOfPossession from "../acquisition/ProofOfPossession.js"
import { signIn } from "../acquisition/SignIn.js"
import type { AuthError } from "../AuthError.js"
import * as Argument from "../domain/Argument.js"
import type { PopScheme } from "../domain/PopScheme.js"
import * as Scopes from "../domain/Scopes.js"
import type { TokenResult } from "../domain/TokenResult.js"
import * as MicrosoftHeaders from "../protocol/MicrosoftHeaders.js"
import { ClientApplication } from "../services/ClientApplication.js"
import type { Crypto } from "../services/Crypto.js"
import type { TokenCache } from "../services/TokenCache.js"

/** @category models */
export interface Request {
  readonly username: string
  readonly password: Redacted.Redacted
  readonly scopes: ReadonlyArray<string>
  /** Claims challenge, a JSON object as text. */
  readonly claims?: string | undefined
  /** The request that the token is to be bound to, for APIs that want proof of possession. */
  readonly authScheme?: PopScheme | undefined
  readonly correlationId?: string | undefined
}

/**
 * Fails with `InvalidCredentials` where name or password is wrong, and with `InteractionRequired` where the provider
 * asks for more than these.
 *
 * @category programs
 */
export const acquire = (
  request: Request
): Effect.Effect<TokenResult, AuthError, ClientApplication | HttpClient.HttpClient | TokenCache | Crypto> =>
  ProofOfPossession.bind(request.authScheme, (keyId) =>
    Effect.gen(function*() {
      const { authority } = yield* ClientApplication
      const username = yield* Argument.nonEmptyText("username", request.username)
      const password = yield* Argument.secret("password", request.password)
      return yield* signIn({
        grantType: "password",
        authority,
        parameters: { username, password },
        scopes: yield* Scopes.parse(request.scopes),
        claims: request.claims,
        keyId,
        correlationId: request.correlationId,
        idToken: { nonce: "unchecked", maxAge: Option.none(), required: false },
        call: { api: "password", outcome: "not_applicable" },
        routing: Option.some(MicrosoftHeaders.ofUsername(username)),
        hint: { username }
      })
    }))
