import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { clientIds } from "../../src/scenario/defaultScenario.js"
import { beginDevice } from "../support/device.js"
import { emulator, withApp } from "../support/emulator.js"
import { type Form, refusal, textOf } from "../support/http.js"

describe("device authorization", () => {
  it.effect("tells the device what to show, and how to ask", () =>
    Effect.gen(function*() {
      const answer = yield* beginDevice()
      expect(answer.body).toEqual({
        user_code: expect.stringMatching(/^[A-Z2-9]{9}$/),
        device_code: expect.any(String),
        verification_uri: "https://login.microsoftonline.com/device",
        expires_in: 900,
        interval: 5,
        message: expect.any(String)
      })
      for (const name of ["user_code", "verification_uri"]) {
        expect(textOf(answer, "message")).toContain(textOf(answer, name))
      }
    }).pipe(Effect.provide(emulator())))

  it.effect("takes the lifetime from the policies", () =>
    Effect.gen(function*() {
      expect((yield* beginDevice()).body["expires_in"]).toBe(60)
    }).pipe(Effect.provide(emulator({ policies: { deviceCodeLifetime: 60 } }))))

  it.effect.each<readonly [what: string, form: Form, error: string, code: number, tenant?: string]>([
    ["no client", { client_id: undefined }, "invalid_request", 900144],
    ["an unknown client", { client_id: "unknown" }, "unauthorized_client", 700016],
    ["no scope", { scope: undefined }, "invalid_request", 900144],
    ["an unknown permission", { scope: "Nonsense" }, "invalid_client", 650053],
    ["malformed claims", { claims: "[]" }, "invalid_request", 90100],
    ["an unknown tenant", {}, "invalid_request", 90002, "unknown.example"]
  ])("refuses %s", ([, form, error, code, tenant]) =>
    Effect.gen(function*() {
      expect(refusal(yield* beginDevice(form, tenant))).toEqual({ status: 400, error, codes: [code] })
    }).pipe(Effect.provide(emulator())))

  it.effect("refuses another tenant's application", () =>
    Effect.gen(function*() {
      expect(refusal(yield* beginDevice({}, "fabrikam.example"))).toMatchObject({ codes: [700016] })
      expect((yield* beginDevice()).status).toBe(200)
    }).pipe(Effect.provide(withApp(clientIds.public, { audience: "tenant" }))))
})
