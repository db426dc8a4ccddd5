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
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type * as Redacted from "effect/Redacted"
import { type AuthError, type InvalidArgument, InvalidAuthority } from "../AuthError.js"
import * as Partition from "../cache/Partition.js"
import type { Account } from "../domain/Account.js"
import * as Argument from "../domain/Argument.js"
import * as Authority from "../domain/Authority.js"
import * as Claims from "../domain/Claims.js"
import * as Scopes from "../domain/Scopes.js"
import * as Discovery from "../endpoints/Discovery.js"
import * as AuthorizationUrl from "../protocol/AuthorizationUrl.js"
import type * as Form from "../protocol/Form.js"
import * as MicrosoftHeaders from "../protocol/MicrosoftHeaders.js"
import * as Pkce from "../protocol/Pkce.js"
import * as SignInHint from "../protocol/SignInHint.js"
import { ClientApplication } from "../services/ClientApplication.js"
import { Crypto } from "../services/Crypto.js"
import { TokenCache } from "../services/TokenCache.js"

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
  readonly sid?: string | undefined
  readonly account?: Account | undefined
  readonly domainHint?: string | undefined
  readonly extraParameters?: Readonly<Record<string, string>> | undefined
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
): Effect.Effect<string, AuthError, ClientApplication | HttpClient.HttpClient | TokenCache | Crypto> =>
  Effect.gen(function*() {
    const { authority, clientCapabilities, clientId } = yield* ClientApplication
    const redirectUri = yield* checkRedirectUri(request.redirectUri)
    const responseMode = yield* checkResponseMode(request.responseMode)
    const { hint, routing } = yield* hints(request)
    const { codeVerifier } = request
    const codeChallenge = codeVerifier === undefined ? undefined : yield* challenge(codeVerifier)
    const parameters: Form.Form = {
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
      login_hint: hint.loginHint,
      sid: hint.sid,
      domain_hint: request.domainHint,
      claims: Claims.withCapabilities(request.claims, clientCapabilities),
      max_age: request.maxAge?.toString(),
      "X-AnchorMailbox": Authority.sendsClientInfo(authority)
        ? Option.getOrUndefined(Option.flatMap(routing, MicrosoftHeaders.anchorMailbox))
        : undefined,
      client_info: Authority.sendsClientInfo(authority) ? "1" : undefined
    }
    const extraParameters = yield* checkExtraParameters(request.extraParameters ?? {}, parameters)
    const { authorizationEndpoint } = yield* Discovery.metadata(authority)
    return AuthorizationUrl.make(yield* Effect.mapError(authorizationEndpoint, () => noEndpoint(authority)), {
      ...parameters,
      ...extraParameters
    })
  })

const hints = (request: AuthorizationRequest) =>
  Effect.gen(function*() {
    const { authority, clientId } = yield* ClientApplication
    const { account, loginHint } = request
    if (account === undefined) {
      const hint = SignInHint.choose({ ...request, account: Option.none(), claims: Option.none() })
      return { hint, routing: Option.map(Option.fromNullable(loginHint || undefined), MicrosoftHeaders.ofUsername) }
    }
    if (!Authority.knows(authority, account)) {
      return yield* Argument.invalid("account", "account is from another provider than this application's.")
    }
    const cache = yield* TokenCache
    const partition = yield* cache.read(Partition.userKey(authority, account.homeAccountId))
    // Elsewhere these claims mean something else, or nothing.
    const claims = Authority.sendsClientInfo(authority)
      ? Option.map(Partition.idToken(partition, clientId, account.tenantId), ({ claims }) => claims)
      : Option.none()
    return {
      hint: SignInHint.choose({ ...request, account: Option.some(account), claims }),
      routing: Option.some(MicrosoftHeaders.ofAccount(account))
    }
  })

const checkExtraParameters = (
  extra: Readonly<Record<string, string>>,
  own: Form.Form
): Either.Either<Readonly<Record<string, string>>, InvalidArgument> => {
  if (!Predicate.isRecord(extra) || !Object.values(extra).every(Predicate.isString)) {
    return Either.left(Argument.invalid("extraParameters", "extraParameters has to be an object of texts by name."))
  }
  const taken = new Set([...Object.keys(own), "request", "request_uri"].map((name) => name.toLowerCase()))
  const clash = Object.keys(extra).find((name) => taken.has(name.toLowerCase()))
  return clash === undefined ? Either.right(extra) : Either.left(
    Argument.invalid(
      "extraParameters",
      `extraParameters must not have ${clash}: the request sets or protects it itself.`
    )
  )
}

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
