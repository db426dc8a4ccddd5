import { describe, expect, it } from "@effect/vitest"
import { ClientApplication, Silent } from "@grantwork/core"
import { FakeProvider, Reply, TokenFactory } from "@grantwork/testing"
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import { ada, cached, entra, failure } from "../scenario.js"

const held = {
  accounts: [{ accessTokens: [{ scopes: ["a"], expiresIn: "1 hour", refreshIn: "20 minutes", secret: "old" }] }]
} as const

const renewing = (proactiveRefresh: "background" | "wait" | "off") =>
  entra("common", { ...held, application: { proactiveRefresh } })

const silent = (request: Partial<Silent.Request> = {}) =>
  Effect.gen(function*() {
    const result = yield* Silent.acquire({ scopes: ["a"], account: yield* ada, ...request })
    return Redacted.value(result.accessToken)
  })

/** Whatever the jitter, renewal is due. */
const pastRefreshAt = TestClock.adjust("26 minutes")

const underWayEnds = Effect.flatMap(
  ClientApplication.ClientApplication,
  ({ acquisitions }) => Effect.ignore(Effect.forEach([...acquisitions], ([, fiber]) => Fiber.await(fiber)))
)

const sent = Effect.map(FakeProvider.requests("token"), (requests) => requests.length)

describe("a token whose renewal is due", () => {
  it.effect.each(["background", "wait", "off"] as const)(
    "not yet: %s serves it (feature 8)",
    (mode) =>
      Effect.gen(function*() {
        yield* TestClock.adjust("19 minutes")
        expect(yield* silent()).toBe("old")
        yield* underWayEnds
        expect(yield* sent).toBe(0)
      }).pipe(Effect.provide(renewing(mode)))
  )

  it.effect.each(
    [
      ["background", "old", "access-token-1", 1],
      ["wait", "access-token-1", "access-token-1", 1],
      ["off", "old", "old", 0]
    ] as const
  )("%s: serves %s, then %s (feature 8)", ([mode, first, second, requests]) =>
    Effect.gen(function*() {
      yield* pastRefreshAt
      expect(yield* silent()).toBe(first)
      yield* underWayEnds
      expect(yield* silent()).toBe(second)
      expect(yield* sent).toBe(requests)
    }).pipe(Effect.provide(renewing(mode))))

  it.effect("is renewed once by equal calls, and said to be aging (feature 8) (feature 12) (feature 120)", () =>
    Effect.gen(function*() {
      yield* pastRefreshAt
      expect(new Set(yield* Effect.all(Array.from({ length: 10 }, () => silent()), { concurrency: "unbounded" })))
        .toEqual(
          new Set(["old"])
        )
      yield* underWayEnds
      const requests = yield* FakeProvider.requests("token")
      expect(requests).toHaveLength(1)
      expect(requests[0]?.headers["x-client-current-telemetry"]).toBe("4|84,4|")
    }).pipe(Effect.provide(renewing("background"))))

  it.effect.each(["background", "wait"] as const)(
    "%s: is served where it cannot be renewed, and held back for a minute (feature 8) (feature 9)",
    (mode) =>
      Effect.gen(function*() {
        const factory = yield* TokenFactory.TokenFactory
        yield* FakeProvider.answer("token", [
          Reply.json({ error: "invalid_grant" }, { status: 400 }),
          Reply.json(yield* factory.tokenAnswer())
        ])
        yield* pastRefreshAt
        for (const _ of [1, 2]) {
          expect(yield* silent()).toBe("old")
          yield* underWayEnds
        }
        expect(yield* sent).toBe(1)
        yield* TestClock.adjust("1 minute")
        yield* silent()
        yield* underWayEnds
        expect(yield* sent).toBe(2)
        expect(yield* silent()).toBe("access-token-1")
      }).pipe(Effect.provide(renewing(mode)))
  )

  it.effect.each([[0, true], [1, false]] as const)(
    "waits by its jitter: %s of 5 minutes (feature 8)",
    ([jitter, due]) =>
      Effect.gen(function*() {
        yield* TestClock.adjust("24 minutes")
        yield* silent().pipe(
          Effect.updateService(ClientApplication.ClientApplication, (application) => ({ ...application, jitter }))
        )
        yield* underWayEnds
        expect(yield* sent).toBe(due ? 1 : 0)
      }).pipe(Effect.provide(renewing("background")))
  )

  it.effect("leaves a word at debug level when that fails, without a secret (feature 8)", () => {
    const lines: Array<string> = []
    const logger = Logger.make(({ cause, logLevel, message }) => {
      lines.push(`${logLevel.label} ${JSON.stringify(message)} ${Cause.pretty(cause)}`.trim())
    })
    return Effect.gen(function*() {
      yield* FakeProvider.answer("token", Reply.disconnected())
      yield* pastRefreshAt
      yield* silent()
      yield* underWayEnds
      expect(lines.join("\n")).toContain("A token could not be renewed ahead of time: NetworkFailure.")
      expect(lines.filter((line) => !line.startsWith("DEBUG") || /cached-/.test(line))).toEqual([])
    }).pipe(
      Effect.provide(Layer.merge(renewing("background"), Logger.replace(Logger.defaultLogger, logger))),
      Logger.withMinimumLogLevel(LogLevel.Debug)
    )
  })

  it.effect("is renewed to the end when the application ends, and the rotated token saved (feature 8)", () =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const context = yield* Layer.buildWithScope(renewing("background"), scope)
      yield* Effect.gen(function*() {
        const factory = yield* TokenFactory.TokenFactory
        const gate = yield* Deferred.make<void>()
        yield* FakeProvider.answer("token", Effect.as(Deferred.await(gate), Reply.json(yield* factory.tokenAnswer())))
        yield* pastRefreshAt
        expect(yield* silent()).toBe("old")
        yield* FakeProvider.awaitRequests("token")
        const closing = yield* Effect.fork(Scope.close(scope, Exit.void))
        yield* Effect.yieldNow()
        expect((yield* cached)[0]?.refreshTokens).toEqual(["cached-refresh-token"])
        yield* Deferred.succeed(gate, undefined)
        yield* Fiber.join(closing)
        expect((yield* cached)[0]?.refreshTokens).toEqual(["refresh-token-1"])
      }).pipe(Effect.provide(context))
    }))
})

