import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { emulator } from "../support/emulator.js"
import { type Form, formOf, get, login, refusal } from "../support/http.js"

const authorize = "https://login.microsoftonline.com/common/oauth2/v2.0/authorize"

const discover = (parameters: Form, host = login) => get(`${host}/common/discovery/instance?${formOf(parameters)}`)

const metadata = "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration"

describe("instance discovery", () => {
  it.effect("of version 1.0 tells where the tenant's metadata is", () =>
    Effect.gen(function*() {
      for (const parameters of [{ "api-version": "1.0" }, {}]) {
        const { body } = yield* discover({ ...parameters, authorization_endpoint: authorize })
        expect(body).toEqual({ "api-version": "1.0", tenant_discovery_endpoint: metadata })
      }
    }).pipe(Effect.provide(emulator())))

  it.effect("of version 1.1 tells the aliases of every cloud, too", () =>
    Effect.gen(function*() {
      const { body } = yield* discover({ "api-version": "1.1", authorization_endpoint: authorize })
      expect(body).toMatchObject({ "api-version": "1.1", tenant_discovery_endpoint: metadata })
      expect(body["metadata"]).toEqual(expect.arrayContaining([
        {
          preferred_network: "login.microsoftonline.com",
          preferred_cache: "login.windows.net",
          aliases: expect.arrayContaining(["login.microsoftonline.com", "login.windows.net", "sts.windows.net"])
        },
        expect.objectContaining({ preferred_network: "login.microsoftonline.us" }),
        expect.objectContaining({ preferred_network: "login.partner.microsoftonline.cn" })
      ]))
    }).pipe(Effect.provide(emulator())))

  it.effect("is asked about a cloud at another one", () =>
    Effect.gen(function*() {
      const { body } = yield* discover({
        authorization_endpoint: "https://login.microsoftonline.us/x.example/oauth2/authorize"
      })
      expect(body["tenant_discovery_endpoint"]).toBe(
        "https://login.microsoftonline.us/x.example/v2.0/.well-known/openid-configuration"
      )
    }).pipe(Effect.provide(emulator())))

  it.effect.each<readonly [endpoint: string]>([
    ["https://login.evil.example/common/oauth2/v2.0/authorize"],
    ["https://login.microsoftonline.com.evil.example/common"],
    ["https://login.microsoftonline.com@evil.example/common"],
    ["https://login.microsoftonline.com:8443/common"],
    ["http://login.microsoftonline.com/common"],
    ["https://graph.microsoft.com/common"],
    ["javascript:alert(1)"]
  ])("vouches for no %s", ([endpoint]) =>
    Effect.gen(function*() {
      const answer = yield* discover({ "api-version": "1.1", authorization_endpoint: endpoint })
      expect(refusal(answer)).toEqual({ status: 400, error: "invalid_instance", codes: [50049] })
      expect(answer.body).not.toHaveProperty("metadata")
    }).pipe(Effect.provide(emulator())))

  it.effect.each<readonly [what: string, parameters: Form, code: number]>([
    ["another version", { "api-version": "2.0", authorization_endpoint: authorize }, 90100],
    ["no address", { "api-version": "1.1" }, 900144],
    ["an address that is none", { authorization_endpoint: "login.microsoftonline.com" }, 90100]
  ])("refuses %s", ([, parameters, code]) =>
    Effect.gen(function*() {
      expect(refusal(yield* discover(parameters))).toEqual({ status: 400, error: "invalid_request", codes: [code] })
    }).pipe(Effect.provide(emulator())))
})
