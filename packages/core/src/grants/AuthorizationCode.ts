/**
 * A person signs in with their browser, and comes back with a code for tokens.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as AuthorizationRequest from "../acquisition/AuthorizationRequest.js"
import { signIn } from "../acquisition/SignIn.js"
import type { AuthError } from "../AuthError.js"
import type { Account } from "../domain/Account.js"
import * as Argument from "../domain/Argument.js"
import * as Authority from "../domain/Authority.js"
import * as Claims from "../domain/Claims.js"
import * as ClientCredential from "../domain/ClientCredential.js"
import * as Scopes from "../domain/Scopes.js"
import type { TokenResult } from "../domain/TokenResult.js"
import * as Discovery from "../endpoints/Discovery.js"
import * as AuthorizationFlow from "../protocol/AuthorizationFlow.js"
import * as AuthorizationResponse from "../protocol/AuthorizationResponse.js"
import type * as AuthorizationUrl from "../protocol/AuthorizationUrl.js"
import * as ErrorClassifier from "../protocol/ErrorClassifier.js"
import * as MicrosoftHeaders from "../protocol/MicrosoftHeaders.js"
import * as Pkce from "../protocol/Pkce.js"
import { ClientApplication } from "../services/ClientApplication.js"
import type { Crypto } from "../services/Crypto.js"
import type { TokenCache } from "../services/TokenCache.js"

/** @category models */
export type { AuthorizationFlow } from "../protocol/AuthorizationFlow.js"

/** @category models */
export type { Input as AuthorizationResponse } from "../protocol/AuthorizationResponse.js"

/** @category models */
export interface InitiateRequest {
  /** Empty for sign-in only. */
  readonly scopes: ReadonlyArray<string>
  readonly redirectUri: string
  /** Random unless given. */
  readonly state?: string | undefined
  /** Such as `login`, `consent`, `select_account` or `none`. */
  readonly prompt?: string | undefined
  readonly loginHint?: string | undefined
  readonly domainHint?: string | undefined
  /** Who is to sign in again: hints that the cache has of them are sent, unless the prompt is `select_account`. */
  readonly account?: Account | undefined
  /** A session at Microsoft, sent with the prompt `none`. */
  readonly sid?: string | undefined
  /** Claims challenge, a JSON object as text. */
  readonly claims?: string | undefined
  /** Longest time since the person signed in; whole seconds go on the wire. */
  readonly maxAge?: Duration.DurationInput | undefined
  readonly responseMode?: AuthorizationUrl.ResponseMode | undefined
  /** Further parameters of the address, by name; none that the request sets itself. */
  readonly extraParameters?: Readonly<Record<string, string>> | undefined
  /** Scopes to consent to at once though the token is not for them, such as another API's. */
  readonly extraScopesToConsent?: ReadonlyArray<string> | undefined
}

/**
 * Begins a sign-in: send the person to the flow's `authorizationUrl`, and keep the flow on the server's side of their
 * web session, for it holds the PKCE verifier.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7636#section-4.3
 * @category programs
 */
export const initiate = (
  request: InitiateRequest
): Effect.Effect<
  AuthorizationFlow.AuthorizationFlow,
  AuthError,
  ClientApplication | HttpClient.HttpClient | TokenCache | Crypto
> =>
  Effect.gen(function*() {
    const { authority, clientCapabilities, clientId } = yield* ClientApplication
    const scopes = Scopes.forSignIn(yield* Scopes.parse(request.scopes))
    const state = yield* Argument.nonEmptyText("state", request.state ?? (yield* AuthorizationRequest.randomText))
    const nonce = Redacted.make(yield* AuthorizationRequest.randomText)
    const codeVerifier = Redacted.make(yield* AuthorizationRequest.randomText)
    const claims = Claims.withCapabilities(yield* Claims.parseChallenge(request.claims), clientCapabilities)
    const maxAge = yield* AuthorizationRequest.wholeSeconds(request.maxAge)
    const extraScopesToConsent = yield* extraScopes(request)
    const authorizationUrl = yield* AuthorizationRequest.url({
      ...request,
      scopes: AuthorizationFlow.requested({ scopes, extraScopesToConsent }),
      state,
      nonce,
      codeVerifier,
      claims,
      maxAge
    })
    return AuthorizationFlow.encode({
      authorizationUrl,
      authority: Authority.metadataUrl(authority),
      clientId,
      redirectUri: request.redirectUri,
      scopes,
      state,
      nonce,
      codeVerifier,
      ...(extraScopesToConsent === undefined ? {} : { extraScopesToConsent }),
      ...(claims === undefined ? {} : { claims }),
      ...(maxAge === undefined ? {} : { maxAge })
    })
  })

const extraScopes = ({ extraScopesToConsent }: InitiateRequest) =>
  extraScopesToConsent === undefined
    ? Either.right(undefined)
    : Scopes.parse(extraScopesToConsent, "extraScopesToConsent")

/** @category models */
export interface CompleteRequest {
  /** As `initiate` returned it, perhaps by way of JSON. */
  readonly flow: unknown
  /** The query, form body or address that came to the redirect URI. */
  readonly response: AuthorizationResponse.Input
  /** A selection of the flow's scopes; all of them by default. */
  readonly scopes?: ReadonlyArray<string> | undefined
  readonly correlationId?: string | undefined
}

/**
 * Ends a sign-in. Nothing is sent unless the response answers the flow, and nothing cached unless the ID token does.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9700#section-2.1
 * @category programs
 */
