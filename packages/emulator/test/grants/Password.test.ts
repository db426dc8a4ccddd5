import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Emulator from "../../src/Emulator.js"
import { clientIds, contoso, defaultScenario, fabrikam, webSecret } from "../../src/scenario/defaultScenario.js"
import { emulator, withApp } from "../support/emulator.js"
import { type Form, refusal, textOf } from "../support/http.js"
import { jane, mia, sam } from "../support/people.js"
import { personOf } from "../support/personOf.js"
import { passwordGrant, refresh, scope, signIn } from "../support/signIn.js"
import { claimsOf, clientInfo, words } from "../support/tokens.js"

describe("Password", () => {
  it.effect("brings a person's tokens", () =>
    Effect.gen(function*() {
      const answer = yield* passwordGrant({ client_info: "1" })
      expect(answer.body).toMatchObject({ token_type: "Bearer", expires_in: 3600, ext_expires_in: 3600 })
      expect(words(answer.body["scope"])).toEqual(new Set(["openid", "profile", "email", "User.Read"]))
      const id = yield* claimsOf(textOf(answer, "id_token"))
      expect(id).toMatchObject({
        aud: clientIds.public,
        tid: contoso,
        preferred_username: jane.username,
        name: "Jane Doe"
      })
      expect(yield* claimsOf(textOf(answer, "access_token"))).toMatchObject({
        aud: "https://graph.microsoft.com",
        oid: id["oid"],
        tid: contoso,
        amr: ["pwd"]
      })
      expect(clientInfo(textOf(answer, "client_info"))).toEqual({ uid: id["oid"], utid: contoso })
      expect((yield* refresh(textOf(answer, "refresh_token"))).status).toBe(200)
    }).pipe(Effect.provide(emulator())))

  it.effect.each<readonly [what: string, form: Form, expected: object]>([
    ["a wrong password", { password: "Correct horse" }, { error: "invalid_grant", codes: [50126] }],
    ["a name that nobody has", { username: "nobody@contoso.example" }, { error: "invalid_grant", codes: [50034] }],
    ["no password", { password: undefined }, { error: "invalid_request", codes: [900144] }],
    ["an empty password", { password: "" }, { error: "invalid_request", codes: [900144] }],
    ["no name", { username: undefined }, { error: "invalid_request", codes: [900144] }],
    ["no scope", { scope: undefined }, { error: "invalid_request", codes: [900144] }],
    ["a wrong scope", { scope: "Nonsense" }, { error: "invalid_client", codes: [650053] }],
    ["who is blocked", { ...personOf("bob") }, {
      error: "invalid_grant",
      codes: [50057]
    }],
    ["who needs a second factor", { ...mia }, {
      error: "invalid_grant",
      codes: [50076],
      suberror: "basic_action"
    }],
    ["what needs a second factor", { scope: "api://notes/share" }, {
      error: "invalid_grant",
      codes: [50076],
      suberror: "basic_action"
    }],
    ["what only an administrator can consent to", { scope: "api://notes/purge" }, {
      error: "consent_required",
      codes: [90094],
      suberror: "consent_required"
    }],
    ["claims that need a second factor", {
      claims: "{\"access_token\":{\"acrs\":{\"essential\":true,\"value\":\"c1\"}}}"
    }, {
      error: "invalid_grant",
      codes: [50076],
      suberror: "basic_action"
    }],
    ["malformed claims", { claims: "{" }, { error: "invalid_request", codes: [90100] }],
    ["who has to change the password", { ...personOf("new") }, {
      error: "invalid_grant",
      codes: [50055],
      suberror: "user_password_expired"
    }],
    ["who is at home elsewhere", { ...personOf("kim") }, {
      error: "invalid_grant",
      codes: [50020]
    }],
    ["who was never asked for consent", { client_id: clientIds.native }, {
      error: "invalid_grant",
      codes: [65001],
      suberror: "consent_required"
    }]
  ])("refuses %s", ([, form, expected]) =>
    Effect.gen(function*() {
      expect(refusal(yield* passwordGrant(form))).toEqual({ status: 400, ...expected })
    }).pipe(Effect.provide(emulator())))

  it.effect("tells what a second factor is demanded with", () =>
    Effect.gen(function*() {
      const answer = yield* passwordGrant({ scope: "api://notes/share" })
      expect(JSON.parse(textOf(answer, "claims"))).toHaveProperty("access_token")
    }).pipe(Effect.provide(emulator())))

  it.effect("knows no letter case in names", () =>
    Effect.gen(function*() {
      expect((yield* passwordGrant({ username: "JANE@Contoso.Example" })).status).toBe(200)
    }).pipe(Effect.provide(emulator())))

  it.effect.each<readonly [tenant: string, expected: object]>([
    ["common", { status: 400, error: "invalid_request", codes: [9001023] }],
    ["consumers", { status: 400, error: "invalid_request", codes: [9001023] }],
    ["9188040d-6c67-4c5b-b112-36a304b66dad", { status: 400, error: "invalid_request", codes: [9001023] }],
    ["organizations", { status: 200 }],
    [contoso, { status: 200 }]
  ])("at /%s", ([tenant, expected]) =>
    Effect.gen(function*() {
      expect(refusal(yield* passwordGrant({}, tenant))).toMatchObject(expected)
    }).pipe(Effect.provide(emulator())))

  it.effect("is not for personal accounts", () =>
    Effect.gen(function*() {
      const answer = yield* passwordGrant({ ...personOf("pat") }, "organizations")
      expect(answer.status).toBe(400)
      expect(answer.body).not.toHaveProperty("access_token")
    }).pipe(Effect.provide(emulator())))

  it.effect("admits a guest to the second tenant", () =>
    Effect.gen(function*() {
      const answer = yield* passwordGrant({ ...sam }, "fabrikam.example")
      expect(yield* claimsOf(textOf(answer, "id_token"))).toMatchObject({ tid: fabrikam })
    }).pipe(Effect.provide(emulator())))

  it.effect("is refused of a public client where it is off", () =>
    Effect.gen(function*() {
      expect(refusal(yield* passwordGrant())).toEqual({ status: 401, error: "invalid_client", codes: [7000218] })
    }).pipe(Effect.provide(withApp(clientIds.public, { ropc: false }))))

  it.effect("is refused of a confidential client where it is off", () =>
    Effect.gen(function*() {
      const answer = yield* passwordGrant({ client_id: clientIds.web, client_secret: webSecret })
      expect(answer.status).toBe(400)
      expect(answer.body).not.toHaveProperty("access_token")
    }).pipe(Effect.provide(withApp(clientIds.web, { ropc: false }))))

  it.effect("works once somebody consented in a browser", () =>
    Effect.gen(function*() {
      yield* signIn({ client_id: clientIds.native })
      expect((yield* passwordGrant({ client_id: clientIds.native })).status).toBe(200)
      expect(refusal(yield* passwordGrant({ client_id: clientIds.native, scope: `${scope} Mail.Read` }))).toMatchObject(
        {
          codes: [65001]
        }
      )
      expect(refusal(yield* passwordGrant({ client_id: clientIds.native, ...sam }))).toMatchObject({ codes: [65001] })
    }).pipe(Effect.provide(emulator())))

  it.effect("takes the audience of the application into account", () =>
    Effect.gen(function*() {
      expect((yield* passwordGrant()).status).toBe(200)
      const refused = yield* passwordGrant({ ...personOf("kim") }, "organizations")
      expect(refusal(refused)).toMatchObject({ error: "invalid_grant", codes: [50020] })
      expect(refusal(yield* passwordGrant({ ...sam }, "fabrikam.example"))).toMatchObject({ codes: [700016] })
    }).pipe(Effect.provide(withApp(clientIds.public, { audience: "tenant" }))))

  it.effect("follows a change of the password", () =>
    Effect.gen(function*() {
      yield* (yield* Emulator.Emulator).changeUser(jane.username, { password: "another one" })
      expect(refusal(yield* passwordGrant())).toMatchObject({ codes: [50126] })
      expect((yield* passwordGrant({ password: "another one" })).status).toBe(200)
    }).pipe(Effect.provide(emulator())))

  it.effect("tells the clients of continuous access evaluation a longer lifetime, and when to refresh", () =>
    Effect.gen(function*() {
      const answer = yield* passwordGrant({ claims: "{\"access_token\":{\"xms_cc\":{\"values\":[\"cp1\"]}}}" })
      expect(answer.body).toMatchObject({ expires_in: 86_400, ext_expires_in: 86_400, refresh_in: 43_200 })
      expect(yield* claimsOf(textOf(answer, "access_token"))).toMatchObject({ xms_cc: ["CP1"], exp: 86_400 })
      expect((yield* passwordGrant()).body).not.toHaveProperty("refresh_in")
    }).pipe(Effect.provide(emulator())))

  it.effect("takes lifetimes from the policies", () =>
    Effect.gen(function*() {
      const { body } = yield* passwordGrant()
      expect(body).toMatchObject({ expires_in: 7200, refresh_in: 3600 })
    }).pipe(Effect.provide(emulator({ policies: { ...defaultScenario.policies, accessTokenLifetime: 7200 } }))))
})
