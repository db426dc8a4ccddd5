/**
 * Builds what is sent to the authorization endpoint.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Encoding from "effect/Encoding"
import type * as Redacted from "effect/Redacted"
import { type AuthError, type InvalidArgument, InvalidAuthority } from "../AuthError.js"
import * as Argument from "../domain/Argument.js"
import * as Authority from "../domain/Authority.js"
import * as Scopes from "../domain/Scopes.js"
import * as Discovery from "../endpoints/Discovery.js"
import * as AuthorizationUrl from "../protocol/AuthorizationUrl.js"
import * as Pkce from "../protocol/Pkce.js"
import { ClientApplication } from "../services/ClientApplication.js"
import { Crypto } from "../services/Crypto.js"

/** @category models */
export interface AuthorizationRequest {
  readonly redirectUri: string
  readonly scopes: Scopes.Scopes
  readonly state?: string | undefined
  readonly nonce: Redacted.Redacted | undefined
  readonly codeVerifier: Redacted.Redacted | undefined
  readonly responseMode?: AuthorizationUrl.ResponseMode | undefined
  readonly prompt?: string | undefined
  readonly loginHint?: string | undefined
  readonly domainHint?: string | undefined
  readonly claims: string | undefined
  /** Seconds. */
  readonly maxAge: number | undefined
}

/**
 * The address that makes the request.
 *
 * @category programs
 */
export const url = (
  request: AuthorizationRequest
): Effect.Effect<string, AuthError, ClientApplication | HttpClient.HttpClient | Crypto> =>
  Effect.gen(function*() {
    const { authority, clientId } = yield* ClientApplication
    const redirectUri = yield* checkRedirectUri(request.redirectUri)
    const responseMode = yield* checkResponseMode(request.responseMode)
    const { codeVerifier } = request
    const codeChallenge = codeVerifier === undefined ? undefined : yield* challenge(codeVerifier)
    const { authorizationEndpoint } = yield* Discovery.metadata(authority)
    return AuthorizationUrl.make(yield* Effect.mapError(authorizationEndpoint, () => noEndpoint(authority)), {
      client_id: clientId,
      response_type: "code",
      redirect_uri: redirectUri,
      scope: Scopes.toWire(request.scopes),
      state: request.state,
      nonce: request.nonce,
      code_challenge: codeChallenge,
      code_challenge_method: codeChallenge === undefined ? undefined : "S256",
      response_mode: responseMode,
      prompt: request.prompt,
      login_hint: request.loginHint,
      domain_hint: request.domainHint,
      claims: request.claims,
      max_age: request.maxAge?.toString(),
      client_info: authority._tag === "Entra" ? "1" : undefined
    })
  })

const noEndpoint = (authority: Authority.Authority) =>
  new InvalidAuthority({
    reason: "metadata",
    authority: Authority.provider(authority),
    endpoint: Authority.metadataUrl(authority),
    message: "The metadata has no authorization_endpoint: this provider signs nobody in by browser."
  })

/**
 * A fresh state, nonce or verifier.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7636#section-4.1
 * @category programs
 */
export const randomText: Effect.Effect<string, never, Crypto> = Effect.flatMap(
  Crypto,
  (crypto) => Effect.map(crypto.randomBytes(Pkce.entropy), Encoding.encodeBase64Url)
)

/**
 * The challenge of a verifier.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7636#section-4.2
 * @category programs
 */
export const challenge = (codeVerifier: Redacted.Redacted): Effect.Effect<string, never, Crypto> =>
  Effect.flatMap(
    Crypto,
    (crypto) => Effect.map(crypto.digest("SHA-256", Pkce.bytesToDigest(codeVerifier)), Pkce.challenge)
  )

/**
 * Checks where the response is to go.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-3.1.2
 * @category constructors
 */
export const checkRedirectUri = (redirectUri: string): Either.Either<string, InvalidArgument> =>
  typeof redirectUri === "string" && /^[a-z][a-z0-9+.-]*:\//i.test(redirectUri) && URL.canParse(redirectUri)
    && !redirectUri.includes("#")
    ? Either.right(redirectUri)
    : Either.left(Argument.invalid(
      "redirectUri",
      "redirectUri has to be an absolute address, such as http://localhost:3000/callback, without a fragment."
    ))

const checkResponseMode = (mode: AuthorizationUrl.ResponseMode | undefined) =>
  mode === undefined || AuthorizationUrl.responseModes.includes(mode)
    ? Either.right(mode)
    : Either.left(
      Argument.invalid("responseMode", `responseMode has to be one of ${AuthorizationUrl.responseModes.join(", ")}.`)
    )

/**
 * Checks `max_age`, which counts in whole seconds.
 *
 * @category constructors
 */
export const wholeSeconds = (
  maxAge: Duration.DurationInput | undefined
): Either.Either<number | undefined, InvalidArgument> =>
  maxAge === undefined
    ? Either.right(undefined)
    : Argument.duration("maxAge", maxAge).pipe(
      Either.map((duration) => Math.floor(Duration.toSeconds(duration))),
      Either.filterOrLeft(Number.isSafeInteger, () => Argument.invalid("maxAge", "maxAge is too long."))
    )
