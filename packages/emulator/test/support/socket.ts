import { once } from "node:events"
import { connect, type TLSSocket } from "node:tls"

export interface Place {
  readonly origin: string
  readonly caCertificate: string
}

export const openSocket = async ({ caCertificate, origin }: Place): Promise<TLSSocket> => {
  const { port } = new URL(origin)
  const socket = connect({ host: "127.0.0.1", port: Number(port), servername: "localhost", ca: caCertificate })
  await once(socket, "secureConnect")
  return socket
}

/** Whatever comes back until the other side closes. */
export const readAll = async (socket: TLSSocket): Promise<string> => {
  let text = ""
  socket.on("data", (chunk: Buffer) => void (text += chunk.toString("latin1")))
  socket.on("error", () => {})
  if (!socket.closed) await once(socket, "close")
  return text
}

/** What comes back for these bytes, on a connection of their own. */
export const converse = async (place: Place, bytes: string): Promise<string> => {
  const socket = await openSocket(place)
  const answer = readAll(socket)
  socket.write(bytes, "latin1")
  return answer
}