export const complete = (
  request: CompleteRequest
): Effect.Effect<TokenResult, AuthError, ClientApplication | HttpClient.HttpClient | TokenCache | Crypto> =>
  Effect.gen(function*() {
    const { authority, clientId, credential } = yield* ClientApplication
    const flow = yield* AuthorizationFlow.decode(request.flow, {
      clientId,
      authority: Authority.metadataUrl(authority)
    })
    yield* AuthorizationFlow.checkChallenge(flow, yield* AuthorizationRequest.challenge(flow.codeVerifier))
    const response = yield* AuthorizationResponse.parse(request.response, flow.state)
    const scopes = yield* selection(request.scopes, flow)
    const metadata = yield* Discovery.metadata(authority)
    yield* AuthorizationResponse.checkIssuer(response, authority, metadata)
    const code = yield* Either.mapLeft(response.outcome, (refusal) =>
      ErrorClassifier.classify(refusal, {
        grantType: "authorize",
        endpoint: Option.getOrElse(metadata.authorizationEndpoint, () => metadata.issuer),
        secrets: [...[flow.codeVerifier, flow.nonce].map(Redacted.value), ...ClientCredential.secrets(credential)]
      }))
    return yield* signIn({
      grantType: "authorization_code",
      authority,
      parameters: { code, redirect_uri: flow.redirectUri, code_verifier: flow.codeVerifier },
      scopes,
      claims: flow.claims,
      correlationId: request.correlationId,
      idToken: {
        nonce: { sent: Redacted.value(flow.nonce) },
        maxAge: Option.fromNullable(flow.maxAge),
        required: true
      },
      call: { api: "authorization_code", outcome: "not_applicable" },
      routing: Option.map(response.homeAccountId, (homeAccountId) => MicrosoftHeaders.ofAccount({ homeAccountId })),
      hint: {}
    })
  })

/** @category models */
export interface UrlRequest extends InitiateRequest {
  /** Goes into the ID token; pass it to `redeem` too. */
  readonly nonce?: string | undefined
  /** 43 to 128 unreserved characters; pass it to `redeem` too. */
  readonly codeVerifier?: Redacted.Redacted | undefined
}

/**
 * The address alone, for applications that keep state, nonce and verifier themselves. Prefer `initiate`, which makes
 * and checks them.
 *
 * @category programs
 */
export const requestUrl = (
  request: UrlRequest
): Effect.Effect<string, AuthError, ClientApplication | HttpClient.HttpClient | TokenCache | Crypto> =>
  Effect.gen(function*() {
    const { codeVerifier, nonce } = request
    return yield* AuthorizationRequest.url({
      ...request,
      scopes: AuthorizationFlow.requested({
        scopes: Scopes.forSignIn(yield* Scopes.parse(request.scopes)),
        extraScopesToConsent: yield* extraScopes(request)
      }),
      nonce: nonce === undefined ? undefined : Redacted.make(nonce),
      codeVerifier: yield* givenVerifier(codeVerifier),
      claims: yield* Claims.parseChallenge(request.claims),
      maxAge: yield* AuthorizationRequest.wholeSeconds(request.maxAge)
    })
  })

/** @category models */
export interface RedeemRequest {
  readonly code: Redacted.Redacted
  readonly redirectUri: string
  readonly scopes: ReadonlyArray<string>
  /** The nonce of `requestUrl`; without it, an ID token that has one is rejected. */
  readonly nonce?: string | undefined
  /** The verifier of `requestUrl`. */
  readonly codeVerifier?: Redacted.Redacted | undefined
  /** Claims challenge, a JSON object as text. */
  readonly claims?: string | undefined
  readonly correlationId?: string | undefined
}

/**
 * Redeems a code whose state the application has checked itself. Prefer `complete`, which checks it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3
 * @category programs
 */
export const redeem = (
  request: RedeemRequest
): Effect.Effect<TokenResult, AuthError, ClientApplication | HttpClient.HttpClient | TokenCache | Crypto> =>
  Effect.gen(function*() {
    const { authority } = yield* ClientApplication
    const { codeVerifier, nonce } = request
    const code = yield* Argument.secret("code", request.code)
    return yield* signIn({
      grantType: "authorization_code",
      authority,
      parameters: {
        code,
        redirect_uri: yield* AuthorizationRequest.checkRedirectUri(request.redirectUri),
        code_verifier: yield* givenVerifier(codeVerifier)
      },
      scopes: yield* Scopes.parse(request.scopes),
      claims: request.claims,
      correlationId: request.correlationId,
      idToken: { nonce: nonce === undefined ? "absent" : { sent: nonce }, maxAge: Option.none(), required: true },
      call: { api: "authorization_code", outcome: "not_applicable" },
      routing: Option.none(),
      hint: {}
    })
  })

const givenVerifier = (codeVerifier: Redacted.Redacted | undefined) =>
  codeVerifier === undefined
    ? Either.right(undefined)
    : Either.flatMap(Argument.secret("codeVerifier", codeVerifier), Pkce.parseVerifier)

const selection = (scopes: ReadonlyArray<string> | undefined, flow: AuthorizationFlow.OpenFlow) =>
  scopes === undefined
    ? Either.right(flow.scopes)
    : Either.filterOrLeft(
      Scopes.parse(scopes),
      (selected) => selected.every((scope) => flow.scopes.includes(scope)),
      () => Argument.invalid("scopes", "scopes has to be a selection of the scopes the flow began with.")
    )
