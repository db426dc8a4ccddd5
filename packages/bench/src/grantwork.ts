/**
 * Our side: the Effect programs on a prepared runtime.
 */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import type * as HttpClient from "@effect/platform/HttpClient"
import { Account, ClientApplication, Crypto, Partition, Silent, TokenCache } from "@grantwork/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import {
  cachedIdToken,
  clientId,
  grantedScopes,
  idTokenClaims,
  lifetimeSeconds,
  type Person,
  scopes,
  tenantId
} from "./people.js"

export const overFetch = FetchHttpClient.layer
export const overUndici = NodeHttpClient.layerUndici

const accountOf = ({ homeAccountId, name, objectId, username }: Person, host: string) =>
  new Account.Account({
    homeAccountId,
    environment: host,
    tenantId,
    localAccountId: objectId,
    username,
    name: Option.some(name),
    authorityType: "MSSTS"
  })

const partitionOf = (person: Person, account: Account.Account, origin: string, now: DateTime.Utc) => {
  const issuer = `${origin}/${tenantId}/v2.0`
  const seconds = Math.floor(now.epochMillis / 1000)
  const expiresAt = DateTime.add(now, { seconds: lifetimeSeconds })
  const withAccessToken = Partition.addAccessToken(Partition.empty, {
    environment: account.environment,
    clientId,
    tenantId,
    requestedTenant: tenantId,
    scopes: grantedScopes,
    tokenType: "Bearer",
    secret: Redacted.make(person.accessToken),
    cachedAt: now,
    expiresAt,
    extendedExpiresAt: Option.some(expiresAt),
    refreshAt: Option.none()
  }, false)
  const withRefreshToken = Partition.setRefreshToken(withAccessToken, {
    environment: account.environment,
    clientId,
    familyId: Option.none(),
    secret: Redacted.make(person.refreshToken),
    modifiedAt: Option.some(now)
  })
  const withIdToken = Partition.setIdToken(withRefreshToken, {
    environment: account.environment,
    clientId,
    tenantId,
    secret: Redacted.make(cachedIdToken(person.index, issuer, seconds)),
    claims: idTokenClaims(person.index, issuer, seconds)
  })
  return Partition.setAccount(withIdToken, account)
}

/** A runtime with these people's tokens cached, as if they had signed in at the origin. */
export const makeGrantwork = async (
  cached: ReadonlyArray<Person>,
  origin: string,
  httpClient: Layer.Layer<HttpClient.HttpClient>
) => {
  const { host } = new URL(origin)
  const application = ClientApplication.layer({
    clientId,
    authority: `${origin}/${tenantId}`,
    knownAuthorities: [host],
    allowInsecureLoopback: true
  })
  const runtime = ManagedRuntime.make(Layer.mergeAll(application, TokenCache.layerMemory, Crypto.layer, httpClient))
  const people = cached.map((person) => ({ person, account: accountOf(person, host) }))
  await runtime.runPromise(Effect.gen(function*() {
    const cache = yield* TokenCache.TokenCache
    const now = yield* DateTime.now
    for (const { account, person } of people) {
      const partition = partitionOf(person, account, origin, now)
      yield* cache.modify(
        { _tag: "User", provider: host, homeAccountId: account.homeAccountId },
        () => [undefined, partition]
      )
    }
  }))
  return {
    silent: (forceRefresh?: boolean) =>
      people.map(({ account }) => () => runtime.runPromise(Silent.acquire({ scopes, account, forceRefresh }))),
    close: () => runtime.dispose()
  }
}
