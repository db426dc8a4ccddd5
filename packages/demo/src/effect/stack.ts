import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { ClientApplication, Crypto, TokenCache } from "@grantwork/core"
import * as FileTokenCache from "@grantwork/node/FileTokenCache"
import * as RedisTokenCache from "@grantwork/redis/RedisTokenCache"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Agent } from "undici"
import { connectToRedis, redisPrefix as prefix } from "../caches.js"
import type { Cache, ClientCertificate, Registration, Setting } from "../Setting.js"

const dispatcher = (ca: string) =>
  Layer.scoped(
    NodeHttpClient.Dispatcher,
    Effect.acquireRelease(
      Effect.sync(() => new Agent({ connect: { ca } })),
      (agent) => Effect.promise(() => agent.close())
    )
  )

const redisClient = (url: string) =>
  Effect.acquireRelease(
    Effect.promise(() => connectToRedis(url)),
    (client) => Effect.sync(() => client.destroy())
  )

const tokenCache = (cache: Cache) => {
  switch (cache.kind) {
    case "memory":
      return TokenCache.layerMemory
    case "file":
      return FileTokenCache.layer({ path: cache.path })
    case "redis":
      return Layer.unwrapScoped(
        Effect.map(redisClient(cache.url), (client) => RedisTokenCache.layer({ client, prefix }))
      )
  }
}

/** Requests to the one server that the certificate vouches for, tokens in their place, and cryptography. */
const services = ({ caCertificate }: Pick<Setting, "caCertificate">, cache: Cache) =>
  Layer.mergeAll(
    Layer.provide(NodeHttpClient.layerUndiciWithoutDispatcher, dispatcher(caCertificate)),
    Layer.provideMerge(tokenCache(cache), Crypto.layer)
  )

/** The application on top, which closes first. */
export const stack = (setting: Pick<Setting, "caCertificate" | "registration">, cache: Cache) =>
  Layer.provideMerge(application(setting.registration), services(setting, cache))

/** One application of several that share the rest. */
export const application = (registration: Registration, certificate?: ClientCertificate) =>
  ClientApplication.layer({
    ...registration,
    clientCertificate: certificate && { ...certificate, privateKey: Redacted.make(certificate.privateKey) }
  })
