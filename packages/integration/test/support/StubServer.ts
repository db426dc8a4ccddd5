import { issueCertificates } from "@grantwork/emulator/certificates"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { generateKeyPairSync, randomUUID, sign } from "node:crypto"
import { EventEmitter, once } from "node:events"
import type { IncomingMessage, ServerResponse } from "node:http"
import { createServer } from "node:https"
import { text } from "node:stream/consumers"

interface ReceivedRequest {
  readonly path: string
  readonly authorization: string | undefined
  readonly acceptEncoding: string | string[] | undefined
  readonly form: URLSearchParams
}

/** `behave` answers as the server should. */
export type Answer = (response: ServerResponse, behave: () => void) => void

/** A provider of its own over TLS that signs everyone in, and misbehaves where told. */
export interface StubServer {
  readonly issuer: string
  readonly caCertificate: string
  readonly received: ReadonlyArray<ReceivedRequest>
  /** Answers a path in another way from now on. */
  readonly misbehave: (path: string, answer: Answer) => void
  /** Answers everything as it should again. */
  readonly recover: () => void
  /** Waits until a path is asked. */
  readonly asked: (path: string) => Effect.Effect<void>
  /** Waits until an answer's connection is gone, or the answer complete. */
  readonly gone: (path: string) => Effect.Effect<void>
}

export const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
}

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
const jwk = { ...publicKey.export({ format: "jwk" }), alg: "ES256", kid: "stub", use: "sig" }

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url")

const idToken = (issuer: string, audience: string): string => {
  const now = Math.floor(Date.now() / 1000)
  const claims = { iss: issuer, aud: audience, sub: "1", iat: now, exp: now + 86_400, preferred_username: "jane" }
  const input = `${encode({ alg: "ES256", kid: "stub" })}.${encode(claims)}`
  const signature = sign("sha256", Buffer.from(input), { key: privateKey, dsaEncoding: "ieee-p1363" })
  return `${input}.${signature.toString("base64url")}`
}

type Behaviour = (response: ServerResponse, form: URLSearchParams) => void

const wellBehaved = (issuer: string): Readonly<Record<string, Behaviour>> => {
  let refreshToken = ""
  return {
    "/.well-known/openid-configuration": (response) =>
      json(response, 200, {
        issuer,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        token_endpoint_auth_methods_supported: ["client_secret_basic"]
      }),
    "/jwks": (response) => json(response, 200, { keys: [jwk] }),
    "/token": (response, form) => {
      if (form.get("grant_type") === "refresh_token" && form.get("refresh_token") !== refreshToken) {
        return json(response, 400, { error: "invalid_grant" })
      }
      refreshToken = `refresh-token-${randomUUID()}`
      json(response, 200, {
        access_token: `access-token-${randomUUID()}`,
        token_type: "Bearer",
        expires_in: 3600,
        scope: "read",
        id_token: idToken(issuer, "stub-client"),
        refresh_token: refreshToken
      })
    }
  }
}

const notFound: Behaviour = (response) => json(response, 404, {})

const start = async () => {
  const { caCertificate, certificate, privateKey: key } = await issueCertificates()
  const server = createServer({ cert: certificate, key })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  const issuer = `https://localhost:${typeof address === "object" ? address?.port : address}`
  const behaviour = wellBehaved(issuer)
  const misbehaviour = new Map<string, Answer>()
  const received: Array<ReceivedRequest> = []
  const events = new EventEmitter()
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? ""
    const { authorization, "accept-encoding": acceptEncoding } = request.headers
    const form = new URLSearchParams(await text(request))
    received.push({ path, authorization, acceptEncoding, form })
    response.on("close", () => events.emit(`gone ${path}`))
    events.emit(`asked ${path}`)
    const behave = () => (behaviour[path] ?? notFound)(response, form)
    const misbehave = misbehaviour.get(path)
    return misbehave === undefined ? behave() : misbehave(response, behave)
  }
  server.on("request", (request, response) => void answer(request, response))
  const wait = (event: string) => Effect.asVoid(Effect.promise(() => once(events, event)))
  const stub: StubServer = {
    issuer,
    caCertificate,
    received,
    misbehave: (path, answer) => misbehaviour.set(path, answer),
    recover: () => misbehaviour.clear(),
    asked: (path) => wait(`asked ${path}`),
    gone: (path) => wait(`gone ${path}`)
  }
  return { server, stub }
}

export const startStubServer: Effect.Effect<StubServer, never, Scope.Scope> = Effect.acquireRelease(
  Effect.promise(start),
  ({ server }) =>
    Effect.promise(async () => {
      server.close()
      server.closeAllConnections()
      await once(server, "close")
    })
).pipe(Effect.map(({ stub }) => stub))
