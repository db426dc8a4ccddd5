import { describe, expect, it } from "@effect/vitest"
import { Account, Accounts, Silent } from "@grantwork/core"
import { FakeProvider, Person, ScriptedHttpClient, TokenFactory } from "@grantwork/testing"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { ada, cached, entra, failure, generic, nextAnswer, partitionOf, signIn } from "../scenario.js"

const home = Person.ada.tenantId
const guest = "90e57000-0000-4000-8000-000000000002"
const homeAccountId = `${Person.ada.objectId}.${home}`

/** Ada signs in at her own tenant and as a guest at another, the guest tenant first. */
const signInTwice = Effect.gen(function*() {
  const factory = yield* TokenFactory.TokenFactory
  const claims = { tid: guest, iss: `https://login.microsoftonline.com/${guest}/v2.0`, oid: "guest-oid", sub: "guest" }
  yield* nextAnswer({ id_token: yield* factory.idToken(claims) })
  yield* signIn(["a"])
  yield* nextAnswer({ id_token: yield* factory.idToken() })
  yield* signIn(["a"])
})

const people = {
  accounts: [{ accessTokens: [{ scopes: ["a"] }] }, { person: Person.grace, refreshToken: "grace's" }]
} as const

const usernames = (accounts: ReadonlyArray<Account.Account>) => accounts.map(({ username }) => username)

describe("list", () => {
  it.effect("has nobody where nobody is signed in", () =>
    Effect.gen(function*() {
      expect(yield* Accounts.list()).toEqual([])
      expect(yield* ScriptedHttpClient.requests).toEqual([])
    }).pipe(Effect.provide(generic())))

  it.effect("groups the tenants of one person into one account, the home tenant's (features 56, 60)", () =>
    Effect.gen(function*() {
      yield* signInTwice
      const accounts = yield* Accounts.list()
      expect(accounts).toHaveLength(1)
      expect(accounts[0]).toMatchObject({
        homeAccountId,
        environment: "login.microsoftonline.com",
        tenantId: home,
        localAccountId: Person.ada.objectId,
        username: "ada@example.com",
        name: Option.some("Ada Lovelace"),
        authorityType: "MSSTS"
      })
      expect((yield* partitionOf(homeAccountId)).accounts.size).toBe(2)
    }).pipe(Effect.provide(entra("common"))))

  it.effect.each(
    [
      [undefined, ["ada@example.com", "grace@example.com"]],
      ["ada@example.com", ["ada@example.com"]],
      ["ADA@Example.COM", ["ada@example.com"]],
      ["nobody@example.com", []],
      ["ada", []],
      ["", []]
    ] as const
  )("filters by username %j (feature 57)", ([username, expected]) =>
    Effect.gen(function*() {
      expect(usernames(yield* Accounts.list({ username }))).toEqual(expected)
    }).pipe(Effect.provide(generic({}, people))))

  it.effect("leaves out who has signed in to another client alone", () =>
    Effect.gen(function*() {
      expect(usernames(yield* Accounts.list())).toEqual(["ada@example.com"])
    }).pipe(Effect.provide(generic({}, { accounts: [{}, { person: Person.grace, clientId: "another-client" }] }))))

  it.effect("keeps who has lost the refresh token", () =>
    Effect.gen(function*() {
      expect(usernames(yield* Accounts.list())).toEqual(["ada@example.com"])
    }).pipe(Effect.provide(generic({}, { accounts: [{ refreshToken: null }] }))))

  it.effect("says that the cache is out of order", () =>
    Effect.gen(function*() {
      expect(yield* failure(Accounts.list())).toMatchObject({ _tag: "CacheUnavailable", operation: "list" })
    }).pipe(Effect.provide(generic({}, { unavailable: ["list"] }))))
})

