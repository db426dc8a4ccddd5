/**
 * The body of a request, up to a size.
 */
import type { RequestError } from "@effect/platform/HttpServerError"
import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"

/** @category errors */
export class BodyTooLarge extends Data.TaggedError("BodyTooLarge") {}

const largest = 256 * 1024

/** Up to here a body is read to its end, though not kept, so that its sender gets to read the answer. */
const mostDiscarded = 16 * 1024 * 1024

export const readBody = (
  request: HttpServerRequest.HttpServerRequest
): Effect.Effect<string, BodyTooLarge | RequestError> => {
  if (request.method === "GET" || request.method === "HEAD" || isEmpty(request)) return Effect.succeed("")
  if (Number(request.headers["content-length"] ?? 0) > mostDiscarded) return Effect.fail(new BodyTooLarge())
  const chunks: Array<Uint8Array> = []
  let size = 0
  return Stream.runForEachWhile(request.stream, (chunk) =>
    Effect.sync(() => {
      size += chunk.length
      if (size <= largest) chunks.push(chunk)
      else chunks.length = 0
      return size <= mostDiscarded
    })).pipe(
      Effect.flatMap(() => size > largest ? Effect.fail(new BodyTooLarge()) : Effect.succeed(decode(chunks)))
    )
}

const isEmpty = ({ source }: HttpServerRequest.HttpServerRequest): boolean =>
  source instanceof Request && source.body === null

const decode = (chunks: ReadonlyArray<Uint8Array>): string => {
  const decoder = new TextDecoder()
  return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") + decoder.decode()
}
