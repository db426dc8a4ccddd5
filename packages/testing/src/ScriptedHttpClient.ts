/**
 * An HTTP client that answers from a script and records what it was asked.
 */
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as SubscriptionRef from "effect/SubscriptionRef"
import * as RecordedRequest from "./RecordedRequest.js"
import type { Answer, Disconnected, Reply } from "./Reply.js"

/**
 * An answer for every time, or a list of answers used in order: one more request than answers is a defect.
 *
 * @category models
 */
export type Route = Answer | ReadonlyArray<Answer>

/**
 * Routes by method and address, such as `"POST https://id.example.com/token"`. An address without a query stands for
 * any query that has no route of its own.
 *
 * @category models
 */
export type Routes = Readonly<Record<string, Route>>

/** @category models */
export interface Service {
  /** Every request so far, in the order they were sent. */
  readonly requests: Effect.Effect<ReadonlyArray<RecordedRequest.RecordedRequest>>
  /** Waits until so many requests that fit were sent, answered or not. */
  readonly awaitRequests: (
    count: number,
    fits?: (request: RecordedRequest.RecordedRequest) => boolean
  ) => Effect.Effect<ReadonlyArray<RecordedRequest.RecordedRequest>>
  /** Adds routes, in place of those of the same name. */
  readonly script: (routes: Routes) => Effect.Effect<void>
}

/** @category services */
export class ScriptedHttpClient
  extends Context.Tag("@grantwork/testing/ScriptedHttpClient")<ScriptedHttpClient, Service>()
{}

/**
 * Every request so far, in the order they were sent.
 *
 * @category getters
 */
export const requests: Effect.Effect<
  ReadonlyArray<RecordedRequest.RecordedRequest>,
  never,
  ScriptedHttpClient
> = Effect.flatMap(ScriptedHttpClient, (client) => client.requests)

/**
 * Waits until so many requests that fit were sent, answered or not: for moving the clock while an answer is due.
 *
 * @category getters
 */
export const awaitRequests = (
  count: number,
  fits?: (request: RecordedRequest.RecordedRequest) => boolean
): Effect.Effect<ReadonlyArray<RecordedRequest.RecordedRequest>, never, ScriptedHttpClient> =>
  Effect.flatMap(ScriptedHttpClient, (client) => client.awaitRequests(count, fits))

/**
 * Adds routes, in place of those of the same name.
 *
 * @category combinators
 */
export const script = (routes: Routes): Effect.Effect<void, never, ScriptedHttpClient> =>
  Effect.flatMap(ScriptedHttpClient, (client) => client.script(routes))

/**
 * An HTTP client with these routes. A request without a route dies with a message that names it.
 *
 * @category layers
 */
export const layer = (routes: Routes = {}): Layer.Layer<HttpClient.HttpClient | ScriptedHttpClient> =>
  Layer.effectContext(Effect.gen(function*() {
    const recorded = yield* SubscriptionRef.make<ReadonlyArray<RecordedRequest.RecordedRequest>>([])
    const nextAnswers = new Map<string, () => Answer | undefined>()

    const script = (added: Routes) =>
      Effect.sync(() => {
        for (const [name, route] of Object.entries(added)) {
          const [method = "", address = ""] = name.split(/ (.*)/)
          nextAnswers.set(`${method.toUpperCase()} ${new URL(address).href}`, answersOf(route))
        }
      })

    const client = HttpClient.make((request, url) =>
      Effect.gen(function*() {
        const record = RecordedRequest.make(request, url)
        yield* SubscriptionRef.update(recorded, (before) => [...before, record])
        const next = nextAnswers.get(`${record.method} ${record.url}`)
          ?? nextAnswers.get(`${record.method} ${url.origin}${url.pathname}`)
        const answer = next?.()
        if (answer === undefined) {
          return yield* Effect.dieMessage(
            `${next === undefined ? "No answer" : "No further answer"} is scripted for ${record.method} ${record.url}`
          )
        }
        return yield* Effect.mapBoth(Effect.flatMap(replyOf(answer, record), toWebResponse), {
          onFailure: (cause) => new HttpClientError.RequestError({ request, reason: "Transport", cause }),
          onSuccess: (response) => HttpClientResponse.fromWeb(request, response)
        })
      })
    )

    const awaitRequests: Service["awaitRequests"] = (count, fits = () => true) =>
      recorded.changes.pipe(
        Stream.map((all) => all.filter(fits)),
        Stream.filter((fitting) => fitting.length >= count),
        Stream.runHead,
        Effect.map(Option.getOrElse(() => []))
      )

    yield* script(routes)
    return Context.make(ScriptedHttpClient, { requests: recorded.get, awaitRequests, script }).pipe(
      Context.add(HttpClient.HttpClient, client)
    )
  }))

const isList = (route: Route): route is ReadonlyArray<Answer> => Array.isArray(route)

const answersOf = (route: Route): () => Answer | undefined => {
  if (!isList(route)) {
    return () => route
  }
  const answers = [...route]
  return () => answers.shift()
}

const replyOf = (answer: Answer, request: RecordedRequest.RecordedRequest): Effect.Effect<Reply, Disconnected> => {
  const reply = typeof answer === "function" ? answer(request) : answer
  return Effect.isEffect(reply) ? reply : Effect.succeed(reply)
}

const toWebResponse = ({ body, headers, status }: Reply): Effect.Effect<Response> => {
  if (status === 0) {
    return Effect.sync(() => Response.error())
  }
  const readable: Effect.Effect<BodyInit | null> = body === undefined || typeof body === "string"
    ? Effect.succeed(body ?? null)
    : Stream.toReadableStreamEffect(body)
  return Effect.map(readable, (body) => new Response(body, { status, headers }))
}
