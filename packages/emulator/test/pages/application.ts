/**
 * An application that a browser is sent back to: it listens on loopback, and remembers what was brought.
 */
import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import { text } from "node:stream/consumers"

/** What a browser brought to the redirect URI. */
export interface Brought {
  readonly method: string
  readonly parameters: URLSearchParams
}

export interface Application extends AsyncDisposable {
  readonly redirectUri: string
  /** What is brought next. */
  readonly next: () => Promise<Brought>
}

const read = async (request: IncomingMessage): Promise<Brought> => ({
  method: request.method ?? "",
  parameters: request.method === "POST"
    ? new URLSearchParams(await text(request))
    : new URL(request.url ?? "/", "http://localhost").searchParams
})

export const startApplication = async (): Promise<Application> => {
  let bring: (brought: Brought) => void = () => undefined
  const server = createServer((request, response) => {
    const isCallback = request.url?.startsWith("/callback") === true
    void read(request).then((brought) => {
      response.setHeader("content-type", "text/html")
      response.end("<!DOCTYPE html><html lang=\"en\"><title>Application</title><h1>Back at the application</h1></html>")
      if (isCallback) bring(brought)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    redirectUri: `http://localhost:${port}/callback`,
    next: () => new Promise((resolve) => (bring = resolve)),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      })
  }
}
