import { describe, expect, it } from "@effect/vitest"
import { type Account, Accounts, Silent } from "@grantwork/core"
import { FakeProvider, Person, Reply, ScriptedHttpClient, TokenFactory } from "@grantwork/testing"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { ada, cached, entra, failure, generic, issuer, nextAnswer, outcome, refuse, signIn } from "../scenario.js"

/** A token that has a minute left, and a refresh token. */
const aging = { accounts: [{ accessTokens: [{ scopes: ["a"], expiresIn: "1 minute", secret: "old" }] }] } as const

/** A token that is expired, and a refresh token. */
const expired = { accounts: [{ accessTokens: [{ scopes: ["a"], expiresIn: 0, secret: "old" }] }] } as const

const before = {
  accounts: ["ada@example.com"],
  accessTokens: ["old"],
  refreshTokens: ["cached-refresh-token"],
  idTokens: ["cached-id-token"]
}

const refresh = (request: Partial<Silent.Request> = {}) =>
  Effect.flatMap(ada, (account) => Silent.acquire({ scopes: ["a"], account, ...request }))

describe("a refresh", () => {
  it.effect("gets a new token, and writes everything back", () =>
    Effect.gen(function*() {
      const result = yield* refresh({ correlationId: "mine" })
      expect(result).toMatchObject({
        source: "identity-provider",
        tokenType: "Bearer",
        scopes: ["a", "openid", "profile"],
        correlationId: Option.some("mine"),
        refreshToken: Option.none(),
        tenantId: "",
        account: Option.some(yield* ada)
      })
      expect(Redacted.value(result.accessToken)).toBe("access-token-1")
      const [after] = yield* cached
      expect(after).toMatchObject({ accessTokens: ["access-token-1"], refreshTokens: ["refresh-token-1"] })
      expect(Option.map(result.idToken, Redacted.value)).toEqual(Option.some(after?.idTokens[0]))
      expect(after?.idTokens).not.toEqual(before.idTokens)

      const again = yield* refresh()
      expect(again.source).toBe("cache")
      expect(Redacted.value(again.accessToken)).toBe("access-token-1")
    }).pipe(Effect.provide(generic({}, aging))))

  it.effect("keeps the refresh token where none comes", () =>
    Effect.gen(function*() {
      yield* nextAnswer({ refresh_token: undefined })
      yield* refresh()
      expect(yield* cached).toMatchObject([{
        accessTokens: ["access-token-1"],
        refreshTokens: ["cached-refresh-token"]
      }])
    }).pipe(Effect.provide(generic({}, aging))))

  it.effect("uses the rotated refresh token the next time (feature 54)", () =>
    Effect.gen(function*() {
      yield* refresh({ forceRefresh: true })
      yield* refresh({ forceRefresh: true })
      const requests = yield* FakeProvider.requests("token")
      expect(requests.map(({ form }) => form?.["refresh_token"])).toEqual(["cached-refresh-token", "refresh-token-1"])
    }).pipe(Effect.provide(generic({}, aging))))

  it.effect.each(
    [
      ["ID token", { id_token: undefined }],
      ["ID token and refresh token", { id_token: undefined, refresh_token: undefined }]
    ] as const
  )("works without %s: the account and its ID token stay", ([, differences]) =>
    Effect.gen(function*() {
      yield* nextAnswer(differences)
      const result = yield* refresh()
      expect(result.account).toEqual(Option.some(yield* ada))
      expect(Option.map(result.idToken, Redacted.value)).toEqual(Option.some("cached-id-token"))
      expect(Option.map(result.idTokenClaims, ({ sub }) => sub)).toEqual(Option.some("ada-subject"))
      expect(yield* cached).toMatchObject([{ accessTokens: ["access-token-1"], idTokens: ["cached-id-token"] }])
      expect((yield* refresh()).source).toBe("cache")
    }).pipe(Effect.provide(generic({}, aging))))

  it.effect("works at Microsoft without ID token, client_info and refresh token", () =>
    Effect.gen(function*() {
      yield* nextAnswer({ id_token: undefined, client_info: undefined, refresh_token: undefined })
      const result = yield* refresh()
      expect(result.tenantId).toBe(Person.ada.tenantId)
      expect(yield* cached).toEqual([{ ...before, accessTokens: ["access-token-1"] }])
      expect((yield* refresh()).source).toBe("cache")
      expect((yield* Accounts.list()).map(({ homeAccountId }) => homeAccountId)).toEqual([
        `${Person.ada.objectId}.${Person.ada.tenantId}`
      ])
    }).pipe(Effect.provide(entra("common", aging))))

  it.effect("asks the tenant of the authority override, and keeps the home tenant's token (feature 13)", () =>
    Effect.gen(function*() {
      const guest = "90e57000-0000-4000-8000-000000000002"
      const host = "https://login.microsoftonline.com"
      const factory = yield* TokenFactory.TokenFactory
      const claims = { tid: guest, iss: `${host}/${guest}/v2.0`, oid: "guest-oid", sub: "guest-sub" }
      yield* ScriptedHttpClient.script({
        [`POST ${host}/${guest}/oauth2/v2.0/token`]: [Reply.json(
          yield* factory.tokenAnswer({
            id_token: yield* factory.idToken(claims)
          })
        )],
        [`GET ${host}/${guest}/discovery/v2.0/keys`]: Reply.json(factory.keySet)
      })
      const result = yield* refresh({ authority: `${host}/${guest}` })
      expect(result.tenantId).toBe(guest)
      expect((yield* cached)[0]?.accessTokens).toEqual(["access-token-1", "old"])
      const again = yield* refresh({ authority: `${host}/${guest}` })
      expect(again.source).toBe("cache")
      expect(Redacted.value(again.accessToken)).toBe("access-token-1")
      expect(Option.map(again.account, ({ localAccountId, tenantId }) => [localAccountId, tenantId])).toEqual(
        Option.some(["guest-oid", guest])
      )
      const home = yield* refresh({ minValidity: 0 })
      expect(Redacted.value(home.accessToken)).toBe("old")
    }).pipe(Effect.provide(entra("common", aging))))

  it.effect("at a domain without ID token does not pass for the home tenant's", () =>
    Effect.gen(function*() {
      const host = "https://login.microsoftonline.com"
      const factory = yield* TokenFactory.TokenFactory
      yield* ScriptedHttpClient.script({
        [`GET ${host}/guest.example.com/v2.0/.well-known/openid-configuration`]: Reply.json(factory.metadata({
          issuer: `${host}/90e57000-0000-4000-8000-000000000002/v2.0`,
          token_endpoint: `${host}/guest.example.com/token`
        })),
        [`POST ${host}/guest.example.com/token`]: [Reply.json(
          yield* factory.tokenAnswer({
            access_token: "of the guest tenant",
            id_token: undefined
          })
        )]
      })
      yield* refresh({ authority: `${host}/guest.example.com` })
      expect(Redacted.value((yield* refresh({ minValidity: 0 })).accessToken)).not.toBe("of the guest tenant")
    }).pipe(Effect.provide(entra("common", aging))))

  it.effect("renews an account whose name has changed", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      yield* nextAnswer({ id_token: yield* factory.idToken({ preferred_username: "ada.king@example.com" }) })
      yield* refresh()
      expect((yield* Accounts.list()).map(({ username }) => username)).toEqual(["ada.king@example.com"])
    }).pipe(Effect.provide(generic({}, aging))))
})

