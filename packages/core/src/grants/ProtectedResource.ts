/**
 * An HTTP client for an API that wants a token, and may demand a better one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750
 */
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type AuthError, InteractionRequired, type InvalidArgument } from "../AuthError.js"
import * as Argument from "../domain/Argument.js"
import type { PopScheme } from "../domain/PopScheme.js"
import type { TokenResult } from "../domain/TokenResult.js"
import * as AuthorizationHeader from "../protocol/AuthorizationHeader.js"
import * as WwwAuthenticate from "../protocol/WwwAuthenticate.js"

/** @category models */
export interface Options<R> {
  /** Where the token may go: scheme, host and port, `https://api.example.com`. A request to another origin fails. */
  readonly origin: string
  /**
   * Gets a token, one that meets these claims where there are any: `(claims) => Silent.acquire({ scopes, account, claims })`.
   * For proof of possession it takes the request besides, as `authScheme`.
   */
  readonly acquire: (
    claims: string | undefined,
    authScheme: PopScheme
  ) => Effect.Effect<TokenResult, AuthError, R>
}

/**
 * Sends each request with a token. Where the API answers with a claims challenge, or with a nonce to be signed, the request
 * is sent once more with a token that meets it; where that takes a person, or is not enough, it fails with
 * `InteractionRequired`, which carries the claims.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge
 * @category combinators
 */
export const authorize =
  <R>({ acquire, origin }: Options<R>) =>
  <E, R0>(client: HttpClient.HttpClient.With<E, R0>): HttpClient.HttpClient.With<E | AuthError, R | R0> => {
    const send = (request: HttpClientRequest.HttpClientRequest, { claims, nonce }: Challenge) =>
      Effect.flatMap(
        acquire(claims, { method: request.method, url: request.url, nonce }),
        (token) => client.execute(HttpClientRequest.setHeader(request, "authorization", AuthorizationHeader.of(token)))
      )

    const sendAgain = (request: HttpClientRequest.HttpClientRequest, challenge: Challenge) =>
      Effect.gen(function*() {
        const response = yield* Effect.mapError(
          send(request, challenge),
          (error) => error instanceof InteractionRequired ? withClaims(error, challenge.claims) : error
        )
        const { claims } = challengeOf(response)
        return claims === undefined ? response : yield* Effect.fail(demanding(claims))
      })

    return HttpClient.makeWith(
      (requested: Effect.Effect<HttpClientRequest.HttpClientRequest>) =>
        Effect.gen(function*() {
          const request = yield* Effect.flatMap(requested, (request) => staysWithin(origin, request))
          const response = yield* send(request, {})
          const challenge = challengeOf(response)
          return challenge.claims === undefined && challenge.nonce === undefined
            ? response
            : yield* sendAgain(request, challenge)
        }),
      Effect.succeed
    )
  }

interface Challenge {
  readonly claims?: string | undefined
  readonly nonce?: string | undefined
}

const challengeOf = ({ headers, status }: HttpClientResponse.HttpClientResponse): Challenge => {
  const header = status === 401 ? headers["www-authenticate"] : undefined
  return {
    claims: Option.getOrUndefined(WwwAuthenticate.claims(header)),
    nonce: Option.getOrUndefined(WwwAuthenticate.nonce(header))
  }
}

const demanding = (claims: string) =>
  new InteractionRequired({
    reason: "claims",
    message: "The API demands claims that no refresh meets. Sign in interactively, passing on the claims.",
    claims
  })

const withClaims = (error: InteractionRequired, claims: string | undefined) =>
  claims === undefined ? error : Object.assign(error, { claims: error.claims ?? claims })

const staysWithin = (
  origin: string,
  request: HttpClientRequest.HttpClientRequest
): Effect.Effect<HttpClientRequest.HttpClientRequest, InvalidArgument> => {
  if (!isOrigin(origin)) {
    return Effect.fail(
      Argument.invalid("origin", "origin has to be a scheme, a host and a port: https://api.example.com")
    )
  }
  if (!URL.canParse(request.url)) {
    return Effect.fail(
      Argument.invalid(
        "url",
        "A url has to be absolute. Put HttpClientRequest.prependUrl around the authorized client."
      )
    )
  }
  return new URL(request.url).origin === new URL(origin).origin
    ? Effect.succeed(request)
    : Effect.fail(
      Argument.invalid("url", `A token for ${origin} goes nowhere else. Use another client for other addresses.`)
    )
}

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).href === `${new URL(text).origin}/`
