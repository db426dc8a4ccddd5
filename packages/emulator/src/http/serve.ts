/**
 * How every request is answered: read, matched with the faults that are due, handled, and logged.
 */
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import type * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import { readBasic } from "../protocol/basicCredentials.js"
import { EntraError, entraError, toJson } from "../protocol/EntraError.js"
import * as Masking from "../protocol/Masking.js"
import type { Endpoint, Fault } from "../scenario/Fault.js"
import { World } from "../state/World.js"
import { Exchange, type Service } from "./Exchange.js"
import { interference } from "./interference.js"
import { readBody } from "./readBody.js"
import * as Reply from "./Reply.js"
import { RequestOrigin } from "./RequestOrigin.js"
import { shownPath } from "./shownPath.js"

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
 * What a route answers to the request. Once it is begun it goes on, whether or not the client waits, in the world as it
 * was begun in: what a reset forgets stays forgotten.
 *
 * @category programs
 */
export const answer = (
  route: Route
): Effect.Effect<Reply.Reply, Dropped, World | RequestOrigin | HttpServerRequest.HttpServerRequest> =>
  Effect.flatMap(World, ({ present, scope }) =>
    Effect.flatMap(present, (world) =>
      Effect.flatMap(
        Effect.forkIn(Effect.provideService(begin(route), World, world), scope),
        Fiber.join
      )))

const begin = (route: Route) =>
  Effect.gen(function*() {
    const { endpoint, handler, isLogged, refusesWith } = route
    const { directory, faults, log } = yield* World
    const read = yield* readExchange
    const at = yield* Clock.currentTimeMillis
    const grantType = read.form.get("grant_type") ?? undefined
    const due = endpoint === undefined ? [] : yield* faults.befalling({
      endpoint,
      grantType,
      clientId: clientIdOf(read)?.toLowerCase(),
      username: read.form.get("username")?.toLowerCase()
    })
    const exchange = { ...read, faults: due }
    const path = shownPath(route.path, exchange.path, yield* Ref.get(directory))
    const refuse = (refusal: EntraError) =>
      Effect.map(refusesWith(refusal, exchange), (reply) => ({ ...reply, refusal }))
    const record = (reply: Reply.Reply | undefined) =>
      !isLogged ? Effect.void : log.add({
        at,
        method: exchange.method,
        origin: exchange.origin,
        path,
        query: Masking.parameters(exchange.query),
        form: Masking.parameters(exchange.form),
        grantType: grantType === undefined ? undefined : Masking.grantType(grantType),
        correlationId: exchange.correlationId,
        faults: due.map(({ kind }) => kind),
        status: reply?.status,
        refusal: reply?.refusal?.number,
        answer: reply === undefined ? [] : Reply.fields(reply)
      })

    yield* Effect.forEach(due, (fault) => fault.kind === "latency" ? Effect.sleep(fault.milliseconds) : Effect.void)
    if (due.some(({ kind }) => kind === "drop")) {
      yield* record(undefined)
      return yield* new Dropped()
    }
    const failing = Option.firstSomeOf(
      due.map((fault) => isLeftTo(endpoint, fault) ? Option.none() : Option.fromNullable(interference(fault, at)))
    )
    const outcome: Handler = Option.match(failing, {
      onSome: (outcome): Handler => outcome instanceof EntraError ? Effect.fail(outcome) : Effect.succeed(outcome),
      onNone: (): Handler =>
        Option.match(read.unreadable, { onSome: (error) => Effect.fail(error), onNone: () => handler })
    })
    const reply = yield* outcome.pipe(
      Effect.catchTag("EntraError", (error) => refuse(error)),
      Effect.provideService(Exchange, exchange),
      Effect.catchAllCause((cause) =>
        Cause.isInterrupted(cause)
          ? Effect.failCause(cause)
          : Effect.zipRight(
            logDefects(`${route.method} ${route.path}`, cause),
            refuse(entraError(90033))
          )
      )
    )
    yield* record(reply)
    return {
      ...reply,
      headers: {
        ...reply.headers,
        ...(reply.status === 413 && { connection: "close" }),
        "x-ms-request-id": exchange.traceId,
        ...(exchange.headers["return-client-request-id"] === "true" && { "client-request-id": exchange.correlationId })
      }
    }
  })

/** A refusal to authorize is told to the application, which has to be known first. */
const isLeftTo = (endpoint: Endpoint | undefined, { kind }: Fault): boolean =>
  endpoint === "authorize" && kind === "refusal"

const clientIdOf = ({ form, headers, query }: Pick<Service, "form" | "headers" | "query">): string | undefined =>
  form.get("client_id") ?? query.get("client_id") ?? readBasic(headers["authorization"])?.id

const logDefects = (what: string, cause: Cause.Cause<never>) =>
  Effect.logError(`${what} failed inside the emulator`, ...[...Cause.defects(cause)].map(placeOf))

/** A defect without its message, which may hold values of the request. */
const placeOf = (defect: unknown): string =>
  defect instanceof Error
    ? `${defect.name}\n${(defect.stack ?? "").replace(`${defect.name}: ${defect.message}`, "").trimStart()}`
    : typeof defect

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Where the request goes; a target that is no path of this origin leads nowhere. */
const address = (target: string, origin: string): URL => {
  const text = target.startsWith("/") ? `${origin}${target}` : target
  return new URL(URL.canParse(text) ? text : origin)
}

const readExchange = Effect.gen(function*() {
  const { identifiers } = yield* World
  const origin = yield* RequestOrigin
  const request = yield* HttpServerRequest.HttpServerRequest
  const { pathname, searchParams } = address(request.url, origin)
  const isForm = /^application\/x-www-form-urlencoded\s*(;|$)/i.test(request.headers["content-type"] ?? "")
  const read = yield* Effect.either(readBody(request))
  const body = Either.getOrElse(read, () => "")
  const form = new URLSearchParams(isForm ? body : "")
  const correlationId = request.headers["client-request-id"] ?? searchParams.get("client-request-id")
    ?? form.get("client-request-id") ?? ""
  return {
    method: request.method,
    origin,
    path: pathname,
    headers: request.headers,
    query: searchParams,
    body,
    form,
    cookies: request.cookies,
    correlationId: guid.test(correlationId) ? correlationId.toLowerCase() : yield* identifiers.guid,
    traceId: yield* identifiers.guid,
    unreadable: Option.map(
      Either.getLeft(read),
      ({ _tag }) => entraError(9002313, {}, { status: _tag === "BodyTooLarge" ? 413 : 400 })
    )
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
