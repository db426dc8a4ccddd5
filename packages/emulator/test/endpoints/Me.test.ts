import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import * as Emulator from "../../src/Emulator.js"
import { contoso, fabrikam } from "../../src/scenario/defaultScenario.js"
import { emulator } from "../support/emulator.js"
import { get, graph, login, postForm, textOf } from "../support/http.js"
import { jane, sam } from "../support/people.js"
import { accessToken, passwordGrant, signIn } from "../support/signIn.js"
import { claimsOf, resigned } from "../support/tokens.js"

const me = (token: string) => get(`${graph}/v1.0/me`, { authorization: `Bearer ${token}` })

const continuous = { claims: "{\"access_token\":{\"xms_cc\":{\"values\":[\"cp1\"]}}}" }

/** The challenge of an answer, by its parameters. */
const challengeOf = (header = ""): Readonly<Record<string, string>> => {
  expect(header).toMatch(/^Bearer /)
  return Object.fromEntries([...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, value]))
}

describe("/me", () => {
  it.effect("tells who signed in", () =>
    Effect.gen(function*() {
      const token = yield* accessToken()
      const { oid } = yield* claimsOf(token)
      const { body, status } = yield* me(token)
      expect(status).toBe(200)
      expect(body).toMatchObject({
        id: oid,
        displayName: "Jane Doe",
        givenName: "Jane",
        surname: "Doe",
        mail: jane.username,
        userPrincipalName: jane.username
      })
    }).pipe(Effect.provide(emulator())))

  it.effect("tells a guest's object of the tenant the token is for", () =>
    Effect.gen(function*() {
      const token = textOf(yield* signIn({}, sam, "fabrikam.example"), "access_token")
      expect((yield* me(token)).body["id"]).toBe((yield* claimsOf(token))["oid"])
    }).pipe(Effect.provide(emulator())))

  it.effect("takes the scheme in any letter case (RFC 9110, 11.1)", () =>
    Effect.gen(function*() {
      const token = yield* accessToken()
      for (const scheme of ["bearer", "BEARER"]) {
        expect((yield* get(`${graph}/v1.0/me`, { authorization: `${scheme} ${token}` })).status).toBe(200)
      }
    }).pipe(Effect.provide(emulator())))

  const refusals = [
    ["no token", () => undefined],
    ["an empty token", () => "Bearer "],
    ["another scheme", (token: string) => `Basic ${token}`],
    ["two tokens", (token: string) => `Bearer ${token} ${token}`],
    ["words", () => "Bearer words"],
    ["no signature", (token: string) => `Bearer ${token.split(".").slice(0, 2).join(".")}.`],
    ["another signature", (token: string) => `Bearer ${token.slice(0, -8)}AAAAAAAA`],
    ["no algorithm", (token: string) => `Bearer eyJhbGciOiJub25lIn0.${token.split(".")[1]}.`]
  ] as const

  it.effect.each(refusals)("refuses %s, with a challenge", ([, header]) =>
    Effect.gen(function*() {
      const authorization = header(yield* accessToken())
      const answer = yield* get(`${graph}/v1.0/me`, authorization === undefined ? {} : { authorization })
      expect(answer.status).toBe(401)
      expect(answer.body["error"]).toMatchObject({ code: "InvalidAuthenticationToken", message: expect.any(String) })
      const challenge = challengeOf(answer.headers["www-authenticate"])
      expect(challenge).toMatchObject({
        error: "invalid_token",
        authorization_uri: expect.stringMatching(/\/authorize$/)
      })
      expect(challenge).not.toHaveProperty("claims")
    }).pipe(Effect.provide(emulator())))

  it.effect("refuses an expired token", () =>
    Effect.gen(function*() {
      const token = yield* accessToken()
      yield* TestClock.adjust("3599 seconds")
      expect((yield* me(token)).status).toBe(200)
      yield* TestClock.adjust("1 second")
      expect((yield* me(token)).status).toBe(401)
    }).pipe(Effect.provide(emulator())))

  it.effect("refuses a token that is meant for another resource, and an ID token", () =>
    Effect.gen(function*() {
      const answer = yield* passwordGrant({ scope: "openid profile api://notes/read" })
      for (const name of ["access_token", "id_token"]) {
        expect((yield* me(textOf(answer, name))).status).toBe(401)
      }
    }).pipe(Effect.provide(emulator())))

  it.effect("refuses a token of a key that was withdrawn, and takes one that was rotated", () =>
    Effect.gen(function*() {
      const token = yield* accessToken()
      const { rotateSigningKey } = yield* Emulator.Emulator
      yield* rotateSigningKey()
      expect((yield* me(token)).status).toBe(200)
      yield* rotateSigningKey({ withdraw: true })
      expect((yield* me(token)).status).toBe(401)
      expect((yield* me(yield* accessToken())).status).toBe(200)
    }).pipe(Effect.provide(emulator())))

  it.effect("refuses a token of another emulator's person", () =>
    Effect.gen(function*() {
      const token = yield* accessToken()
      const { reset } = yield* Emulator.Emulator
      yield* reset({ tenants: [{ id: contoso, name: "Contoso", domains: ["contoso.example"] }] })
      expect((yield* me(token)).status).toBe(403)
    }).pipe(Effect.provide(emulator())))

  it.effect.each<readonly [what: string, changes: Readonly<Record<string, unknown>>]>([
    ["an audience that is no text", { aud: { toString: 1 } }],
    ["another issuer", { iss: `https://issuer.invalid/${contoso}/v2.0` }],
    ["another tenant's issuer", { iss: `https://login.microsoftonline.com/${fabrikam}/v2.0` }],
    ["a serial that is no number", { serial: { toString: 1, valueOf: 1 } }],
    ["an object that is no text", { oid: { toString: 1 } }],
    ["no scopes, as an ID token has", { scp: undefined }]
  ])("refuses a token with %s, though its signature hold", ([, changes]) =>
    Effect.gen(function*() {
      expect((yield* me(yield* resigned(yield* accessToken(), changes))).status).toBe(401)
    }).pipe(Effect.provide(emulator())))

  it.effect("does not take a token for another person who got the same name", () =>
    Effect.gen(function*() {
      const token = yield* accessToken()
      const { putUser } = yield* Emulator.Emulator
      yield* putUser({ ...jane, name: "Jane Roe", id: "99999999-0000-4000-8000-000000000009" })
      expect((yield* me(token)).status).toBe(403)
    }).pipe(Effect.provide(emulator())))

  it.effect.each<readonly [scope: string, status: number]>([
    ["User.Read", 200],
    ["User.ReadBasic.All", 200],
    ["openid User.Read Mail.Read", 200],
    ["Mail.Read", 403],
    ["openid profile", 403]
  ])("answers a token for %s with %i", ([scope, status]) =>
    Effect.gen(function*() {
      const answer = yield* me(yield* accessToken({ scope }))
      expect(answer.status).toBe(status)
      if (status === 403) expect(answer.body["error"]).toMatchObject({ code: "Authorization_RequestDenied" })
    }).pipe(Effect.provide(emulator())))

  it.effect.each<readonly [what: string, happen: (emulator: Emulator.Service) => Effect.Effect<void, unknown>]>([
    ["challenged", ({ challenge }) => challenge(jane.username)],
    ["revoked", ({ revokeSessions }) => revokeSessions(jane.username)],
    ["blocked", ({ changeUser }) => changeUser(jane.username, { blocked: true })]
  ])("demands claims of a client that can meet them once the person is %s", ([, happen]) =>
    Effect.gen(function*() {
      const [token, sams] = [yield* accessToken(continuous), yield* accessToken({ ...continuous, ...sam })]
      const plain = yield* accessToken()
      yield* TestClock.adjust("1 minute")
      yield* happen(yield* Emulator.Emulator)
      const answer = yield* me(token)
      expect(answer.status).toBe(401)
      const challenge = challengeOf(answer.headers["www-authenticate"])
      expect(challenge).toMatchObject({ error: "insufficient_claims", claims: expect.any(String) })
      const claims = Buffer.from(challenge["claims"] ?? "", "base64").toString()
      expect(JSON.parse(claims)).toEqual({ access_token: { nbf: { essential: true, value: "60" } } })
      const unable = yield* me(plain)
      expect(unable.status).toBe(401)
      expect(challengeOf(unable.headers["www-authenticate"])).not.toHaveProperty("claims")
      expect((yield* me(sams)).status).toBe(200)
    }).pipe(Effect.provide(emulator())))

  it.effect("takes the token that the demanded claims bring", () =>
    Effect.gen(function*() {
      const token = yield* accessToken({ ...continuous, scope: "User.Read" })
      yield* (yield* Emulator.Emulator).challenge(jane.username)
      const answer = yield* me(token)
      const demanded = challengeOf(answer.headers["www-authenticate"])["claims"] ?? ""
      const claims = Buffer.from(demanded, "base64").toString()
      expect((yield* me(yield* accessToken({ claims }))).status).toBe(200)
      expect((yield* me(token)).status).toBe(401)
    }).pipe(Effect.provide(emulator())))
})

