import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { describe, expect, it } from "@effect/vitest"
import { Reply, ScriptedHttpClient } from "@grantwork/testing"
import * as Cause from "effect/Cause"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"

const get = (url: string) => Effect.flatMap(HttpClient.HttpClient, (client) => client.get(url))

const defectOf = <A, E>(exit: Exit.Exit<A, E>) =>
  Exit.isFailure(exit) ? String(Option.getOrUndefined(Cause.dieOption(exit.cause))) : "no defect"

describe("ScriptedHttpClient", () => {
  it.effect("answers a route every time", () =>
    Effect.gen(function*() {
      for (const _ of [1, 2]) {
        const response = yield* get("https://id.example.com/jwks")
        expect(response.status).toBe(200)
        expect(response.headers["content-type"]).toBe("application/json")
        expect(yield* response.json).toEqual({ keys: [] })
      }
    }).pipe(Effect.provide(ScriptedHttpClient.layer({ "GET https://id.example.com/jwks": Reply.json({ keys: [] }) }))))

  it.effect("answers a list in order, and dies when it is used up", () =>
    Effect.gen(function*() {
      expect(yield* Effect.flatMap(get("https://id.example.com/"), ({ text }) => text)).toBe("one")
      expect((yield* get("https://id.example.com/")).status).toBe(503)
      expect(defectOf(yield* Effect.exit(get("https://id.example.com/")))).toContain(
        "No further answer is scripted for GET https://id.example.com/"
      )
    }).pipe(Effect.provide(ScriptedHttpClient.layer({
      "GET https://id.example.com": [Reply.text("one"), Reply.html("<p>busy</p>", { status: 503 })]
    }))))

  it.effect("dies on a request that is not scripted, naming method and address", () =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(get("https://id.example.com/other?x=1"))
      expect(defectOf(exit)).toContain("No answer is scripted for GET https://id.example.com/other?x=1")
    }).pipe(Effect.provide(ScriptedHttpClient.layer({ "POST https://id.example.com/other": Reply.empty() }))))

  it.effect("prefers the route with the query to the one without", () =>
    Effect.gen(function*() {
      expect((yield* get("https://id.example.com/a?p=1")).status).toBe(201)
      expect((yield* get("https://id.example.com/a?p=2")).status).toBe(202)
    }).pipe(Effect.provide(ScriptedHttpClient.layer({
      "GET https://id.example.com/a": Reply.empty({ status: 202 }),
      "GET https://id.example.com/a?p=1": Reply.empty({ status: 201 })
    }))))

  it.effect("records what it was asked, forms and JSON decoded", () =>
    Effect.gen(function*() {
      const client = yield* HttpClient.HttpClient
      yield* client.execute(
        HttpClientRequest.post("https://id.example.com/token", { headers: { "X-Test": "yes" } }).pipe(
          HttpClientRequest.bodyText("a=1&b=x%20y&a=2", "application/x-www-form-urlencoded")
        )
      )
      yield* client.execute(
        HttpClientRequest.bodyUnsafeJson(HttpClientRequest.post("https://id.example.com/token"), { a: [1] })
      )
      const [form, json] = yield* ScriptedHttpClient.requests
      expect(form).toMatchObject({
        method: "POST",
        url: "https://id.example.com/token",
        headers: { "x-test": "yes", "content-type": "application/x-www-form-urlencoded" },
        body: "a=1&b=x%20y&a=2",
        form: { a: ["1", "2"], b: "x y" },
        json: undefined
      })
      expect(json).toMatchObject({ form: undefined, json: { a: [1] } })
    }).pipe(Effect.provide(ScriptedHttpClient.layer({ "POST https://id.example.com/token": Reply.empty() }))))

  it.effect("answers to suit the request", () =>
    Effect.gen(function*() {
      expect((yield* get("https://id.example.com/a?status=204")).status).toBe(204)
    }).pipe(Effect.provide(ScriptedHttpClient.layer({
      "GET https://id.example.com/a": ({ url }) =>
        Reply.empty({ status: Number(new URL(url).searchParams.get("status")) })
    }))))

  it.effect("takes further routes while the test runs", () =>
    Effect.gen(function*() {
      yield* ScriptedHttpClient.script({ "GET https://id.example.com/a": Reply.empty({ status: 204 }) })
      expect((yield* get("https://id.example.com/a")).status).toBe(204)
    }).pipe(Effect.provide(ScriptedHttpClient.layer({ "GET https://id.example.com/a": Reply.empty() }))))

  it.effect("breaks connections with the platform's code", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(get("https://id.example.com/a"))
      expect(error).toMatchObject({ _tag: "RequestError", reason: "Transport", cause: { code: "ECONNREFUSED" } })
    }).pipe(Effect.provide(ScriptedHttpClient.layer({
      "GET https://id.example.com/a": Reply.disconnected("ECONNREFUSED")
    }))))

  it.effect("may never answer", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.fork(Effect.timeoutOption(get("https://id.example.com/a"), "1 minute"))
      expect(yield* ScriptedHttpClient.awaitRequests(1)).toHaveLength(1)
      yield* TestClock.adjust("1 minute")
      expect(Option.isNone(yield* Fiber.join(fiber))).toBe(true)
    }).pipe(Effect.provide(ScriptedHttpClient.layer({ "GET https://id.example.com/a": Reply.never }))))

  it.effect("streams without end, in the test's time", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.fork(
        Effect.flatMap(get("https://id.example.com/a"), ({ stream }) => Stream.runCollect(Stream.take(stream, 3)))
      )
      yield* TestClock.adjust("3 seconds")
      expect(Chunk.toReadonlyArray(yield* Fiber.join(fiber))).toEqual(Array.from({ length: 3 }, () => Uint8Array.of(7)))
    }).pipe(Effect.provide(ScriptedHttpClient.layer({
      "GET https://id.example.com/a": Reply.stream(
        Stream.mapEffect(
          Stream.repeatValue(Uint8Array.of(7)),
          (chunk) => Effect.delay(Effect.succeed(chunk), "1 second")
        )
      )
    }))))

  it.effect("streams that break off", () =>
    Effect.gen(function*() {
      const response = yield* get("https://id.example.com/a")
      const error = yield* Effect.flip(Stream.runDrain(response.stream))
      expect(error).toMatchObject({ _tag: "ResponseError", reason: "Decode" })
    }).pipe(Effect.provide(ScriptedHttpClient.layer({
      "GET https://id.example.com/a": Reply.stream(
        Stream.concat(Stream.make(Uint8Array.of(7)), Stream.fail("broken off"))
      )
    }))))

  it.effect("answers a redirect as it is, and as a browser hides it", () =>
    Effect.gen(function*() {
      const seen = yield* get("https://id.example.com/a")
      expect(seen.status).toBe(302)
      expect(seen.headers["location"]).toBe("https://elsewhere.example.com/")
      expect((yield* get("https://id.example.com/a")).status).toBe(0)
    }).pipe(Effect.provide(ScriptedHttpClient.layer({
      "GET https://id.example.com/a": [Reply.redirect("https://elsewhere.example.com/"), Reply.empty({ status: 0 })]
    }))))
})
