import { describe, expect, it } from "@effect/vitest"
import { Accounts, ClientApplication, Partition, Silent, TokenCache } from "@grantwork/core"
import { FakeProvider, Person, PrefilledTokenCache, Reply, TokenFactory } from "@grantwork/testing"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { ada, cached, entra, failure, generic } from "../scenario.js"

const hold = (
  clientId: string,
  familyId: Option.Option<string>,
  secret: string,
  person = Person.ada,
  modifiedAt = Option.none<DateTime.Utc>()
) =>
  Effect.gen(function*() {
    const application = yield* ClientApplication.ClientApplication
    const cache = yield* TokenCache.TokenCache
    const account = PrefilledTokenCache.account(person, application)
    yield* cache.modify(Partition.userKey(application.authority, account.homeAccountId), (partition) => [
      undefined,
      Partition.setRefreshToken(Partition.setAccount(partition, account), {
        environment: account.environment,
        clientId,
        familyId,
        secret: Redacted.make(secret),
        modifiedAt
      })
    ])
  })

const sibling = hold("sibling", Option.some("1"), "family's")
const silent = Effect.flatMap(ada, (account) => Silent.acquire({ scopes: ["a"], account }))
const sent = Effect.map(FakeProvider.requests("token"), (all) => all.map(({ form }) => form?.["refresh_token"]))

describe("whom only a sibling of the family has signed in", () => {
  it.effect.each(
    [
      ["Entra", entra("common"), false, ["ada@example.com"]],
      ["Entra, to an orphan", entra("common"), true, ["grace@example.com"]],
      ["another provider", generic(), false, []]
    ] as const
  )("%s: listed and known, or not (feature 55)", ([, provider, orphan, expected]) =>
    Effect.gen(function*() {
      yield* sibling
      if (orphan) {
        yield* hold(FakeProvider.clientId, Option.none(), "own", Person.grace)
      }
      expect((yield* Accounts.list()).map(({ username }) => username)).toEqual(expected)
      const { homeAccountId } = yield* ada
      expect(Option.isSome(yield* Accounts.get(homeAccountId))).toBe(expected.some((name) => name.startsWith("ada")))
    }).pipe(Effect.provide(provider)))

  it.effect("is signed on by the family's refresh token, and the client joins (feature 55)", () =>
    Effect.gen(function*() {
      yield* sibling
      yield* silent
      expect(yield* sent).toEqual(["family's"])
      expect((yield* cached)[0]?.refreshTokens).toEqual(["family's", "refresh-token-1"])
    }).pipe(Effect.provide(entra("common"))))

  it.effect.each(
    [
      [{ error: "invalid_grant", suberror: "client_mismatch" }, "InteractionRequired"],
      [{ error: "invalid_grant" }, "InteractionRequired"],
      [{ error: "unauthorized_client" }, "InteractionRequired"],
      [{ error: "invalid_client" }, "InvalidClient"]
    ] as const
  )("refused by %j: %s, and the token stays (feature 55)", ([body, tag]) =>
    Effect.gen(function*() {
      yield* sibling
      yield* FakeProvider.answer("token", Reply.json(body, { status: 400 }))
      expect(yield* failure(silent)).toMatchObject({ _tag: tag })
      expect((yield* cached)[0]?.refreshTokens).toEqual(["family's"])
    }).pipe(Effect.provide(entra("common"))))

  it.effect("an orphan redeems its own alone (feature 55)", () =>
    Effect.gen(function*() {
      yield* sibling
      yield* hold(FakeProvider.clientId, Option.none(), "own")
      yield* silent
      expect(yield* sent).toEqual(["own"])
    }).pipe(Effect.provide(entra("common"))))
})

describe("a member of the family with a token of its own (feature 55)", () => {
  const family = Option.some("1")
  const both = Effect.gen(function*() {
    yield* hold(FakeProvider.clientId, family, "own", Person.ada, Option.some(DateTime.unsafeMake(1000)))
    yield* hold("sibling", family, "family's", Person.ada, Option.some(DateTime.unsafeMake(2000)))
  })
  const refusal = (suberror: string) => Reply.json({ error: "invalid_grant", suberror }, { status: 400 })

  it.effect("redeems the family's newest, whoever's it is", () =>
    Effect.gen(function*() {
      yield* both
      yield* silent
      expect(yield* sent).toEqual(["family's"])
    }).pipe(Effect.provide(entra("common"))))

  it.effect.each(["client_mismatch", "basic_action"])(
    "redeems its own where that is refused: %s",
    (suberror) =>
      Effect.gen(function*() {
        yield* both
        const factory = yield* TokenFactory.TokenFactory
        yield* FakeProvider.answer("token", [refusal(suberror), Reply.json(yield* factory.tokenAnswer())])
        yield* silent
        expect(yield* sent).toEqual(["family's", "own"])
      }).pipe(Effect.provide(entra("common")))
  )

  it.effect.each([["client_mismatch", "second"], ["basic_action", "basic_action"]] as const)(
    "says why both were refused, by the first unless that is another client's: %s",
    ([first, told]) =>
      Effect.gen(function*() {
        yield* both
        yield* FakeProvider.answer("token", [refusal(first), refusal("second")])
        expect(yield* failure(silent)).toMatchObject({ _tag: "InteractionRequired", suberror: told })
        expect(yield* sent).toEqual(["family's", "own"])
        expect((yield* cached)[0]?.refreshTokens).toHaveLength(2)
      }).pipe(Effect.provide(entra("common")))
  )
})