describe("get (feature 61)", () => {
  it.effect("knows an account by its identifier", () =>
    Effect.gen(function*() {
      expect(Option.map(yield* Accounts.get("ada-subject"), ({ username }) => username)).toEqual(
        Option.some("ada@example.com")
      )
      for (const unknown of ["nobody", "", "ADA-SUBJECT", "__proto__"]) {
        expect(yield* Accounts.get(unknown)).toEqual(Option.none())
      }
    }).pipe(Effect.provide(generic({}, people))))

  it.effect("has no letter case at Microsoft", () =>
    Effect.gen(function*() {
      expect(Option.isSome(yield* Accounts.get(homeAccountId.toUpperCase()))).toBe(true)
    }).pipe(Effect.provide(entra("common", { accounts: [{}] }))))

  it.effect("does not know who has signed in to another client alone", () =>
    Effect.gen(function*() {
      expect(yield* Accounts.get("ada-subject")).toEqual(Option.none())
    }).pipe(Effect.provide(generic({}, { accounts: [{ clientId: "another-client" }] }))))

  it.effect("says that the cache is out of order", () =>
    Effect.gen(function*() {
      expect(yield* failure(Accounts.get("ada-subject"))).toMatchObject({ _tag: "CacheUnavailable", operation: "read" })
    }).pipe(Effect.provide(generic({}, { unavailable: ["read"] }))))
})

describe("remove (feature 58)", () => {
  it.effect("takes every credential of the account and nothing of another's", () =>
    Effect.gen(function*() {
      const account = yield* ada
      yield* Accounts.remove(account)
      expect(yield* cached).toMatchObject([{ accounts: ["grace@example.com"], refreshTokens: ["grace's"] }])
      expect(yield* Accounts.get(account.homeAccountId)).toEqual(Option.none())
      expect(yield* failure(Silent.acquire({ scopes: ["a"], account }))).toMatchObject({
        _tag: "InteractionRequired",
        reason: "no_account"
      })
      expect(yield* ScriptedHttpClient.requests).toEqual([])
    }).pipe(Effect.provide(generic({}, people))))

  it.effect("takes every tenant's", () =>
    Effect.gen(function*() {
      yield* signInTwice
      const [account] = yield* Accounts.list()
      yield* Accounts.remove(account ?? (yield* ada))
      expect(yield* cached).toEqual([])
    }).pipe(Effect.provide(entra("common"))))

  it.effect("may be said twice, and of somebody unknown", () =>
    Effect.gen(function*() {
      const account = yield* ada
      yield* Accounts.remove(account)
      yield* Accounts.remove(account)
      yield* Accounts.remove(new Account.Account({ ...account, homeAccountId: "nobody" }))
      expect(yield* cached).toHaveLength(1)
    }).pipe(Effect.provide(generic({}, people))))

  it.effect("leaves an equal identifier of another provider alone", () =>
    Effect.gen(function*() {
      const account = yield* ada
      const elsewhere = new Account.Account({ ...account, environment: "https://elsewhere.example.com" })
      expect(yield* failure(Accounts.remove(elsewhere))).toMatchObject({ _tag: "InvalidArgument", argument: "account" })
      expect(yield* cached).toHaveLength(2)
    }).pipe(Effect.provide(generic({}, people))))

  it.effect("a new sign-in is welcome afterwards", () =>
    Effect.gen(function*() {
      yield* Accounts.remove(yield* ada)
      yield* signIn(["a"])
      expect(usernames(yield* Accounts.list())).toEqual(["grace@example.com", "ada@example.com"])
      expect(yield* FakeProvider.requests("token")).toHaveLength(1)
    }).pipe(Effect.provide(generic({}, people))))

  it.effect("says that the cache is out of order", () =>
    Effect.gen(function*() {
      expect(yield* failure(Accounts.remove(yield* ada))).toMatchObject({
        _tag: "CacheUnavailable",
        operation: "modify"
      })
    }).pipe(Effect.provide(generic({}, { ...people, unavailable: ["modify"] }))))
})
