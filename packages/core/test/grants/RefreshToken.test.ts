import { describe, expect, it } from "@effect/vitest"
import { RefreshToken, Silent } from "@grantwork/core"
import { FakeProvider, Person, ScriptedHttpClient, TokenFactory } from "@grantwork/testing"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { cached, entra, failure, generic, nextAnswer, refuse } from "../scenario.js"

const acquire = (request: Partial<RefreshToken.Request> = {}) =>
  RefreshToken.acquire({ refreshToken: Redacted.make("from elsewhere"), scopes: ["api.read"], ...request })

describe("RefreshToken (feature 53)", () => {
  it.effect("redeems a token from elsewhere, and caches what comes", () =>
    Effect.gen(function*() {
      const result = yield* acquire({ correlationId: "mine" })
      const [request] = yield* FakeProvider.requests("token")
      expect(request?.form).toEqual({
        client_id: FakeProvider.clientId,
        grant_type: "refresh_token",
        refresh_token: "from elsewhere",
        scope: "api.read openid profile offline_access",
        client_info: "1"
      })
      expect(Option.map(result.refreshToken, Redacted.value)).toEqual(Option.some("refresh-token-1"))
      expect(result.correlationId).toEqual(Option.some("mine"))
      const account = Option.getOrThrow(result.account)
      expect(account.homeAccountId).toBe(`${Person.ada.objectId}.${Person.ada.tenantId}`)
      expect((yield* Silent.acquire({ scopes: ["api.read"], account })).source).toBe("cache")
    }).pipe(Effect.provide(entra("common"))))

  it.effect("keeps the token that came in where no other does", () =>
    Effect.gen(function*() {
      yield* nextAnswer({ refresh_token: undefined })
      const result = yield* acquire()
      expect(Option.map(result.refreshToken, Redacted.value)).toEqual(Option.some("from elsewhere"))
      expect(yield* cached).toMatchObject([{ refreshTokens: ["from elsewhere"] }])
    }).pipe(Effect.provide(generic())))

  it.effect("hands out uncached what names nobody", () =>
    Effect.gen(function*() {
      yield* nextAnswer({ id_token: undefined })
      const result = yield* acquire()
      expect(result.account).toEqual(Option.none())
      expect(Redacted.value(result.accessToken)).toBe("access-token-1")
      expect(yield* cached).toEqual([])
    }).pipe(Effect.provide(generic())))

  it.effect("saves nothing of an ID token rejected", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      yield* nextAnswer({ id_token: yield* factory.idToken({ aud: "another-client" }) })
      expect(yield* failure(acquire())).toMatchObject({ _tag: "IdTokenRejected", rule: "aud" })
      expect(yield* cached).toEqual([])
    }).pipe(Effect.provide(generic())))

  it.effect("asks to sign in where the token is expired, and touches no other that is cached", () =>
    Effect.gen(function*() {
      yield* refuse({ error: "invalid_grant", suberror: "bad_token" })
      expect(yield* failure(acquire())).toMatchObject({ _tag: "InteractionRequired", reason: "expired" })
      expect(yield* cached).toMatchObject([{ refreshTokens: ["cached-refresh-token"] }])
    }).pipe(Effect.provide(generic({}, { accounts: [{}] }))))

  it.effect.each([
    ["refreshToken", { refreshToken: Redacted.make("") }],
    ["refreshToken", { refreshToken: "plain" }],
    ["refreshToken", { refreshToken: undefined }],
    ["scopes", { scopes: ["a\nb"] }],
    ["scopes", { scopes: ["a\"b"] }]
  ])("refuses %s: %j, and sends nothing", ([argument, differences]) =>
    Effect.gen(function*() {
      const error = yield* failure(acquire(differences as Partial<RefreshToken.Request>))
      expect(error).toMatchObject({ _tag: "InvalidArgument", argument })
      expect(yield* ScriptedHttpClient.requests).toEqual([])
    }).pipe(Effect.provide(generic())))
})
