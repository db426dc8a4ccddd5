import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import * as Emulator from "../src/Emulator.js"
import { clientIds, contoso } from "../src/scenario/defaultScenario.js"
import type * as Fault from "../src/scenario/Fault.js"
import { beginDevice } from "./support/device.js"
import { emulator } from "./support/emulator.js"
import { formOf, get, graph, login, refusal, send, textOf } from "./support/http.js"
import { jane } from "./support/people.js"
import { accessToken, authorizationUrl, passwordGrant, refresh, scope, signIn } from "./support/signIn.js"
import { claimsOf } from "./support/tokens.js"

const keys = get(`${login}/common/discovery/v2.0/keys`)

const addFault = (fault: Fault.Input) => Effect.flatMap(Emulator.Emulator, (one) => one.addFault(fault))

describe("two emulators", () => {
  /** What the answers of a run say. */
  const run = Effect.gen(function*() {
    const signedIn = yield* signIn({ nonce: "n" })
    const refreshed = yield* refresh(textOf(signedIn, "refresh_token"))
    const device = yield* beginDevice()
    const refused = yield* passwordGrant({ password: "wrong" })
    return [signedIn, refreshed, device, refused, yield* keys].map(({ body, headers }) => ({ body, headers }))
  })

  it.effect("of one seed answer the same, to the last token", () =>
    Effect.gen(function*() {
      const one = yield* Effect.provide(run, emulator({}, "seed"))
      const other = yield* Effect.provide(run, emulator({}, "seed"))
      expect(one).toEqual(other)
    }))

  it.effect("are as good as one that was reset", () =>
    Effect.gen(function*() {
      const first = yield* run
      yield* (yield* Emulator.Emulator).reset()
      expect(yield* run).toEqual(first)
    }).pipe(Effect.provide(emulator({}, "seed"))))

  it.effect("of two seeds do not", () =>
    Effect.gen(function*() {
      const [one] = yield* Effect.provide(run, emulator({}, "seed"))
      const [other] = yield* Effect.provide(run, emulator({}, "another seed"))
      for (const name of ["access_token", "refresh_token", "id_token"]) {
        expect(one?.body[name]).not.toEqual(other?.body[name])
      }
    }))

  it.effect("know nothing of each other", () =>
    Effect.gen(function*() {
      const issued = Effect.map(signIn(), (answer) => textOf(answer, "refresh_token"))
      const [one, other] = [yield* Layer.build(emulator({}, "1")), yield* Layer.build(emulator({}, "2"))]
      const token = yield* Effect.provide(issued, one)
      expect((yield* Effect.provide(refresh(token), one)).status).toBe(200)
      expect(refusal(yield* Effect.provide(refresh(token), other))).toMatchObject({ codes: [70000] })
      yield* Effect.provide(addFault({ kind: "unavailable" }), one)
      expect((yield* Effect.provide(keys, other)).status).toBe(200)
      expect((yield* Effect.provide(keys, one)).status).toBe(503)
    }).pipe(Effect.scoped))
})

describe("the client in process", () => {
  it.effect.each([
    "https://example.com/",
    "https://login.microsoftonline.com.evil.example/common/discovery/v2.0/keys",
    "http://login.microsoftonline.com/common/discovery/v2.0/keys",
    "https://login.microsoftonline.com:8443/common/discovery/v2.0/keys",
    "https://localhost/common/discovery/v2.0/keys"
  ])("reaches nobody at %s", (url) =>
    Effect.gen(function*() {
      expect(yield* Effect.flip(get(url))).toMatchObject({ _tag: "RequestError", reason: "Transport" })
      expect(yield* (yield* Emulator.Emulator).requests).toEqual([])
    }).pipe(Effect.provide(emulator())))

  it.effect.each([
    "login.microsoftonline.com",
    "login.windows.net",
    "login.microsoft.com",
    "sts.windows.net",
    "login.microsoftonline.us",
    "login.partner.microsoftonline.cn",
    "graph.microsoft.com"
  ])("reaches the emulator at %s", (host) =>
    Effect.gen(function*() {
      expect((yield* get(`https://${host}/common/discovery/v2.0/keys`)).status).toBe(200)
    }).pipe(Effect.provide(emulator())))

  const form = formOf({ grant_type: "password", client_id: clientIds.public, scope, ...jane }).toString()
  const post = HttpClientRequest.post(`${login}/contoso.example/oauth2/v2.0/token`)
  const type = "application/x-www-form-urlencoded"

  it.effect.each<readonly [kind: string, request: HttpClientRequest.HttpClientRequest]>([
    ["text", HttpClientRequest.bodyText(post, form, type)],
    ["bytes", HttpClientRequest.bodyUint8Array(post, new TextEncoder().encode(form), type)],
    [
      "a stream",
      HttpClientRequest.bodyStream(post, Stream.make(new TextEncoder().encode(form)), { contentType: type })
    ],
    ["parameters", HttpClientRequest.bodyUrlParams(post, new URLSearchParams(form))]
  ])("sends %s", ([, request]) =>
    Effect.gen(function*() {
      expect((yield* send(request)).status).toBe(200)
    }).pipe(Effect.provide(emulator())))

  it.effect.each<readonly [what: string, request: HttpClientRequest.HttpClientRequest]>([
    ["a GET with a body", HttpClientRequest.bodyText(HttpClientRequest.get(`${login}/`), "body")],
    ["a header of two lines", HttpClientRequest.get(`${login}/`, { headers: { x: "a\nb" } })],
    ["a stream that fails", HttpClientRequest.bodyStream(post, Stream.fail("no more"), { contentType: type })]
  ])("fails, or is refused, and does not die: %s", ([, request]) =>
    Effect.gen(function*() {
      const result = yield* Effect.either(send(request))
      if (result._tag === "Left") expect(result.left._tag).toBe("RequestError")
      else expect(result.right.status).toBeLessThan(500)
    }).pipe(Effect.provide(emulator())))

  it.effect("leaves redirects to the caller", () =>
    Effect.gen(function*() {
      expect((yield* get(authorizationUrl())).status).toBe(303)
    }).pipe(Effect.provide(emulator())))

  it.effect("loses nothing that the server does for a caller who goes away", () =>
    Effect.gen(function*() {
      const first = textOf(yield* signIn(), "refresh_token")
      yield* addFault({ kind: "latency", milliseconds: 1000, times: 1 })
      const caller = yield* Effect.fork(refresh(first))
      yield* TestClock.adjust("500 millis")
      yield* Fiber.interrupt(caller)
      yield* TestClock.adjust("500 millis")
      expect(refusal(yield* refresh(first))).toMatchObject({ codes: [50173] })
    }).pipe(Effect.provide(emulator({ policies: { refreshTokenReplay: "revoke" } }))))

  it.effect("takes many requests at once", () =>
    Effect.gen(function*() {
      const answers = yield* Effect.all(Array.from({ length: 50 }, () => passwordGrant()), { concurrency: "unbounded" })
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
      expect(new Set(answers.map((answer) => textOf(answer, "refresh_token"))).size).toBe(50)
    }).pipe(Effect.provide(emulator())))

  it.effect("remembers a sign-in under way for an hour", () =>
    Effect.gen(function*() {
      const begun = yield* get(authorizationUrl())
      const cookie = (begun.headers["set-cookie"] ?? "").replace(/;.*/, "")
      const page = get(begun.headers["location"] ?? "", { cookie })
      yield* TestClock.adjust("59 minutes")
      expect((yield* page).status).toBe(200)
      yield* TestClock.adjust("1 minute")
      expect((yield* page).text).toContain("AADSTS50089")
    }).pipe(Effect.provide(emulator())))

  it.effect("knows the time of the caller's clock", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(1_700_000_000_000)
      const token = yield* accessToken()
      expect(yield* claimsOf(token)).toMatchObject({ iat: 1_700_000_000, exp: 1_700_003_600 })
      const me = get(`${graph}/v1.0/me`, { authorization: `Bearer ${token}` })
      expect((yield* me).status).toBe(200)
      yield* TestClock.adjust("1 hour")
      expect((yield* me).status).toBe(401)
    }).pipe(Effect.provide(emulator())))
})

