import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import { describe, expect, it } from "@effect/vitest"
import { AuthError, type ProofOfPossession, ProtectedResource, type TokenResult } from "@grantwork/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { failure } from "../scenario.js"

const origin = "https://api.example"
const demanded = JSON.stringify({ access_token: { nbf: { essential: true } } })

const tokenFor = (claims: string | undefined): TokenResult.TokenResult => ({
  accessToken: Redacted.make(claims === undefined ? "first" : `for ${claims}`),
  tokenType: "Bearer",
  scopes: ["read"],
  expiresAt: DateTime.unsafeMake(0),
  extendedExpiresAt: Option.none(),
  refreshAt: Option.none(),
  account: Option.none(),
  idToken: Option.none(),
  idTokenClaims: Option.none(),
  tenantId: "",
  source: "cache",
  correlationId: Option.none(),
  refreshToken: Option.none()
})

const challenge = (claims = demanded, status = 401): ResponseInit => ({
  status,
  headers: { "www-authenticate": `Bearer error="insufficient_claims", claims="${btoa(claims)}"` }
})

/** An API that answers in this order, and remembers the tokens it was shown. */
const api = (answers: ReadonlyArray<ResponseInit>) => {
  const shown: Array<string | undefined> = []
  const client = HttpClient.make((request) =>
    Effect.sync(() => {
      shown.push(request.headers["authorization"])
      return HttpClientResponse.fromWeb(request, new Response("body", answers[shown.length - 1] ?? { status: 500 }))
    })
  )
  return { client, shown }
}

const granting = (claims: string | undefined) => Effect.succeed(tokenFor(claims))