describe("nothing to refresh with", () => {
  it.effect("no account was given", () =>
    Effect.gen(function*() {
      for (const account of [undefined, null as unknown as undefined]) {
        const request = { scopes: ["a"], account }
        expect(yield* failure(Silent.acquire(request))).toMatchObject({
          _tag: "InteractionRequired",
          reason: "no_account"
        })
        expect(yield* Silent.acquireOption(request)).toEqual(Option.none())
      }
      expect(yield* ScriptedHttpClient.requests).toEqual([])
    }).pipe(Effect.provide(generic({}, aging))))

  it.effect("the cache is empty", () =>
    Effect.gen(function*() {
      expect(yield* failure(refresh())).toMatchObject({ _tag: "InteractionRequired", reason: "no_account" })
      expect(yield* Silent.acquireOption({ scopes: ["a"], account: yield* ada })).toEqual(Option.none())
      expect(yield* ScriptedHttpClient.requests).toEqual([])
    }).pipe(Effect.provide(generic())))

  it.effect("the account has no refresh token", () =>
    Effect.gen(function*() {
      expect(yield* failure(refresh())).toMatchObject({ _tag: "InteractionRequired", reason: "no_token" })
      expect(yield* ScriptedHttpClient.requests).toEqual([])
    }).pipe(Effect.provide(generic({}, { accounts: [{ ...aging.accounts[0], refreshToken: null }] }))))

  it.effect.each(["read", "lock"] as const)("the cache is out of order: %s", (operation) =>
    Effect.gen(function*() {
      expect(yield* failure(refresh())).toMatchObject({ _tag: "CacheUnavailable", operation })
      expect(yield* ScriptedHttpClient.requests).toEqual([])
    }).pipe(Effect.provide(generic({}, { ...aging, unavailable: [operation] }))))
})

