/**
 * Serves an app on loopback.
 */
import type { Express } from "express"
import { once } from "node:events"
import { createServer } from "node:http"

export interface Serving {
  /** Scheme, host and port. */
  readonly origin: string
  readonly close: () => Promise<void>
}

/** Serves at this port, or at any free one for 0, the app that is made for the address it comes to have. */
export const serve = async (port: number, makeApp: (origin: string) => Express): Promise<Serving> => {
  const server = createServer().listen(port, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  const origin = `http://localhost:${typeof address === "object" && address !== null ? address.port : port}`
  server.on("request", makeApp(origin))
  return {
    origin,
    close: async () => {
      const closed = once(server, "close")
      server.close()
      server.closeAllConnections()
      await closed
    }
  }
}
