import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import * as Emulator from "../../src/Emulator.js"
import { apiSecret, clientIds, contoso, fabrikam, webSecret } from "../../src/scenario/defaultScenario.js"
import { emulator, withApp } from "../support/emulator.js"
import { type Form, refusal, textOf } from "../support/http.js"
import { jane, mia, sam } from "../support/people.js"
import { accessToken, passwordGrant, postToken, refresh, scope, signIn } from "../support/signIn.js"
import { claimsOf, clientInfo, resigned, words } from "../support/tokens.js"

const exchange = (assertion: string | undefined, form: Form = {}, tenant?: string) =>
  postToken({
    grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
    client_id: clientIds.api,
    client_secret: apiSecret,
    requested_token_use: "on_behalf_of",
    assertion,
    scope,
    ...form
  }, tenant)

const callersToken = accessToken({ scope: "openid profile api://notes/read" })

describe("OnBehalfOf", () => {
  it.effect("brings the caller's tokens of another resource", () =>
    Effect.gen(function*() {
      const token = yield* callersToken
      const caller = yield* claimsOf(token)
      const answer = yield* exchange(token, { client_info: "1" })
      expect(answer.body).toMatchObject({ token_type: "Bearer", expires_in: 3600 })
      expect(words(answer.body["scope"])).toEqual(new Set(["openid", "profile", "email", "User.Read"]))
      expect(yield* claimsOf(textOf(answer, "access_token"))).toMatchObject({
        aud: "https://graph.microsoft.com",
        azp: clientIds.api,
        oid: caller["oid"],
        tid: contoso,
        preferred_username: jane.username,
        amr: ["pwd"]
      })
      expect(yield* claimsOf(textOf(answer, "id_token"))).toMatchObject({ aud: clientIds.api, oid: caller["oid"] })
      expect(clientInfo(textOf(answer, "client_info"))).toEqual({ uid: caller["oid"], utid: contoso })
      const again = yield* refresh(textOf(answer, "refresh_token"), {
        client_id: clientIds.api,
        client_secret: apiSecret
      })
      expect(again.status).toBe(200)
    }).pipe(Effect.provide(emulator())))

  it.effect.each<readonly [what: string, form: Form, expected: object]>([
    ["no assertion", { assertion: undefined }, { status: 400, error: "invalid_request", codes: [900144] }],
    ["words for an assertion", { assertion: "words" }, { status: 400, error: "invalid_grant", codes: [50013] }],
    ["no use", { requested_token_use: undefined }, { status: 400, error: "invalid_request", codes: [900144] }],
    ["another use", { requested_token_use: "on_behalf" }, { status: 400, error: "invalid_request", codes: [90100] }],
    ["no scope", { scope: undefined }, { status: 400, error: "invalid_request", codes: [900144] }],
    ["a client without a credential", { client_secret: undefined }, {
      status: 401,
      error: "invalid_client",
      codes: [7000218]
    }],
    ["a public client", { client_id: clientIds.public, client_secret: undefined }, {
      status: 401,
      error: "invalid_client",
      codes: [7000218]
    }],
    ["a client that the token is not meant for", { client_id: clientIds.web, client_secret: webSecret }, {
      status: 400,
      error: "invalid_grant",
      codes: [500131]
    }],
    ["claims that need a second factor", { claims: "{\"access_token\":{\"acrs\":{\"value\":\"c1\"}}}" }, {
      status: 400,
      error: "invalid_grant",
      codes: [50076],
      suberror: "basic_action"
    }]
  ])("refuses %s", ([, form, expected]) =>
    Effect.gen(function*() {
      expect(refusal(yield* exchange(yield* callersToken, form))).toEqual(expected)
    }).pipe(Effect.provide(emulator())))

  it.effect("refuses a token of another resource", () =>
    Effect.gen(function*() {
      expect(refusal(yield* exchange(yield* accessToken()))).toEqual({
        status: 400,
        error: "invalid_grant",
        codes: [500131]
      })
    }).pipe(Effect.provide(emulator())))

  it.effect("refuses an expired token", () =>
    Effect.gen(function*() {
      const token = yield* callersToken
      yield* TestClock.adjust("1 hour")
      expect(refusal(yield* exchange(token))).toEqual({ status: 400, error: "invalid_grant", codes: [500133] })
    }).pipe(Effect.provide(emulator())))

  it.effect("refuses a token whose claims were changed", () =>
    Effect.gen(function*() {
      const [header, payload = "", signature] = (yield* callersToken).split(".")
      const claims: object = JSON.parse(Buffer.from(payload, "base64url").toString())
      const changed = Buffer.from(JSON.stringify({ ...claims, preferred_username: "sam@contoso.example" }))
      const forged = [
        `${header}.${changed.toString("base64url")}.${signature}`,
        `${Buffer.from("{\"alg\":\"none\"}").toString("base64url")}.${changed.toString("base64url")}.`
      ]
      for (const token of forged) {
        expect(refusal(yield* exchange(token))).toEqual({ status: 400, error: "invalid_grant", codes: [50013] })
      }
    }).pipe(Effect.provide(emulator())))

  it.effect("refuses a token whose key was withdrawn", () =>
    Effect.gen(function*() {
      const token = yield* callersToken
      const { rotateSigningKey } = yield* Emulator.Emulator
      yield* rotateSigningKey()
      expect((yield* exchange(token)).status).toBe(200)
      yield* rotateSigningKey({ withdraw: true })
      expect(refusal(yield* exchange(token))).toMatchObject({ codes: [50013] })
    }).pipe(Effect.provide(emulator())))

  it.effect("refuses an ID token, and a token in a client's own name", () =>
    Effect.gen(function*() {
      const signedIn = yield* passwordGrant({ client_id: clientIds.api, client_secret: apiSecret })
      const own = yield* postToken({
        grant_type: "client_credentials",
        client_id: clientIds.web,
        client_secret: webSecret,
        scope: "api://notes/.default"
      })
      for (const token of [textOf(signedIn, "id_token"), textOf(own, "access_token")]) {
        expect(refusal(yield* exchange(token))).toMatchObject({ error: "invalid_grant", codes: [50013] })
      }
    }).pipe(Effect.provide(emulator())))

  it.effect.each<readonly [what: string, changes: Readonly<Record<string, unknown>>, code: number]>([
    ["an audience that is no text", { aud: 7 }, 500131],
    ["audiences that are no text", { aud: [{ toString: 1 }] }, 500131],
    ["methods that are no text", { amr: [{ toString: 1 }] }, 50013],
    ["another issuer", { iss: `https://issuer.invalid/${contoso}/v2.0` }, 50013],
    ["another tenant's issuer", { iss: `https://login.microsoftonline.com/${fabrikam}/v2.0` }, 50013],
    ["another tenant", { tid: fabrikam, iss: `https://login.microsoftonline.com/${fabrikam}/v2.0` }, 50013],
    ["a tenant that is no text", { tid: { toString: 1 } }, 50013],
    ["another object", { oid: "99999999-0000-4000-8000-000000000009" }, 50013],
    ["no scopes", { scp: undefined }, 50013]
  ])("refuses a token with %s, though its signature hold", ([, changes, code]) =>
    Effect.gen(function*() {
      const answer = yield* exchange(yield* resigned(yield* callersToken, changes))
      expect(refusal(answer)).toEqual({ status: 400, error: "invalid_grant", codes: [code] })
    }).pipe(Effect.provide(emulator())))

  it.effect("brings a guest's tokens of the tenant that the assertion is for, and of no other", () =>
    Effect.gen(function*() {
      const token = yield* accessToken({ ...sam, scope: "api://notes/read" }, "fabrikam.example")
      const { oid } = yield* claimsOf(token)
      const answer = yield* exchange(token, {}, "fabrikam.example")
      expect(yield* claimsOf(textOf(answer, "access_token"))).toMatchObject({ tid: fabrikam, oid })
      for (const tenant of ["contoso.example", "common"]) {
        expect(refusal(yield* exchange(token, {}, tenant))).toEqual({
          status: 400,
          error: "invalid_grant",
          codes: [700005]
        })
      }
    }).pipe(Effect.provide(emulator())))

  it.effect("does not take the token for another person who got the same name", () =>
    Effect.gen(function*() {
      const token = yield* callersToken
      const { putUser } = yield* Emulator.Emulator
      yield* putUser({ ...jane, name: "Jane Roe", id: "99999999-0000-4000-8000-000000000009" })
      expect(refusal(yield* exchange(token))).toMatchObject({ codes: [50013] })
    }).pipe(Effect.provide(emulator())))

  it.effect("refuses a person who was signed out everywhere since", () =>
    Effect.gen(function*() {
      const token = yield* callersToken
      yield* (yield* Emulator.Emulator).revokeSessions(jane.username)
      expect(refusal(yield* exchange(token))).toMatchObject({ codes: [50173] })
    }).pipe(Effect.provide(emulator())))

  it.effect("refuses a person who was blocked since", () =>
    Effect.gen(function*() {
      const token = yield* callersToken
      yield* (yield* Emulator.Emulator).changeUser(jane.username, { blocked: true })
      expect(refusal(yield* exchange(token))).toMatchObject({ codes: [50057] })
    }).pipe(Effect.provide(emulator())))

  it.effect("needs consent to the second application", () =>
    Effect.gen(function*() {
      expect(refusal(yield* exchange(yield* callersToken))).toMatchObject({
        error: "invalid_grant",
        codes: [65001],
        suberror: "consent_required"
      })
    }).pipe(Effect.provide(withApp(clientIds.api, { consent: "ask" }))))

  it.effect("keeps the second factor of the caller's token", () =>
    Effect.gen(function*() {
      const token = textOf(yield* signIn({ scope: "openid api://notes/share" }, mia), "access_token")
      expect((yield* exchange(token)).status).toBe(200)
    }).pipe(Effect.provide(emulator())))
})