describe("a refused refresh", () => {
  it.effect.each(
    [
      [{ error: "invalid_grant" }, "InteractionRequired", "expired", true],
      [{ error: "invalid_grant", error_codes: [700082] }, "InteractionRequired", "expired", true],
      [{ error: "invalid_grant", suberror: "bad_token" }, "InteractionRequired", "expired", false],
      [
        { error: "invalid_grant", suberror: "token_expired", error_codes: [70043] },
        "InteractionRequired",
        "expired",
        false
      ],
      [{ error: "invalid_grant", suberror: "basic_action", error_codes: [50076] }, "InteractionRequired", "mfa", true],
      [
        { error: "invalid_grant", suberror: "consent_required", error_codes: [65001] },
        "InteractionRequired",
        "consent",
        true
      ],
      [{ error: "interaction_required", claims: "{\"a\":1}" }, "InteractionRequired", "claims", true],
      [{ error: "invalid_grant", suberror: "client_mismatch" }, "InvalidGrant", undefined, true],
      [{ error: "invalid_client" }, "InvalidClient", undefined, true],
      [{ error: "invalid_scope" }, "InvalidScope", undefined, true],
      [{ error: "server_error" }, "ServerUnavailable", undefined, true]
    ] as const
  )("%j: %s %s, refresh token kept: %s", ([body, tag, reason, kept]) =>
    Effect.gen(function*() {
      yield* refuse(body)
      const error = yield* failure(refresh())
      expect(error).toMatchObject({ _tag: tag, error: body.error, ...(reason === undefined ? {} : { reason }) })
      expect(yield* cached).toEqual([{ ...before, refreshTokens: kept ? before.refreshTokens : [] }])
    }).pipe(Effect.provide(generic({}, expired))))

  it.effect("gives none where a person has to act, and the error otherwise (features 1, 2)", () =>
    Effect.gen(function*() {
      const request = { scopes: ["a"], account: yield* ada }
      yield* refuse({ error: "invalid_grant" })
      expect(yield* Silent.acquireOption(request)).toEqual(Option.none())
      yield* refuse({ error: "invalid_client" })
      expect(yield* failure(Silent.acquireOption(request))).toMatchObject({ _tag: "InvalidClient" })
      yield* FakeProvider.answer("token", Reply.disconnected())
      expect(yield* failure(Silent.acquireOption(request))).toMatchObject({ _tag: "NetworkFailure" })
    }).pipe(Effect.provide(generic({}, expired))))

  it.effect("asks for interaction once the dead refresh token is dropped (feature 15)", () =>
    Effect.gen(function*() {
      yield* refuse({ error: "invalid_grant", suberror: "bad_token" })
      yield* failure(refresh())
      expect(yield* failure(refresh())).toMatchObject({ _tag: "InteractionRequired", reason: "no_token" })
      expect(yield* FakeProvider.requests("token")).toHaveLength(1)
    }).pipe(Effect.provide(generic({}, expired))))

  it.effect.each(
    [
      ["a broken connection", Reply.disconnected()],
      ["a page", Reply.html("<p>Proxy</p>")],
      ["503", Reply.empty({ status: 503 })],
      ["429", Reply.empty({ status: 429 })],
      ["no access token", Reply.json({ token_type: "Bearer", refresh_token: "rotated" })]
    ] as const
  )("by %s loses nothing that was cached", ([, answer]) =>
    Effect.gen(function*() {
      yield* FakeProvider.answer("token", answer)
      yield* failure(refresh())
      expect(yield* cached).toEqual([before])
    }).pipe(Effect.provide(generic({}, expired))))
})

