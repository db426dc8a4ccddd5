import { describe, expect, it } from "@effect/vitest"
import { Accounts, Silent, UsernamePassword } from "@grantwork/core"
import { FakeProvider, Person, ScriptedHttpClient, TokenFactory } from "@grantwork/testing"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { cached, entra, failure, generic, issuer, nextAnswer, refuse } from "../scenario.js"

const acquire = (request: Partial<UsernamePassword.Request> = {}) =>
  UsernamePassword.acquire({
    username: "Ada@Example.com",
    password: Redacted.make("p&ss wörd"),
    scopes: ["api.read"],
    ...request
  })

describe("UsernamePassword (feature 47)", () => {
  it.effect("sends name and password, and caches what comes", () =>
    Effect.gen(function*() {
      const result = yield* acquire({ claims: "{\"a\":{}}", correlationId: "mine" })
      const [request] = yield* FakeProvider.requests("token")
      expect(request?.form).toEqual({
        client_id: FakeProvider.clientId,
        grant_type: "password",
        username: "Ada@Example.com",
        password: "p&ss wörd",
        scope: "api.read openid profile offline_access",
        claims: "{\"a\":{}}"
      })
      expect(result).toMatchObject({ source: "identity-provider", correlationId: Option.some("mine") })
      expect(Option.map(result.refreshToken, Redacted.value)).toEqual(Option.some("refresh-token-1"))
      expect(yield* cached).toMatchObject([{ accounts: ["ada@example.com"], refreshTokens: ["refresh-token-1"] }])
      const account = Option.getOrThrow(result.account)
      expect((yield* Silent.acquire({ scopes: ["api.read"], account })).source).toBe("cache")
    }).pipe(Effect.provide(generic())))

  it.effect("takes a nonce in the ID token, since it sends none", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      yield* nextAnswer({ id_token: yield* factory.idToken({ nonce: "whatever" }) })
      expect((yield* acquire()).source).toBe("identity-provider")
    }).pipe(Effect.provide(generic())))

  it.effect("knows the account by client_info and the name as typed where there is no ID token", () =>
    Effect.gen(function*() {
      yield* nextAnswer({ id_token: undefined })
      const result = yield* acquire()
      expect(Option.getOrThrow(result.account)).toMatchObject({
        homeAccountId: `${Person.ada.objectId}.${Person.ada.tenantId}`,
        localAccountId: Person.ada.objectId,
        tenantId: Person.ada.tenantId,
        username: "Ada@Example.com",
        name: Option.none()
      })
      expect((yield* Accounts.list()).map(({ username }) => username)).toEqual(["Ada@Example.com"])
    }).pipe(Effect.provide(entra("common"))))

  it.effect.each(
    [
      [undefined, { sub: "sub-1" }, "sub-1"],
      ["not base64url!", { sub: "sub-1" }, "sub-1"],
      [Buffer.from("{\"uid\":\"U\"}").toString("base64url"), { sub: "sub-1" }, "sub-1"],
      [Buffer.from("{\"uid\":\"\",\"utid\":\"t\"}").toString("base64url"), { sub: "sub-1" }, "sub-1"],
      [Buffer.from("{\"uid\":\"U\",\"utid\":\"T\"}").toString("base64"), { sub: "sub-1" }, "u.t"],
      [Buffer.from("{\"uid\":\"??>\",\"utid\":\"T\"}").toString("base64"), { sub: "sub-1" }, "??>.t"]
    ] as const
  )("with client_info %j", ([clientInfo, claims, homeAccountId]) =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      yield* nextAnswer({ client_info: clientInfo, id_token: yield* factory.idToken(claims) })
      expect(Option.getOrThrow((yield* acquire()).account).homeAccountId).toBe(homeAccountId)
    }).pipe(Effect.provide(entra("common"))))

  it.effect("does not believe client_info of anybody but Microsoft", () =>
    Effect.gen(function*() {
      yield* nextAnswer({ client_info: TokenFactory.clientInfo(Person.grace) })
      expect(Option.getOrThrow((yield* acquire()).account).homeAccountId).toBe("ada-subject")
    }).pipe(Effect.provide(generic())))

  it.effect("hands out uncached what names nobody", () =>
    Effect.gen(function*() {
      yield* nextAnswer({ id_token: undefined })
      const result = yield* acquire()
      expect(result.account).toEqual(Option.none())
      expect(Option.isSome(result.refreshToken)).toBe(true)
      expect(yield* cached).toEqual([])
    }).pipe(Effect.provide(generic())))

  it.effect.each(
    [
      [{ preferred_username: "a@x", upn: "b@x" }, "a@x"],
      [{ preferred_username: undefined, upn: "b@x", email: "c@x" }, "b@x"],
      [{ preferred_username: "", emails: ["d@x"], email: "c@x" }, "d@x"],
      [{ preferred_username: undefined, emails: "d@x", email: "c@x" }, "c@x"],
      [{ preferred_username: 7 }, "Ada@Example.com"]
    ] as const
  )("finds the username in %j", ([claims, username]) =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      yield* nextAnswer({ id_token: yield* factory.idToken(claims) })
      expect(Option.getOrThrow((yield* acquire()).account).username).toBe(username)
    }).pipe(Effect.provide(generic())))

  it.effect("tells a wrong password from a demand for more", () =>
    Effect.gen(function*() {
      yield* refuse({ error: "invalid_grant", error_codes: [50126] })
      expect(yield* failure(acquire())).toMatchObject({ _tag: "InvalidCredentials", endpoint: `${issuer}/token` })
      yield* refuse({ error: "invalid_grant", suberror: "basic_action", error_codes: [50076], claims: "{\"a\":1}" })
      expect(yield* failure(acquire())).toMatchObject({
        _tag: "InteractionRequired",
        reason: "mfa",
        claims: "{\"a\":1}"
      })
      expect(yield* cached).toEqual([])
    }).pipe(Effect.provide(generic())))

  it.effect.each([
    ["username", { username: "" }],
    ["username", { username: 7 }],
    ["username", { username: undefined }],
    ["password", { password: Redacted.make("") }],
    ["password", { password: "plain" }],
    ["password", { password: undefined }],
    ["scopes", { scopes: ["a b"] }],
    ["claims", { claims: "[]" }]
  ])("refuses %s: %j, and sends nothing", ([argument, differences]) =>
    Effect.gen(function*() {
      const error = yield* failure(acquire(differences as Partial<UsernamePassword.Request>))
      expect(error).toMatchObject({ _tag: "InvalidArgument", argument })
      expect(yield* ScriptedHttpClient.requests).toEqual([])
    }).pipe(Effect.provide(generic())))
})
