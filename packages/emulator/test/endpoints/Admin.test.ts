import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type { HttpMethod } from "@effect/platform/HttpMethod"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { clientIds, contoso, defaultScenario } from "../../src/scenario/defaultScenario.js"
import { emulator } from "../support/emulator.js"
import { get, graph, type Headers, login, refusal, send, textOf } from "../support/http.js"
import { jane, sam } from "../support/people.js"
import { accessToken, passwordGrant, refresh } from "../support/signIn.js"

const steer = (method: HttpMethod, path: string, body?: unknown, headers: Headers = {}) =>
  send(
    HttpClientRequest.make(method as "POST")(`${login}/_emulator/${path}`, {
      headers,
      ...(body !== undefined && {
        body: HttpClientRequest.bodyText(
          HttpClientRequest.post("/"),
          typeof body === "string" ? body : JSON.stringify(body)
        ).body
      })
    })
  )

const done = { status: 200, body: { done: true } }

const user = { username: "ann@contoso.example", password: "seven seas", name: "Ann Lee" }

describe("steering", () => {
  it.effect("adds a user, and replaces one", () =>
    Effect.gen(function*() {
      expect(yield* steer("POST", "users", user)).toMatchObject(done)
      expect((yield* passwordGrant({ username: user.username, password: user.password })).status).toBe(200)
      expect(yield* steer("POST", "users", { ...user, password: "another one" })).toMatchObject(done)
      expect(refusal(yield* passwordGrant({ username: user.username, password: user.password }))).toMatchObject({
        codes: [50126]
      })
    }).pipe(Effect.provide(emulator())))

  it.effect("changes a user, who stays the same", () =>
    Effect.gen(function*() {
      const refreshToken = textOf(yield* passwordGrant(), "refresh_token")
      expect(yield* steer("PATCH", "users/JANE%40contoso.example", { blocked: true })).toMatchObject(done)
      expect(refusal(yield* refresh(refreshToken))).toMatchObject({ codes: [50057] })
      yield* steer("PATCH", `users/${jane.username}`, { blocked: false, username: "jane.doe@contoso.example" })
      expect((yield* refresh(refreshToken)).status).toBe(200)
      expect(refusal(yield* passwordGrant())).toMatchObject({ codes: [50034] })
      expect((yield* passwordGrant({ username: "jane.doe@contoso.example" })).status).toBe(200)
    }).pipe(Effect.provide(emulator())))

  it.effect("changes a user by a name between blanks", () =>
    Effect.gen(function*() {
      expect(yield* steer("PATCH", `users/%20${jane.username}%20`, { blocked: true })).toMatchObject(done)
      expect(refusal(yield* passwordGrant())).toMatchObject({ codes: [50057] })
    }).pipe(Effect.provide(emulator())))

  it.effect.each<readonly [what: string, method: HttpMethod, path: string, body: object]>([
    ["changed", "PATCH", `users/${jane.username}`, { password: "another one" }],
    ["replaced", "POST", "users", { ...jane, password: "another one", name: "Jane Doe" }]
  ])("revokes what came of a password that is %s", ([, method, path, body]) =>
    Effect.gen(function*() {
      const refreshToken = textOf(yield* passwordGrant(), "refresh_token")
      const sams = textOf(yield* passwordGrant({ ...sam }), "refresh_token")
      expect(yield* steer("PATCH", `users/${jane.username}`, { name: "Jane Roe" })).toMatchObject(done)
      expect((yield* refresh(refreshToken)).status).toBe(200)
      expect(yield* steer(method, path, body)).toMatchObject(done)
      expect(refusal(yield* refresh(refreshToken))).toMatchObject({ codes: [50173] })
      expect((yield* refresh(sams)).status).toBe(200)
    }).pipe(Effect.provide(emulator())))

  it.effect("revokes the sessions of a user", () =>
    Effect.gen(function*() {
      const refreshToken = textOf(yield* passwordGrant(), "refresh_token")
      expect(yield* steer("POST", `users/${jane.username}/revoke-sessions`)).toMatchObject(done)
      expect(refusal(yield* refresh(refreshToken))).toMatchObject({ codes: [50173] })
    }).pipe(Effect.provide(emulator())))

  it.effect("lets /me demand newer tokens of a user", () =>
    Effect.gen(function*() {
      const authorization = `Bearer ${yield* accessToken()}`
      expect(yield* steer("POST", `users/${jane.username}/challenge`)).toMatchObject(done)
      expect((yield* get(`${graph}/v1.0/me`, { authorization })).status).toBe(401)
    }).pipe(Effect.provide(emulator())))

  it.effect("adds an application", () =>
    Effect.gen(function*() {
      const id = "a0000000-0000-4000-8000-00000000000f"
      expect(refusal(yield* passwordGrant({ client_id: id }))).toMatchObject({ codes: [700016] })
      expect(yield* steer("POST", "apps", { id, name: "Another" })).toMatchObject(done)
      expect((yield* passwordGrant({ client_id: id })).status).toBe(200)
    }).pipe(Effect.provide(emulator())))

  it.effect("adds faults, tells and clears them", () =>
    Effect.gen(function*() {
      const fault = { kind: "unavailable", on: { endpoint: "token" }, times: 2 }
      expect(yield* steer("POST", "faults", fault)).toMatchObject(done)
      expect((yield* passwordGrant()).status).toBe(503)
      expect((yield* steer("GET", "faults")).body).toEqual({ faults: [{ ...fault, after: 0 }] })
      expect(yield* steer("DELETE", "faults")).toMatchObject(done)
      expect((yield* passwordGrant()).status).toBe(200)
    }).pipe(Effect.provide(emulator())))

  it.effect("tells the requests, and clears them", () =>
    Effect.gen(function*() {
      yield* passwordGrant()
      const { body } = yield* steer("GET", "requests")
      expect(body["requests"]).toEqual([expect.objectContaining({
        method: "POST",
        path: "/contoso.example/oauth2/v2.0/token",
        grantType: "password",
        status: 200
      })])
      expect(yield* steer("DELETE", "requests")).toMatchObject(done)
      expect((yield* steer("GET", "requests")).body).toEqual({ requests: [] })
      const page = yield* steer("GET", "requests", undefined, { accept: "text/html,*/*" })
      expect(page.headers["content-type"]).toMatch(/^text\/html/)
    }).pipe(Effect.provide(emulator())))

  it.effect("rotates the key", () =>
    Effect.gen(function*() {
      const current = Effect.map(get(`${login}/common/discovery/v2.0/keys`), ({ body }) => body["keys"])
      const before = yield* current
      expect(yield* steer("POST", "keys/rotate")).toMatchObject(done)
      const between = yield* current
      expect(between).not.toEqual(before)
      expect(yield* steer("POST", "keys/rotate", { withdraw: true })).toMatchObject(done)
      expect(yield* current).not.toEqual(between)
    }).pipe(Effect.provide(emulator())))

  it.effect("starts over, with another scenario if one is given", () =>
    Effect.gen(function*() {
      const refreshToken = textOf(yield* passwordGrant(), "refresh_token")
      yield* steer("POST", "faults", { kind: "drop", on: { endpoint: "me" } })
      expect(yield* steer("POST", "reset")).toMatchObject(done)
      expect(refusal(yield* refresh(refreshToken))).toMatchObject({ codes: [70000] })
      expect((yield* steer("GET", "faults")).body).toEqual({ faults: [] })
      expect((yield* passwordGrant()).status).toBe(200)
      expect(yield* steer("POST", "reset", { ...defaultScenario, users: [user] })).toMatchObject(done)
      expect(refusal(yield* passwordGrant())).toMatchObject({ codes: [50034] })
    }).pipe(Effect.provide(emulator())))

  it.effect("starts over with nobody challenged", () =>
    Effect.gen(function*() {
      const authorization = `Bearer ${yield* accessToken()}`
      const me = get(`${graph}/v1.0/me`, { authorization })
      yield* steer("POST", `users/${jane.username}/challenge`)
      expect((yield* me).status).toBe(401)
      yield* steer("POST", "reset")
      expect((yield* me).status).toBe(200)
    }).pipe(Effect.provide(emulator())))

  it.effect("shows a home page", () =>
    Effect.gen(function*() {
      const { headers, status } = yield* get(`${login}/`)
      expect({ status, type: headers["content-type"] }).toEqual({ status: 200, type: "text/html; charset=utf-8" })
    }).pipe(Effect.provide(emulator())))
})

