/**
 * How every request is answered: read, matched with the faults that are due, handled, and logged.
 */
import * as HttpIncomingMessage from "@effect/platform/HttpIncomingMessage"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import type * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { type EntraError, EntraError as Refused, entraError, toJson } from "../protocol/EntraError.js"
import * as Masking from "../protocol/Masking.js"
import type { Endpoint, Fault } from "../scenario/Fault.js"
import { World } from "../state/World.js"
import { Exchange, type Service } from "./Exchange.js"
import * as Reply from "./Reply.js"
import { RequestOrigin } from "./RequestOrigin.js"

/**
 * The connection has to be dropped without an answer.
 *
 * @category errors
 */
export class Dropped extends Data.TaggedError("Dropped") {}

/** @category models */
export type Handler = Effect.Effect<Reply.Reply, EntraError, World | Exchange>

/** @category models */
export interface Route {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE"
  /** As `HttpRouter` writes it. */
  readonly path: `/${string}`
  readonly handler: Handler
  /** None for pages and for what steers the emulator. */
  readonly endpoint: Endpoint | undefined
  readonly isLogged: boolean
  /** Whether a refusal is shown to a person rather than told to a client. */
  readonly refusesWith: (error: EntraError, exchange: Service) => Effect.Effect<Reply.Reply, never, World>
}

const largestBody = 256 * 1024

/**
 * An HTTP application of one route.
 *
 * @category constructors
 */
export const serve = (
  route: Route
): Effect.Effect<
  HttpServerResponse.HttpServerResponse,
  Dropped,
  World | RequestOrigin | HttpServerRequest.HttpServerRequest
> => Effect.map(answer(route), Reply.toResponse)

/**
 * What a route answers to the request. Once it is begun it goes on, whether or not the client waits.
 *
 * @category programs
 */
export const answer = (
  route: Route
): Effect.Effect<Reply.Reply, Dropped, World | RequestOrigin | HttpServerRequest.HttpServerRequest> =>
  Effect.flatMap(World, ({ scope }) => Effect.flatMap(Effect.forkIn(begin(route), scope), Fiber.join))

const begin = ({ endpoint, handler, isLogged, refusesWith }: Route) =>
  Effect.gen(function*() {
    const { faults, log } = yield* World
    const read = yield* readExchange
    const at = yield* Clock.currentTimeMillis
    const grantType = read.form.get("grant_type") ?? undefined
    const due = endpoint === undefined ? [] : yield* faults.befalling({
      endpoint,
      grantType,
      clientId: (read.form.get("client_id") ?? read.query.get("client_id") ?? undefined)?.toLowerCase(),
      username: read.form.get("username")?.toLowerCase()
    })
    const exchange = { ...read, faults: due }
    const record = (reply: Reply.Reply | undefined) =>
      !isLogged ? Effect.void : log.add({
        at,
        method: exchange.method,
        origin: exchange.origin,
        path: exchange.path.slice(0, 400),
        query: Masking.parameters(exchange.query),
        form: Masking.parameters(exchange.form),
        grantType: grantType?.slice(0, 100),
        correlationId: exchange.correlationId,
        status: reply?.status,
        answer: reply === undefined ? [] : Reply.fields(reply)
      })

    yield* Effect.forEach(due, (fault) => fault.kind === "latency" ? Effect.sleep(fault.milliseconds) : Effect.void)
    if (due.some(({ kind }) => kind === "drop")) {
      yield* record(undefined)
      return yield* new Dropped()
    }
    const failing = Option.firstSomeOf(due.map((fault) => Option.fromNullable(interference(fault, at))))
    const reply = yield* Option.match(failing, {
      onSome: (outcome) => outcome instanceof Refused ? refusesWith(outcome, exchange) : Effect.succeed(outcome),
      onNone: () =>
        (read.isReadable ? handler : Effect.fail(entraError(9002313))).pipe(
          Effect.catchTag("EntraError", (error) => refusesWith(error, exchange)),
          Effect.provideService(Exchange, exchange)
        )
    })
    yield* record(reply)
    return {
      ...reply,
      headers: {
        ...reply.headers,
        "x-ms-request-id": exchange.traceId,
        ...(exchange.headers["return-client-request-id"] === "true" && { "client-request-id": exchange.correlationId })
      }
    }
  })

