/**
 * What the tests of several programs share.
 */
import { Authority, ClientApplication, Partition, TokenCache, UsernamePassword } from "@grantwork/core"
import {
  FakeProvider,
  Person,
  PrefilledTokenCache,
  Reply,
  type ScriptedHttpClient,
  TokenFactory
} from "@grantwork/testing"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"

export const issuer = "https://id.example.com"

export const redirectUri = "https://app.example.com/signed-in"

/** The stack over a generic OpenID Connect provider. */
export const generic = (
  application: Partial<ClientApplication.Options> = {},
  options: Omit<FakeProvider.Options, "application"> = {}
) => FakeProvider.layer({ ...options, application: { issuer, ...application } })

/** The stack over a tenant of Microsoft's. */
export const entra = (tenant: string, options: FakeProvider.Options = {}) =>
  FakeProvider.layer({
    ...options,
    application: { authority: `https://login.microsoftonline.com/${tenant}`, ...options.application }
  })

/** The same at another of the cloud's hosts, where metadata has to be asked for. */
export const entraAtAlias = (tenant: string, options: FakeProvider.Options = {}) =>
  entra(tenant, {
    ...options,
    application: { ...options.application, authority: `https://login.windows.net/${tenant}` }
  })

/** Everything in the cache, in plain. */
export const cached = Effect.gen(function*() {
  const { authority } = yield* ClientApplication.ClientApplication
  const cache = yield* TokenCache.TokenCache
  const partitions = yield* cache.list(Authority.provider(authority))
  const secrets = (records: Iterable<{ readonly secret: Redacted.Redacted }>) =>
    [...records].map(({ secret }) => Redacted.value(secret))
  return partitions.map(({ partition }) => ({
    accounts: [...partition.accounts.values()].map(({ account }) => account.username),
    accessTokens: secrets([...partition.accessTokens.values()].flat()),
    refreshTokens: secrets(partition.refreshTokens.values()),
    idTokens: secrets([...partition.idTokens.values()].flatMap((byTenant) => [...byTenant.values()]))
  }))
})

/** The partition of an account. */
export const partitionOf = (homeAccountId: string) =>
  Effect.gen(function*() {
    const { authority } = yield* ClientApplication.ClientApplication
    const cache = yield* TokenCache.TokenCache
    return yield* cache.read(Partition.userKey(authority, homeAccountId))
  })

/** The next answer of the token endpoint is a good one but for these members. */
export const nextAnswer = (
  differences: TokenFactory.Differences = {}
): Effect.Effect<void, never, Scripted | TokenFactory.TokenFactory> =>
  Effect.gen(function*() {
    const factory = yield* TokenFactory.TokenFactory
    yield* FakeProvider.answer("token", [Reply.json(yield* factory.tokenAnswer(differences))])
  })

/** The token endpoint refuses from now on. */
export const refuse = (error: Readonly<Record<string, unknown>>, status = 400): Effect.Effect<void, never, Scripted> =>
  FakeProvider.answer("token", Reply.json(error, { status }))

/** Signs in with a password. */
export const signIn = (
  scopes: ReadonlyArray<string> = [],
  request: Pick<UsernamePassword.Request, "authScheme"> = {}
) =>
  UsernamePassword.acquire({ username: "ada@example.com", password: Redacted.make("pa&ss word"), scopes, ...request })

type Scripted = FakeProvider.FakeProvider | ScriptedHttpClient.ScriptedHttpClient

/** The error as it was made, without the span that Effect notes on it: assertions print those without end. */
export const failure = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<E, A, R> =>
  Effect.flip(Effect.mapError(effect, Cause.originalError))

/** The result or the error as it was made. */
export const outcome = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<Either.Either<A, E>, never, R> =>
  Effect.either(Effect.mapError(effect, Cause.originalError))

/** Ada's account, as an earlier sign-in gave it. */
export const ada = Effect.map(
  ClientApplication.ClientApplication,
  (application) => PrefilledTokenCache.account(Person.ada, application)
)
