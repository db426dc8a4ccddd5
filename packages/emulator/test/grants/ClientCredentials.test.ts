import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { apiSecret, clientIds, consumers, contoso, fabrikam, webSecret } from "../../src/scenario/defaultScenario.js"
import { emulator } from "../support/emulator.js"
import { type Form, get, graph, refusal, textOf } from "../support/http.js"
import { postToken } from "../support/signIn.js"
import { claimsOf } from "../support/tokens.js"

const acquire = (form: Form = {}, tenant?: string) =>
  postToken({
    grant_type: "client_credentials",
    client_id: clientIds.web,
    client_secret: webSecret,
    scope: "https://graph.microsoft.com/.default",
    ...form
  }, tenant)

describe("ClientCredentials", () => {
  it.effect("brings a token in the client's own name, and nothing else", () =>
    Effect.gen(function*() {
      const answer = yield* acquire({ client_info: "1" })
      expect(answer.body).toEqual({
        token_type: "Bearer",
        expires_in: 3600,
        ext_expires_in: 3600,
        access_token: expect.any(String)
      })
      const claims = yield* claimsOf(textOf(answer, "access_token"))
      expect(claims).toMatchObject({
        iss: `https://login.microsoftonline.com/${contoso}/v2.0`,
        aud: "https://graph.microsoft.com",
        azp: clientIds.web,
        appid: clientIds.web,
        tid: contoso,
        idtyp: "app",
        roles: expect.arrayContaining(["User.Read.All"])
      })
      for (const name of ["scp", "preferred_username", "name", "upn"]) expect(claims).not.toHaveProperty(name)
    }).pipe(Effect.provide(emulator())))

  it.effect.each(["api://notes/.default", `api://${clientIds.api}/.default`, `${clientIds.api}/.default`])(
    "is for the resource of %s",
    (scope) =>
      Effect.gen(function*() {
        const claims = yield* claimsOf(textOf(yield* acquire({ scope }), "access_token"))
        expect(claims).toMatchObject({ aud: clientIds.api, roles: ["Notes.Read.All"] })
      }).pipe(Effect.provide(emulator()))
  )

  it.effect("names another tenant where asked there", () =>
    Effect.gen(function*() {
      const claims = (tenant: string) =>
        Effect.flatMap(acquire({}, tenant), (answer) => claimsOf(textOf(answer, "access_token")))
      const [home, away] = [yield* claims(contoso), yield* claims("fabrikam.example")]
      expect(away).toMatchObject({ tid: fabrikam, iss: `https://login.microsoftonline.com/${fabrikam}/v2.0` })
      expect(away["oid"]).not.toBe(home["oid"])
    }).pipe(Effect.provide(emulator())))

  it.effect.each<readonly [what: string, form: Form, expected: object, tenant?: string]>([
    ["a permission", { scope: "https://graph.microsoft.com/User.Read" }, {
      status: 400,
      error: "invalid_scope",
      codes: [1002012]
    }],
    ["a bare permission", { scope: "User.Read" }, { status: 400, error: "invalid_scope", codes: [1002012] }],
    ["a bare .default", { scope: ".default" }, { status: 400, error: "invalid_scope", codes: [1002012] }],
    ["two resources", { scope: "https://graph.microsoft.com/.default api://notes/.default" }, {
      status: 400,
      error: "invalid_scope",
      codes: [1002012]
    }],
    ["an unknown resource", { scope: "api://unknown/.default" }, {
      status: 400,
      error: "invalid_resource",
      codes: [500011]
    }],
    ["no scope", { scope: undefined }, { status: 400, error: "invalid_request", codes: [900144] }],
    ["a public client", { client_id: clientIds.public, client_secret: undefined }, {
      status: 401,
      error: "invalid_client",
      codes: [7000218]
    }],
    ["/common", {}, { status: 400, error: "invalid_request", codes: [50059] }, "common"],
    ["/organizations", {}, { status: 400, error: "invalid_request", codes: [50059] }, "organizations"],
    ["the tenant of personal accounts", {}, { status: 400, error: "invalid_request", codes: [50059] }, consumers],
    ["/consumers", {}, { status: 400, error: "invalid_request", codes: [50059] }, "consumers"]
  ])("refuses %s", ([, form, expected, tenant]) =>
    Effect.gen(function*() {
      expect(refusal(yield* acquire(form, tenant))).toEqual(expected)
    }).pipe(Effect.provide(emulator())))

  it.effect("brings no token that /me takes, since nobody signed in", () =>
    Effect.gen(function*() {
      const token = textOf(yield* acquire({ client_id: clientIds.api, client_secret: apiSecret }), "access_token")
      const answer = yield* get(`${graph}/v1.0/me`, { authorization: `Bearer ${token}` })
      expect(answer.status).toBe(403)
    }).pipe(Effect.provide(emulator())))
})