const addresses: ReadonlyArray<readonly [method: HttpMethod, path: string]> = [
  ["POST", "users"],
  ["PATCH", `users/${jane.username}`],
  ["POST", `users/${jane.username}/revoke-sessions`],
  ["POST", `users/${jane.username}/challenge`],
  ["POST", "apps"],
  ["POST", "faults"],
  ["DELETE", "faults"],
  ["DELETE", "requests"],
  ["POST", "keys/rotate"],
  ["POST", "reset"]
]

describe("steering by others", () => {
  it.effect.each(addresses)("is refused at %s %s", ([method, path]) =>
    Effect.gen(function*() {
      const strangers = [
        { origin: "https://evil.example" },
        { origin: "null" },
        { origin: "http://login.microsoftonline.com" },
        { origin: `${login}.evil.example` },
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "same-site" }
      ]
      for (const headers of strangers) {
        const answer = yield* steer(method, path, method === "DELETE" ? undefined : {}, headers)
        expect(answer).toMatchObject({ status: 403, body: { error: "other_site" } })
      }
    }).pipe(Effect.provide(emulator())))

  it.effect("is no page's of the emulator, which may", () =>
    Effect.gen(function*() {
      const headers = { origin: login, "sec-fetch-site": "same-origin" }
      expect(yield* steer("POST", "users", user, headers)).toMatchObject(done)
    }).pipe(Effect.provide(emulator())))

  it.effect("gets no leave from CORS", () =>
    Effect.gen(function*() {
      for (const method of ["GET", "POST"] as const) {
        const { headers } = yield* steer(method, "requests", undefined, { origin: "https://evil.example" })
        expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([])
      }
    }).pipe(Effect.provide(emulator())))
})

