import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import * as Emulator from "../../src/Emulator.js"
import { clientIds, contoso, defaultScenario, fabrikam, webSecret } from "../../src/scenario/defaultScenario.js"
import type * as Scenario from "../../src/scenario/Scenario.js"
import { emulator, withApp } from "../support/emulator.js"
import { type Form, refusal, textOf } from "../support/http.js"
import { jane, mia, sam } from "../support/people.js"
import { refresh, scope, signIn } from "../support/signIn.js"
import { claimsOf, clientInfo, words } from "../support/tokens.js"

const refreshTokenOf = (parameters?: Form) =>
  Effect.map(signIn(parameters), (answer) => textOf(answer, "refresh_token"))

const revoked = { status: 400, error: "invalid_grant", codes: [50173], suberror: "bad_token" }

describe("RefreshToken", () => {
  it.effect("brings new tokens in the same person's name", () =>
    Effect.gen(function*() {
      const first = yield* signIn({ nonce: "once" })
      yield* TestClock.adjust("1 hour")
      const answer = yield* refresh(textOf(first, "refresh_token"), { client_info: "1" })
      expect(answer).toMatchObject({ status: 200, body: { token_type: "Bearer", expires_in: 3600 } })
      expect(words(answer.body["scope"])).toEqual(words(first.body["scope"]))
      for (const name of ["access_token", "refresh_token"]) expect(textOf(answer, name)).not.toBe(textOf(first, name))
      const access = yield* claimsOf(textOf(answer, "access_token"))
      expect(access).toMatchObject({ iat: 3600, exp: 7200, preferred_username: jane.username })
      const id = yield* claimsOf(textOf(answer, "id_token"))
      expect(id).toMatchObject({ aud: clientIds.public, tid: contoso, auth_time: 0, iat: 3600 })
      expect(id).not.toHaveProperty("nonce")
      expect(id["oid"]).toBe(access["oid"])
      expect(clientInfo(textOf(answer, "client_info"))).toEqual({ uid: id["oid"], utid: contoso })
    }).pipe(Effect.provide(emulator())))

  it.effect.each([[{ adminOnly: true }, 90094], [{ mfa: true }, 50076]] as const)(
    "goes by what a permission needs by now: %j",
    ([needs, code]) =>
      Effect.gen(function*() {
        const { putApp } = yield* Emulator.Emulator
        const api = (defaultScenario.apps ?? []).find(({ id }) => id === clientIds.api)
        const token = textOf(yield* signIn({ scope: "openid offline_access api://notes/read" }), "refresh_token")
        yield* putApp({ id: clientIds.api, name: "Notes", ...api, permissions: [{ name: "read", ...needs }] })
        expect(refusal(yield* refresh(token, { scope: "" }))).toMatchObject({ codes: [code] })
      }).pipe(Effect.provide(emulator()))
  )

  it.effect("keeps the subject of the sign-in (OpenID Connect Core, 12.2)", () =>
    Effect.gen(function*() {
      const first = yield* signIn()
      const answer = yield* refresh(textOf(first, "refresh_token"))
      const { sub } = yield* claimsOf(textOf(first, "id_token"))
      expect((yield* claimsOf(textOf(answer, "id_token"))).sub).toBe(sub)
    }).pipe(Effect.provide(emulator())))

  it.effect("asks for what was granted at first where no scope is named (RFC 6749, 6)", () =>
    Effect.gen(function*() {
      const first = yield* signIn({ scope: "openid offline_access api://notes/read" })
      const answer = yield* refresh(textOf(first, "refresh_token"), { scope: undefined })
      expect(words(answer.body["scope"])).toEqual(new Set(["openid", "api://notes/read"]))
      expect(yield* claimsOf(textOf(answer, "access_token"))).toMatchObject({ aud: clientIds.api })
    }).pipe(Effect.provide(emulator())))

  it.effect("lets more scopes, and another resource, be asked for", () =>
    Effect.gen(function*() {
      const token = yield* refreshTokenOf()
      const more = yield* refresh(token, { scope: "openid User.Read Mail.Read" })
      expect(words(more.body["scope"])).toEqual(new Set(["openid", "User.Read", "Mail.Read"]))
      const other = yield* refresh(token, { scope: "api://notes/write" })
      expect(yield* claimsOf(textOf(other, "access_token"))).toMatchObject({ aud: clientIds.api, scp: "write" })
    }).pipe(Effect.provide(emulator())))

  it.effect("lets a used token be used again unless told otherwise", () =>
    Effect.gen(function*() {
      const token = yield* refreshTokenOf()
      const [one, other] = [yield* refresh(token), yield* refresh(token)]
      expect([one.status, other.status]).toEqual([200, 200])
      expect(textOf(one, "refresh_token")).not.toBe(textOf(other, "refresh_token"))
    }).pipe(Effect.provide(emulator())))

  it.effect("revokes the family of a used token where the policy says so (RFC 9700, 4.14.2)", () =>
    Effect.gen(function*() {
      const [token, bystander] = [yield* refreshTokenOf(), yield* refreshTokenOf()]
      const next = textOf(yield* refresh(token), "refresh_token")
      expect(refusal(yield* refresh(token))).toEqual(revoked)
      expect(refusal(yield* refresh(next))).toEqual(revoked)
      expect((yield* refresh(bystander)).status).toBe(200)
    }).pipe(Effect.provide(emulator({ policies: { refreshTokenReplay: "revoke" } }))))

  it.effect.each<readonly [Scenario.Policies["refreshTokenReplay"]]>([["accept"], ["revoke"]])(
    "keeps the token where the policy knows no rotation, replay %s",
    ([refreshTokenReplay]) =>
      Effect.gen(function*() {
        const token = yield* refreshTokenOf()
        for (const _ of [1, 2, 3]) expect(textOf(yield* refresh(token), "refresh_token")).toBe(token)
      }).pipe(Effect.provide(emulator({ policies: { refreshTokenRotation: false, refreshTokenReplay } })))
  )

  it.effect("is refused once it has expired", () =>
    Effect.gen(function*() {
      const token = yield* refreshTokenOf()
      yield* TestClock.adjust("59 seconds")
      const next = textOf(yield* refresh(token), "refresh_token")
      yield* TestClock.adjust("1 second")
      expect(refusal(yield* refresh(token))).toEqual({
        status: 400,
        error: "invalid_grant",
        codes: [700082],
        suberror: "token_expired"
      })
      expect((yield* refresh(next)).status).toBe(200)
    }).pipe(Effect.provide(emulator({ policies: { refreshTokenLifetime: 60 } }))))

  it.effect("lasts ninety days", () =>
    Effect.gen(function*() {
      const token = yield* refreshTokenOf()
      yield* TestClock.adjust("89 days")
      expect((yield* refresh(token)).status).toBe(200)
      yield* TestClock.adjust("1 day")
      expect(refusal(yield* refresh(token))).toMatchObject({ codes: [700082] })
    }).pipe(Effect.provide(emulator())))

  it.effect.each<readonly [what: string, form: Form, expected: ReturnType<typeof refusal>]>([
    ["another client's", { client_id: clientIds.native }, { status: 400, error: "invalid_grant", codes: [700007] }],
    ["that of a client with a secret", {
      client_id: clientIds.web,
      client_secret: webSecret
    }, { status: 400, error: "invalid_grant", codes: [700007] }],
    ["one never issued", { refresh_token: "1.never" }, { status: 400, error: "invalid_grant", codes: [70000] }],
    ["none", { refresh_token: undefined }, { status: 400, error: "invalid_request", codes: [900144] }],
    ["one with a wrong scope", { scope: "Nonsense" }, { status: 400, error: "invalid_client", codes: [650053] }],
    ["one with scopes of two resources", { scope: "User.Read api://notes/read" }, {
      status: 400,
      error: "invalid_scope",
      codes: [28000]
    }]
  ])("refuses %s", ([, form, expected]) =>
    Effect.gen(function*() {
      expect(refusal(yield* refresh(yield* refreshTokenOf(), form))).toEqual(expected)
    }).pipe(Effect.provide(emulator())))

  describe("of a family", () => {
    it.effect("is shared with the other members", () =>
      Effect.gen(function*() {
        const first = yield* signIn({ client_id: clientIds.family })
        expect(first.body["foci"]).toBe("1")
        const answer = yield* refresh(textOf(first, "refresh_token"), { client_id: clientIds.sibling })
        expect(answer.body["foci"]).toBe("1")
        expect(yield* claimsOf(textOf(answer, "id_token"))).toMatchObject({ aud: clientIds.sibling })
        expect(yield* claimsOf(textOf(answer, "access_token"))).toMatchObject({ azp: clientIds.sibling })
      }).pipe(Effect.provide(emulator())))

    it.effect("is refused of who is no member, with a mismatch that clients know", () =>
      Effect.gen(function*() {
        const token = yield* refreshTokenOf({ client_id: clientIds.family })
        expect(refusal(yield* refresh(token))).toMatchObject({ error: "invalid_grant", suberror: "client_mismatch" })
      }).pipe(Effect.provide(emulator())))

    it.effect("is refused of another family's member", () =>
      Effect.gen(function*() {
        const token = yield* refreshTokenOf({ client_id: clientIds.family })
        const answer = yield* refresh(token, { client_id: clientIds.sibling })
        expect(refusal(answer)).toMatchObject({ error: "invalid_grant", suberror: "client_mismatch" })
      }).pipe(Effect.provide(withApp(clientIds.sibling, { family: "2" }))))

    it.effect("is no other client's, though that client be of a family", () =>
      Effect.gen(function*() {
        const first = yield* signIn()
        expect(first.body).not.toHaveProperty("foci")
        const answer = yield* refresh(textOf(first, "refresh_token"), { client_id: clientIds.family })
        expect(refusal(answer)).toMatchObject({ codes: [700007] })
      }).pipe(Effect.provide(emulator())))
  })

  it.effect("is refused once the person's sessions are revoked, and new ones are not", () =>
    Effect.gen(function*() {
      const token = yield* refreshTokenOf()
      const sams = textOf(yield* signIn({}, sam), "refresh_token")
      yield* (yield* Emulator.Emulator).revokeSessions(jane.username)
      expect(refusal(yield* refresh(token))).toEqual(revoked)
      expect((yield* refresh(sams)).status).toBe(200)
      expect((yield* refresh(yield* refreshTokenOf())).status).toBe(200)
    }).pipe(Effect.provide(emulator())))

  it.effect.each<readonly [what: string, changes: Partial<Scenario.UserInput>, expected: object]>([
    ["is blocked", { blocked: true }, { error: "invalid_grant", codes: [50057] }],
    ["has to change the password", { mustChangePassword: true }, {
      error: "invalid_grant",
      codes: [50055],
      suberror: "user_password_expired"
    }],
    ["needs a second factor from now on", { mfa: true }, {
      error: "invalid_grant",
      codes: [50076],
      suberror: "basic_action"
    }]
  ])("is refused where the person %s", ([, changes, expected]) =>
    Effect.gen(function*() {
      const token = yield* refreshTokenOf()
      yield* (yield* Emulator.Emulator).changeUser(jane.username, changes)
      expect(refusal(yield* refresh(token))).toMatchObject(expected)
      yield* (yield* Emulator.Emulator).changeUser(jane.username, {
        blocked: false,
        mustChangePassword: false,
        mfa: false
      })
      expect((yield* refresh(token)).status).toBe(200)
    }).pipe(Effect.provide(emulator())))

  it.effect("tells what a second factor is demanded with, which a new sign-in then meets", () =>
    Effect.gen(function*() {
      const token = yield* refreshTokenOf()
      const demanded = yield* refresh(token, { scope: "openid offline_access api://notes/share" })
      expect(refusal(demanded)).toMatchObject({ error: "invalid_grant", codes: [50076], suberror: "basic_action" })
      const claims = textOf(demanded, "claims")
      expect(JSON.parse(claims)).toMatchObject({ access_token: expect.any(Object) })
      const met = yield* signIn({ scope: "openid offline_access api://notes/share", claims })
      expect(yield* claimsOf(textOf(met, "access_token"))).toMatchObject({ amr: ["pwd", "mfa"], scp: "share openid" })
      expect((yield* refresh(textOf(met, "refresh_token"), { scope: "api://notes/share", claims })).status).toBe(200)
    }).pipe(Effect.provide(emulator())))

  it.effect("keeps the second factor of the sign-in", () =>
    Effect.gen(function*() {
      const answer = yield* refresh(textOf(yield* signIn({}, mia), "refresh_token"))
      expect(yield* claimsOf(textOf(answer, "access_token"))).toMatchObject({ amr: ["pwd", "mfa"] })
    }).pipe(Effect.provide(emulator())))

  it.effect("needs consent to what nobody consented to", () =>
    Effect.gen(function*() {
      const token = yield* refreshTokenOf({ client_id: clientIds.native })
      const form = { client_id: clientIds.native }
      expect((yield* refresh(token, form)).status).toBe(200)
      expect(refusal(yield* refresh(token, { ...form, scope: `${scope} Mail.Read` }))).toEqual({
        status: 400,
        error: "invalid_grant",
        codes: [65001],
        suberror: "consent_required"
      })
    }).pipe(Effect.provide(emulator())))

  it.effect("brings a guest's tokens of the second tenant, and nobody else's", () =>
    Effect.gen(function*() {
      const first = yield* signIn({}, sam)
      const home = yield* claimsOf(textOf(first, "id_token"))
      const answer = yield* refresh(textOf(first, "refresh_token"), { client_info: "1" }, "fabrikam.example")
      const guest = yield* claimsOf(textOf(answer, "id_token"))
      expect(guest).toMatchObject({ tid: fabrikam, preferred_username: sam.username })
      expect(guest["oid"]).not.toBe(home["oid"])
      expect(clientInfo(textOf(answer, "client_info"))).toEqual({ uid: home["oid"], utid: contoso })
      const refused = yield* refresh(yield* refreshTokenOf(), {}, "fabrikam.example")
      expect(refusal(refused)).toEqual({ status: 400, error: "invalid_grant", codes: [50020] })
    }).pipe(Effect.provide(emulator())))

  it.effect("is worth nothing once the person is gone", () =>
    Effect.gen(function*() {
      const token = yield* refreshTokenOf()
      yield* (yield* Emulator.Emulator).reset()
      expect(refusal(yield* refresh(token))).toMatchObject({ codes: [70000] })
    }).pipe(Effect.provide(emulator())))
})
