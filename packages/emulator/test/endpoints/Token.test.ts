import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { clientIds } from "../../src/scenario/defaultScenario.js"
import { emulator, withApp } from "../support/emulator.js"
import { type Form, formOf, login, postText, refusal, textOf } from "../support/http.js"
import { jane } from "../support/people.js"
import { passwordGrant, postToken, scope } from "../support/signIn.js"

const address = `${login}/contoso.example/oauth2/v2.0/token`

const good = formOf({ grant_type: "password", client_id: clientIds.public, scope, ...jane }).toString()

const form = "application/x-www-form-urlencoded"

describe("the token endpoint", () => {
  it.effect.each<readonly [what: string, form: Form, error: string, code: number, tenant?: string]>([
    ["no grant type", {}, "invalid_request", 900144],
    ["an empty grant type", { grant_type: "" }, "invalid_request", 900144],
    ["an unknown grant type", { grant_type: "magic" }, "unsupported_grant_type", 70003],
    ["a grant type of the prototype", { grant_type: "constructor" }, "unsupported_grant_type", 70003],
    ["another letter case", { grant_type: "PASSWORD" }, "unsupported_grant_type", 70003],
    ["no client", { grant_type: "password", client_id: undefined }, "invalid_request", 900144],
    ["an unknown client", { grant_type: "password", client_id: "unknown" }, "unauthorized_client", 700016],
    ["an unknown tenant", { grant_type: "password" }, "invalid_request", 90002, "unknown.example"],
    ["malformed claims", { grant_type: "password", ...jane, scope, claims: "nonsense" }, "invalid_request", 90100]
  ])("refuses %s", ([, parameters, error, code, tenant]) =>
    Effect.gen(function*() {
      expect(refusal(yield* postToken(parameters, tenant))).toEqual({ status: 400, error, codes: [code] })
    }).pipe(Effect.provide(emulator())))

  it.effect("refuses repeated parameters, equal ones too (RFC 6749, 3.2)", () =>
    Effect.gen(function*() {
      for (const more of ["&scope=openid", "&client_id=", `&grant_type=password`]) {
        const answer = yield* postText(address, `${good}${more}`, form)
        expect(refusal(answer)).toEqual({ status: 400, error: "invalid_request", codes: [9000411] })
      }
    }).pipe(Effect.provide(emulator())))

  it.effect.each([form, `${form}; charset=utf-8`, form.toUpperCase(), `${form} ;charset="UTF-8"`])(
    "takes %s",
    (type) =>
      Effect.gen(function*() {
        expect((yield* postText(address, good, type)).status).toBe(200)
      }).pipe(Effect.provide(emulator()))
  )

  it.effect.each<readonly [what: string, body: string | Uint8Array, type: string]>([
    ["JSON", JSON.stringify(Object.fromEntries(new URLSearchParams(good))), "application/json"],
    ["a form that is called text", good, "text/plain"],
    ["a form that is called something like one", good, `${form}-data`],
    [
      "a multipart form",
      `--x\r\nContent-Disposition: form-data; name="grant_type"\r\n\r\npassword\r\n--x--`,
      "multipart/form-data; boundary=x"
    ],
    ["nothing", "", form],
    ["bytes that are no text", Uint8Array.from([0xff, 0xfe, 0x00, 0xc3, 0x28]), form],
    ["a broken escape", "%%%=%E0%A4%A&%zz", form]
  ])("reads no parameters from %s", ([, body, type]) =>
    Effect.gen(function*() {
      const answer = yield* postText(address, body, type)
      expect(refusal(answer)).toEqual({ status: 400, error: "invalid_request", codes: [900144] })
    }).pipe(Effect.provide(emulator())))

  it.effect("refuses a body that is too large, and goes on", () =>
    Effect.gen(function*() {
      const answer = yield* postText(address, `${good}&padding=${"x".repeat(2 ** 20)}`, form)
      expect(refusal(answer)).toEqual({ status: 413, error: "invalid_request", codes: [9002313] })
      expect((yield* passwordGrant()).status).toBe(200)
    }).pipe(Effect.provide(emulator())))

  it.effect("reads no parameters from the address", () =>
    Effect.gen(function*() {
      const answer = yield* postText(`${address}?${good}`, "", form)
      expect(refusal(answer)).toMatchObject({ codes: [900144] })
    }).pipe(Effect.provide(emulator())))

  it.effect("tells trace and correlation ids, the client's where it sends one", () =>
    Effect.gen(function*() {
      const id = "11111111-2222-4333-8444-555555555555"
      const sent = { "client-request-id": id.toUpperCase(), "return-client-request-id": "true" }
      const answer = yield* postToken({}, "contoso.example", sent)
      expect(answer.body).toMatchObject({ correlation_id: id, trace_id: answer.headers["x-ms-request-id"] })
      expect(answer.headers["client-request-id"]).toBe(id)
      expect(textOf(answer, "timestamp")).toBe("1970-01-01 00:00:00Z")
      expect(textOf(answer, "error_description")).toContain(`Correlation ID: ${id}`)
      for (const odd of ["x", "<script>", `${id}x`, "a".repeat(5000)]) {
        const other = yield* postToken({}, "contoso.example", { "client-request-id": odd })
        expect(other.body["correlation_id"]).toMatch(/^[0-9a-f-]{36}$/)
        expect(other.text).not.toContain(`Correlation ID: ${odd} `)
        expect(other.headers).not.toHaveProperty("client-request-id")
      }
    }).pipe(Effect.provide(emulator())))

  it.effect("lets nobody keep its answers", () =>
    Effect.gen(function*() {
      for (const { headers } of [yield* passwordGrant(), yield* postToken({})]) {
        expect(headers).toMatchObject({ "cache-control": "no-store", pragma: "no-cache" })
      }
    }).pipe(Effect.provide(emulator())))

  it.effect("lets no application of one other tenant in", () =>
    Effect.gen(function*() {
      expect(refusal(yield* passwordGrant({}, "fabrikam.example"))).toMatchObject({
        error: "unauthorized_client",
        codes: [700016]
      })
    }).pipe(Effect.provide(withApp(clientIds.public, { audience: "tenant" }))))
})
