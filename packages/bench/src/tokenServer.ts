/**
 * A token server on loopback in a process of its own, so that it shares no event loop with those that are measured.
 */
import { createServer, type IncomingMessage } from "node:http"
import { text } from "node:stream/consumers"
import { makeProvider } from "./provider.js"

const server = createServer()

server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  const port = typeof address === "object" ? address?.port : undefined
  const provider = makeProvider(`http://127.0.0.1:${port}`)
  for (let index = 0; index < Number(process.argv[2]); index++) {
    provider.signIdToken(index)
  }
  let tokenRequests = 0

  const answer = async (request: IncomingMessage): Promise<unknown> => {
    if (request.url === "/count") {
      return tokenRequests
    }
    if (request.method === "POST") {
      tokenRequests++
    }
    return provider.answer(request.url ?? "", new URLSearchParams(await text(request)))
  }

  server.on("request", (request, response) => {
    answer(request).then((body) => {
      const json = JSON.stringify(body)
      const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(json) }
      response.writeHead(200, headers).end(json)
    }, () => response.writeHead(500).end())
  })
  process.send?.(port)
})

server.keepAliveTimeout = 60_000
process.once("disconnect", () => process.exit())
