import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import { describe, expect, it } from "@effect/vitest"
import { Account, Accounts, AuthorizationCode, ClientApplication, Silent } from "@grantwork/core"
import { FakeProvider, Person, Reply, ScriptedHttpClient, SigningKey, TokenFactory } from "@grantwork/testing"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import * as Exchange from "../src/endpoints/Exchange.js"
import * as Masking from "../src/protocol/Masking.js"
import { ada, entra, failure, generic, redirectUri, refuse, signIn } from "./scenario.js"

const guestTenant = "9e9e9e9e-0000-4000-8000-000000000009"
const aging = { accounts: [{}] }

/** Forks a silent call whose token request waits for the gate. */
const heldUp = Effect.gen(function*() {
  const gate = yield* Deferred.make<void>()
  const factory = yield* TokenFactory.TokenFactory
  const answer = yield* factory.tokenAnswer()
  yield* FakeProvider.answer("token", Effect.as(Deferred.await(gate), Reply.json(answer)))
  const account = yield* ada
  const fiber = yield* Effect.fork(Effect.exit(Silent.acquire({ scopes: ["a"], account })))
  yield* FakeProvider.awaitRequests("token")
  return { account, fiber, open: Deferred.succeed(gate, undefined) }
})

describe("an account", () => {
  it.effect("that was removed joins no refresh under way", () =>
    Effect.gen(function*() {
      const { account, fiber, open } = yield* heldUp
      yield* Accounts.remove(account)
      expect(yield* failure(Silent.acquire({ scopes: ["a"], account }))).toMatchObject({ reason: "no_account" })
      yield* open
      yield* Fiber.join(fiber)
      expect(yield* Accounts.list()).toEqual([])
    }).pipe(Effect.provide(generic({}, aging))))

  it.effect("of a guest is refreshed in the guest's tenant", () =>
    Effect.gen(function*() {
      const guest = new Account.Account({ ...(yield* ada), tenantId: guestTenant })
      const address = `https://login.microsoftonline.com/${guestTenant}/oauth2/v2.0/token`
      yield* ScriptedHttpClient.script({
        [`POST ${address}`]: Reply.json({ error: "invalid_grant" }, { status: 400 })
      })
      const refreshed = Silent.acquire({ scopes: ["a"], account: guest, forceRefresh: true })
      expect(yield* failure(refreshed)).toMatchObject({ endpoint: address })
      expect(yield* ScriptedHttpClient.requests).toHaveLength(1)
    }).pipe(Effect.provide(entra("common", aging))))

  it.effect("is not another's whose subject differs in letter case only", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      const signInAs = (sub: string, scope: string) =>
        Effect.gen(function*() {
          const id_token = yield* factory.idToken({ sub })
          const answer = yield* factory.tokenAnswer({ id_token, scope, client_info: undefined })
          yield* FakeProvider.answer("token", Reply.json(answer))
          return yield* signIn([scope])
        })
      yield* signInAs("aBcD", "b")
      const { account } = yield* signInAs("AbCd", "a")
      yield* refuse({ error: "invalid_grant" })
      expect(yield* failure(Silent.acquire({ scopes: ["b"], account }))).toMatchObject({ _tag: "InteractionRequired" })
    }).pipe(Effect.provide(entra("common"))))
})

describe("an answer", () => {
  it.effect("that never comes ends in time for callers who cannot be interrupted", () =>
    Effect.gen(function*() {
      yield* FakeProvider.answer("token", Reply.never)
      const account = yield* ada
      const fiber = yield* Effect.fork(
        Effect.uninterruptible(failure(Silent.acquire({ scopes: ["a"], account })))
      )
      yield* FakeProvider.awaitRequests("token")
      yield* TestClock.adjust("31 seconds")
      expect(yield* Fiber.join(fiber)).toMatchObject({ _tag: "NetworkFailure", reason: "timeout" })
    }).pipe(Effect.provide(generic({}, aging))))

  it.effect("that is a redirect is let go with its connection", () =>
    Effect.gen(function*() {
      const signals: Array<AbortSignal> = []
      const client = HttpClient.make((request, _, signal) => {
        signals.push(signal)
        return Effect.succeed(HttpClientResponse.fromWeb(request, new Response(new ReadableStream(), { status: 302 })))
      })
      const exchange = Exchange.send(HttpClientRequest.get("https://id.example.com/jwks"))
      expect(yield* failure(Effect.provideService(exchange, HttpClient.HttpClient, client))).toMatchObject({
        reason: "redirect"
      })
      expect(signals.map(({ aborted }) => aborted)).toEqual([true])
    }).pipe(Effect.provide(generic())))

  const locked = () => {
    const response = new Response("{}")
    response.body?.getReader()
    return response
  }

  it.effect.each<[string, () => Response]>([
    ["a body somebody else reads", locked],
    ["a body of text chunks", () => new Response(new ReadableStream({ start: (body) => body.enqueue("{}") }))],
    ["no status", () => Object.defineProperty(new Response("{}"), "status", { value: Number.NaN })]
  ])("of a client that breaks its promises is a typed failure: %s", ([, respond]) =>
    Effect.gen(function*() {
      const client = HttpClient.make((request) => Effect.succeed(HttpClientResponse.fromWeb(request, respond())))
      const exchange = Exchange.send(HttpClientRequest.get("https://id.example.com/jwks"))
      expect(yield* failure(Effect.provideService(exchange, HttpClient.HttpClient, client))).toMatchObject({
        _tag: "NetworkFailure",
        reason: "connection"
      })
    }).pipe(Effect.provide(generic())))

  const unprintable = "{\"constructor\":{\"name\":{\"toString\":0}}}"

  it.effect("that cannot be printed is a typed failure", () =>
    Effect.gen(function*() {
      yield* FakeProvider.answer("token", Reply.text(`{"access_token":"a","expires_in":${unprintable}}`))
      expect(yield* failure(signIn())).toMatchObject({ _tag: "MalformedResponse" })
      const flow = yield* AuthorizationCode.initiate({ scopes: [], redirectUri })
      const changed = { ...flow, state: JSON.parse(unprintable) }
      expect(yield* failure(AuthorizationCode.complete({ flow: changed, response: "state=1" }))).toMatchObject({
        _tag: "InvalidArgument"
      })
    }).pipe(Effect.provide(generic())))

  it.effect("with claims nested without end is refused", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      const deep: unknown = JSON.parse(`${"[".repeat(2500)}${"]".repeat(2500)}`)
      const answer = yield* factory.tokenAnswer({ id_token: yield* factory.idToken({ deep }) })
      yield* FakeProvider.answer("token", Reply.json(answer))
      expect(yield* failure(signIn())).toMatchObject({ _tag: "IdTokenRejected", rule: "malformed" })
    }).pipe(Effect.provide(generic())))

  it.effect("that carries absurd tokens beside an error is not read", () =>
    Effect.gen(function*() {
      yield* refuse({ error: "invalid_grant", error_description: "a", access_token: "a".repeat(8193) })
      expect(yield* failure(signIn())).toMatchObject({ _tag: "MalformedResponse", reason: "not_json" })
    }).pipe(Effect.provide(generic())))
})