describe("a token with four minutes left", () => {
  const outages = [
    ["the connection breaks", Reply.disconnected()],
    ["503", Reply.empty({ status: 503 })],
    ["429", Reply.empty({ status: 429 })]
  ] as const

  it.effect.each(outages)(
    "is served while %s, as long as it is valid (feature 9)",
    ([, answer]) =>
      Effect.gen(function*() {
        yield* FakeProvider.answer("token", answer)
        yield* TestClock.adjust("56 minutes")
        expect(yield* silent()).toBe("old")
        yield* TestClock.adjust("4 minutes")
        yield* failure(silent())
      }).pipe(Effect.provide(renewing("off")))
  )

  it.effect.each(
    [["minValidity", { minValidity: "5 minutes" }], ["claims", { claims: "{\"a\":1}" }], ["forceRefresh", {
      forceRefresh: true
    }]] as const
  )("is not where the caller says %s (feature 9)", ([, request]) =>
    Effect.gen(function*() {
      yield* FakeProvider.answer("token", Reply.disconnected())
      yield* TestClock.adjust("56 minutes")
      expect(yield* failure(silent(request))).toMatchObject({ _tag: "NetworkFailure" })
    }).pipe(Effect.provide(renewing("off"))))

  it.effect("is not where the refresh token is refused (feature 9)", () =>
    Effect.gen(function*() {
      yield* FakeProvider.answer("token", Reply.json({ error: "invalid_grant" }, { status: 400 }))
      yield* TestClock.adjust("56 minutes")
      expect(yield* failure(silent())).toMatchObject({ _tag: "InteractionRequired" })
      const [request] = yield* FakeProvider.requests("token")
      expect(request?.headers["x-client-current-telemetry"]).toBe("4|84,3|")
    }).pipe(Effect.provide(renewing("off"))))
})

describe("a token that expired", () => {
  const lasting = (extendedLifetime: boolean) =>
    entra("common", {
      accounts: [{
        accessTokens: [{ scopes: ["a"], expiresIn: "1 hour", extendedExpiresIn: "3 hours", secret: "old" }]
      }],
      application: { extendedLifetime }
    })

  const whileDown = <A, E, R>(program: Effect.Effect<A, E, R>) =>
    Effect.zipRight(FakeProvider.answer("token", Reply.disconnected()), program)

  it.effect("serves while the provider is down, where the application says so and the provider lets it (feature 10)", () =>
    whileDown(Effect.gen(function*() {
      yield* TestClock.adjust("179 minutes")
      expect(yield* silent()).toBe("old")
      yield* TestClock.adjust("1 minute")
      expect(yield* failure(silent())).toMatchObject({ _tag: "NetworkFailure" })
    })).pipe(Effect.provide(lasting(true))))

  it.effect("does not serve otherwise (feature 10)", () =>
    whileDown(Effect.gen(function*() {
      yield* TestClock.adjust("61 minutes")
      expect(yield* failure(silent())).toMatchObject({ _tag: "NetworkFailure" })
    })).pipe(Effect.provide(lasting(false))))

  it.effect.each(
    [["minValidity", { minValidity: "1 minute" }], ["claims", { claims: "{\"a\":1}" }], ["forceRefresh", {
      forceRefresh: true
    }]] as const
  )("does not serve where the caller says %s (feature 10)", ([, request]) =>
    whileDown(Effect.gen(function*() {
      yield* TestClock.adjust("61 minutes")
      expect(yield* failure(silent(request))).toMatchObject({ _tag: "NetworkFailure" })
    })).pipe(Effect.provide(lasting(true))))

  it.effect("does not serve where its refresh is refused (feature 10)", () =>
    Effect.gen(function*() {
      yield* FakeProvider.answer("token", Reply.json({ error: "invalid_grant" }, { status: 400 }))
      yield* TestClock.adjust("61 minutes")
      expect(yield* failure(silent())).toMatchObject({ _tag: "InteractionRequired" })
    }).pipe(Effect.provide(lasting(true))))
})
