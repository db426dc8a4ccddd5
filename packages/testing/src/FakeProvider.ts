/**
 * A provider that answers every request well until told otherwise, and the whole stack around it.
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Authority from "@grantwork/core/Authority"
import * as ClientApplication from "@grantwork/core/ClientApplication"
import type * as Crypto from "@grantwork/core/Crypto"
import type * as TokenCache from "@grantwork/core/TokenCache"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as PrefilledTokenCache from "./PrefilledTokenCache.js"
import type { RecordedRequest } from "./RecordedRequest.js"
import * as Reply from "./Reply.js"
import * as ScriptedHttpClient from "./ScriptedHttpClient.js"
import * as SeededCrypto from "./SeededCrypto.js"
import * as TokenFactory from "./TokenFactory.js"

/** @category models */
export type Endpoint = "metadata" | "keys" | "token"

/** @category models */
export interface Service {
  /** Route names of the endpoints, for `ScriptedHttpClient`. */
  readonly routes: Readonly<Record<Endpoint, string>>
  /** Signs the person in as a browser would; the redirect address with the response comes back. */
  readonly signIn: (authorizationUrl: string) => Effect.Effect<string>
}

/** @category services */
export class FakeProvider extends Context.Tag("@grantwork/testing/FakeProvider")<FakeProvider, Service>() {}

/**
 * Everything a grant asks for, and everything to steer and observe it.
 *
 * @category models
 */
export type Services =
  | ClientApplication.ClientApplication
  | HttpClient.HttpClient
  | TokenCache.TokenCache
  | Crypto.Crypto
  | FakeProvider
  | ScriptedHttpClient.ScriptedHttpClient
  | TokenFactory.TokenFactory

/** @category models */
export interface Options extends TokenFactory.Options, PrefilledTokenCache.Options {
  /** A public client of Microsoft's `common` authority by default, which sends nothing twice. */
  readonly application?: Partial<ClientApplication.Options> | undefined
  /** Accounts in the cache; none by default. */
  readonly accounts?: ReadonlyArray<PrefilledTokenCache.Entry> | undefined
  /** Seed of the randomness. */
  readonly seed?: number | undefined
}

/**
 * The identifier of the client unless the options name another.
 *
 * @category constants
 */
export const clientId = "c11e0000-0000-4000-8000-00000000c11e"

/**
 * The whole stack over a provider of its own. Options that the application refuses are a defect.
 *
 * @category layers
 */
export const layer = (options: Options = {}): Layer.Layer<Services> =>
  Layer.effect(FakeProvider, make).pipe(
    Layer.provideMerge(Layer.mergeAll(
      ScriptedHttpClient.layer(),
      PrefilledTokenCache.layer(options.accounts ?? [], options),
      TokenFactory.layer(options)
    )),
    Layer.provideMerge(Layer.merge(
      Layer.orDie(ClientApplication.layer({ clientId, retry: false, ...options.application })),
      SeededCrypto.layer(options.seed)
    ))
  )

const make = Effect.gen(function*() {
  const { authority } = yield* ClientApplication.ClientApplication
  const client = yield* ScriptedHttpClient.ScriptedHttpClient
  const factory = yield* TokenFactory.TokenFactory
  const metadata = factory.metadata()
  const routes = {
    metadata: `GET ${Authority.metadataUrl(authority)}`,
    keys: `GET ${String(metadata["jwks_uri"])}`,
    token: `POST ${String(metadata["token_endpoint"])}`
  }
  const nonces = new Map<string, string | null>()

  yield* client.script({
    [routes.metadata]: Reply.json(metadata),
    [routes.keys]: Reply.json(factory.keySet),
    [routes.token]: ({ form }) =>
      Effect.gen(function*() {
        const nonce = nonces.get(String(form?.["code"])) ?? undefined
        const idToken = yield* factory.idToken({ nonce })
        return Reply.json(yield* factory.tokenAnswer({ id_token: idToken, scope: form?.["scope"] }))
      })
  })

  return {
    routes,
    signIn: (authorizationUrl: string) =>
      Effect.sync(() => {
        const sent = new URL(authorizationUrl).searchParams
        const code = `code-${nonces.size + 1}`
        nonces.set(code, sent.get("nonce"))
        const redirect = new URL(sent.get("redirect_uri") ?? "")
        redirect.searchParams.set("code", code)
        redirect.searchParams.set("state", sent.get("state") ?? "")
        if (authority._tag === "OpenIdConnect") {
          redirect.searchParams.set("iss", authority.issuer)
        }
        return redirect.href
      })
  }
})

/**
 * Signs the person in as a browser would, and gives the redirect address with the response.
 *
 * @category programs
 */
export const signIn = (authorizationUrl: string): Effect.Effect<string, never, FakeProvider> =>
  Effect.flatMap(FakeProvider, (provider) => provider.signIn(authorizationUrl))

/**
 * Lets an endpoint answer so from now on.
 *
 * @category combinators
 */
export const answer = (
  endpoint: Endpoint,
  route: ScriptedHttpClient.Route
): Effect.Effect<void, never, FakeProvider | ScriptedHttpClient.ScriptedHttpClient> =>
  Effect.flatMap(FakeProvider, ({ routes }) => ScriptedHttpClient.script({ [routes[endpoint]]: route }))

/**
 * The requests that an endpoint had so far, in order.
 *
 * @category getters
 */
export const requests = (
  endpoint: Endpoint
): Effect.Effect<ReadonlyArray<RecordedRequest>, never, FakeProvider | ScriptedHttpClient.ScriptedHttpClient> =>
  Effect.flatMap(
    FakeProvider,
    ({ routes }) => Effect.map(ScriptedHttpClient.requests, (all) => all.filter(isTo(routes[endpoint])))
  )

/**
 * Waits until an endpoint has had so many requests, answered or not.
 *
 * @category getters
 */
export const awaitRequests = (
  endpoint: Endpoint,
  count = 1
): Effect.Effect<ReadonlyArray<RecordedRequest>, never, FakeProvider | ScriptedHttpClient.ScriptedHttpClient> =>
  Effect.flatMap(FakeProvider, ({ routes }) => ScriptedHttpClient.awaitRequests(count, isTo(routes[endpoint])))

const isTo = (route: string) => ({ method, url }: RecordedRequest) => `${method} ${url}` === route
