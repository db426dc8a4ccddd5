import { describe, expect, it } from "@effect/vitest"
import { Accounts, ClientApplication, Partition, Silent, TokenCache } from "@grantwork/core"
import { FakeProvider, Person, Reply, TokenFactory } from "@grantwork/testing"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { ada, cached, entra, failure, generic } from "../scenario.js"

/** A token that is expired, and a refresh token. */
const expired = { accounts: [{ accessTokens: [{ scopes: ["a"], expiresIn: 0, secret: "old" }] }] } as const

const refresh = Effect.flatMap(ada, (account) => Silent.acquire({ scopes: ["a"], account }))

/** What another program does with the account's partition, whatever locks there are. */
const elsewhere = (change: (partition: Partition.Partition) => Partition.Partition) =>
  Effect.gen(function*() {
    const { authority } = yield* ClientApplication.ClientApplication
    const cache = yield* TokenCache.TokenCache
    const key = Partition.userKey(authority, Person.homeAccountId(Person.ada, authority))
    yield* Effect.orDie(cache.modify(key, (partition) => [undefined, change(partition)]))
  })

const rotate = (secret: string, clientId: string = FakeProvider.clientId) =>
  Effect.flatMap(DateTime.now, (now) =>
    elsewhere((partition) =>
      Partition.setRefreshToken(partition, {
        environment: "anywhere",
        clientId,
        familyId: Option.none(),
        secret: Redacted.make(secret),
        modifiedAt: Option.some(now)
      })
    ))

const invalidGrant = (members: object = {}) => Reply.json({ error: "invalid_grant", ...members }, { status: 400 })

const sent = Effect.map(
  FakeProvider.requests("token"),
  (requests) => requests.map(({ form }) => form?.["refresh_token"])
)

/** Each answer is given once another program has done something. */
const answers = <R>(
  ...steps: ReadonlyArray<
    readonly [Effect.Effect<unknown, never, R>, Reply.Reply | Effect.Effect<Reply.Reply, Reply.Disconnected>]
  >
) =>
  Effect.flatMap(Effect.context<R>(), (context) =>
    FakeProvider.answer(
      "token",
      steps.map(([step, reply]) =>
        Effect.provide(Effect.zipRight(step, Effect.isEffect(reply) ? reply : Effect.succeed(reply)), context)
      )
    ))

const good = (secret: string) =>
  Effect.gen(function*() {
    const factory = yield* TokenFactory.TokenFactory
    return Reply.json(yield* factory.tokenAnswer({ access_token: secret, refresh_token: `${secret}'s refresh token` }))
  })

