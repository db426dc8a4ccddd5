import { describe, expect, it } from "@effect/vitest"
import { Accounts, Partition, Silent, TokenCache } from "@grantwork/core"
import { FakeProvider, Person, ScriptedHttpClient } from "@grantwork/testing"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"

const key = {
  _tag: "User",
  provider: "login.microsoftonline.com",
  homeAccountId: `${Person.ada.objectId}.${Person.ada.tenantId}`
} as const

describe("PrefilledTokenCache", () => {
  it.effect("answers a program from the cache, without network", () =>
    Effect.gen(function*() {
      const [account] = yield* Accounts.list()
      const result = yield* Silent.acquire({ scopes: ["Mail.Read"], account })
      expect(result.source).toBe("cache")
      expect(Redacted.value(result.accessToken)).toBe("cached-access-token-1")
      expect(Option.getOrThrow(result.account).username).toBe("ada@example.com")
      expect(Option.getOrThrow(result.idTokenClaims)).toMatchObject({ oid: Person.ada.objectId, roles: ["reader"] })
      expect(yield* ScriptedHttpClient.requests).toEqual([])
    }).pipe(Effect.provide(FakeProvider.layer({
      accounts: [{ accessTokens: [{ scopes: ["Mail.Read"] }], idToken: { roles: ["reader"] } }]
    }))))

  it.effect("refreshes what is expired with the cached refresh token", () =>
    Effect.gen(function*() {
      yield* TestClock.adjust("1 hour")
      const [account] = yield* Accounts.list()
      const result = yield* Silent.acquire({ scopes: ["Mail.Read"], account })
      expect(result.source).toBe("identity-provider")
      const [request] = yield* FakeProvider.requests("token")
      expect(request?.form).toMatchObject({ refresh_token: "ada's refresh token" })
    }).pipe(Effect.provide(FakeProvider.layer({
      application: { issuer: "https://id.example.com" },
      accounts: [{
        accessTokens: [{ scopes: ["Mail.Read"], expiresIn: "1 hour" }],
        refreshToken: "ada's refresh token"
      }]
    }))))

  it.effect("holds several people, clients and tenants", () =>
    Effect.gen(function*() {
      expect((yield* Accounts.list()).map(({ username }) => username)).toEqual(["ada@example.com"])
      const cache = yield* TokenCache.TokenCache
      expect(yield* cache.list(key.provider)).toHaveLength(2)
      const partition = yield* cache.read(key)
      const tokens = partition.accessTokens.get(FakeProvider.clientId) ?? []
      expect(tokens.map(({ scopes, secret, tenantId }) => [scopes, Redacted.value(secret), tenantId])).toEqual([
        [["b"], "cached-access-token-1", Person.ada.tenantId],
        [["a"], "older", "other-tenant"]
      ])
      expect(Option.isNone(Partition.refreshToken(partition, FakeProvider.clientId))).toBe(true)
      expect(partition.idTokens.size).toBe(0)
    }).pipe(Effect.provide(FakeProvider.layer({
      accounts: [
        {
          accessTokens: [{ scopes: ["b"] }, { scopes: ["a"], secret: "older", tenantId: "other-tenant" }],
          refreshToken: null,
          idToken: null
        },
        { person: Person.grace, clientId: "another-client" }
      ]
    }))))

  it.effect.each(["read", "modify", "list", "lock"] as const)(
    "can be out of order for %s alone",
    (operation) =>
      Effect.gen(function*() {
        const cache = yield* TokenCache.TokenCache
        const outcomes = {
          read: yield* Effect.either(cache.read(key)),
          modify: yield* Effect.either(cache.modify(key, (partition) => [undefined, partition])),
          list: yield* Effect.either(cache.list(key.provider)),
          lock: yield* Effect.either(cache.withRefreshLock("a lock")(Effect.void))
        }
        for (const [name, outcome] of Object.entries(outcomes)) {
          expect(outcome).toMatchObject(
            name === operation ? { _tag: "Left", left: { _tag: "CacheUnavailable", operation } } : { _tag: "Right" }
          )
        }
      }).pipe(Effect.provide(FakeProvider.layer({ unavailable: [operation], accounts: [{}] })))
  )
})
