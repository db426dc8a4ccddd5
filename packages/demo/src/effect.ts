import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import {
  Accounts,
  AuthorizationCode,
  ClientApplication,
  Crypto,
  RefreshToken,
  Silent,
  TokenCache,
  UsernamePassword
} from "@grantwork/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Agent } from "undici"
import { chapters } from "./chapters.js"
import type { Setting } from "./server.js"
import { granted, listed, refused } from "./tellInEffect.js"

const scopes = ["read"]

const story = ({ browse, jane, kimsRefreshToken, redirectUri, sam }: Setting) =>
  Effect.gen(function*() {
    const account = yield* granted(
      chapters.browser,
      Effect.gen(function*() {
        const flow = yield* AuthorizationCode.initiate({ scopes, redirectUri, prompt: "consent" })
        const response = yield* Effect.promise(() => browse(flow.authorizationUrl, jane))
        return yield* AuthorizationCode.complete({ flow, response })
      })
    )
    yield* granted(chapters.cached, Silent.acquire({ scopes, account }))
    yield* granted(chapters.refreshed, Silent.acquire({ scopes, account, forceRefresh: true }))
    yield* granted(chapters.rotated, Silent.acquire({ scopes, account, forceRefresh: true }))

    const { username } = sam
    const password = Redacted.make(sam.password)
    yield* granted(chapters.password, UsernamePassword.acquire({ username, password, scopes }))

    const refreshToken = Redacted.make(yield* Effect.promise(kimsRefreshToken))
    yield* granted(chapters.imported, RefreshToken.acquire({ refreshToken, scopes }))

    yield* listed(chapters.accounts, Accounts.list())

    const wrongPassword = Redacted.make("wrong")
    yield* refused(chapters.wrongPassword, UsernamePassword.acquire({ username, password: wrongPassword, scopes }))

    yield* refused(
      chapters.deniedConsent,
      Effect.gen(function*() {
        const flow = yield* AuthorizationCode.initiate({ scopes, redirectUri, prompt: "consent" })
        const response = yield* Effect.promise(() => browse(flow.authorizationUrl, jane, "deny"))
        return yield* AuthorizationCode.complete({ flow, response })
      })
    )

    yield* refused(
      chapters.tamperedState,
      Effect.gen(function*() {
        const flow = yield* AuthorizationCode.initiate({ scopes, redirectUri, prompt: "consent" })
        const response = yield* Effect.promise(() => browse(flow.authorizationUrl, jane))
        response.set("state", "tampered")
        return yield* AuthorizationCode.complete({ flow, response })
      })
    )

    yield* listed(chapters.removed, Effect.zipRight(Accounts.remove(account), Accounts.list()))
    yield* refused(chapters.silentNoMore, Silent.acquire({ scopes, account }))
  })

const dispatcher = (ca: string) =>
  Layer.scoped(
    NodeHttpClient.Dispatcher,
    Effect.acquireRelease(
      Effect.sync(() => new Agent({ connect: { ca } })),
      (agent) => Effect.promise(() => agent.close())
    )
  )

const layer = ({ caCertificate, clientId, issuer }: Setting) =>
  Layer.mergeAll(
    ClientApplication.layer({ clientId, issuer }),
    Layer.provide(NodeHttpClient.layerUndiciWithoutDispatcher, dispatcher(caCertificate)),
    TokenCache.layerMemory,
    Crypto.layer
  )

/** The story in Effect: grants are programs, composed here and run on layers. */
export const tellInEffect = (setting: Setting): Promise<void> =>
  Effect.runPromise(Effect.provide(story(setting), layer(setting)))
