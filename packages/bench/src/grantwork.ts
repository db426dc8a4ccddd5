/**
 * Our side: the Effect programs on a prepared runtime.
 */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import type * as HttpClient from "@effect/platform/HttpClient"
import { Account, type AuthError, ClientApplication, Crypto, Silent, TokenCache } from "@grantwork/core"
import type * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { Authority } from "./authority.js"
import type { KeyAndPartition } from "./partitions.js"
import { clientId, clientSecret, type Person, scopes, tenantId } from "./people.js"

export const overFetch = FetchHttpClient.layer
export const overUndici = NodeHttpClient.layerUndici

interface Options {
  /** What is in the cache beforehand. */
  readonly partitions?: Iterable<KeyAndPartition>
  readonly cache?: Layer.Layer<TokenCache.TokenCache, AuthError.InvalidConfiguration, Crypto.Crypto>
  readonly httpClient?: Layer.Layer<HttpClient.HttpClient>
  readonly isConfidential?: boolean
}

type Services =
  | ClientApplication.ClientApplication
  | Crypto.Crypto
  | HttpClient.HttpClient
  | TokenCache.TokenCache

export const accountOf = (
  { homeAccountId, name, objectId, username }: Person,
  { environment }: Authority
): Account.Account =>
  new Account.Account({
    homeAccountId,
    environment,
    tenantId,
    localAccountId: objectId,
    username,
    name: Option.some(name),
    authorityType: "MSSTS"
  })

/** An application of the people's client. */
export const makeGrantwork = async (
  authority: Authority,
  { cache = TokenCache.layerMemory, httpClient = overFetch, isConfidential = false, partitions = [] }: Options
) => {
  const application = ClientApplication.layer({
    clientId,
    authority: `${authority.origin}/${tenantId}`,
    knownAuthorities: [authority.environment],
    allowInsecureLoopback: true,
    clientSecret: isConfidential ? Redacted.make(clientSecret) : undefined
  })
  const runtime = ManagedRuntime.make(
    Layer.provideMerge(Layer.mergeAll(application, cache, httpClient), Crypto.layer)
  )
  const filled = await runtime.runPromise(TokenCache.TokenCache)
  for (const { key, partition } of partitions) {
    await runtime.runPromise(filled.modify(key, () => [undefined, partition]))
  }
  return {
    run: <A, E>(effect: Effect.Effect<A, E, Services>) => runtime.runPromise(effect),
    silent: (cached: ReadonlyArray<Person>, forceRefresh?: boolean) =>
      cached.map((person) => {
        const account = accountOf(person, authority)
        return () => runtime.runPromise(Silent.acquire({ scopes, account, forceRefresh }))
      }),
    close: () => runtime.dispose()
  }
}
