import { describe, expect, it } from "@effect/vitest"
import { Accounts, AuthorizationCode, RefreshToken, Silent, UsernamePassword } from "@grantwork/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { application } from "./support/application.js"
import { atProvider } from "./support/atProvider.js"
import { failureOf } from "./support/failureOf.js"
import { httpClientNames } from "./support/httpClients.js"
import { startOidcProvider } from "./support/oidcProvider.js"
import "./support/patience.js"
import type { Provider, User } from "./support/Provider.js"
import { providerNames, startProvider } from "./support/providers.js"
import { goAndComeBack, signIn } from "./support/signIn.js"
import { tokenRequestsDuring } from "./support/tokenRequests.js"

/** What each client tells of itself in the form. */
const credentials = { public: ["client_id"], secretPost: ["client_id", "client_secret"], secretBasic: [] } as const

const clientNames = ["public", "secretPost", "secretBasic"] as const

const clientFields = ({ lastTokenFields }: Provider) =>
  Effect.map(Effect.promise(lastTokenFields), (fields) => fields.filter((field) => field.startsWith("client_")))

const acquireByPassword = ({ password, username }: User, scopes: ReadonlyArray<string>) =>
  UsernamePassword.acquire({ username, password: Redacted.make(password), scopes })

describe.each(providerNames)("at %s", (name) => {
  const provided = atProvider(() => startProvider(name))

  describe.each(httpClientNames)("over %s", (over) => {
    describe.each(clientNames)("the %s client", (client) => {
      it.live("signs in by code, serves from the cache, refreshes and forgets", () =>
        provided(
          (provider) =>
            Effect.gen(function*() {
              const { accounts, otherClientFields, scopes, signInScopes } = provider
              const { arrived, flow } = yield* goAndComeBack(provider)
              const signedIn = yield* AuthorizationCode.complete({
                flow: JSON.parse(JSON.stringify(flow)),
                response: arrived.parameters
              })
              const { tenantId } = accounts.jane
              expect(signedIn).toMatchObject({ source: "identity-provider", tokenType: "Bearer", tenantId })
              expect([...signedIn.scopes].sort()).toEqual([scopes.read, ...signInScopes].sort())
              expect(Option.isSome(signedIn.refreshToken)).toBe(true)
              const account = yield* signedIn.account
              expect(account).toEqual(accounts.jane)

              const cached = yield* Silent.acquire({ scopes: [scopes.read], account })
              expect(cached.source).toBe("cache")
              expect(Redacted.value(cached.accessToken)).toBe(Redacted.value(signedIn.accessToken))

              const refreshed = yield* Silent.acquire({ scopes: [scopes.read], account, forceRefresh: true })
              expect(refreshed.source).toBe("identity-provider")
              expect(Redacted.value(refreshed.accessToken)).not.toBe(Redacted.value(signedIn.accessToken))
              expect(yield* clientFields(provider)).toEqual([...credentials[client], ...otherClientFields])

              yield* Accounts.remove(account)
              expect(Option.isNone(yield* Silent.acquireOption({ scopes: [scopes.read], account }))).toBe(true)
            }),
          ({ clients }) => clients[client],
          over
        ))

      it.live("signs in by name and password, and takes a refresh token from elsewhere", () =>
        provided(
          (provider) =>
            Effect.gen(function*() {
              const scopes = [provider.scopes.read, provider.scopes.write]
              const elsewhere = yield* acquireByPassword(provider.people.sam, scopes).pipe(
                Effect.provide(application(provider, provider.clients[client], over))
              )
              const refreshToken = yield* elsewhere.refreshToken
              const imported = yield* RefreshToken.acquire({ refreshToken, scopes })
              const account = yield* imported.account
              expect(account).toEqual(yield* elsewhere.account)
              const cached = yield* Silent.acquire({ scopes: [provider.scopes.write], account })
              expect(Redacted.value(cached.accessToken)).toBe(Redacted.value(imported.accessToken))
            }),
          ({ clients }) => clients[client],
          over
        ))
    })
  })

  describe("a secret", () => {
    it.live.each(["secretPost", "secretBasic"] as const)(
      "that is wrong is refused to the %s client",
      (client) =>
        provided((provider) =>
          Effect.gen(function*() {
            const error = yield* failureOf(acquireByPassword(provider.people.jane, [provider.scopes.read]))
            expect(error).toMatchObject({ _tag: "InvalidClient", error: "invalid_client", status: 401 })
            expect(error.message).not.toContain("not the secret at all")
          }), ({ clients }) => ({ ...clients[client], clientSecret: Redacted.make("not the secret at all") }))
    )

    it.live("that is missing is missed", () =>
      provided((provider) =>
        Effect.gen(function*() {
          const error = yield* failureOf(acquireByPassword(provider.people.jane, [provider.scopes.read]))
          expect(error).toMatchObject({ _tag: "InvalidClient", error: "invalid_client" })
        }), ({ clients }) => ({ ...clients.secretPost, clientSecret: undefined })))
  })

  it.live("a client nobody registered is refused", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const requests = tokenRequestsDuring(
          provider,
          Effect.gen(function*() {
            const error = yield* failureOf(acquireByPassword(provider.people.jane, []))
            expect(error).toMatchObject({ _tag: "InvalidClient", error: provider.unknownClient })
          })
        )
        expect(yield* requests).toHaveLength(1)
      }), ({ clients }) => ({ ...clients.public, clientId: "nobody" })))
})

describe("at oidc-provider, which announces the header alone", () => {
  const provided = atProvider(() => startOidcProvider({ clientAuthMethods: ["client_secret_basic"] }))

  it.live.each(httpClientNames)(
    "a client that says nothing of how it is registered sends its secret there over %s",
    (over) =>
      provided(
        (provider) =>
          Effect.gen(function*() {
            const account = yield* (yield* signIn(provider)).account
            const refreshed = yield* Silent.acquire({ scopes: ["read"], account, forceRefresh: true })
            expect(refreshed.source).toBe("identity-provider")
            expect(yield* clientFields(provider)).toEqual([])
          }),
        ({ clients }) => ({ ...clients.secretBasic, clientAuthenticationMethod: undefined }),
        over
      )
  )
})
