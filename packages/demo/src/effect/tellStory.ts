import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { ClientApplication, Crypto, TokenCache } from "@grantwork/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Agent } from "undici"
import type { Registration, Setting } from "../Setting.js"
import { tellMainStory } from "./mainStory.js"
import { tellMicrosoftStory } from "./microsoftStory.js"

const dispatcher = (ca: string) =>
  Layer.scoped(
    NodeHttpClient.Dispatcher,
    Effect.acquireRelease(
      Effect.sync(() => new Agent({ connect: { ca } })),
      (agent) => Effect.promise(() => agent.close())
    )
  )

const application = (registration: Registration) =>
  Layer.mergeAll(ClientApplication.layer(registration), TokenCache.layerMemory, Crypto.layer)

/** The story in Effect: grants are programs, composed here and run on layers. */
export const tellInEffect = (setting: Setting): Promise<void> => {
  const { caCertificate, microsoft, registration } = setting
  const http = Layer.provide(NodeHttpClient.layerUndiciWithoutDispatcher, dispatcher(caCertificate))
  return Effect.gen(function*() {
    yield* tellMainStory(setting)
    if (microsoft !== undefined) {
      yield* tellMicrosoftStory(setting, microsoft, application(microsoft.askingRegistration))
    }
  }).pipe(Effect.provide(Layer.merge(application(registration), http)), Effect.runPromise)
}
