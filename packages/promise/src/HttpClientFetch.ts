/**
 * The HTTP client of every platform but Node: `fetch`.
 */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import type * as HttpClient from "@effect/platform/HttpClient"
import { InvalidConfiguration } from "@grantwork/core/AuthError"
import * as Layer from "effect/Layer"
import type { Dispatcher } from "./Options.js"

/** `fetch`; a dispatcher is refused. */
export const layer = (dispatcher: Dispatcher | undefined): Layer.Layer<HttpClient.HttpClient, InvalidConfiguration> =>
  dispatcher === undefined ? FetchHttpClient.layer : Layer.fail(
    new InvalidConfiguration({
      option: "dispatcher",
      message: "dispatcher is for Node. Pass fetch on other platforms."
    })
  )
