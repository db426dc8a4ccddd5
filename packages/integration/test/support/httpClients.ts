import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Agent } from "undici"

const agent = (ca: string) =>
  Effect.acquireRelease(
    Effect.sync(() => new Agent({ connect: { ca } })),
    (agent) => Effect.promise(() => agent.destroy())
  )

const undici = (ca: string): Layer.Layer<HttpClient.HttpClient> =>
  Layer.provide(NodeHttpClient.layerUndiciWithoutDispatcher, Layer.scoped(NodeHttpClient.Dispatcher, agent(ca)))

const nodeHttp = (ca: string): Layer.Layer<HttpClient.HttpClient> =>
  Layer.provide(NodeHttpClient.layerWithoutAgent, NodeHttpClient.makeAgentLayer({ ca }))

const fetchThrough = (dispatcher: Agent): typeof globalThis.fetch => (input, init) => {
  const options = { ...init, dispatcher }
  return globalThis.fetch(input, options)
}

const fetch = (ca: string): Layer.Layer<HttpClient.HttpClient> =>
  Layer.provide(
    FetchHttpClient.layer,
    Layer.scoped(FetchHttpClient.Fetch, Effect.map(agent(ca), fetchThrough))
  )

/** What a grant can run over; each trusts one certification authority and no other. */
export const httpClients = { undici, "node:http": nodeHttp, fetch } as const

export type HttpClientName = keyof typeof httpClients

export const httpClientNames: ReadonlyArray<HttpClientName> = ["undici", "node:http", "fetch"]
