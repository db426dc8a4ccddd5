/**
 * One request and its whole answer: within a time and a size, without redirects, and unseen by the HTTP client's spans.
 */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import type * as Headers from "@effect/platform/Headers"
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import { MalformedResponse, NetworkFailure } from "../AuthError.js"
import { ClientApplication } from "../services/ClientApplication.js"

/** @category models */
export interface Answer {
  readonly endpoint: string
  readonly status: number
  readonly headers: Headers.Headers
  readonly body: Uint8Array
}

/**
 * Sends a request and reads the answer to its end.
 *
 * @category combinators
 */
export const send = (
  request: HttpClientRequest.HttpClientRequest
): Effect.Effect<Answer, NetworkFailure | MalformedResponse, ClientApplication | HttpClient.HttpClient> =>
  Effect.gen(function*() {
    const { maximumResponseSize, requestTimeout } = yield* ClientApplication
    const client = HttpClient.withScope(yield* HttpClient.HttpClient)
    const fetchOptions = yield* Effect.serviceOption(FetchHttpClient.RequestInit)
    const endpoint = withoutQuery(request.url)
    const exchange = Effect.gen(function*() {
      const response = yield* client.execute(request)
      if (response.status === 0 || isRedirect(request, response)) {
        return yield* redirected(endpoint, response.status)
      }
      if (!Number.isInteger(response.status)) {
        return yield* disconnected(endpoint, undefined)
      }
      const body = yield* readBody(response, maximumResponseSize, endpoint).pipe(
        Effect.catchAllDefect(() => Effect.fail(disconnected(endpoint, undefined)))
      )
      return { endpoint, status: response.status, headers: response.headers, body }
    })
    // Closing the scope ends the connection of an answer that was not read to its end.
    return yield* Effect.scoped(exchange).pipe(
      Effect.provideService(FetchHttpClient.RequestInit, {
        ...Option.getOrElse(fetchOptions, () => ({})),
        redirect: "manual"
      }),
      Effect.locally(HttpClient.currentTracerDisabledWhen, () => true),
      Effect.catchTags({
        RequestError: (error) => Effect.fail(disconnected(endpoint, error.cause)),
        ResponseError: (error) => Effect.fail(disconnected(endpoint, error.cause))
      }),
      Effect.timeoutFail({
        duration: requestTimeout,
        onTimeout: () =>
          new NetworkFailure({
            reason: "timeout",
            endpoint,
            message: `No complete answer came from ${endpoint} within ${Duration.format(requestTimeout)}. Try again.`
          })
      }),
      Effect.interruptible,
      Effect.disconnect
    )
  })

const withoutQuery = (url: string): string => url.replace(/[?#].*$/s, "")

const isRedirect = (
  request: HttpClientRequest.HttpClientRequest,
  response: HttpClientResponse.HttpClientResponse
): boolean => (response.status >= 300 && response.status < 400) || response.request.url !== request.url

const redirected = (endpoint: string, status: number) =>
  new MalformedResponse({
    reason: "redirect",
    endpoint,
    status,
    message: `${endpoint} answered with a redirect, which is never followed with credentials or for metadata.`
      + " Correct the authority, or have the proxy in between let it through."
  })

const disconnected = (endpoint: string, cause: unknown) => {
  const code = platformCode(cause)
  return new NetworkFailure({
    reason: "connection",
    endpoint,
    code,
    message: `The connection to ${endpoint} failed${code === undefined ? "" : ` (${code})`}.`
      + " Check the address, the network, and that the server's certificate is trusted."
  })
}

const platformCode = (cause: unknown, depth = 0): string | undefined => {
  if (!Predicate.isRecord(cause) || depth > 4) {
    return undefined
  }
  const code = cause["code"]
  return typeof code === "string" && /^[A-Z0-9_]{1,64}$/.test(code) ? code : platformCode(cause["cause"], depth + 1)
}

const readBody = (
  response: HttpClientResponse.HttpClientResponse,
  maximumSize: number,
  endpoint: string
): Effect.Effect<Uint8Array, MalformedResponse | HttpClientError.ResponseError> =>
  announcedSize(response) <= maximumSize
    ? Effect.map(response.arrayBuffer, (buffer) => new Uint8Array(buffer))
    : readChunks(response, maximumSize, endpoint)

/** Bytes to come, which the transport holds the server to; infinite where they are unknown, or come compressed. */
const announcedSize = ({ headers }: HttpClientResponse.HttpClientResponse): number =>
  /^\d+$/.test(headers["content-length"] ?? "") && headers["content-encoding"] === undefined
    ? Number(headers["content-length"])
    : Number.POSITIVE_INFINITY

const readChunks = (
  response: HttpClientResponse.HttpClientResponse,
  maximumSize: number,
  endpoint: string
): Effect.Effect<Uint8Array, MalformedResponse | HttpClientError.ResponseError> =>
  Effect.suspend(() => {
    const chunks: Array<Uint8Array> = []
    let size = 0
    return response.stream.pipe(
      Stream.runForEach((chunk) => {
        if (!(chunk instanceof Uint8Array)) {
          return Effect.dieMessage("A body has to come in bytes.")
        }
        size += chunk.byteLength
        chunks.push(chunk)
        return size > maximumSize ? Effect.fail(tooLarge(endpoint, maximumSize, response.status)) : Effect.void
      }),
      Effect.map(() => concatenate(chunks, size)),
      Effect.catchIf(
        (error) => error._tag === "ResponseError" && error.reason === "EmptyBody",
        () => Effect.succeed(new Uint8Array())
      )
    )
  })

const tooLarge = (endpoint: string, maximumSize: number, status: number) =>
  new MalformedResponse({
    reason: "too_large",
    endpoint,
    status,
    message: `${endpoint} answered with more than ${maximumSize} bytes. Raise maximumResponseSize if that is right.`
  })

const concatenate = (chunks: ReadonlyArray<Uint8Array>, size: number): Uint8Array => {
  const body = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    body.set(chunk, offset)
    offset += chunk.byteLength
  }
  return body
}
