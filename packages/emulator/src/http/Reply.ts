/**
 * What an endpoint answers.
 */
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import { formPostPage, submitScriptHash } from "../pages/formPostPage.js"
import type { Html } from "../pages/Html.js"
import * as Masking from "../protocol/Masking.js"
import type { Fields } from "../state/RequestLog.js"

/**
 * Why the answer is a refusal.
 *
 * @category models
 */
export interface Refusal {
  /** AADSTS number. */
  readonly number: number
  readonly description: string
}

/** @category models */
export type Reply =
  & {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly refusal?: Refusal
  }
  & (
    | { readonly _tag: "Json"; readonly body: Readonly<Record<string, unknown>> }
    | { readonly _tag: "Page"; readonly page: Html }
    | { readonly _tag: "Redirect"; readonly location: string }
    | { readonly _tag: "FormPost"; readonly action: string; readonly parameters: URLSearchParams }
    | { readonly _tag: "Text"; readonly text: string }
  )

/** @category constructors */
export const json = (
  body: Readonly<Record<string, unknown>>,
  status = 200,
  headers: Readonly<Record<string, string>> = {}
): Reply => ({ _tag: "Json", body, status, headers })

/** @category constructors */
export const page = (page: Html, status = 200, headers: Readonly<Record<string, string>> = {}): Reply => ({
  _tag: "Page",
  page,
  status,
  headers
})

/** @category constructors */
export const redirect = (location: string): Reply => ({ _tag: "Redirect", location, status: 303, headers: {} })

/**
 * A page that posts the parameters on, by itself or by a button.
 *
 * @category constructors
 */
export const formPost = (action: string, parameters: URLSearchParams): Reply => ({
  _tag: "FormPost",
  action,
  parameters,
  status: 200,
  headers: {}
})

/** @category constructors */
export const text = (text: string, status: number, headers: Readonly<Record<string, string>> = {}): Reply => ({
  _tag: "Text",
  text,
  status,
  headers
})

/**
 * Lets a browser remember itself.
 *
 * @category combinators
 */
export const withCookie = (reply: Reply, cookie: string): Reply => ({
  ...reply,
  headers: { ...reply.headers, "set-cookie": cookie }
})

/** Pages load nothing from elsewhere, and no other page may frame them. */
const pageHeaders = {
  "content-security-policy": [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    "img-src data:",
    `script-src '${submitScriptHash}'`,
    "base-uri 'none'",
    "frame-ancestors 'none'"
  ].join("; "),
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff"
}

/** @category encoders */
export const toResponse = (reply: Reply): HttpServerResponse.HttpServerResponse => {
  const headers = { "cache-control": "no-store", pragma: "no-cache", ...reply.headers }
  const { status } = reply
  switch (reply._tag) {
    case "Json":
      return HttpServerResponse.text(JSON.stringify(reply.body), {
        status,
        headers: { "x-content-type-options": "nosniff", ...headers },
        contentType: "application/json; charset=utf-8"
      })
    case "Page":
      return pageResponse(reply.page, status, headers)
    case "FormPost":
      return pageResponse(formPostPage(reply.action, reply.parameters), status, headers)
    case "Redirect":
      return HttpServerResponse.empty({ status, headers: { ...headers, location: reply.location } })
    case "Text":
      return HttpServerResponse.text(reply.text, { status, headers, contentType: "text/html; charset=utf-8" })
  }
}

const pageResponse = ({ text }: Html, status: number, headers: Readonly<Record<string, string>>) =>
  HttpServerResponse.text(text, {
    status,
    headers: { ...pageHeaders, ...headers },
    contentType: "text/html; charset=utf-8"
  })

/**
 * What the request log shows of the answer.
 *
 * @category getters
 */
export const fields = (reply: Reply): Fields => {
  switch (reply._tag) {
    case "Json":
      return Masking.members(reply.body)
    case "Redirect": {
      const [, parameters = ""] = reply.location.split(/[?#]/)
      return Masking.parameters(new URLSearchParams(parameters))
    }
    case "FormPost":
      return Masking.parameters(reply.parameters)
    case "Page":
    case "Text":
      return []
  }
}
