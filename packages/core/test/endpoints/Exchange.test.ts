import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpClient from "@effect/platform/HttpClient"
import { describe, expect, it } from "@effect/vitest"
import { FakeProvider, Reply, ScriptedHttpClient, TokenFactory } from "@grantwork/testing"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import { cached, failure, generic, issuer, signIn } from "../scenario.js"

const endpoints = ["metadata", "keys", "token"] as const

const addresses = {
  metadata: `${issuer}/.well-known/openid-configuration`,
  keys: `${issuer}/jwks`,
  token: `${issuer}/token`
}

const bytes = (size: number) => new Uint8Array(size).fill(0x20)

describe.each(endpoints)("an exchange with the %s endpoint", (endpoint) => {
  const faults: ReadonlyArray<readonly [string, Reply.Answer, Readonly<Record<string, unknown>>]> = [
    ...[301, 302, 303, 307, 308].map((status) =>
      [
        `${status}`,
        Reply.redirect("https://elsewhere.example.com/", status),
        { _tag: "MalformedResponse", reason: "redirect", status }
      ] as const
    ),
    ["300 without location", Reply.empty({ status: 300 }), { _tag: "MalformedResponse", reason: "redirect" }],
    ["304", Reply.empty({ status: 304 }), { _tag: "MalformedResponse", reason: "redirect" }],
    ["a redirect that a browser hides", Reply.empty({ status: 0 }), { _tag: "MalformedResponse", reason: "redirect" }],
    ["a refused connection", Reply.disconnected("ECONNREFUSED"), {
      _tag: "NetworkFailure",
      reason: "connection",
      code: "ECONNREFUSED"
    }],
    ["an untrusted certificate", Reply.disconnected("SELF_SIGNED_CERT_IN_CHAIN"), {
      _tag: "NetworkFailure",
      reason: "connection",
      code: "SELF_SIGNED_CERT_IN_CHAIN"
    }],
    ["a code that is no code", Reply.disconnected("a sentence with secrets"), {
      _tag: "NetworkFailure",
      reason: "connection",
      code: undefined
    }],
    [
      "a body that breaks off",
      Reply.stream(Stream.concat(Stream.make(new TextEncoder().encode("{\"")), Stream.fail("gone"))),
      { _tag: "NetworkFailure", reason: "connection" }
    ],
    [
      "an endless body",
      Reply.stream(Stream.repeatValue(bytes(1000))),
      { _tag: "MalformedResponse", reason: "too_large", status: 200 }
    ],
    [
      "an endless error body",
      Reply.stream(Stream.repeatValue(bytes(1000)), { status: 400 }),
      { _tag: "MalformedResponse", reason: "too_large", status: 400 }
    ],
    ["a body one byte too large", Reply.text(" ".repeat(10_001)), { _tag: "MalformedResponse", reason: "too_large" }]
  ]

  it.effect.each(faults)("fails on %s", ([, answer, expected]) =>
    Effect.gen(function*() {
      yield* FakeProvider.answer(endpoint, answer)
      const error = yield* failure(signIn())
      expect(error).toMatchObject({ ...expected, endpoint: addresses[endpoint] })
      expect(error.message).toContain(addresses[endpoint])
      expect(yield* cached).toEqual([])
      expect((yield* ScriptedHttpClient.requests).every(({ url }) => url.startsWith(issuer))).toBe(true)
    }).pipe(Effect.provide(generic({ maximumResponseSize: 10_000 }))))

  it.effect("reads a body of the largest size", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      const bodies = {
        metadata: factory.metadata(),
        keys: factory.keySet,
        token: yield* factory.tokenAnswer()
      }
      yield* FakeProvider.answer(endpoint, Reply.text(JSON.stringify(bodies[endpoint]).padEnd(10_000, " ")))
      expect((yield* signIn()).source).toBe("identity-provider")
    }).pipe(Effect.provide(generic({ maximumResponseSize: 10_000 }))))

  const slow: ReadonlyArray<readonly [string, Reply.Answer]> = [
    ["no answer", Reply.never],
    ["no body", Reply.stream(Stream.never)],
    [
      "a body drop by drop",
      Reply.stream(
        Stream.mapEffect(Stream.repeatValue(bytes(1)), (drop) => Effect.delay(Effect.succeed(drop), "1 second"))
      )
    ]
  ]

  it.effect.each(slow)("waits for %s no longer than the limit", ([, answer]) =>
    Effect.gen(function*() {
      yield* FakeProvider.answer(endpoint, answer)
      const fiber = yield* Effect.fork(failure(signIn()))
      yield* FakeProvider.awaitRequests(endpoint)
      yield* TestClock.adjust("4999 millis")
      expect(fiber.unsafePoll()).toBeNull()
      yield* TestClock.adjust("1 millis")
      expect(yield* Fiber.join(fiber)).toMatchObject({
        _tag: "NetworkFailure",
        reason: "timeout",
        endpoint: addresses[endpoint]
      })
      expect(yield* cached).toEqual([])
    }).pipe(Effect.provide(generic({ requestTimeout: "5 seconds" }))))

  it.effect("waits 30 seconds by default", () =>
    Effect.gen(function*() {
      yield* FakeProvider.answer(endpoint, Reply.never)
      const fiber = yield* Effect.fork(failure(signIn()))
      yield* FakeProvider.awaitRequests(endpoint)
      yield* TestClock.adjust("29 seconds")
      expect(fiber.unsafePoll()).toBeNull()
      yield* TestClock.adjust("1 second")
      expect((yield* Fiber.join(fiber))._tag).toBe("NetworkFailure")
    }).pipe(Effect.provide(generic())))

  it.effect("refuses what a client that follows redirects brings back", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      const elsewhere = "https://elsewhere.example.com/"
      yield* FakeProvider.answer(endpoint, Reply.redirect(elsewhere, 307))
      const bodies = { metadata: factory.metadata(), keys: factory.keySet, token: yield* factory.tokenAnswer() }
      yield* ScriptedHttpClient.script({
        [`GET ${elsewhere}`]: Reply.json(bodies[endpoint]),
        [`POST ${elsewhere}`]: Reply.json(bodies[endpoint])
      })
      const client = yield* HttpClient.HttpClient
      const error = yield* failure(
        Effect.provideService(signIn(), HttpClient.HttpClient, HttpClient.followRedirects(client))
      )
      expect(error).toMatchObject({ _tag: "MalformedResponse", reason: "redirect", endpoint: addresses[endpoint] })
      expect(yield* cached).toEqual([])
    }).pipe(Effect.provide(generic())))
})

