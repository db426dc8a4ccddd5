import type { IncomingMessage } from "node:http"
import { request as send } from "node:https"
import { buffer } from "node:stream/consumers"
import type { RunningEmulator } from "../../src/startEmulator.js"

export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>

const toResponse = async (message: IncomingMessage): Promise<Response> => {
  const headers = new Headers()
  for (const [name, values = []] of Object.entries(message.headersDistinct)) {
    for (const value of values) headers.append(name, value)
  }
  return new Response(new Uint8Array(await buffer(message)), { headers, status: message.statusCode ?? 0 })
}

/**
 * Brings each request to the emulator's port, whatever host it is for. The host stays in the request; the certificate has
 * to be the emulator's. Redirects come back instead of being followed.
 */
export const createFetch = (
  { caCertificate, origin }: Pick<RunningEmulator, "caCertificate" | "origin">
): Fetch =>
async (url, init) => {
  const request = new Request(url, init)
  const body = Buffer.from(await request.arrayBuffer())
  const { host, pathname, search } = new URL(request.url)
  const options = {
    host: "127.0.0.1",
    port: new URL(origin).port,
    servername: "localhost",
    ca: caCertificate,
    method: request.method,
    path: `${pathname}${search}`,
    headers: { ...Object.fromEntries(request.headers), host }
  }
  return new Promise((resolve, reject) => {
    send(options, (message) => resolve(toResponse(message))).on("error", reject).end(body)
  })
}
