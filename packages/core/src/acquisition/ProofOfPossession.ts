/**
 * Tokens that are good for one HTTP request only, by proof that whoever sends it has the key they are bound to.
 *
 * @see https://learn.microsoft.com/entra/msal/dotnet/advanced/proof-of-possession-tokens
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { AuthError } from "../AuthError.js"
import * as Argument from "../domain/Argument.js"
import * as PopScheme from "../domain/PopScheme.js"
import type { TokenResult } from "../domain/TokenResult.js"
import * as SignedHttpRequest from "../protocol/SignedHttpRequest.js"
import * as Cell from "../services/Cell.js"
import { ClientApplication } from "../services/ClientApplication.js"
import { Crypto } from "../services/Crypto.js"

/** @category models */
export type { PopScheme } from "../domain/PopScheme.js"

/**
 * Whether the provider binds tokens to a key: Microsoft Entra does.
 *
 * @category programs
 */
export const isSupported: Effect.Effect<boolean, never, ClientApplication> = Effect.map(
  ClientApplication,
  ({ authority }) => authority._tag === "Entra"
)

/**
 * The token that is acquired for the application's key, within a request that is signed by that key; just the token where
 * no request is given.
 *
 * @category combinators
 */
export const bind = <R>(
  scheme: PopScheme.PopScheme | undefined,
  acquire: (keyId: string | undefined) => Effect.Effect<TokenResult, AuthError, R>
): Effect.Effect<TokenResult, AuthError, ClientApplication | Crypto | R> =>
  scheme === undefined ? acquire(undefined) : Effect.gen(function*() {
    const request = yield* PopScheme.parse(scheme)
    if (!(yield* isSupported)) {
      return yield* Argument.invalid(
        "authScheme",
        "authScheme is for Microsoft Entra; no other provider binds tokens so."
      )
    }
    const application = yield* ClientApplication
    const crypto = yield* Crypto
    const key = yield* Cell.get(application.proofKey, "", crypto.generateProofKey)
    const result = yield* acquire(key.thumbprint)
    const payload = SignedHttpRequest.payload({
      accessToken: result.accessToken,
      publicKey: key.publicKey,
      scheme: request,
      signedAt: Math.floor((yield* Clock.currentTimeMillis) / 1000)
    })
    return { ...result, accessToken: Redacted.make(yield* key.sign(payload, "pop")) }
  })
