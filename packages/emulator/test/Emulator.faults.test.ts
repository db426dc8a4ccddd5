import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import * as Jose from "jose"
import * as Emulator from "../src/Emulator.js"
import { clientIds } from "../src/scenario/defaultScenario.js"
import type * as Fault from "../src/scenario/Fault.js"
import { emulator } from "./support/emulator.js"
import { get, login, postForm, refusal, textOf } from "./support/http.js"
import { jane } from "./support/people.js"
import { authorizationUrl, passwordGrant, refresh, signIn } from "./support/signIn.js"
import { claimsOf } from "./support/tokens.js"

const keys = get(`${login}/common/discovery/v2.0/keys`)
const metadata = get(`${login}/contoso.example/v2.0/.well-known/openid-configuration`)

const addFault = (fault: Fault.Input) => Effect.flatMap(Emulator.Emulator, (one) => one.addFault(fault))

describe("a fault", () => {
  it.effect("of latency waits for the clock", () =>
    Effect.gen(function*() {
      yield* addFault({ kind: "latency", milliseconds: 5000, times: 1 })
      const waiting = yield* Effect.fork(passwordGrant())
      yield* TestClock.adjust("4999 millis")
      expect(yield* Fiber.poll(waiting)).toMatchObject({ _tag: "None" })
      expect((yield* keys).status).toBe(200)
      yield* TestClock.adjust("1 millis")
      expect((yield* Fiber.join(waiting)).status).toBe(200)
    }).pipe(Effect.provide(emulator())))

  it.effect.each<readonly [retry: object, header: string | undefined]>([
    [{ retryAfter: 30 }, "30"],
    [{ retryAfter: 0 }, "0"],
    [{ retryAfter: 30, retryAfterForm: "date" }, "Thu, 01 Jan 1970 00:01:30 GMT"],
    [{}, undefined]
  ])("throttles: %j", ([retry, header]) =>
    Effect.gen(function*() {
      yield* TestClock.adjust("1 minute")
      yield* addFault({ kind: "throttled", times: 1, ...retry })
      const answer = yield* passwordGrant()
      expect({ status: answer.status, header: answer.headers["retry-after"] }).toEqual({ status: 429, header })
      expect(answer.body).not.toHaveProperty("access_token")
      expect((yield* passwordGrant()).status).toBe(200)
    }).pipe(Effect.provide(emulator())))

  it.effect("makes the service unavailable", () =>
    Effect.gen(function*() {
      yield* addFault({ kind: "unavailable", on: { endpoint: "keys" }, retryAfter: 5 })
      const answer = yield* keys
      expect({ status: answer.status, header: answer.headers["retry-after"] }).toEqual({ status: 503, header: "5" })
      expect((yield* passwordGrant()).status).toBe(200)
    }).pipe(Effect.provide(emulator())))

  it.effect.each([200, 407, 502])("answers with a proxy's page, status %i", (status) =>
    Effect.gen(function*() {
      yield* addFault({ kind: "proxyPage", status, times: 1 })
      const answer = yield* metadata
      expect(answer.status).toBe(status)
      expect(answer.headers["content-type"]).toMatch(/^text\/html/)
      expect(answer.text).toMatch(/^<!DOCTYPE html>/)
    }).pipe(Effect.provide(emulator())))

  it.effect("drops the connection", () =>
    Effect.gen(function*() {
      yield* addFault({ kind: "drop", times: 1 })
      expect(yield* Effect.flip(passwordGrant())).toMatchObject({ _tag: "RequestError", reason: "Transport" })
      expect((yield* passwordGrant()).status).toBe(200)
      const [first] = yield* (yield* Emulator.Emulator).requests
      expect(first).toMatchObject({ grantType: "password", status: undefined })
    }).pipe(Effect.provide(emulator())))

  it.effect("refuses", () =>
    Effect.gen(function*() {
      const claims = "{\"access_token\":{\"polids\":{\"values\":[\"x\"]}}}"
      yield* addFault({
        kind: "refusal",
        code: 53000,
        error: "interaction_required",
        suberror: "message_only",
        claims,
        times: 1
      })
      const answer = yield* passwordGrant()
      expect(refusal(answer)).toEqual({
        status: 400,
        error: "interaction_required",
        codes: [53000],
        suberror: "message_only"
      })
      expect(answer.body["claims"]).toBe(claims)
      yield* addFault({ kind: "refusal", code: 50000, times: 1 })
      expect(refusal(yield* passwordGrant())).toMatchObject({ error: "invalid_grant", codes: [50000] })
    }).pipe(Effect.provide(emulator())))

  it.effect("shows a person a refusal on a page", () =>
    Effect.gen(function*() {
      yield* addFault({ kind: "refusal", code: 53000, on: { endpoint: "logout" } })
      const answer = yield* get(`${login}/common/oauth2/v2.0/logout`)
      expect(answer.headers["content-type"]).toMatch(/^text\/html/)
      expect(answer.text).toContain("AADSTS53000")
    }).pipe(Effect.provide(emulator())))

  it.effect("tells an application that its request to authorize is refused", () =>
    Effect.gen(function*() {
      yield* addFault({
        kind: "refusal",
        code: 53000,
        error: "interaction_required",
        suberror: "message_only",
        on: { endpoint: "authorize" }
      })
      const location = new URL((yield* get(authorizationUrl({ prompt: "none" }))).headers["location"] ?? "")
      expect(`${location.origin}${location.pathname}`).toBe("http://localhost/callback")
      expect(Object.fromEntries(location.searchParams)).toMatchObject({
        error: "interaction_required",
        error_description: expect.stringMatching(/^AADSTS53000: /),
        state: "the state"
      })
      const elsewhere = yield* get(authorizationUrl({ redirect_uri: "https://evil.example/" }))
      expect(elsewhere.headers["location"]).toBeUndefined()
      expect(elsewhere.text).toContain("AADSTS50011")
    }).pipe(Effect.provide(emulator())))

  it.effect("of a client's credential answers 401", () =>
    Effect.gen(function*() {
      yield* addFault({ kind: "refusal", code: 7000222, error: "invalid_client" })
      expect(refusal(yield* passwordGrant())).toEqual({ status: 401, error: "invalid_client", codes: [7000222] })
    }).pipe(Effect.provide(emulator())))

  it.effect("befalls a client that proves itself in a header", () =>
    Effect.gen(function*() {
      yield* addFault({ kind: "throttled", on: { clientId: clientIds.web } })
      const ask = (id: string) =>
        postForm(
          `${login}/contoso.example/oauth2/v2.0/token`,
          { grant_type: "client_credentials", scope: "https://graph.microsoft.com/.default" },
          { authorization: `Basic ${btoa(`${id}:x`)}` }
        )
      expect((yield* ask(clientIds.web.toUpperCase())).status).toBe(429)
      expect((yield* ask(clientIds.api)).status).toBe(401)
    }).pipe(Effect.provide(emulator())))

  it.effect.each([3_600, -7_776_001])(
    "of a clock that is off by %i seconds leaves refresh tokens alone",
    (seconds) =>
      Effect.gen(function*() {
        yield* addFault({ kind: "clockSkew", seconds, times: 1 })
        const token = textOf(yield* passwordGrant(), "refresh_token")
        expect((yield* refresh(token)).status).toBe(200)
        yield* TestClock.adjust("90 days")
        expect(refusal(yield* refresh(token))).toMatchObject({ codes: [700082] })
      }).pipe(Effect.provide(emulator({ policies: { refreshTokenRotation: false } })))
  )

  it.effect.each([600, -600])(
    "issues tokens by a clock that is off by %i seconds",
    (seconds) =>
      Effect.gen(function*() {
        yield* TestClock.setTime(1_700_000_000_000)
        yield* addFault({ kind: "clockSkew", seconds, times: 1 })
        const answer = yield* passwordGrant()
        for (const name of ["id_token", "access_token"]) {
          expect(Jose.decodeJwt(textOf(answer, name))).toMatchObject({
            iat: 1_700_000_000 + seconds,
            nbf: 1_700_000_000 + seconds,
            exp: 1_700_003_600 + seconds
          })
        }
        expect(yield* claimsOf(textOf(yield* passwordGrant(), "id_token"))).toMatchObject({ iat: 1_700_000_000 })
      }).pipe(Effect.provide(emulator()))
  )

  it.effect("publishes metadata in another issuer's name", () =>
    Effect.gen(function*() {
      const good = yield* metadata
      yield* addFault({ kind: "wrongIssuer", times: 1 })
      const bad = yield* metadata
      expect(bad.body["issuer"]).not.toBe(good.body["issuer"])
      expect({ ...bad.body, issuer: "" }).toEqual({ ...good.body, issuer: "" })
      expect((yield* metadata).body).toEqual(good.body)
    }).pipe(Effect.provide(emulator())))

  type Flaw = Extract<Fault.Fault, { readonly kind: "badIdToken" }>["flaw"]

  /** What the ID token says of a flaw, beside one that has none. */
  const flawed = (flaw: Flaw) =>
    Effect.gen(function*() {
      yield* TestClock.setTime(1_700_000_000_000)
      const good = yield* claimsOf(textOf(yield* signIn({ nonce: "mine" }), "id_token"))
      yield* addFault({ kind: "badIdToken", flaw, on: { endpoint: "token" }, times: 1 })
      const answer = yield* signIn({ nonce: "mine" })
      expect(answer.body).toMatchObject({ access_token: expect.any(String), refresh_token: expect.any(String) })
      return { good, answer }
    })

  it.effect.each<readonly [flaw: Flaw, claim: string]>([
    ["issuer", "iss"],
    ["audience", "aud"],
    ["nonce", "nonce"],
    ["subject", "sub"],
    ["tenant", "tid"]
  ])("of an ID token spoils its %s, and nothing else", ([flaw, claim]) =>
    Effect.gen(function*() {
      const { answer, good } = yield* flawed(flaw)
      const bad = yield* claimsOf(textOf(answer, "id_token"))
      expect(bad[claim]).not.toEqual(good[claim])
      const rest = { [claim]: "", sid: "", uti: "" }
      expect({ ...bad, ...rest }).toEqual({ ...good, ...rest })
    }).pipe(Effect.provide(emulator())))

  it.effect("of an ID token lets it have expired", () =>
    Effect.gen(function*() {
      const { answer } = yield* flawed("expired")
      const exit = yield* Effect.exit(claimsOf(textOf(answer, "id_token")))
      expect(Exit.isFailure(exit)).toBe(true)
      expect(Jose.decodeJwt(textOf(answer, "id_token")).exp).toBeLessThan(1_700_000_000)
    }).pipe(Effect.provide(emulator())))

  it.effect("of an ID token spoils its signature, under a key that is published", () =>
    Effect.gen(function*() {
      const { answer } = yield* flawed("signature")
      const token = textOf(answer, "id_token")
      expect((yield* keys).text).toContain(`"kid":"${Jose.decodeProtectedHeader(token).kid}"`)
      expect(Exit.isFailure(yield* Effect.exit(claimsOf(token)))).toBe(true)
    }).pipe(Effect.provide(emulator())))

  it.effect("of an ID token leaves it unsigned", () =>
    Effect.gen(function*() {
      const token = textOf((yield* flawed("unsigned")).answer, "id_token")
      expect(Jose.decodeProtectedHeader(token).alg).toBe("none")
      expect(Jose.decodeJwt(token)).toMatchObject({ aud: clientIds.public, nonce: "mine" })
      expect(token.endsWith(".")).toBe(true)
    }).pipe(Effect.provide(emulator())))

  it.effect("of an ID token leaves it out", () =>
    Effect.gen(function*() {
      expect((yield* flawed("missing")).answer.body).not.toHaveProperty("id_token")
    }).pipe(Effect.provide(emulator())))

  it.effect("stands in the scenario, and comes back with a reset", () =>
    Effect.gen(function*() {
      expect((yield* keys).status).toBe(503)
      yield* (yield* Emulator.Emulator).clearFaults
      expect((yield* keys).status).toBe(200)
      yield* (yield* Emulator.Emulator).reset()
      expect((yield* keys).status).toBe(503)
    }).pipe(Effect.provide(emulator({ faults: [{ kind: "unavailable", on: { endpoint: "keys" } }] }))))

  it.effect("befalls whom it is meant for", () =>
    Effect.gen(function*() {
      yield* addFault({ kind: "throttled", on: { username: jane.username.toUpperCase(), grantType: "password" } })
      expect((yield* passwordGrant()).status).toBe(429)
      expect((yield* passwordGrant({ username: "sam@contoso.example" })).status).toBe(400)
      expect((yield* signIn()).status).toBe(200)
    }).pipe(Effect.provide(emulator())))

  it.effect.each<readonly [fault: Fault.Input, field: string]>([
    [{ kind: "proxyPage", status: 204 }, "status"],
    [{ kind: "proxyPage", status: 205 }, "status"],
    [{ kind: "proxyPage", status: 304 }, "status"],
    [{ kind: "throttled", retryAfter: 31_536_001 }, "retryAfter"],
    [{ kind: "unavailable", retryAfter: Number.MAX_SAFE_INTEGER }, "retryAfter"],
    [{ kind: "unavailable", retryAfter: -1 }, "retryAfter"]
  ])("is refused where no answer can be made of it: %j", ([fault, field]) =>
    Effect.gen(function*() {
      expect(yield* Effect.flip(addFault(fault))).toMatchObject({
        _tag: "InvalidScenario",
        problems: [{ path: [field], message: expect.stringMatching(/^has to be a /) }]
      })
    }).pipe(Effect.provide(emulator())))

  it.effect("is refused where it makes no sense", () =>
    Effect.gen(function*() {
      expect(yield* Effect.flip(addFault({ kind: "latency", milliseconds: -1 }))).toMatchObject({
        _tag: "InvalidScenario",
        problems: [{ path: ["milliseconds"] }]
      })
      expect((yield* keys).status).toBe(200)
    }).pipe(Effect.provide(emulator())))
})