describe("the ID token of a refresh", () => {
  it.effect.each(
    [
      ["for another person", { sub: "eve" }, "sub"],
      ["of another issuer", { iss: "https://evil.example.com" }, "iss"],
      ["for another client", { aud: "another-client" }, "aud"],
      ["expired", { exp: -121 }, "exp"]
    ] as const
  )("%s: nothing is saved", ([, claims, rule]) =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      yield* nextAnswer({ id_token: yield* factory.idToken(claims) })
      expect(yield* failure(refresh())).toMatchObject({ _tag: "IdTokenRejected", rule })
      expect(yield* cached).toEqual([before])
    }).pipe(Effect.provide(generic({}, expired))))

  it.effect("of the issuer before is compared with the one now", () =>
    Effect.gen(function*() {
      expect(yield* failure(refresh())).toMatchObject({ _tag: "IdTokenRejected", rule: "iss" })
      expect(yield* cached).toEqual([before])
    }).pipe(Effect.provide(generic({}, {
      accounts: [{ ...expired.accounts[0], idToken: { iss: "https://id.example.com/before" } }]
    }))))

  it.effect.each(["generic", "entra"] as const)(
    "is for the account where there was none before: %s",
    (kind) =>
      Effect.gen(function*() {
        const factory = yield* TokenFactory.TokenFactory
        yield* nextAnswer({ id_token: yield* factory.idToken({ sub: "eve", oid: "eve" }) })
        expect(yield* failure(refresh())).toMatchObject({ _tag: "IdTokenRejected", rule: "sub" })
        expect((yield* cached)[0]?.accessTokens).toEqual(["old"])
      }).pipe(Effect.provide(
        kind === "generic"
          ? generic({}, { accounts: [{ ...expired.accounts[0], idToken: null }] })
          : entra("common", { accounts: [{ ...expired.accounts[0], idToken: null }] })
      ))
  )

  it.effect("tells with which request it came", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      yield* nextAnswer({ id_token: yield* factory.idToken({ sub: "eve" }) })
      expect(yield* failure(refresh({ correlationId: "mine" }))).toMatchObject({
        correlationId: "mine",
        endpoint: `${issuer}/token`
      })
    }).pipe(Effect.provide(generic({}, expired))))

  const unreachable: ReadonlyArray<readonly [string, Reply.Answer, string]> = [
    ["disconnected", Reply.disconnected(), "NetworkFailure"],
    ["down", Reply.empty({ status: 503 }), "ServerUnavailable"],
    ["a page", Reply.html("<p>Proxy</p>"), "MalformedResponse"]
  ]

  it.effect.each(unreachable)(
    "cannot be verified while the keys are %s: only the rotation is saved",
    ([, keys, tag]) =>
      Effect.gen(function*() {
        const factory = yield* TokenFactory.TokenFactory
        yield* FakeProvider.answer("keys", [keys, Reply.json(factory.keySet)])
        expect((yield* failure(refresh()))._tag).toBe(tag)
        expect(yield* cached).toEqual([{ ...before, refreshTokens: ["refresh-token-1"] }])
        expect((yield* refresh()).source).toBe("identity-provider")
        const requests = yield* FakeProvider.requests("token")
        expect(requests[1]?.form).toMatchObject({ refresh_token: "refresh-token-1" })
      }).pipe(Effect.provide(generic({}, expired)))
  )

  it.effect("cannot be verified, and there was no rotation: nothing is saved", () =>
    Effect.gen(function*() {
      yield* nextAnswer({ refresh_token: undefined, id_token: "a.b.c" })
      yield* FakeProvider.answer("keys", Reply.disconnected())
      yield* failure(refresh())
      expect(yield* cached).toEqual([before])
    }).pipe(Effect.provide(generic({}, expired))))

  it.effect("is not looked for where the provider sends none", () =>
    Effect.gen(function*() {
      yield* nextAnswer({ id_token: undefined })
      yield* FakeProvider.answer("keys", [])
      expect((yield* refresh()).source).toBe("identity-provider")
    }).pipe(Effect.provide(generic({}, expired))))
})

