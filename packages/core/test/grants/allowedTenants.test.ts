import { describe, expect, it } from "@effect/vitest"
import { Accounts, AuthorizationCode, type ClientApplication, RefreshToken, Silent } from "@grantwork/core"
import { FakeProvider, Person, Reply, ScriptedHttpClient, TokenFactory } from "@grantwork/testing"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { ada, cached, entra, failure, nextAnswer, redirectUri, signIn } from "../scenario.js"

const ours = Person.ada.tenantId
const theirs = "7e7e7e7e-0000-4000-8000-000000000002"
const stranger: Person.Person = { ...Person.grace, tenantId: theirs }

const stack = (
  allowedTenants: ClientApplication.Options["allowedTenants"],
  { tenant = "common", ...options }: FakeProvider.Options & { readonly tenant?: string } = {}
) => entra(tenant, { ...options, application: { allowedTenants } })

const refused = { _tag: "IdTokenRejected", rule: "tid", message: expect.stringContaining("allowedTenants") }

const byBrowser = Effect.gen(function*() {
  const flow = yield* AuthorizationCode.initiate({ scopes: ["a"], redirectUri })
  return yield* AuthorizationCode.complete({ flow, response: yield* FakeProvider.signIn(flow.authorizationUrl) })
})

const signIns = [
  ["a browser", byBrowser],
  ["a password", signIn(["a"])],
  ["a refresh token", RefreshToken.acquire({ refreshToken: Redacted.make("from elsewhere"), scopes: ["a"] })]
] as const

describe.each(signIns)("tenants that may sign in, by %s", (_, program) => {
  it.effect.each<readonly [string, ClientApplication.Options["allowedTenants"]]>([
    ["on the list", [ours.toUpperCase()]],
    ["among several", [theirs, ours]],
    ["by the function", (tenantId) => tenantId === ours]
  ])("let in people of one %s", ([, allowedTenants]) =>
    Effect.gen(function*() {
      expect((yield* program).tenantId).toBe(ours)
      expect(yield* cached).toHaveLength(1)
    }).pipe(Effect.provide(stack(allowedTenants))))

  it.effect.each<readonly [string, ClientApplication.Options["allowedTenants"]]>([
    ["not on the list", [ours]],
    ["not by the function", (tenantId) => tenantId !== theirs]
  ])("let in nobody of one %s, and cache nothing", ([, allowedTenants]) =>
    Effect.gen(function*() {
      expect(yield* failure(program)).toMatchObject({
        ...refused,
        endpoint: "https://login.microsoftonline.com/common/oauth2/v2.0/token",
        correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/)
      })
      expect(yield* cached).toEqual([])
      expect(yield* Accounts.list()).toEqual([])
    }).pipe(Effect.provide(stack(allowedTenants, { person: stranger }))))
})

describe("tenants that may sign in", () => {
  it.effect("are asked of the account where there is no ID token", () =>
    Effect.gen(function*() {
      yield* nextAnswer({ id_token: undefined })
      expect((yield* signIn()).tenantId).toBe(ours)
      yield* nextAnswer({ id_token: undefined, client_info: TokenFactory.clientInfo(stranger) })
      expect(yield* failure(signIn())).toMatchObject(refused)
      yield* nextAnswer({ id_token: undefined, client_info: undefined })
      expect(yield* failure(signIn())).toMatchObject(refused)
      expect(yield* cached).toHaveLength(1)
    }).pipe(Effect.provide(stack([ours]))))

  it.effect("are asked at an authority for one of them, too", () =>
    Effect.gen(function*() {
      expect(yield* failure(signIn())).toMatchObject(refused)
      yield* nextAnswer({ id_token: undefined, client_info: undefined })
      expect(yield* failure(signIn())).toMatchObject(refused)
    }).pipe(Effect.provide(stack([theirs], { tenant: ours }))))

  it.effect("get nothing from the cache once they may no more, and a refresh changes nothing", () =>
    Effect.gen(function*() {
      const before = yield* cached
      expect(yield* failure(Silent.acquire({ scopes: ["a"], account: yield* ada }))).toMatchObject(refused)
      expect(yield* cached).toEqual(before)
      expect(yield* FakeProvider.requests("token")).toHaveLength(1)
    }).pipe(Effect.provide(stack([theirs], { accounts: [{ accessTokens: [{ scopes: ["a"] }] }] }))))

  it.effect("are served from the cache while they may", () =>
    Effect.gen(function*() {
      expect((yield* Silent.acquire({ scopes: ["a"], account: yield* ada })).source).toBe("cache")
      expect(yield* ScriptedHttpClient.requests).toEqual([])
    }).pipe(Effect.provide(stack([ours], { accounts: [{ accessTokens: [{ scopes: ["a"] }] }] }))))

  it.effect("get a guest's token in none of the others", () =>
    Effect.gen(function*() {
      const host = "https://login.microsoftonline.com"
      const factory = yield* TokenFactory.TokenFactory
      const claims = { tid: theirs, iss: `${host}/${theirs}/v2.0`, oid: "guest-oid", sub: "guest-sub" }
      yield* ScriptedHttpClient.script({
        [`POST ${host}/${theirs}/oauth2/v2.0/token`]: Reply.json(
          yield* factory.tokenAnswer({ id_token: yield* factory.idToken(claims) })
        ),
        [`GET ${host}/${theirs}/discovery/v2.0/keys`]: Reply.json(factory.keySet)
      })
      const abroad = Silent.acquire({ scopes: ["a"], account: yield* ada, authority: `${host}/${theirs}` })
      expect(yield* failure(abroad)).toMatchObject(refused)
    }).pipe(Effect.provide(stack([ours], { accounts: [{}] }))))
})