describe("steering", () => {
  it.effect("refuses what makes no sense, and changes nothing", () =>
    Effect.gen(function*() {
      const { changeUser, putApp, putUser, reset, revokeSessions } = yield* Emulator.Emulator
      expect(yield* Effect.flip(putUser({ username: "ann", password: "x", name: "Ann" }))).toMatchObject({
        _tag: "InvalidScenario",
        message: expect.stringMatching(/^username: has to be a sign-in name/)
      })
      expect(yield* Effect.flip(putApp({ id: clientIds.web, name: "App", redirectUris: ["x"] }))).toMatchObject({
        _tag: "InvalidScenario",
        problems: [{ path: ["redirectUris", 0] }]
      })
      expect((yield* Effect.flip(changeUser("nobody@contoso.example", {})))._tag).toBe("UnknownUser")
      expect((yield* Effect.flip(revokeSessions("nobody@contoso.example")))._tag).toBe("UnknownUser")
      expect(
        yield* Effect.flip(reset({
          tenants: [{ id: contoso, name: "Contoso", domains: ["contoso.example"] }],
          apps: [{ id: clientIds.web, name: "App", tenant: "elsewhere.example" }]
        }))
      ).toMatchObject({ _tag: "InvalidScenario", problems: [{ path: ["apps", 0, "tenant"] }] })
      expect((yield* passwordGrant()).status).toBe(200)
    }).pipe(Effect.provide(emulator())))

  it.effect("forgets with a reset what requests under way bring", () =>
    Effect.gen(function*() {
      const { requests, reset } = yield* Emulator.Emulator
      yield* addFault({ kind: "latency", milliseconds: 1000, times: 1 })
      const underWay = yield* Effect.fork(passwordGrant())
      yield* TestClock.adjust("500 millis")
      yield* reset()
      yield* TestClock.adjust("500 millis")
      const token = textOf(yield* Fiber.join(underWay), "refresh_token")
      expect(yield* requests).toEqual([])
      expect(refusal(yield* refresh(token))).toMatchObject({ codes: [70000] })
    }).pipe(Effect.provide(emulator())))

  it.effect("refuses to start with what makes no sense", () =>
    Effect.gen(function*() {
      const layer = emulator({ users: [{ username: "ann@elsewhere.example", password: "s3cr3t", name: "Ann" }] })
      const error = yield* Effect.flip(Layer.build(layer))
      expect(error).toMatchObject({ _tag: "InvalidScenario", problems: [{ path: ["users", 0, "username"] }] })
      expect(error.message).not.toContain("s3cr3t")
    }).pipe(Effect.scoped))

  it.effect("ends what is under way with the layer", () =>
    Effect.gen(function*() {
      const client = yield* Effect.scoped(Effect.gen(function*() {
        const context = yield* Layer.build(emulator({ faults: [{ kind: "latency", milliseconds: 60_000 }] }))
        const waiting = yield* Effect.provide(Effect.forkDaemon(keys), context)
        yield* TestClock.adjust("1 second")
        return waiting
      }))
      expect(Exit.isFailure(yield* Fiber.await(client))).toBe(true)
    }))
})
