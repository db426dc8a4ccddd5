/**
 * The emulator as an HTTP application.
 */
import * as HttpRouter from "@effect/platform/HttpRouter"
import type * as HttpServerError from "@effect/platform/HttpServerError"
import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import type * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Effect from "effect/Effect"
import type { RequestOrigin } from "./http/RequestOrigin.js"
import { type Dropped, refuseClient, type Route, serve } from "./http/serve.js"
import { type EntraError, entraError } from "./protocol/EntraError.js"
import { mask } from "./protocol/Masking.js"
import { routes } from "./routes.js"
import type { World } from "./state/World.js"

/** @category models */
export type App = Effect.Effect<
  HttpServerResponse.HttpServerResponse,
  Dropped,
  World | RequestOrigin | HttpServerRequest.HttpServerRequest
>

const router = routes.reduce(
  (all: HttpRouter.HttpRouter<Dropped, World | RequestOrigin>, route) =>
    HttpRouter.route(route.method)(all, route.path, serve(route)),
  HttpRouter.empty
)

const refusing = (
  path: Route["path"],
  error: EntraError,
  headers: Readonly<Record<string, string>> = {}
): Route => ({
  method: "GET",
  path,
  endpoint: undefined,
  isLogged: true,
  handler: Effect.fail(error),
  refusesWith: (error, exchange) =>
    Effect.map(refuseClient(error, exchange), (reply) => ({ ...reply, headers: { ...reply.headers, ...headers } }))
})

const fits = (pattern: string, path: string): boolean =>
  new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll(/:\w+/g, "[^/]+")}$`).test(path)

/**
 * Answers what no route does, too.
 *
 * @category constants
 */
export const app: App = Effect.catchTag(router, "RouteNotFound", ({ request }: HttpServerError.RouteNotFound) => {
  const [path = ""] = request.url.split("?")
  const fitting = routes.filter((route) => fits(route.path, path))
  const methods = fitting.map(({ method }) => method)
  const known = fitting[0]?.path ?? `/${mask}`
  // A route that fits did not take it: the path is not properly encoded.
  if (methods.some((method) => method === request.method)) return serve(refusing(known, entraError(9002313)))
  return serve(
    methods.length > 0
      ? refusing(known, entraError(900561, { method: methods.join(" or ") }), { allow: methods.join(", ") })
      : refusing(known, entraError(90023))
  )
})
