/**
 * An HTTP client for an API that wants a bearer token, and may demand a better one.
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
import type { TokenResult } from "../domain/TokenResult.js"
import * as WwwAuthenticate from "../protocol/WwwAuthenticate.js"

/** @category models */
export interface Options<R> {
  /** Where the token may go: scheme, host and port, `https://api.example.com`. A request to another origin fails. */
  readonly origin: string
  /** Gets a token, one that meets these claims where there are any: `(claims) => Silent.acquire({ scopes, account, claims })`. */
  readonly acquire: (claims: string | undefined) => Effect.Effect<TokenResult, AuthError, R>
}

/**
 * Sends each request with a token. Where the API answers with a claims challenge, the request is sent once more with a token
 * that meets it; where that takes a person, or is not enough, it fails with `InteractionRequired`, which carries the claims.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge
 * @category combinators
 */
export const authorize =
  <R>({ acquire, origin }: Options<R>) =>
  <E, R0>(client: HttpClient.HttpClient.With<E, R0>): HttpClient.HttpClient.With<E | AuthError, R | R0> => {
    const send = (request: HttpClientRequest.HttpClientRequest, claims?: string) =>
      Effect.flatMap(
        acquire(claims),
        ({ accessToken }) => client.execute(HttpClientRequest.bearerToken(request, accessToken))
      )

    const sendAgain = (request: HttpClientRequest.HttpClientRequest, claims: string) =>
      Effect.gen(function*() {
        const response = yield* Effect.mapError(
          send(request, claims),
          (error) => error instanceof InteractionRequired ? withClaims(error, claims) : error
        )
        return yield* Option.match(challengeOf(response), {
          onNone: () => Effect.succeed(response),
          onSome: (more) => Effect.fail(demanding(more))
        })
      })

    return HttpClient.makeWith(
      (requested: Effect.Effect<HttpClientRequest.HttpClientRequest>) =>
        Effect.gen(function*() {
          const request = yield* Effect.flatMap(requested, (request) => staysWithin(origin, request))
          const response = yield* send(request)
          const claims = challengeOf(response)
          return Option.isSome(claims) ? yield* sendAgain(request, claims.value) : response
        }),
      Effect.succeed
    )
  }

const challengeOf = ({ headers, status }: HttpClientResponse.HttpClientResponse): Option.Option<string> =>
  status === 401 ? WwwAuthenticate.claims(headers["www-authenticate"]) : Option.none()

const demanding = (claims: string) =>
  new InteractionRequired({
    reason: "claims",
    message: "The API demands claims that no refresh meets. Sign in interactively, passing on the claims.",
    claims
  })

const withClaims = (error: InteractionRequired, claims: string) =>
  Object.assign(error, { claims: error.claims ?? claims })

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
