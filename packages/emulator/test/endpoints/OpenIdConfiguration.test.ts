import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { consumers, contoso } from "../../src/scenario/defaultScenario.js"
import { emulator } from "../support/emulator.js"
import { get, login, refusal, textOf } from "../support/http.js"

const metadata = (tenant: string, host = login) => get(`${host}/${tenant}/v2.0/.well-known/openid-configuration`)

describe("a tenant's metadata", () => {
  it.effect.each<readonly [tenant: string, segment: string, issued: string]>([
    [contoso, contoso, contoso],
    [contoso.toUpperCase(), contoso, contoso],
    ["contoso.example", contoso, contoso],
    ["contoso.onmicrosoft.com", contoso, contoso],
    ["common", "common", "{tenantid}"],
    ["organizations", "organizations", "{tenantid}"],
    ["consumers", "consumers", consumers]
  ])("of %s", ([tenant, segment, issued]) =>
    Effect.gen(function*() {
      const { body, status } = yield* metadata(tenant)
      expect(status).toBe(200)
      expect(body).toMatchObject({
        issuer: `${login}/${issued}/v2.0`,
        authorization_endpoint: `${login}/${segment}/oauth2/v2.0/authorize`,
        token_endpoint: `${login}/${segment}/oauth2/v2.0/token`,
        device_authorization_endpoint: `${login}/${segment}/oauth2/v2.0/devicecode`,
        end_session_endpoint: `${login}/${segment}/oauth2/v2.0/logout`,
        jwks_uri: `${login}/${segment}/discovery/v2.0/keys`,
        subject_types_supported: ["pairwise"],
        id_token_signing_alg_values_supported: ["RS256"],
        response_modes_supported: expect.arrayContaining(["query", "fragment", "form_post"]),
        response_types_supported: expect.arrayContaining(["code"])
      })
    }).pipe(Effect.provide(emulator())))

  it.effect("names addresses under the host that was asked, and one issuer for a cloud's hosts", () =>
    Effect.gen(function*() {
      const { body } = yield* metadata(contoso, "https://login.windows.net")
      expect(body["token_endpoint"]).toBe(`https://login.windows.net/${contoso}/oauth2/v2.0/token`)
      expect(body["issuer"]).toBe(`${login}/${contoso}/v2.0`)
      const us = yield* metadata(contoso, "https://login.microsoftonline.us")
      expect(us.body["issuer"]).toBe(`https://login.microsoftonline.us/${contoso}/v2.0`)
    }).pipe(Effect.provide(emulator())))

  it.effect("names keys that are there", () =>
    Effect.gen(function*() {
      for (const tenant of ["common", "contoso.example", "consumers"]) {
        const keys = yield* get(textOf(yield* metadata(tenant), "jwks_uri"))
        expect(keys.body["keys"]).toEqual(expect.arrayContaining([
          expect.objectContaining({
            kty: "RSA",
            use: "sig",
            kid: expect.any(String),
            x5t: expect.any(String),
            x5c: [expect.any(String)],
            issuer: `${login}/{tenantid}/v2.0`
          })
        ]))
        expect(keys.text).not.toMatch(/"(d|p|q|dp|dq|qi)":/)
      }
    }).pipe(Effect.provide(emulator())))

  it.effect.each(["unknown.example", "c0000000-0000-4000-8000-00000000ffff", "contoso", "<script>", "..", "common."])(
    "is refused of %s",
    (tenant) =>
      Effect.gen(function*() {
        for (const path of ["v2.0/.well-known/openid-configuration", "discovery/v2.0/keys"]) {
          const answer = yield* get(`${login}/${encodeURIComponent(tenant)}/${path}`)
          if (tenant === "..") {
            expect(answer.status).toBe(404)
          } else {
            expect(refusal(answer)).toEqual({ status: 400, error: "invalid_request", codes: [90002] })
          }
          expect(answer.text).not.toContain("<script")
        }
      }).pipe(Effect.provide(emulator()))
  )
})
