/**
 * Sends a grant, proves who it is for, saves the tokens.
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Effect from "effect/Effect"
import type { AuthError } from "../AuthError.js"
import type { TokenResult } from "../domain/TokenResult.js"
import { ClientApplication } from "../services/ClientApplication.js"
import type { Crypto } from "../services/Crypto.js"
import type { TokenCache } from "../services/TokenCache.js"
import * as IdTokenVerification from "./IdTokenVerification.js"
import * as TokenRequest from "./TokenRequest.js"
import * as TokenSaving from "./TokenSaving.js"
import * as VerifiedTokens from "./VerifiedTokens.js"

/**
 * @category programs
 */
export const signIn = (
  grant: TokenRequest.Grant
): Effect.Effect<TokenResult, AuthError, ClientApplication | HttpClient.HttpClient | TokenCache | Crypto> =>
  Effect.gen(function*() {
    const issued = yield* TokenRequest.send(grant)
    const idTokenClaims = yield* IdTokenVerification.verify(issued)
    return yield* TokenSaving.save(yield* VerifiedTokens.ofPerson(issued, idTokenClaims, yield* ClientApplication))
  })
