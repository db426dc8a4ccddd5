/**
 * What a scripted HTTP client answers.
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { RecordedRequest } from "./RecordedRequest.js"

/**
 * A status of 0 is what browsers show of a redirect that they were told not to follow.
 *
 * @category models
 */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Stream.Stream<Uint8Array, unknown> | undefined
}

/**
 * The connection broke before an answer came; `code` is the platform's, such as `ECONNRESET`.
 *
 * @category errors
 */
export class Disconnected extends Data.TaggedError("Disconnected")<{ readonly code: string }> {}

/**
 * A reply, an effect that makes one each time, or a function that makes one to suit the request.
 *
 * @category models
 */
export type Answer =
  | Reply
  | Effect.Effect<Reply, Disconnected>
  | ((request: RecordedRequest) => Reply | Effect.Effect<Reply, Disconnected>)

/**
 * What a reply has besides its body; the status is 200 by default.
 *
 * @category models
 */
export interface Options {
  readonly status?: number | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

const make = (body: Reply["body"], contentType: string | undefined, options: Options = {}): Reply => ({
  status: options.status ?? 200,
  headers: { ...(contentType !== undefined && { "content-type": contentType }), ...options.headers },
  body
})

/**
 * A value as JSON; members that are `undefined` are left out.
 *
 * @category constructors
 */
export const json = (body: unknown, options?: Options): Reply => make(JSON.stringify(body), "application/json", options)

/**
 * A text as it is, such as JSON that no encoder writes.
 *
 * @category constructors
 */
export const text = (body: string, options?: Options): Reply => make(body, "text/plain", options)

/**
 * A page, such as a proxy's.
 *
 * @category constructors
 */
export const html = (body: string, options?: Options): Reply => make(body, "text/html", options)

/**
 * No body at all.
 *
 * @category constructors
 */
export const empty = (options?: Options): Reply => make(undefined, undefined, options)

/**
 * A body in chunks, which may be endless, slow or broken; time in it is the test's.
 *
 * @category constructors
 */
export const stream = (body: Stream.Stream<Uint8Array, unknown>, options?: Options): Reply =>
  make(body, "application/json", options)

/**
 * A redirect elsewhere.
 *
 * @category constructors
 */
export const redirect = (location: string, status = 302): Reply => empty({ status, headers: { location } })

/**
 * No answer, ever.
 *
 * @category constructors
 */
export const never: Effect.Effect<Reply> = Effect.never

/**
 * A connection that breaks before the answer.
 *
 * @category constructors
 */
export const disconnected = (code = "ECONNRESET"): Effect.Effect<Reply, Disconnected> =>
  Effect.fail(new Disconnected({ code }))
