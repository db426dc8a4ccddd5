/**
 * The emulator on a port, over TLS.
 */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import * as HttpMiddleware from "@effect/platform/HttpMiddleware"
import { ServeError } from "@effect/platform/HttpServerError"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { createServer } from "node:https"
import { app } from "./app.js"
import { issueCertificates } from "./certificates.js"
import * as Emulator from "./Emulator.js"
import * as Origin from "./http/Origin.js"
import { RequestOrigin } from "./http/RequestOrigin.js"
import type { InvalidScenario } from "./scenario/InvalidScenario.js"
import type { World } from "./state/World.js"

/** @category models */
export interface Service {
  /** Scheme, host and port. */
  readonly origin: string
  /** PEM; the only authority that vouches for the server. */
  readonly caCertificate: string
}

/** @category services */
export class EmulatorServer extends Context.Tag("@grantwork/emulator/EmulatorServer")<EmulatorServer, Service>() {}

/** @category models */
export interface Options extends Emulator.Options {
  /** Any free one unless given. */
  readonly port?: number | undefined
  /** Address to listen at; loopback unless told otherwise, which lets others in. */
  readonly host?: string | undefined
}

/**
 * Listens until the layer's scope ends. Answers under `localhost`, under loopback addresses, and under Microsoft's hosts
 * for those who lead their requests here.
 *
 * @category layers
 */
export const layer = (
  options: Options = {}
): Layer.Layer<EmulatorServer | Emulator.Emulator, InvalidScenario | ServeError> =>
  Layer.scoped(EmulatorServer, listen(options)).pipe(Layer.provideMerge(Emulator.layerWorld(options)), withoutWorld)

const withoutWorld = <A, E>(layer: Layer.Layer<A | World, E>): Layer.Layer<Exclude<A, World>, E> => layer

const listen = ({ host: named = "127.0.0.1", port = 0 }: Options) =>
  Effect.gen(function*() {
    const host = named.replace(/^\[(.*)\]$/, "$1")
    if (Origin.make(host, port) === undefined) {
      return yield* new ServeError({ cause: new TypeError("The host is neither a name nor an address.") })
    }
    const { caCertificate, certificate, privateKey } = yield* Effect.promise(() => issueCertificates(host))
    const server = createServer({ cert: certificate, key: privateKey })
    const { address, serve } = yield* NodeHttpServer.make(() => server, { host, port })
    const listeningPort = address._tag === "TcpAddress" ? address.port : port
    yield* Effect.addFinalizer(() => Effect.sync(() => server.closeAllConnections()))
    // Addresses and redirects of its requests are full of secrets.
    yield* HttpMiddleware.withTracerDisabledWhenEffect(serve(answer(host, listeningPort)), () => true)
    return { origin: originAt(reachedAt.get(host) ?? host, listeningPort), caCertificate }
  })

/** Where `localhost` leads, too. */
const reachedAt = new Map(["127.0.0.1", "0.0.0.0", "::"].map((host) => [host, "localhost"]))

const originAt = (host: string, port: number): string => Origin.make(host, port) ?? `https://localhost:${port}`

const answer = (listeningAt: string, port: number) => {
  const origins = new Set(["localhost", "127.0.0.1", "::1", listeningAt].map((host) => originAt(host, port)))
  return Effect.gen(function*() {
    const request = yield* HttpServerRequest.HttpServerRequest
    const header = request.headers["host"] ?? ""
    const origin = Origin.fromHeader(header)
    const isOurs = origin !== undefined
      && (origins.has(origin) || Origin.isMicrosofts(new URL(origin).host) || !Origin.isLoopback(listeningAt))
    if (!isOurs) {
      return HttpServerResponse.text(`This is no server of ${JSON.stringify(header.slice(0, 100))}.\n`, { status: 421 })
    }
    return yield* app.pipe(
      Effect.provideService(RequestOrigin, origin),
      Effect.catchTag("Dropped", () =>
        Effect.sync(() => {
          NodeHttpServerRequest.toIncomingMessage(request).socket.destroy()
          return HttpServerResponse.empty()
        }))
    )
  })
}
