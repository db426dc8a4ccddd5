import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"

export const login = "https://login.microsoftonline.com"
export const graph = "https://graph.microsoft.com"

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** Members of a JSON object; none where the body is something else. */
  readonly body: Readonly<Record<string, unknown>>
}

/** What is undefined is left out. */
export type Form = Readonly<Record<string, string | undefined>>

export type Headers = Readonly<Record<string, string>>

export const send = (request: HttpClientRequest.HttpClientRequest) =>
  Effect.gen(function*() {
    const response = yield* HttpClient.execute(request)
    const text = yield* response.text
    return { status: response.status, headers: response.headers, text, body: members(text) } satisfies Answer
  })

const members = (text: string): Answer["body"] => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === "object" && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

export const get = (url: string | URL, headers: Headers = {}) => send(HttpClientRequest.get(url, { headers }))

export const formOf = (form: Form): URLSearchParams =>
  new URLSearchParams(Object.entries(form).flatMap(([name, value]) => value === undefined ? [] : [[name, value]]))

export const postForm = (url: string | URL, form: Form, headers: Headers = {}) =>
  send(HttpClientRequest.post(url, { headers }).pipe(HttpClientRequest.bodyUrlParams(formOf(form))))

export const postText = (url: string | URL, text: string | Uint8Array, contentType: string, headers: Headers = {}) =>
  send(HttpClientRequest.bodyUint8Array(
    HttpClientRequest.post(url, { headers }),
    typeof text === "string" ? new TextEncoder().encode(text) : text,
    contentType
  ))

/** A member of the answer that has to be text. */
export const textOf = ({ body, text }: Answer, name: string): string => {
  const value = body[name]
  if (typeof value !== "string") throw new TypeError(`There is no ${name} in ${text}`)
  return value
}

/** What a refusal comes down to. */
export const refusal = ({ body, status }: Answer) => ({
  status,
  error: body["error"],
  codes: body["error_codes"],
  ...(body["suberror"] !== undefined && { suberror: body["suberror"] })
})