describe("an exchange over fetch", () => {
  it.effect("follows no redirect, sends no trace, and keeps the caller's other options", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      const bodies: Readonly<Record<string, unknown>> = {
        [addresses.metadata]: factory.metadata(),
        [addresses.keys]: factory.keySet,
        [addresses.token]: yield* factory.tokenAnswer()
      }
      const calls: Array<RequestInit> = []
      const fetch: typeof globalThis.fetch = (input, init) => {
        calls.push(init ?? {})
        return Promise.resolve(Response.json(bodies[String(input)]))
      }
      const result = yield* signIn().pipe(
        Effect.withSpan("of the caller"),
        Effect.provide(FetchHttpClient.layer),
        Effect.provideService(FetchHttpClient.Fetch, fetch),
        Effect.provideService(FetchHttpClient.RequestInit, { cache: "no-store", redirect: "follow" })
      )
      expect(result.source).toBe("identity-provider")
      expect(calls).toHaveLength(3)
      for (const { cache, headers, redirect } of calls) {
        expect(redirect).toBe("manual")
        expect(cache).toBe("no-store")
        expect([...new Headers(headers).keys()].filter((name) => /^(traceparent|tracestate|b3)$/.test(name))).toEqual(
          []
        )
      }
    }).pipe(Effect.provide(generic())))
})