describe("a mistake in steering", () => {
  const deep = "[".repeat(20_000) + "]".repeat(20_000)

  it.effect.each(addresses.filter(([method]) => method !== "DELETE"))(
    "is told where the body is no JSON: %s %s",
    ([method, path]) =>
      Effect.gen(function*() {
        for (const body of ["{", "undefined", "{'a':1}", "\u0000"]) {
          expect(yield* steer(method, path, body)).toMatchObject({
            status: 400,
            body: { error: "malformed_request", error_description: "The body is not JSON." }
          })
        }
      }).pipe(Effect.provide(emulator()))
  )

  it.effect.each<readonly [method: HttpMethod, path: string, body: unknown, field: ReadonlyArray<unknown>]>([
    ["POST", "users", { ...user, name: undefined }, ["name"]],
    ["POST", "users", { ...user, nmae: "Ann" }, ["nmae"]],
    ["POST", "users", { ...user, username: "ann@elsewhere.example" }, ["users", 7, "username"]],
    ["POST", "users", undefined, []],
    ["POST", "users", [user], []],
    ["PATCH", `users/${jane.username}`, { mfa: "yes" }, ["mfa"]],
    ["PATCH", `users/${jane.username}`, { tenant: "elsewhere.example" }, ["users", 0, "tenant"]],
    ["POST", "apps", { id: "1", name: "App" }, ["id"]],
    ["POST", "apps", { id: clientIds.web, name: "App", tenant: "elsewhere.example" }, ["apps", 5, "tenant"]],
    ["POST", "faults", { kind: "latency" }, ["milliseconds"]],
    ["POST", "faults", { kind: "earthquake" }, ["kind"]],
    ["POST", "faults", { kind: { toString: 1 } }, ["kind"]],
    ["POST", "reset", { ...defaultScenario, faults: [{ kind: { toString: 1 } }] }, ["faults", 0, "kind"]],
    ["PATCH", `users/${jane.username}`, { id: "99999999-0000-4000-8000-000000000009" }, ["id"]],
    ["POST", "faults", `{"kind":${deep}}`, ["kind"]],
    ["POST", "reset", deep, []],
    ["POST", "reset", {}, ["tenants"]],
    ["POST", "reset", { tenants: [{ id: contoso, name: "Contoso", domains: [] }] }, ["tenants", 0, "domains", 0]]
  ])("is told with its field: %s %s %.60j", ([method, path, body, field]) =>
    Effect.gen(function*() {
      const answer = yield* steer(method, path, body)
      expect(answer).toMatchObject({
        status: 400,
        body: { error: "invalid_scenario", problems: [{ path: field, message: expect.any(String) }] }
      })
      expect(answer.text).not.toContain(user.password)
      expect((yield* passwordGrant()).status).toBe(200)
    }).pipe(Effect.provide(emulator())))

  it.effect.each<readonly [method: HttpMethod, path: string, body: unknown]>([
    ["PATCH", "users/nobody@contoso.example", {}],
    ["PATCH", "users/__proto__", {}],
    ["POST", "users/nobody@contoso.example/revoke-sessions", undefined],
    ["POST", "users/nobody@contoso.example/challenge", undefined]
  ])("is told where there is no such user: %s %s", ([method, path, body]) =>
    Effect.gen(function*() {
      expect(yield* steer(method, path, body)).toMatchObject({ status: 404, body: { error: "unknown_user" } })
    }).pipe(Effect.provide(emulator())))

  it.effect.each<readonly [method: HttpMethod, path: string, body: unknown]>([
    ["PATCH", `users/${jane.username}`, []],
    ["PATCH", `users/${jane.username}`, null],
    ["PATCH", "users/%E0%A4%A", {}],
    ["POST", "keys/rotate", { withdraw: "yes" }],
    ["POST", "keys/rotate", 7]
  ])("is told where the request makes no sense: %s %s %j", ([method, path, body]) =>
    Effect.gen(function*() {
      expect((yield* steer(method, path, body)).status).toBe(400)
    }).pipe(Effect.provide(emulator())))
})
