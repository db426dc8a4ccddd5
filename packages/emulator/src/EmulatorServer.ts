/**
 * The emulator on a port, over TLS.
 */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import type { ServeError } from "@effect/platform/HttpServerError"
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

const listen = ({ host = "127.0.0.1", port = 0 }: Options) =>
  Effect.gen(function*() {
    const { caCertificate, certificate, privateKey } = yield* Effect.promise(() => issueCertificates())
    const server = createServer({ cert: certificate, key: privateKey })
    const { address, serve } = yield* NodeHttpServer.make(() => server, { host, port })
    const listeningPort = address._tag === "TcpAddress" ? address.port : port
    yield* Effect.addFinalizer(() => Effect.sync(() => server.closeAllConnections()))
    yield* serve(answer(host, listeningPort))
    return { origin: `https://localhost:${listeningPort}`, caCertificate }
  })

const answer = (listeningAt: string, port: number) => {
  const hosts = new Set(["localhost", "127.0.0.1", "[::1]", listeningAt].map((host) => `${host}:${port}`))
  return Effect.gen(function*() {
    const request = yield* HttpServerRequest.HttpServerRequest
    const host = request.headers["host"] ?? ""
    const isOpen = !loopback.has(listeningAt) && /^[\w.-]+(:\d+)?$/.test(host)
    if (!hosts.has(host) && !Origin.isMicrosofts(host) && !isOpen) {
      return HttpServerResponse.text(`This is no server of ${JSON.stringify(host.slice(0, 100))}.\n`, { status: 421 })
    }
    return yield* app.pipe(
      Effect.provideService(RequestOrigin, `https://${host}`),
      Effect.catchTag("Dropped", () =>
        Effect.sync(() => {
          NodeHttpServerRequest.toIncomingMessage(request).socket.destroy()
          return HttpServerResponse.empty()
        }))
    )
  })
}

const loopback = new Set(["127.0.0.1", "::1", "localhost"])