describe("a signing key", () => {
  it.effect("of one tenant signs for no other", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      const consumers = yield* SigningKey.generate("ES256", "consumers")
      const issuer = "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"
      const ours = { ...factory.key.publicKey, issuer: "https://login.microsoftonline.com/{tenantid}/v2.0" }
      yield* FakeProvider.answer("keys", Reply.json({ keys: [ours, { ...consumers.publicKey, issuer }] }))
      expect((yield* signIn()).tenantId).toBe(Person.ada.tenantId)
      const answer = yield* factory.tokenAnswer({ id_token: yield* factory.idToken({}, consumers) })
      yield* FakeProvider.answer("token", Reply.json(answer))
      expect(yield* failure(signIn())).toMatchObject({ _tag: "IdTokenRejected", rule: "iss" })
    }).pipe(Effect.provide(entra("common"))))

  it.effect("that is unknown has the keys asked for once a minute, also while they cannot be had", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      yield* signIn()
      const stranger = yield* SigningKey.generate("ES256", "stranger")
      const answer = yield* factory.tokenAnswer({ id_token: yield* factory.idToken({}, stranger) })
      yield* FakeProvider.answer("token", Reply.json(answer))
      yield* FakeProvider.answer("keys", Reply.empty({ status: 503 }))
      yield* Effect.forEach([1, 2, 3, 4, 5], () => failure(signIn()))
      expect(yield* FakeProvider.requests("keys")).toHaveLength(2)
    }).pipe(Effect.provide(generic())))
})

it.effect("a time too long for the wire is a typed failure", () =>
  Effect.gen(function*() {
    const request = { scopes: [], redirectUri, maxAge: "200000000000 days" } as const
    expect(yield* failure(AuthorizationCode.initiate(request))).toMatchObject({ argument: "maxAge" })
  }).pipe(Effect.provide(generic())))

it.effect("the application prints as JSON while a refresh is under way", () =>
  Effect.gen(function*() {
    const { fiber, open } = yield* heldUp
    expect(JSON.stringify(yield* ClientApplication.ClientApplication)).toContain(FakeProvider.clientId)
    yield* open
    yield* Fiber.join(fiber)
  }).pipe(Effect.provide(generic({}, aging))))

describe("a secret", () => {
  const secret = "k/9+Zt=\"p\u00E4<&'"
  const json = (text: string) => JSON.stringify(text).slice(1, -1)
  const escaped = (text: string) =>
    text.replace(/[^\w ]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)
  const entities = (text: string) => text.replace(/[^\w ]/g, (character) => `&#${character.charCodeAt(0)};`)

  it.each<[string, (text: string) => string]>([
    ["JSON in ASCII", escaped],
    ["JSON with its slashes escaped", (text) => json(text).replaceAll("/", "\\/")],
    ["JSON in JSON", (text) => json(json(text))],
    ["numeric entities", entities],
    ["percent, twice", (text) => encodeURIComponent(encodeURIComponent(text))],
    [
      "percent of Latin-1",
      (text) => text.replace(/[^\w]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, "0")}`)
    ],
    ["entities of JSON", (text) => entities(escaped(text))],
    ["hexadecimal", (text) => Buffer.from(text).toString("hex")]
  ])("is read in no spelling: %s", (_, spell) => {
    const hidden = Masking.hide([secret])(`got ${spell(secret)} here`)
    expect(hidden).not.toContain(spell(secret))
    expect(hidden).toContain("<redacted>")
  })

  it("of one letter, thirty thousand times, is found in linear time", () => {
    const text = "a".repeat(65_000)
    expect(Masking.hide(["a".repeat(32_000), "a".repeat(31_999), `${"a".repeat(16_000)}b`])(text)).toBe("<redacted>")
  })

  it.effect("of absurd length is refused before it is sent", () =>
    Effect.gen(function*() {
      const flow = yield* AuthorizationCode.initiate({ scopes: [], redirectUri })
      expect(flow.state).not.toBe("")
      const code = Redacted.make("a".repeat(65_537))
      expect(yield* failure(AuthorizationCode.redeem({ code, redirectUri, scopes: [] }))).toMatchObject({
        argument: "code"
      })
    }).pipe(Effect.provide(generic())))
})