describe("user info", () => {
  it.effect("tells the subject of the ID token (OpenID Connect Core, 5.3.2)", () =>
    Effect.gen(function*() {
      const answer = yield* signIn({ scope: "openid profile email" })
      const { sub } = yield* claimsOf(textOf(answer, "id_token"))
      const authorization = `Bearer ${textOf(answer, "access_token")}`
      const expected = { sub, name: "Jane Doe", given_name: "Jane", family_name: "Doe", email: jane.username }
      expect((yield* get(`${login}/oidc/userinfo`, { authorization })).body).toMatchObject(expected)
      expect((yield* postForm(`${graph}/oidc/userinfo`, {}, { authorization })).body).toMatchObject(expected)
    }).pipe(Effect.provide(emulator())))

  it.effect("needs a token for openid", () =>
    Effect.gen(function*() {
      const status = (scope: string) =>
        Effect.gen(function*() {
          const authorization = `Bearer ${yield* accessToken({ scope })}`
          return (yield* get(`${graph}/oidc/userinfo`, { authorization })).status
        })
      expect([yield* status("openid"), yield* status("User.Read")]).toEqual([200, 403])
    }).pipe(Effect.provide(emulator())))

  it.effect("is refused without a token", () =>
    Effect.gen(function*() {
      const answer = yield* get(`${graph}/oidc/userinfo`)
      expect(answer.status).toBe(401)
      expect(challengeOf(answer.headers["www-authenticate"])).toHaveProperty("error")
    }).pipe(Effect.provide(emulator())))
})
