import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import * as Emulator from "../../src/Emulator.js"
import { clientIds, contoso } from "../../src/scenario/defaultScenario.js"
import { beginDevice, decideOnDevice, pollDevice, signInForDevice } from "../support/device.js"
import { emulator } from "../support/emulator.js"
import { type Form, refusal, textOf } from "../support/http.js"
import { lostGrants } from "../support/lostGrants.js"
import { jane, sam } from "../support/people.js"
import { claimsOf, clientInfo, words } from "../support/tokens.js"

describe("DeviceCode", () => {
  it.effect("brings tokens once somebody signed in elsewhere", () =>
    Effect.gen(function*() {
      const device = yield* beginDevice()
      expect(refusal(yield* pollDevice(device))).toEqual({
        status: 400,
        error: "authorization_pending",
        codes: [70016]
      })
      yield* TestClock.adjust("5 seconds")
      yield* decideOnDevice(device, jane, "accept")
      const answer = yield* pollDevice(device, { client_info: "1" })
      expect(answer.body).toMatchObject({ token_type: "Bearer", expires_in: 3600, refresh_token: expect.any(String) })
      expect(words(answer.body["scope"])).toEqual(new Set(["openid", "profile", "email", "User.Read"]))
      const id = yield* claimsOf(textOf(answer, "id_token"))
      expect(id).toMatchObject({ aud: clientIds.public, tid: contoso, preferred_username: jane.username, auth_time: 5 })
      expect(yield* claimsOf(textOf(answer, "access_token"))).toMatchObject({ oid: id["oid"], azp: clientIds.public })
      expect(clientInfo(textOf(answer, "client_info"))).toEqual({ uid: id["oid"], utid: contoso })
    }).pipe(Effect.provide(emulator())))

  it.effect("brings none for claims that the sign-in does not meet", () =>
    Effect.gen(function*() {
      const device = yield* beginDevice()
      yield* decideOnDevice(device, jane, "accept")
      const claims = JSON.stringify({ access_token: { acrs: { essential: true, value: "c1" } } })
      expect(refusal(yield* pollDevice(device, { claims }))).toMatchObject({ codes: [50076] })
    }).pipe(Effect.provide(emulator())))

  it.effect("takes the grant type as Microsoft's clients for Node write it", () =>
    Effect.gen(function*() {
      const device = yield* beginDevice()
      yield* decideOnDevice(device, jane, "accept")
      expect((yield* pollDevice(device, { grant_type: "device_code" })).status).toBe(200)
    }).pipe(Effect.provide(emulator())))

  it.effect("ends where the person declines, and stays ended", () =>
    Effect.gen(function*() {
      const device = yield* beginDevice()
      yield* decideOnDevice(device, jane, "deny")
      expect(refusal(yield* pollDevice(device))).toEqual({
        status: 400,
        error: "authorization_declined",
        codes: [70002]
      })
      expect((yield* pollDevice(device)).status).toBe(400)
    }).pipe(Effect.provide(emulator())))

  it.effect.each(["accept", "deny"] as const)("is decided on once: to %s", (first) =>
    Effect.gen(function*() {
      const device = yield* beginDevice()
      const [own, other] = [yield* signInForDevice(device, jane), yield* signInForDevice(device, sam)]
      expect((yield* own.decide(first)).status).toBe(200)
      for (const visit of [other, own]) {
        for (const decision of ["accept", "deny"] as const) {
          const late = yield* visit.decide(decision)
          expect(late.status).toBe(400)
          expect(late.text).toContain("AADSTS50089")
        }
      }
      const answer = yield* pollDevice(device)
      expect(answer.body["error"]).toBe(first === "deny" ? "authorization_declined" : undefined)
      if (first === "accept") {
        expect(yield* claimsOf(textOf(answer, "id_token"))).toMatchObject({ preferred_username: jane.username })
      }
    }).pipe(Effect.provide(emulator())))

  it.effect.each(["accept", "deny"] as const)(
    "is not decided on once it has expired: to %s",
    (decision) =>
      Effect.gen(function*() {
        const device = yield* beginDevice()
        const { decide } = yield* signInForDevice(device, jane)
        yield* TestClock.adjust("900 seconds")
        expect((yield* decide(decision)).text).toContain("AADSTS70020")
      }).pipe(Effect.provide(emulator()))
  )

  it.effect("ends where the person may not sign in to the tenant", () =>
    Effect.gen(function*() {
      const device = yield* beginDevice({}, "fabrikam.example")
      yield* decideOnDevice(device, jane, "accept")
      const answer = yield* pollDevice(device, {}, "fabrikam.example")
      expect(answer.status).toBe(400)
      expect(answer.body["error"]).toBe("authorization_declined")
    }).pipe(Effect.provide(emulator())))

  it.effect("expires", () =>
    Effect.gen(function*() {
      const device = yield* beginDevice()
      expect(device.body["expires_in"]).toBe(900)
      yield* TestClock.adjust("899 seconds")
      expect(refusal(yield* pollDevice(device))).toMatchObject({ codes: [70016] })
      yield* TestClock.adjust("1 second")
      expect(refusal(yield* pollDevice(device))).toEqual({ status: 400, error: "expired_token", codes: [70020] })
      expect((yield* decideOnDevice(device, jane, "accept")).status).toBe(400)
    }).pipe(Effect.provide(emulator())))

  it.effect("expires though somebody signed in", () =>
    Effect.gen(function*() {
      const device = yield* beginDevice()
      yield* decideOnDevice(device, jane, "accept")
      yield* TestClock.adjust("15 minutes")
      expect(refusal(yield* pollDevice(device))).toMatchObject({ codes: [70020] })
    }).pipe(Effect.provide(emulator())))

  it.effect("is used once", () =>
    Effect.gen(function*() {
      const device = yield* beginDevice()
      yield* decideOnDevice(device, jane, "accept")
      const answers = yield* Effect.all([pollDevice(device), pollDevice(device)], { concurrency: "unbounded" })
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      expect(refusal(yield* pollDevice(device))).toEqual({
        status: 400,
        error: "bad_verification_code",
        codes: [70018]
      })
    }).pipe(Effect.provide(emulator())))

  it.effect.each<readonly [what: string, form: Form, expected: object, tenant?: string]>([
    ["another client", { client_id: clientIds.native }, { error: "bad_verification_code", codes: [70018] }],
    ["a code never issued", { device_code: "never" }, { error: "bad_verification_code", codes: [70018] }],
    ["no code", { device_code: undefined }, { error: "invalid_request", codes: [900144] }],
    ["another tenant", {}, { error: "invalid_grant", codes: [700005] }, "fabrikam.example"]
  ])("refuses %s", ([, form, expected, tenant]) =>
    Effect.gen(function*() {
      const device = yield* beginDevice({}, "organizations")
      yield* decideOnDevice(device, jane, "accept")
      expect(refusal(yield* pollDevice(device, form, tenant))).toEqual({ status: 400, ...expected })
    }).pipe(Effect.provide(emulator())))

  it.effect.each(lostGrants)("is refused where the person is %s since", ([, happen, number]) =>
    Effect.gen(function*() {
      const device = yield* beginDevice()
      yield* decideOnDevice(device, jane, "accept")
      yield* happen(yield* Emulator.Emulator)
      expect(refusal(yield* pollDevice(device))).toMatchObject({ status: 400, error: "invalid_grant", codes: [number] })
    }).pipe(Effect.provide(emulator())))

  it.effect("keeps two devices apart", () =>
    Effect.gen(function*() {
      const [one, other] = [yield* beginDevice(), yield* beginDevice()]
      yield* decideOnDevice(one, jane, "accept")
      expect(refusal(yield* pollDevice(other))).toMatchObject({ codes: [70016] })
      yield* decideOnDevice(other, sam, "accept")
      const [first, second] = [yield* pollDevice(one), yield* pollDevice(other)]
      expect(yield* claimsOf(textOf(first, "id_token"))).toMatchObject({ preferred_username: jane.username })
      expect(yield* claimsOf(textOf(second, "id_token"))).toMatchObject({ preferred_username: sam.username })
    }).pipe(Effect.provide(emulator())))
})
