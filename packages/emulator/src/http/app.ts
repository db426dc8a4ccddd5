/**
 * The emulator as an HTTP application.
 */
import * as HttpRouter from "@effect/platform/HttpRouter"
import type * as HttpServerError from "@effect/platform/HttpServerError"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import type * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Effect from "effect/Effect"
import { entraError, type EntraError } from "../protocol/EntraError.js"
import { World } from "../state/World.js"
import { RequestOrigin } from "./RequestOrigin.js"
import { routes } from "./routes.js"
import { type Dropped, refuseClient, type Route, serve } from "./serve.js"

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

const refusing = (error: EntraError): Route => ({
  method: "GET",
  path: "/",
  endpoint: undefined,
  isLogged: true,
  handler: Effect.fail(error),
  refusesWith: refuseClient
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
  const methods = routes.filter((route) => fits(route.path, path)).map(({ method }) => method)
  return serve(refusing(methods.length > 0 ? entraError(900561, { method: methods.join(" or ") }) : entraError(90023)))
})