describe("removal while a refresh is under way (feature 16)", () => {
  it.effect("is final, and the caller still gets the token", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      const gate = yield* Deferred.make<void>()
      yield* FakeProvider.answer("token", Effect.as(Deferred.await(gate), Reply.json(yield* factory.tokenAnswer())))
      const fiber = yield* Effect.fork(refresh())
      yield* FakeProvider.awaitRequests("token")
      yield* Accounts.remove(yield* ada)
      yield* Deferred.succeed(gate, undefined)
      expect((yield* Fiber.join(fiber)).source).toBe("identity-provider")
      expect(yield* cached).toEqual([])
      expect(yield* failure(refresh())).toMatchObject({ reason: "no_account" })
    }).pipe(Effect.provide(generic({}, expired))))

  it.effect("is final where only the rotation would be saved", () =>
    Effect.gen(function*() {
      const gate = yield* Deferred.make<void>()
      yield* FakeProvider.answer("keys", Effect.zipRight(Deferred.await(gate), Reply.disconnected()))
      const fiber = yield* Effect.fork(failure(refresh()))
      yield* FakeProvider.awaitRequests("keys")
      yield* Accounts.remove(yield* ada)
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(fiber)
      expect(yield* cached).toEqual([])
    }).pipe(Effect.provide(generic({}, expired))))

  it.effect("and a new sign-in meanwhile keeps the new tokens", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      const gate = yield* Deferred.make<void>()
      const late = Reply.json(yield* factory.tokenAnswer({ access_token: "late", refresh_token: "late" }))
      const fresh = Reply.json(yield* factory.tokenAnswer({ access_token: "fresh", refresh_token: "fresh" }))
      yield* FakeProvider.answer("token", [Effect.as(Deferred.await(gate), late), fresh])
      const fiber = yield* Effect.fork(refresh())
      yield* FakeProvider.awaitRequests("token")
      yield* Accounts.remove(yield* ada)
      yield* signIn(["a"])
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(fiber)
      expect(yield* cached).toMatchObject([{ accessTokens: ["fresh"], refreshTokens: ["fresh"] }])
    }).pipe(Effect.provide(generic({}, expired))))
})

describe("a refresh token replaced while it is refused", () => {
  const dead = Reply.json({ error: "invalid_grant", suberror: "bad_token" }, { status: 400 })

  /** Someone signs in again before the refusal comes; then the provider has these answers. */
  const refreshReplaced = (...answers: ReadonlyArray<Reply.Reply>) =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      const gate = yield* Deferred.make<void>()
      const fresh = Reply.json(yield* factory.tokenAnswer({ refresh_token: "fresh", access_token: "of the sign-in" }))
      yield* FakeProvider.answer("token", [Effect.as(Deferred.await(gate), dead), fresh, ...answers])
      const fiber = yield* Effect.fork(outcome(refresh()))
      yield* FakeProvider.awaitRequests("token")
      yield* signIn(["b"])
      yield* Deferred.succeed(gate, undefined)
      const result = yield* Fiber.join(fiber)
      const redeemed = (yield* FakeProvider.requests("token")).map(({ form }) => form?.["refresh_token"])
      return { result, redeemed }
    })

  it.effect("is not dropped: the newer one is redeemed", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      const renewed = yield* factory.tokenAnswer({ refresh_token: "rotated", access_token: "of the newer one" })
      const { redeemed, result } = yield* refreshReplaced(Reply.json(renewed))
      expect(Either.map(result, ({ accessToken }) => Redacted.value(accessToken))).toEqual(
        Either.right("of the newer one")
      )
      expect(redeemed).toEqual(["cached-refresh-token", undefined, "fresh"])
      expect(yield* cached).toMatchObject([{
        accessTokens: expect.arrayContaining(["of the newer one"]),
        refreshTokens: ["rotated"]
      }])
    }).pipe(Effect.provide(generic({}, expired))))

  it.effect("asks for interaction where the newer one is refused as well, and tries no third time", () =>
    Effect.gen(function*() {
      const { redeemed, result } = yield* refreshReplaced(dead)
      expect(result).toMatchObject({ _tag: "Left", left: { _tag: "InteractionRequired", reason: "expired" } })
      expect(redeemed).toEqual(["cached-refresh-token", undefined, "fresh"])
      expect(yield* cached).toMatchObject([{ accounts: ["ada@example.com"], refreshTokens: [] }])
    }).pipe(Effect.provide(generic({}, expired))))

  it.effect("keeps the newer one where that has a failure of its own", () =>
    Effect.gen(function*() {
      const { redeemed, result } = yield* refreshReplaced(Reply.empty({ status: 503 }))
      expect(result).toMatchObject({ _tag: "Left", left: { _tag: "ServerUnavailable" } })
      expect(redeemed).toEqual(["cached-refresh-token", undefined, "fresh"])
      expect(yield* cached).toMatchObject([{ refreshTokens: ["fresh"] }])
    }).pipe(Effect.provide(generic({}, expired))))
})

