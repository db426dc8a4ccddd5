import { describe, expect, it } from "@effect/vitest"
import { type ClientApplication, ClientCredentials } from "@grantwork/core"
import { FakeProvider, Reply } from "@grantwork/testing"
import * as Data from "effect/Data"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { acquire, assertions, daemon, scopes, tokenEndpoint } from "../daemon.js"
import * as Jws from "../jws.js"
import { failure, nextAnswer, refuse, signIn } from "../scenario.js"

describe("an assertion from elsewhere", () => {
  const jws = (claims: object, signature = "c2ln") => Jws.make({ alg: "RS256" }, claims, signature)

  const counting = (next: (count: number) => Effect.Effect<Redacted.Redacted, unknown>) => {
    const requests: Array<ClientApplication.AssertionRequest> = []
    const ask = (request: ClientApplication.AssertionRequest) => {
      requests.push(request)
      return next(requests.length)
    }
    return { ask, requests }
  }

  it.effect("is sent as it is (feature 86)", () =>
    Effect.gen(function*() {
      yield* acquire
      yield* acquire
      expect(yield* assertions).toEqual([jws({ exp: 1 }), jws({ exp: 1 })])
    }).pipe(Effect.provide(daemon({ clientAssertion: Redacted.make(`${jws({ exp: 1 })}\n`) }))))

  it.effect("is asked for at each request, with the client and the endpoint (feature 87)", () =>
    Effect.gen(function*() {
      const { ask, requests } = counting((count) => Effect.succeed(Redacted.make(jws({ exp: 3600, count }))))
      yield* Effect.gen(function*() {
        yield* acquire
        yield* acquire
        expect(yield* assertions).toEqual([jws({ exp: 3600, count: 1 }), jws({ exp: 3600, count: 2 })])
      }).pipe(Effect.provide(daemon({ clientAssertion: ask })))
      expect(requests).toEqual([1, 2].map(() => ({ clientId: FakeProvider.clientId, tokenEndpoint })))
    }))

  it.effect("is an effect that runs at each request", () =>
    Effect.gen(function*() {
      let count = 0
      const clientAssertion = Effect.sync(() => Redacted.make(jws({ count: ++count })))
      yield* Effect.gen(function*() {
        yield* acquire
        yield* acquire
        expect(yield* assertions).toEqual([jws({ count: 1 }), jws({ count: 2 })])
      }).pipe(Effect.provide(daemon({ clientAssertion })))
    }))

  it.effect("is asked for again 60 seconds before it ends, where it may be reused (feature 88)", () =>
    Effect.gen(function*() {
      const { ask, requests } = counting((count) => Effect.succeed(Redacted.make(jws({ exp: count * 3600, count }))))
      yield* Effect.gen(function*() {
        yield* acquire
        yield* TestClock.adjust("3539 seconds")
        yield* acquire
        expect(requests).toHaveLength(1)
        yield* TestClock.adjust("1 second")
        yield* acquire
        expect(requests).toHaveLength(2)
        expect(yield* assertions).toEqual([1, 1, 2].map((count) => jws({ exp: count * 3600, count })))
      }).pipe(Effect.provide(daemon({ clientAssertion: ask, reuseClientAssertion: true })))
    }))

  it.effect.each([{}, { exp: "soon" }, { exp: null }])(
    "is not reused where it does not say when it ends: %j",
    (claims) =>
      Effect.gen(function*() {
        const { ask, requests } = counting(() => Effect.succeed(Redacted.make(jws(claims))))
        const twice = Effect.zipRight(acquire, acquire)
        yield* Effect.provide(twice, daemon({ clientAssertion: ask, reuseClientAssertion: true }))
        expect(requests).toHaveLength(2)
      })
  )

  class VaultSealed extends Data.TaggedError("VaultSealed")<{ readonly token: string }> {}

  it.effect.each<readonly [string, Effect.Effect<Redacted.Redacted, unknown>, RegExp]>([
    ["fails", Effect.fail(new VaultSealed({ token: "hunter2" })), /failed \(VaultSealed\)/],
    ["fails with a text", Effect.fail("hunter2"), /failed\. /],
    [
      "fails with what has a code",
      Effect.fail(Object.assign(new Error("hunter2"), { code: "ENOENT" })),
      /\(Error, ENOENT\)/
    ],
    ["fails with a name that is a secret", Effect.fail({ name: "hunter2 hunter2" }), /failed\. /],
    ["gives nothing", Effect.succeed(Redacted.make("")), /gave no signed JWT/],
    ["gives another text", Effect.succeed(Redacted.make("hunter2")), /gave no signed JWT/],
    ["gives a plain text", Effect.succeed("a.b.c" as unknown as Redacted.Redacted), /gave no signed JWT/],
    ["gives a number", Effect.succeed(Redacted.make(7) as unknown as Redacted.Redacted), /gave no signed JWT/]
  ])("is reported as unavailable where the effect %s", ([, clientAssertion, message]) =>
    Effect.gen(function*() {
      const error = yield* failure(acquire)
      expect(error).toMatchObject({
        _tag: "CredentialUnavailable",
        option: "clientAssertion",
        message: expect.stringMatching(message)
      })
      expect(`${JSON.stringify(error)}${error.stack}`).not.toContain("hunter2")
      expect(yield* FakeProvider.requests("token")).toEqual([])
    }).pipe(Effect.provide(daemon({ clientAssertion }))))

  it.effect("may be a token of another application, as a managed identity's is (feature 90)", () =>
    Effect.gen(function*() {
      const token = jws({ exp: 3600, aud: "api://AzureADTokenExchange" })
      const managed = Effect.gen(function*() {
        yield* nextAnswer({ id_token: undefined, access_token: token })
        return yield* ClientCredentials.acquire({ scopes: ["api://AzureADTokenExchange/.default"] })
      }).pipe(
        Effect.map(({ accessToken }) => accessToken),
        Effect.provide(daemon({ clientSecret: Redacted.make("secret") }))
      )
      yield* Effect.gen(function*() {
        yield* acquire
        expect(yield* assertions).toEqual([token])
      }).pipe(Effect.provide(daemon({ clientAssertion: managed })))
    }))

  it.effect("repeats what went wrong with another application's token", () =>
    Effect.gen(function*() {
      const broken = Effect.gen(function*() {
        yield* refuse({ error: "invalid_grant", suberror: "bad_token" })
        return yield* ClientCredentials.acquire({ scopes })
      }).pipe(
        Effect.map(({ accessToken }) => accessToken),
        Effect.provide(daemon({ clientSecret: Redacted.make("secret") }))
      )
      const error = yield* Effect.provide(failure(acquire), daemon({ clientAssertion: broken }))
      expect(error).toMatchObject({
        _tag: "CredentialUnavailable",
        message: expect.stringContaining("failed with InvalidGrant: ")
      })
      expect(error.suberror).toBeUndefined()
    }))

  it.effect("is waited for as long as a request, even if it cannot be interrupted", () =>
    Effect.gen(function*() {
      const gate = yield* Deferred.make<Redacted.Redacted>()
      const asked = yield* Deferred.make<void>()
      const clientAssertion = Effect.uninterruptible(
        Effect.zipRight(Deferred.succeed(asked, undefined), Deferred.await(gate))
      )
      const fiber = yield* Effect.fork(Effect.provide(failure(acquire), daemon({ clientAssertion })))
      yield* Deferred.await(asked)
      yield* TestClock.adjust("30 seconds")
      expect(yield* Fiber.join(fiber)).toMatchObject({
        _tag: "CredentialUnavailable",
        message: expect.stringContaining("within 30s")
      })
      yield* Deferred.succeed(gate, Redacted.make(""))
    }))

  it.effect("serves every grant, and one under way is joined", () =>
    Effect.gen(function*() {
      const gate = yield* Deferred.make<Redacted.Redacted>()
      const asked = yield* Deferred.make<void>()
      const { ask, requests } = counting(() =>
        Effect.zipRight(Deferred.succeed(asked, undefined), Deferred.await(gate))
      )
      yield* Effect.gen(function*() {
        const fiber = yield* Effect.fork(Effect.all([signIn(["a"]), signIn(["b"])], { concurrency: "unbounded" }))
        yield* Deferred.await(asked)
        yield* Deferred.succeed(gate, Redacted.make(jws({ exp: 3600 })))
        yield* Fiber.join(fiber)
        expect(requests).toHaveLength(1)
        expect(yield* assertions).toEqual([jws({ exp: 3600 }), jws({ exp: 3600 })])
      }).pipe(Effect.provide(daemon({ clientAssertion: ask, reuseClientAssertion: true })))
    }))

  it.effect("is masked where the server repeats it", () =>
    Effect.gen(function*() {
      const assertion = jws({ exp: 3600 }, "c2lnbmF0dXJlLW9mLXRoZS1hc3NlcnRpb24")
      yield* refuse({
        error: "invalid_client",
        error_description: `Not ${assertion} nor ${encodeURIComponent(assertion)}`
      }, 401)
      const error = yield* failure(acquire)
      expect(error._tag).toBe("InvalidClient")
      expect(JSON.stringify(error)).not.toContain("c2lnbmF0dXJl")
      yield* FakeProvider.answer("token", Reply.json({}, { status: 401 }))
      expect(yield* failure(acquire)).toMatchObject({ _tag: "InvalidClient" })
    }).pipe(Effect.provide(daemon({
      clientAssertion: Redacted.make(jws({ exp: 3600 }, "c2lnbmF0dXJlLW9mLXRoZS1hc3NlcnRpb24"))
    }))))

  it.effect("is not asked for where the cache has a token", () =>
    Effect.gen(function*() {
      const { ask, requests } = counting(() => Effect.succeed(Redacted.make(jws({}))))
      yield* Effect.gen(function*() {
        yield* nextAnswer({ id_token: undefined, expires_in: Duration.toSeconds("1 hour") })
        yield* ClientCredentials.acquire({ scopes })
        expect((yield* ClientCredentials.acquire({ scopes })).source).toBe("cache")
      }).pipe(Effect.provide(daemon({ clientAssertion: ask })))
      expect(requests).toHaveLength(1)
    }))
})
