import type { IncomingMessage } from "node:http"
import { request as send } from "node:https"
import { buffer } from "node:stream/consumers"

/** `fetch` as far as tests need it: redirects come back instead of being followed. */
export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>

const bodiless = new Set([204, 205, 304])

const toResponse = async (message: IncomingMessage): Promise<Response> => {
  const { headersDistinct, statusCode: status = 500, statusMessage: statusText = "" } = message
  const headers = new Headers()
  for (const [name, values = []] of Object.entries(headersDistinct)) {
    for (const value of values) headers.append(name, value)
  }
  const body = await buffer(message)
  return new Response(bodiless.has(status) ? null : new Uint8Array(body), { headers, status, statusText })
}

/** Trusts one certification authority and no other, and leaves everything global as it is. */
export const createFetch = (caCertificate: string): Fetch => async (url, init) => {
  const request = new Request(url, init)
  const body = Buffer.from(await request.arrayBuffer())
  return new Promise((resolve, reject) => {
    const { method, signal } = request
    const headers = Object.fromEntries(request.headers)
    send(request.url, { ca: caCertificate, headers, method, signal }, (message) => resolve(toResponse(message)))
      .on("error", reject)
      .end(body)
  })
}