describe("an authorized client", () => {
  it.effect("sends a token with each request", () =>
    Effect.gen(function*() {
      const { client, shown } = api([{ status: 200 }, { status: 404 }])
      const authorized = ProtectedResource.authorize({ origin, acquire: granting })(client)
      expect((yield* authorized.get(`${origin}/me`)).status).toBe(200)
      expect((yield* authorized.post(`${origin}/me`)).status).toBe(404)
      expect(shown).toEqual(["Bearer first", "Bearer first"])
    }))

  it.effect("meets a challenge once", () =>
    Effect.gen(function*() {
      const { client, shown } = api([challenge(), { status: 200 }])
      const authorized = ProtectedResource.authorize({ origin, acquire: granting })(client)
      expect((yield* authorized.get(`${origin}/me`)).status).toBe(200)
      expect(shown).toEqual(["Bearer first", `Bearer for ${demanded}`])
    }))

  it.effect("asks for a person where the API demands more", () =>
    Effect.gen(function*() {
      const more = JSON.stringify({ access_token: { acrs: { essential: true, value: "c1" } } })
      const { client, shown } = api([challenge(), challenge(more), { status: 200 }])
      const authorized = ProtectedResource.authorize({ origin, acquire: granting })(client)
      expect(yield* failure(authorized.get(`${origin}/me`))).toMatchObject({
        _tag: "InteractionRequired",
        reason: "claims",
        claims: more
      })
      expect(shown).toHaveLength(2)
    }))

  it.effect.each([
    { refusal: {}, claims: demanded, reason: "mfa" as const },
    { refusal: { claims: "{\"id_token\":{}}" }, claims: "{\"id_token\":{}}", reason: "claims" as const }
  ])(
    "asks for a person where a refresh cannot meet it: $claims",
    ({ claims, reason, refusal }) =>
      Effect.gen(function*() {
        const { client } = api([challenge()])
        const acquire = (wanted: string | undefined) =>
          wanted === undefined
            ? granting(wanted)
            : Effect.fail(
              new AuthError.InteractionRequired({ reason, message: "Sign in.", suberror: "basic", ...refusal })
            )
        const authorized = ProtectedResource.authorize({ origin, acquire })(client)
        expect(yield* failure(authorized.get(`${origin}/me`))).toMatchObject({
          _tag: "InteractionRequired",
          reason,
          suberror: "basic",
          claims
        })
      })
  )

  it.effect("fails as getting the token fails, and sends nothing", () =>
    Effect.gen(function*() {
      const { client, shown } = api([{ status: 200 }])
      const error = new AuthError.InteractionRequired({ reason: "no_account", message: "Sign in." })
      const authorized = ProtectedResource.authorize({ origin, acquire: () => Effect.fail(error) })(client)
      expect(yield* failure(authorized.get(`${origin}/me`))).toBe(error)
      expect(shown).toEqual([])
    }))

  it.effect.each([
    "https://api.example.evil/",
    "http://api.example/",
    "https://api.example:8443/",
    "/me",
    "https://evil@x/"
  ])(
    "sends no token to %s",
    (url) =>
      Effect.gen(function*() {
        const { client, shown } = api([{ status: 200 }])
        const authorized = ProtectedResource.authorize({ origin, acquire: granting })(client)
        expect(yield* failure(authorized.get(url))).toMatchObject({ _tag: "InvalidArgument", argument: "url" })
        expect(shown).toEqual([])
      })
  )

  it.effect("proves possession, with the nonce that the API demands (feature 94)", () =>
    Effect.gen(function*() {
      const nonce = { status: 401, headers: { "www-authenticate": "PoP nonce=\"once\"" } }
      const { client, shown } = api([nonce, { status: 200 }, nonce, nonce])
      const asked: Array<unknown> = []
      const acquire = (claims: string | undefined, authScheme: ProofOfPossession.PopScheme) => {
        asked.push(authScheme)
        return Effect.succeed({ ...tokenFor(claims), tokenType: "pop" })
      }
      const authorized = ProtectedResource.authorize({ origin, acquire })(client)
      expect((yield* authorized.post(`${origin}/me`, { urlParams: { a: "b" } })).status).toBe(200)
      const request = { method: "POST", url: `${origin}/me` }
      expect(asked).toEqual([{ ...request, nonce: undefined }, { ...request, nonce: "once" }])
      expect(shown).toEqual(["PoP first", "PoP first"])
      expect((yield* authorized.get(`${origin}/me`)).status).toBe(401)
      expect(shown).toHaveLength(4)
    }))

  it.effect("takes what is written before or around it, and sends no token elsewhere for it", () =>
    Effect.gen(function*() {
      const redirect = { status: 302, headers: { location: "https://evil.example/" } }
      const { client, shown } = api([{ status: 200 }, redirect])
      const authorized = ProtectedResource.authorize({ origin: `${origin}/`, acquire: granting })(client)
      const around = (url: string) => HttpClient.mapRequest(authorized, HttpClientRequest.prependUrl(url))
      expect((yield* around(origin).get("/me")).status).toBe(200)
      for (const elsewhere of [around("https://evil.example"), HttpClient.followRedirects(around(origin))]) {
        expect(yield* failure(elsewhere.get("/me"))).toMatchObject({ _tag: "InvalidArgument", argument: "url" })
      }
      expect(shown).toHaveLength(2)
    }))

  it.effect.each(["api.example", "https://api.example/v1", "https://user@api.example", "", "about:blank"])(
    "is for an origin, not for %j",
    (text) =>
      Effect.gen(function*() {
        const { client, shown } = api([{ status: 200 }])
        const authorized = ProtectedResource.authorize({ origin: text, acquire: granting })(client)
        expect(yield* failure(authorized.get(`${origin}/me`))).toMatchObject({
          _tag: "InvalidArgument",
          argument: "origin"
        })
        expect(shown).toEqual([])
      })
  )

  it.effect.each([
    { name: "another status", answer: challenge(demanded, 403) },
    { name: "no challenge", answer: { status: 401 } },
    { name: "an unreadable one", answer: challenge("[]") }
  ])("passes on what is no claims challenge: $name", ({ answer }) =>
    Effect.gen(function*() {
      const { client, shown } = api([answer])
      const authorized = ProtectedResource.authorize({ origin, acquire: granting })(client)
      expect((yield* authorized.get(`${origin}/me`)).status).toBe(answer.status)
      expect(shown).toHaveLength(1)
    }))
})