/** The answer of a fault that answers in the endpoint's place. */
const interference = (fault: Fault, now: number): Reply.Reply | EntraError | undefined => {
  switch (fault.kind) {
    case "throttled":
      return Reply.json(
        { error: "temporarily_unavailable", error_description: "Too many requests." },
        429,
        retryAfter(fault, now)
      )
    case "unavailable":
      return Reply.json(
        { error: "temporarily_unavailable", error_description: "The service is down." },
        503,
        retryAfter(fault, now)
      )
    case "proxyPage":
      return Reply.text("<!DOCTYPE html><title>Proxy</title><h1>This answer is a proxy's</h1>", fault.status)
    case "refusal":
      return new Refused({
        number: fault.code,
        error: fault.error,
        description: "The scenario says no.",
        status: 400,
        suberror: fault.suberror,
        claims: fault.claims
      })
    default:
      return undefined
  }
}

const retryAfter = (
  { retryAfter, ...fault }: { readonly retryAfter?: number | undefined; readonly retryAfterForm?: "seconds" | "date" },
  now: number
): Readonly<Record<string, string>> =>
  retryAfter === undefined
    ? {}
    : {
      "retry-after": fault.retryAfterForm === "date"
        ? new Date(now + retryAfter * 1000).toUTCString()
        : String(retryAfter)
    }

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Where the request goes; a target that is no path of this origin leads nowhere. */
const address = (target: string, origin: string): URL => {
  const text = target.startsWith("/") ? `${origin}${target}` : target
  return new URL(URL.canParse(text) ? text : origin)
}

/** The limit holds where the body comes over a socket; in process it has come already. */
const readText = (request: HttpServerRequest.HttpServerRequest) =>
  Effect.filterOrFail(
    HttpIncomingMessage.withMaxBodySize(request.text, Option.some(largestBody)),
    ({ length }) => length <= largestBody
  )

const readExchange = Effect.gen(function*() {
  const { identifiers } = yield* World
  const origin = yield* RequestOrigin
  const request = yield* HttpServerRequest.HttpServerRequest
  const { pathname, searchParams } = address(request.url, origin)
  const isForm = /^application\/x-www-form-urlencoded\s*(;|$)/i.test(request.headers["content-type"] ?? "")
  const body = request.method === "GET" || request.method === "HEAD"
    ? Option.some("")
    : yield* Effect.option(readText(request))
  const form = new URLSearchParams(isForm ? Option.getOrElse(body, () => "") : "")
  const correlationId = request.headers["client-request-id"] ?? searchParams.get("client-request-id")
    ?? form.get("client-request-id") ?? ""
  return {
    method: request.method,
    origin,
    path: pathname,
    headers: request.headers,
    query: searchParams,
    body: Option.getOrElse(body, () => ""),
    form,
    cookies: request.cookies,
    correlationId: guid.test(correlationId) ? correlationId.toLowerCase() : yield* identifiers.guid,
    traceId: yield* identifiers.guid,
    isReadable: Option.isSome(body)
  }
})

/**
 * A refusal told to a client.
 *
 * @category constructors
 */
export const refuseClient: Route["refusesWith"] = (error, { correlationId, origin, traceId }) =>
  Effect.map(Clock.currentTimeMillis, (now) =>
    Reply.json(
      toJson(error, {
        traceId,
        correlationId,
        origin,
        timestamp: new Date(now).toISOString().replace("T", " ").replace(/\.\d+Z$/, "Z")
      }),
      error.status
    ))
