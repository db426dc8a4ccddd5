import { Agent, buildConnector } from "undici"

/** Where the emulator is, and whom to trust there. */
export interface Destination {
  readonly origin: string
  readonly caCertificate: string
}

/** Brings each request to the emulator, whatever host it is for; the host stays in the request. */
export const leadingAgent = ({ caCertificate, origin }: Destination): Agent => {
  const connect = buildConnector({ ca: caCertificate })
  const { port } = new URL(origin)
  return new Agent({
    connect: (options, callback) =>
      connect({ ...options, hostname: "127.0.0.1", port, servername: "localhost" }, callback)
  })
}