describe.each([["any provider", generic({}, expired)], ["Microsoft", entra("common", expired)]])(
  "a refresh token that was refused at %s",
  (_, provider) => {
    it.effect("is followed by the newer one of a sibling, once", () =>
      Effect.gen(function*() {
        yield* answers(
          [rotate("sibling's"), invalidGrant()],
          [Effect.void, yield* good("ours")]
        )
        const result = yield* refresh
        expect(Redacted.value(result.accessToken)).toBe("ours")
        expect(yield* sent).toEqual(["cached-refresh-token", "sibling's"])
        expect(yield* cached).toMatchObject([{ accessTokens: ["ours"], refreshTokens: ["ours's refresh token"] }])
      }).pipe(Effect.provide(provider)))

    it.effect("is followed by it although it is known to be dead, and not dropped in its stead", () =>
      Effect.gen(function*() {
        yield* answers(
          [rotate("sibling's"), invalidGrant({ suberror: "bad_token" })],
          [Effect.void, yield* good("ours")]
        )
        yield* refresh
        expect(yield* sent).toEqual(["cached-refresh-token", "sibling's"])
        expect(yield* cached).toMatchObject([{ refreshTokens: ["ours's refresh token"] }])
      }).pipe(Effect.provide(provider)))

    it.effect("is followed by one only: a second refusal is final, whatever comes after", () =>
      Effect.gen(function*() {
        yield* answers(
          [rotate("second"), invalidGrant({ error_codes: [1] })],
          [rotate("third"), invalidGrant({ suberror: "bad_token", error_codes: [2] })],
          [Effect.void, yield* good("ours")]
        )
        expect(yield* failure(refresh)).toMatchObject({
          _tag: "InteractionRequired",
          reason: "expired",
          suberror: "bad_token",
          errorCodes: [2]
        })
        expect(yield* sent).toEqual(["cached-refresh-token", "second"])
        expect(yield* cached).toMatchObject([{ accessTokens: ["old"], refreshTokens: ["third"] }])
      }).pipe(Effect.provide(provider)))

    it.effect("is dropped if the sibling's is dead too", () =>
      Effect.gen(function*() {
        yield* answers(
          [rotate("second"), invalidGrant()],
          [Effect.void, invalidGrant({ suberror: "bad_token" })]
        )
        yield* failure(refresh)
        expect(yield* cached).toMatchObject([{ refreshTokens: [] }])
      }).pipe(Effect.provide(provider)))

    it.effect("ends the refresh where there is no newer one", () =>
      Effect.gen(function*() {
        yield* answers([Effect.void, invalidGrant({ error_codes: [7] })])
        expect(yield* failure(refresh)).toMatchObject({ _tag: "InteractionRequired", errorCodes: [7] })
        expect(yield* sent).toEqual(["cached-refresh-token"])
        expect(yield* cached).toMatchObject([{ refreshTokens: ["cached-refresh-token"] }])
      }).pipe(Effect.provide(provider)))

    it.effect("is still dropped where it is dead and there is no newer one", () =>
      Effect.gen(function*() {
        yield* answers([Effect.void, invalidGrant({ suberror: "bad_token" })])
        expect(yield* failure(refresh)).toMatchObject({ _tag: "InteractionRequired", suberror: "bad_token" })
        expect(yield* sent).toHaveLength(1)
        expect(yield* cached).toMatchObject([{ refreshTokens: [] }])
      }).pipe(Effect.provide(provider)))

    it.effect("is not followed by another client's", () =>
      Effect.gen(function*() {
        yield* answers([rotate("theirs", "another client"), invalidGrant()])
        yield* failure(refresh)
        expect(yield* sent).toHaveLength(1)
        expect(yield* cached).toMatchObject([{ refreshTokens: ["cached-refresh-token", "theirs"] }])
      }).pipe(Effect.provide(provider)))

    it.effect("is not followed by any where the account was removed meanwhile", () =>
      Effect.gen(function*() {
        const account = yield* ada
        yield* answers([Effect.orDie(Accounts.remove(account)), invalidGrant({ error_codes: [7] })])
        expect(yield* failure(refresh)).toMatchObject({ _tag: "InteractionRequired", errorCodes: [7] })
        expect(yield* sent).toHaveLength(1)
        expect(yield* cached).toEqual([])
      }).pipe(Effect.provide(provider)))

    it.effect("is not followed by any where the account is removed during the second try, but for its token", () =>
      Effect.gen(function*() {
        const account = yield* ada
        yield* answers(
          [rotate("sibling's"), invalidGrant()],
          [Effect.orDie(Accounts.remove(account)), yield* good("ours")]
        )
        expect(Redacted.value((yield* refresh).accessToken)).toBe("ours")
        expect(yield* cached).toEqual([])
      }).pipe(Effect.provide(provider)))

    it.effect.each<[string, Reply.Reply | Effect.Effect<Reply.Reply, Reply.Disconnected>]>([
      ["invalid_client", Reply.json({ error: "invalid_client" }, { status: 401 })],
      ["a server error", Reply.json({ error: "server_error" }, { status: 500 })],
      ["a broken connection", Reply.disconnected()]
    ])("is not followed by a newer one after %s", ([, reply]) =>
      Effect.gen(function*() {
        yield* answers([rotate("sibling's"), reply])
        yield* failure(refresh)
        expect(yield* sent).toHaveLength(1)
        expect(yield* cached).toMatchObject([{ refreshTokens: ["sibling's"] }])
      }).pipe(Effect.provide(provider)))
  }
)
