import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { clientIds } from "../../src/scenario/defaultScenario.js"
import { emulator, withApp } from "../support/emulator.js"
import { type Form, formOf, get, login, postForm } from "../support/http.js"
import { jane } from "../support/people.js"
import { authorizationUrl } from "../support/signIn.js"
import { locationOf, makeVisitor } from "../support/visitor.js"

const address = (parameters: Form = {}, tenant = "contoso.example") =>
  `${login}/${tenant}/oauth2/v2.0/logout?${formOf(parameters)}`

/** The cookie of a browser in which Jane is signed in. */
const signedIn = Effect.gen(function*() {
  const { cookie, get, post } = makeVisitor()
  yield* post(locationOf(yield* get(authorizationUrl())), { ...jane })
  return cookie()
})

const silently = (cookie: string) =>
  Effect.map(
    get(authorizationUrl({ prompt: "none" }), { cookie }),
    ({ headers }) => new URL(headers["location"] ?? "").searchParams
  )

describe("logout", () => {
  it.effect("ends the session of the browser, and of no other", () =>
    Effect.gen(function*() {
      const [one, other] = [yield* signedIn, yield* signedIn]
      expect((yield* silently(one)).has("code")).toBe(true)
      const answer = yield* get(address(), { cookie: one })
      expect(answer.status).toBe(200)
      expect(answer.text).toContain("signed out")
      expect((yield* silently(one)).get("error")).toBe("login_required")
      expect((yield* silently(other)).has("code")).toBe(true)
    }).pipe(Effect.provide(emulator())))

  it.effect("may be a form", () =>
    Effect.gen(function*() {
      const cookie = yield* signedIn
      const post_logout_redirect_uri = "https://app.example/callback"
      const answer = yield* postForm(address(), { post_logout_redirect_uri }, { cookie })
      expect(answer.headers["location"]).toBe(post_logout_redirect_uri)
      expect((yield* silently(cookie)).get("error")).toBe("login_required")
    }).pipe(Effect.provide(emulator())))

  it.effect("leaves the query of the address to the letter, and sets no cookie", () =>
    Effect.gen(function*() {
      const uri = "https://app.example/bye?a=%7e+b"
      const { headers } = yield* get(address({ post_logout_redirect_uri: uri, state: "s" }))
      expect(headers["location"]).toBe(`${uri}&state=s`)
      expect(headers).not.toHaveProperty("set-cookie")
    }).pipe(Effect.provide(withApp(clientIds.public, { redirectUris: ["https://app.example/bye?a=%7e+b"] }))))

  it.effect.each<readonly [uri: string, location: string]>([
    ["https://app.example/callback", "https://app.example/callback?state=a+b"],
    ["http://localhost:3000/callback", "http://localhost:3000/callback?state=a+b"]
  ])("leads back to %s, with the state", ([uri, location]) =>
    Effect.gen(function*() {
      const { headers, status } = yield* get(address({ post_logout_redirect_uri: uri, state: "a b" }))
      expect({ status, location: headers["location"] }).toEqual({ status: 303, location })
    }).pipe(Effect.provide(emulator())))

  it.effect.each([
    "https://evil.example",
    "https://app.example/elsewhere",
    "https://app.example.evil.example/callback",
    "http://localhost@evil.example/callback",
    "//evil.example",
    "javascript:alert(1)",
    "/callback",
    ""
  ])("leads to no %s", (uri) =>
    Effect.gen(function*() {
      const answer = yield* get(address({ post_logout_redirect_uri: uri }))
      expect(answer.status).toBe(200)
      expect(answer.headers).not.toHaveProperty("location")
      expect(answer.text).not.toContain("evil")
    }).pipe(Effect.provide(emulator())))

  it.effect("is refused of an unknown tenant, and of repeated parameters", () =>
    Effect.gen(function*() {
      expect((yield* get(address({}, "unknown.example"))).text).toContain("AADSTS90002")
      const twice = `${
        address({ post_logout_redirect_uri: "https://app.example/callback" })
      }&post_logout_redirect_uri=x`
      const answer = yield* get(twice)
      expect(answer.headers).not.toHaveProperty("location")
      expect(answer.text).toContain("AADSTS9000411")
    }).pipe(Effect.provide(emulator())))
})
