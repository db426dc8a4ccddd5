import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import * as Emulator from "../../src/Emulator.js"
import { clientIds, contoso, fabrikam } from "../../src/scenario/defaultScenario.js"
import { emulator } from "../support/emulator.js"
import { type Form, refusal, textOf } from "../support/http.js"
import { lostGrants } from "../support/lostGrants.js"
import { jane, sam } from "../support/people.js"
import { personOf } from "../support/personOf.js"
import { authorize, challenge, codeOf, redeem, refresh, scope, signIn } from "../support/signIn.js"
import { claimsOf, clientInfo, verified, words } from "../support/tokens.js"

const second = 1_700_000_000

describe("AuthorizationCode", () => {
  it.effect("brings tokens that hold, and say who signed in", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(second * 1000)
      const answer = yield* signIn({ nonce: "n-0S6_WzA2Mj" })
      expect(answer.status).toBe(200)
      expect(answer.headers).toMatchObject({
        "cache-control": "no-store",
        "content-type": expect.stringMatching(/json/)
      })
      expect(answer.body).toMatchObject({ token_type: "Bearer", expires_in: 3600, ext_expires_in: 3600 })
      expect(words(answer.body["scope"])).toEqual(new Set(["openid", "profile", "email", "User.Read"]))
      const iss = `https://login.microsoftonline.com/${contoso}/v2.0`
      const id = yield* verified(textOf(answer, "id_token"))
      expect(id.protectedHeader).toMatchObject({ alg: "RS256", typ: "JWT", kid: expect.any(String) })
      expect(id.payload).toMatchObject({
        iss,
        aud: clientIds.public,
        iat: second,
        nbf: second,
        exp: second + 3600,
        auth_time: second,
        nonce: "n-0S6_WzA2Mj",
        tid: contoso,
        oid: expect.stringMatching(/^[0-9a-f-]{36}$/),
        sub: expect.any(String),
        sid: expect.any(String),
        name: "Jane Doe",
        preferred_username: jane.username,
        email: jane.username,
        ver: "2.0"
      })
      const access = yield* claimsOf(textOf(answer, "access_token"))
      expect(access).toMatchObject({
        iss,
        aud: "https://graph.microsoft.com",
        iat: second,
        exp: second + 3600,
        tid: contoso,
        oid: id.payload["oid"],
        azp: clientIds.public,
        appid: clientIds.public,
        preferred_username: jane.username,
        amr: ["pwd"],
        ver: "2.0"
      })
      expect(words(access["scp"])).toContain("User.Read")
    }).pipe(Effect.provide(emulator())))

  it.effect("tells client_info where it is asked for, and only there", () =>
    Effect.gen(function*() {
      const code = codeOf(yield* authorize())
      const { body: { id_token, ...body } } = yield* redeem(code, { client_info: "1" })
      const { oid } = yield* claimsOf(String(id_token))
      expect(clientInfo(String(body["client_info"]))).toEqual({ uid: oid, utid: contoso })
      expect((yield* signIn()).body).not.toHaveProperty("client_info")
    }).pipe(Effect.provide(emulator())))

  it.effect.each<readonly [scope: string, present: ReadonlyArray<string>]>([
    ["openid User.Read", ["id_token"]],
    ["offline_access User.Read", ["refresh_token"]],
    ["User.Read", []]
  ])("brings for %s no more than that asks for", ([scope, present]) =>
    Effect.gen(function*() {
      const { body } = yield* signIn({ scope })
      expect(["id_token", "refresh_token"].filter((name) => name in body)).toEqual(present)
    }).pipe(Effect.provide(emulator())))

  it.effect("tells what openid, profile and email are for, apart", () =>
    Effect.gen(function*() {
      const claims = (scope: string) =>
        Effect.flatMap(signIn({ scope }), (answer) => claimsOf(textOf(answer, "id_token")))
      const bare = yield* claims("openid")
      expect(bare).not.toHaveProperty("name")
      expect(bare).not.toHaveProperty("email")
      expect(yield* claims("openid profile")).toMatchObject({ name: "Jane Doe", preferred_username: jane.username })
      expect(yield* claims("openid email")).toMatchObject({ email: jane.username })
    }).pipe(Effect.provide(emulator())))

  it.effect.each<readonly [what: string, form: Form, code: number, error: string, tenant?: string]>([
    ["another verifier", { code_verifier: "x".repeat(43) }, 501481, "invalid_grant"],
    ["no verifier", { code_verifier: undefined }, 501481, "invalid_grant"],
    [
      "the challenge as verifier",
      { code_verifier: challenge },
      501481,
      "invalid_grant"
    ],
    ["another redirect URI of the client", { redirect_uri: "http://localhost" }, 500112, "invalid_grant"],
    ["another port of the redirect URI", { redirect_uri: "http://localhost:81/callback" }, 500112, "invalid_grant"],
    ["no redirect URI", { redirect_uri: undefined }, 900144, "invalid_request"],
    ["no code", { code: undefined }, 900144, "invalid_request"],
    ["an empty code", { code: "" }, 900144, "invalid_request"],
    ["a code that was never issued", { code: "1.never" }, 70000, "invalid_grant"],
    ["another client", { client_id: clientIds.native }, 700007, "invalid_grant"],
    ["another tenant", {}, 700005, "invalid_grant", "fabrikam.example"],
    ["the tenant of personal accounts", {}, 700005, "invalid_grant", "consumers"],
    ["more scopes", { scope: "User.Read Mail.Read" }, 70011, "invalid_scope"],
    ["scopes of another resource", { scope: "api://notes/read" }, 70011, "invalid_scope"],
    ["a scope that nobody has", { scope: "Nonsense" }, 650053, "invalid_client"]
  ])("refuses %s", ([, form, code, error, tenant]) =>
    Effect.gen(function*() {
      const answer = yield* redeem(codeOf(yield* authorize()), form, tenant)
      expect(refusal(answer)).toEqual({ status: 400, error, codes: [code] })
    }).pipe(Effect.provide(emulator())))

  it.effect("wants no verifier where there was no challenge", () =>
    Effect.gen(function*() {
      const without = { code_challenge: undefined, code_challenge_method: undefined }
      const refused = yield* redeem(codeOf(yield* authorize(without)))
      expect(refusal(refused)).toMatchObject({ codes: [501481] })
      const answer = yield* redeem(codeOf(yield* authorize(without)), { code_verifier: undefined })
      expect(answer.status).toBe(200)
    }).pipe(Effect.provide(emulator())))

  it.effect("lets fewer scopes be asked for", () =>
    Effect.gen(function*() {
      const code = codeOf(yield* authorize({ scope: `${scope} Mail.Read` }))
      const answer = yield* redeem(code, { scope: "openid Mail.Read" })
      expect(words(answer.body["scope"])).toEqual(new Set(["openid", "Mail.Read"]))
      expect(answer.body).not.toHaveProperty("refresh_token")
      const access = yield* claimsOf(textOf(answer, "access_token"))
      expect(words(access["scp"])).not.toContain("User.Read")
    }).pipe(Effect.provide(emulator())))

  it.effect("brings no OpenID Connect scope that was not signed in for", () =>
    Effect.gen(function*() {
      const code = codeOf(yield* authorize({ scope: "User.Read" }))
      const { body } = yield* redeem(code, { scope })
      expect(body).not.toHaveProperty("refresh_token")
      expect(body).not.toHaveProperty("id_token")
    }).pipe(Effect.provide(emulator())))

  it.effect("goes on after a refusal that the caller can mend", () =>
    Effect.gen(function*() {
      const code = codeOf(yield* authorize())
      yield* redeem(code, { redirect_uri: "http://localhost" })
      expect((yield* redeem(code)).status).toBe(200)
    }).pipe(Effect.provide(emulator())))

  it.effect("refuses a code used before, and the refresh tokens that came of it (RFC 6749, 4.1.2)", () =>
    Effect.gen(function*() {
      const code = codeOf(yield* authorize())
      const first = yield* redeem(code)
      const next = yield* refresh(textOf(first, "refresh_token"))
      expect(refusal(yield* redeem(code))).toEqual({ status: 400, error: "invalid_grant", codes: [54005] })
      for (const answer of [first, next]) {
        expect(refusal(yield* refresh(textOf(answer, "refresh_token")))).toEqual({
          status: 400,
          error: "invalid_grant",
          codes: [50173],
          suberror: "bad_token"
        })
      }
    }).pipe(Effect.provide(emulator())))

  it.effect("gives a code's tokens once, though it be redeemed twice at the same time", () =>
    Effect.gen(function*() {
      const code = codeOf(yield* authorize())
      const answers = yield* Effect.all([redeem(code), redeem(code), redeem(code)], { concurrency: "unbounded" })
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    }).pipe(Effect.provide(emulator())))

  it.effect("refuses an expired code", () =>
    Effect.gen(function*() {
      const [one, other] = [codeOf(yield* authorize()), codeOf(yield* authorize())]
      yield* TestClock.adjust("599 seconds")
      expect((yield* redeem(one)).status).toBe(200)
      yield* TestClock.adjust("1 second")
      expect(refusal(yield* redeem(other))).toEqual({ status: 400, error: "invalid_grant", codes: [70008] })
    }).pipe(Effect.provide(emulator())))

  it.effect("takes the codes' lifetime from the policies", () =>
    Effect.gen(function*() {
      const code = codeOf(yield* authorize())
      yield* TestClock.adjust("30 seconds")
      expect(refusal(yield* redeem(code))).toMatchObject({ codes: [70008] })
    }).pipe(Effect.provide(emulator({ policies: { codeLifetime: 30 } }))))

  it.effect.each(["common", "organizations", contoso, "contoso.onmicrosoft.com", "CONTOSO.example"])(
    "is redeemed at /%s for somebody at home in the tenant",
    (tenant) =>
      Effect.gen(function*() {
        const answer = yield* redeem(codeOf(yield* authorize({}, jane, "common")), {}, tenant)
        expect(yield* claimsOf(textOf(answer, "id_token"))).toMatchObject({ tid: contoso })
      }).pipe(Effect.provide(emulator()))
  )

  it.effect("names the guest another object, and another issuer, in the second tenant", () =>
    Effect.gen(function*() {
      const home = yield* claimsOf(textOf(yield* signIn({}, sam), "id_token"))
      const code = codeOf(yield* authorize({}, sam, "fabrikam.example"))
      expect(refusal(yield* redeem(code, {}, "contoso.example"))).toMatchObject({ codes: [700005] })
      expect(refusal(yield* redeem(code, {}, "common"))).toMatchObject({ codes: [700005] })
      const answer = yield* redeem(code, { client_info: "1" }, "fabrikam.example")
      const guest = yield* claimsOf(textOf(answer, "id_token"))
      expect(guest).toMatchObject({ tid: fabrikam, iss: `https://login.microsoftonline.com/${fabrikam}/v2.0` })
      expect(guest["oid"]).not.toBe(home["oid"])
      expect(guest.sub).not.toBe(home.sub)
      expect(clientInfo(textOf(answer, "client_info"))).toEqual({ uid: home["oid"], utid: contoso })
    }).pipe(Effect.provide(emulator())))

  it.effect("names a person another subject for each client", () =>
    Effect.gen(function*() {
      const one = yield* claimsOf(textOf(yield* signIn(), "id_token"))
      const again = yield* claimsOf(textOf(yield* signIn(), "id_token"))
      const other = yield* claimsOf(textOf(yield* signIn({ client_id: clientIds.family }), "id_token"))
      expect(again.sub).toBe(one.sub)
      expect(other.sub).not.toBe(one.sub)
      expect(other["oid"]).toBe(one["oid"])
    }).pipe(Effect.provide(emulator())))

  it.effect.each(lostGrants)("is refused where the person is %s since", ([, happen, number]) =>
    Effect.gen(function*() {
      const code = codeOf(yield* authorize())
      yield* happen(yield* Emulator.Emulator)
      expect(refusal(yield* redeem(code))).toMatchObject({ status: 400, error: "invalid_grant", codes: [number] })
    }).pipe(Effect.provide(emulator())))

  it.effect("meets no claims by asking for them at redemption", () =>
    Effect.gen(function*() {
      const claims = "{\"access_token\":{\"acrs\":{\"essential\":true,\"value\":\"c1\"}}}"
      const code = codeOf(yield* authorize())
      const refused = yield* redeem(code, { claims })
      expect(refusal(refused)).toMatchObject({ status: 400, error: "invalid_grant", codes: [50076] })
      expect(JSON.parse(textOf(refused, "claims"))).toHaveProperty("access_token")
      expect(yield* claimsOf(textOf(yield* redeem(code), "access_token"))).not.toHaveProperty("acrs")
      const met = yield* redeem(codeOf(yield* authorize({ claims })), { claims })
      expect(yield* claimsOf(textOf(met, "access_token"))).toMatchObject({ acrs: ["c1"], amr: ["pwd", "mfa"] })
    }).pipe(Effect.provide(emulator())))

  it.effect("outlives a change of the directory", () =>
    Effect.gen(function*() {
      const person = { ...personOf("new"), newPassword: "second password" }
      const answer = yield* redeem(codeOf(yield* authorize({}, person)), { scope })
      expect(refusal(answer)).toEqual({ status: 200, error: undefined, codes: undefined })
    }).pipe(Effect.provide(emulator())))
})
