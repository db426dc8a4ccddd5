/**
 * The HTTP client of Node: undici.
 */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import type * as HttpClient from "@effect/platform/HttpClient"
import { InvalidConfiguration } from "@grantwork/core/AuthError"
import * as Layer from "effect/Layer"
import type * as Undici from "undici"
import type { Dispatcher } from "./Options.js"

/** The caller's dispatcher, else an agent that lives as long as the layer. */
export const layer = (dispatcher: Dispatcher | undefined): Layer.Layer<HttpClient.HttpClient, InvalidConfiguration> => {
  if (dispatcher === undefined) {
    return NodeHttpClient.layerUndici
  }
  return isUndici(dispatcher)
    ? Layer.provide(NodeHttpClient.layerUndiciWithoutDispatcher, Layer.succeed(NodeHttpClient.Dispatcher, dispatcher))
    : Layer.fail(
      new InvalidConfiguration({
        option: "dispatcher",
        message: "dispatcher has to be a dispatcher of the undici package, such as its Agent or ProxyAgent."
      })
    )
}

const isUndici = (dispatcher: Dispatcher): dispatcher is Undici.Dispatcher =>
  typeof dispatcher?.request === "function" && typeof dispatcher.dispatch === "function"
