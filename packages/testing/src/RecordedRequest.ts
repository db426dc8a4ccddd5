/**
 * What a scripted HTTP client was asked.
 */
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"

/**
 * A request in plain, secrets included: for assertions, not for logs.
 *
 * @category models
 */
export interface RecordedRequest {
  readonly method: string
  readonly url: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The body as text, empty where there is none. */
  readonly body: string
  /** The decoded parameters of a form body; those that were sent more than once are an array. */
  readonly form: Readonly<Record<string, string | ReadonlyArray<string>>> | undefined
  /** The decoded JSON body. */
  readonly json: unknown
}

/**
 * Reads a request that is about to be sent to an address.
 *
 * @category constructors
 */
export const make = (request: HttpClientRequest.HttpClientRequest, url: URL): RecordedRequest => {
  const headers: Record<string, string> = { ...request.headers }
  const body = request.body._tag === "Uint8Array" ? new TextDecoder().decode(request.body.body) : ""
  const contentType = headers["content-type"] ?? ""
  return {
    method: request.method,
    url: url.href,
    headers,
    body,
    form: contentType.startsWith("application/x-www-form-urlencoded") ? formOf(body) : undefined,
    json: contentType.startsWith("application/json") ? JSON.parse(body) as unknown : undefined
  }
}

const formOf = (body: string): RecordedRequest["form"] => {
  const parameters = new URLSearchParams(body)
  return Object.fromEntries([...new Set(parameters.keys())].map((name) => {
    const values = parameters.getAll(name)
    return [name, values.length > 1 ? values : values[0] ?? ""]
  }))
}
