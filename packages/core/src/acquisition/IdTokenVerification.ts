/**
 * Proves who the tokens are for.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { type AuthError, IdTokenRejected, InvalidAuthority, withDetails } from "../AuthError.js"
import * as Authority from "../domain/Authority.js"
import type { IdTokenClaims } from "../domain/Claims.js"
import * as Jwks from "../endpoints/Jwks.js"
import * as IdToken from "../protocol/IdToken.js"
import * as Json from "../protocol/Json.js"
import * as JsonWebKeySet from "../protocol/JsonWebKeySet.js"
import { ClientApplication } from "../services/ClientApplication.js"
import { Crypto, type SignatureRejected } from "../services/Crypto.js"
import type { IssuedTokens } from "./TokenRequest.js"

/**
 * The verified claims, none where there is no ID token and none was needed. Fails with `IdTokenRejected` where the token
 * is no proof, and with another error where the provider's keys could not be had.
 *
 * @category programs
 */
export const verify = (
  issued: IssuedTokens
): Effect.Effect<Option.Option<IdTokenClaims>, AuthError, ClientApplication | HttpClient.HttpClient | Crypto> =>
  Effect.gen(function*() {
    if (Option.isSome(issued.response.idToken)) {
      return Option.some(yield* verifyToken(issued.response.idToken.value, issued))
    }
    return issued.grant.idToken.required
      ? yield* new IdTokenRejected({ rule: "missing", message: "The provider sent no ID token." })
      : Option.none()
  }).pipe(
    Effect.catchTag(
      "IdTokenRejected",
      (error) =>
        Effect.fail(
          withDetails({ endpoint: issued.metadata.tokenEndpoint, correlationId: issued.correlationId })(error)
        )
    ),
    Effect.withSpan("Grantwork.IdToken", { captureStackTrace: false })
  )

const verifyToken = (idToken: Redacted.Redacted, { grant, metadata, receivedAt, response }: IssuedTokens) =>
  Effect.gen(function*() {
    const application = yield* ClientApplication
    const crypto = yield* Crypto
    const { algorithm, keyIssuer, payload } = yield* verifySignature(idToken, { grant, metadata })
    const claims = yield* IdToken.check(Option.getOrUndefined(Json.parse(payload)), {
      ...grant.idToken,
      clientId: application.clientId,
      authority: grant.authority,
      metadata,
      now: receivedAt.epochMillis / 1000,
      clockSkew: Duration.toSeconds(application.clockSkew),
      keyIssuer
    })
    if (claims["at_hash"] === undefined) {
      return claims
    }
    const digest = yield* crypto.digest(
      IdToken.accessTokenDigest(algorithm),
      new TextEncoder().encode(Redacted.value(response.accessToken))
    )
    return yield* IdToken.checkAccessTokenHash(claims, digest)
  })

const verifySignature = (idToken: Redacted.Redacted, { grant, metadata }: Pick<IssuedTokens, "grant" | "metadata">) =>
  Effect.gen(function*() {
    const { idTokenSigningAlgorithms } = yield* ClientApplication
    const crypto = yield* Crypto
    const jwksUri = yield* Effect.mapError(metadata.jwksUri, () =>
      new InvalidAuthority({
        reason: "metadata",
        authority: Authority.provider(grant.authority),
        endpoint: Authority.metadataUrl(grant.authority),
        message: "The metadata has no jwks_uri, so the ID token cannot be verified."
      }))
    const verifyBy = (keys: ReturnType<typeof Jwks.keys>) =>
      Effect.flatMap(
        keys,
        (keySet) =>
          Effect.map(crypto.verify(Redacted.value(idToken), keySet, idTokenSigningAlgorithms), (signature) => ({
            ...signature,
            keyIssuer: JsonWebKeySet.issuerOf(keySet, signature.keyId)
          }))
      )
    return yield* verifyBy(Jwks.keys(jwksUri)).pipe(
      Effect.catchIf(
        (error) => error._tag === "SignatureRejected" && error.reason === "unknown_key",
        () => verifyBy(Jwks.keysAfterRotation(jwksUri))
      ),
      Effect.catchTag("SignatureRejected", (error) => Effect.fail(rejected(error)))
    )
  })

const messages: Record<SignatureRejected["reason"], string> = {
  malformed: "The ID token is not a signed JWT, or its key is not fit for use.",
  algorithm: "The ID token is signed with an algorithm that is not accepted. See idTokenSigningAlgorithms.",
  unknown_key: "The ID token is signed with a key that the provider does not publish.",
  signature: "The ID token's signature does not hold."
}

const rejected = ({ reason }: SignatureRejected) => new IdTokenRejected({ rule: reason, message: messages[reason] })
