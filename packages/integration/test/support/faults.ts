import { gzipSync } from "node:zlib"
import { type Answer, json } from "./StubServer.js"

const tokens = JSON.stringify({ access_token: "an access token", token_type: "Bearer", expires_in: 3600 })
const html = "<!doctype html><title>Sign in to the wireless network</title>"

const raw = (...chunks: ReadonlyArray<string>): Answer => (response) => {
  response.socket?.end(chunks.join("\r\n"))
}

const page = (status: number): Answer => (response) => {
  response.writeHead(status, { "content-type": "text/html" }).end(html)
}

const head = (length: number) => ["HTTP/1.1 200 OK", "content-type: application/json", `content-length: ${length}`, ""]

/** Goes on for as long as anybody reads. */
export const endless: Answer = (response) => {
  const chunk = Buffer.alloc(65_536, " ")
  const write = () => {
    while (!response.destroyed && response.write(chunk));
  }
  response.writeHead(200, { "content-type": "application/json" }).on("drain", write)
  write()
}

/** Begins a body, and never ends it. */
export const unfinished: Answer = (response) => {
  response.writeHead(200, { "content-type": "application/json" }).write("{")
}

/** Says nothing, ever. */
export const silence: Answer = () => {}

export const redirect = (status: number, location: string): Answer => (response) => {
  response.writeHead(status, { location }).end()
}

/** Ways to fail, and the error each has to come out as. */
export const faults: Readonly<Record<string, { readonly answer: Answer; readonly error: object }>> = {
  "drops the connection": {
    answer: (response) => response.socket?.destroy(),
    error: { _tag: "NetworkFailure", reason: "connection" }
  },
  "drops the connection in the middle": {
    answer: (response) => {
      response.writeHead(200, { "content-length": 1000 }).write(tokens, () => response.socket?.destroy())
    },
    error: { _tag: "NetworkFailure", reason: "connection" }
  },
  "promises more bytes than it sends": {
    answer: raw(...head(tokens.length + 1), tokens),
    error: { _tag: "NetworkFailure", reason: "connection" }
  },
  "promises fewer bytes than it sends": {
    answer: raw(...head(tokens.length - 1), tokens),
    error: { _tag: "MalformedResponse", reason: "not_json" }
  },
  "speaks another protocol": {
    answer: raw("SSH-2.0-OpenSSH_9.6", ""),
    error: { _tag: "NetworkFailure", reason: "connection" }
  },
  "sends headers without end": {
    answer: raw("HTTP/1.1 200 OK", `x-long: ${"x".repeat(1_000_000)}`, "", ""),
    error: { _tag: "NetworkFailure", reason: "connection" }
  },
  "sends a body without end": {
    answer: endless,
    error: { _tag: "MalformedResponse", reason: "too_large" }
  },
  "sends a page": {
    answer: page(200),
    error: { _tag: "MalformedResponse", reason: "not_json" }
  },
  "sends a page with status 403": {
    answer: page(403),
    error: { _tag: "MalformedResponse", status: 403 }
  },
  "sends a page with status 503": {
    answer: page(503),
    error: { _tag: "ServerUnavailable", status: 503 }
  },
  "sends nothing": {
    answer: (response) => response.writeHead(200).end(),
    error: { _tag: "MalformedResponse", reason: "not_json" }
  },
  "sends nothing, and says so": {
    answer: (response) => response.writeHead(204).end(),
    error: { _tag: "MalformedResponse" }
  },
  "sends tokens with status 201": {
    answer: (response) => json(response, 201, JSON.parse(tokens)),
    error: { _tag: "MalformedResponse", status: 201 }
  },
  "sends a list": {
    answer: (response) => json(response, 200, []),
    error: { _tag: "MalformedResponse", reason: "no_access_token" }
  },
  "sends an error with status 200": {
    answer: (response) => json(response, 200, { error: "temporarily_unavailable" }),
    error: { _tag: "ServerUnavailable" }
  }
}

const gzip = (text: string | Buffer): Answer => (response) => {
  response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end(gzipSync(text))
}

export const compressedTokens = gzip(tokens)

/** Small on the way, and large when unpacked. */
export const compressedFlood = gzip(Buffer.alloc(16 * 1024 * 1024, " "))