describe("a refresh once sent", () => {
  it.effect("times out by itself, and loses nothing", () =>
    Effect.gen(function*() {
      yield* FakeProvider.answer("token", Reply.never)
      const fiber = yield* Effect.fork(failure(refresh()))
      yield* FakeProvider.awaitRequests("token")
      yield* TestClock.adjust("30 seconds")
      expect(yield* Fiber.join(fiber)).toMatchObject({ _tag: "NetworkFailure", reason: "timeout" })
      expect(yield* cached).toEqual([before])
    }).pipe(Effect.provide(generic({}, expired))))
})

describe("a refresh token whose expiry is known", () => {
  const signedIn = (refresh_token_expires_in: unknown) =>
    Effect.gen(function*() {
      yield* nextAnswer({ refresh_token_expires_in })
      return Option.getOrThrow((yield* signIn(["a"])).account)
    })

  const silent = (account: Account.Account) => Silent.acquire({ scopes: ["a"], account })

  it.effect.each([7200, "7200"])(
    "is sent until five minutes before, and then a person is asked for: %j (item 69)",
    (lifetime) =>
      Effect.gen(function*() {
        const account = yield* signedIn(lifetime)
        yield* TestClock.adjust("115 minutes")
        yield* nextAnswer({ refresh_token: undefined })
        yield* silent(account)
        expect(yield* FakeProvider.requests("token")).toHaveLength(2)
        yield* signedIn(lifetime)
        yield* TestClock.adjust("6901 seconds")
        expect(yield* failure(silent(account))).toMatchObject({ _tag: "InteractionRequired", reason: "expired" })
        expect(yield* FakeProvider.requests("token")).toHaveLength(3)
        expect((yield* cached)[0]?.refreshTokens).toHaveLength(1)
      }).pipe(Effect.provide(entra("common")))
  )

  it.effect("says nothing of the one that took its place", () =>
    Effect.gen(function*() {
      const account = yield* signedIn(600)
      yield* nextAnswer({ refresh_token: "newer", expires_in: 60 })
      yield* Silent.acquire({ scopes: ["a"], account, forceRefresh: true })
      yield* TestClock.adjust("1 hour")
      yield* nextAnswer()
      yield* silent(account)
      const requests = yield* FakeProvider.requests("token")
      expect(requests.at(-1)?.form?.["refresh_token"]).toBe("newer")
    }).pipe(Effect.provide(entra("common"))))

  it.effect("still serves what it got before", () =>
    Effect.gen(function*() {
      const account = yield* signedIn(60)
      expect((yield* silent(account)).source).toBe("cache")
    }).pipe(Effect.provide(entra("common"))))

  it.effect.each([null, -1, 0])("is over at once where it says %j", (lifetime) =>
    Effect.gen(function*() {
      const account = yield* signedIn(lifetime)
      const forced = Silent.acquire({ scopes: ["a"], account, forceRefresh: true })
      if (lifetime === null) {
        yield* nextAnswer()
        expect((yield* forced).source).toBe("identity-provider")
      } else {
        expect(yield* failure(forced)).toMatchObject({ reason: "expired" })
      }
    }).pipe(Effect.provide(entra("common"))))
})
