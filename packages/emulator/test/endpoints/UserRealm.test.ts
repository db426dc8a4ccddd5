import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { emulator } from "../support/emulator.js"
import { get, login, refusal } from "../support/http.js"

const realm = (name: string) => get(`${login}/common/userrealm/${name}?api-version=1.0`)

describe("the user realm", () => {
  it.effect.each<readonly [name: string, accountType: string, domain: string | undefined]>([
    ["jane@contoso.example", "Managed", "contoso.example"],
    ["nobody@contoso.example", "Managed", "contoso.example"],
    ["jane%40contoso.example", "Managed", "contoso.example"],
    ["kim@fabrikam.example", "Managed", "fabrikam.example"],
    ["jane@elsewhere.example", "Unknown", undefined],
    ["jane", "Unknown", undefined],
    ["jane@common", "Unknown", undefined],
    ["a%2Fb%3Fc@elsewhere.example", "Unknown", undefined]
  ])("of %s", ([name, account_type, domain]) =>
    Effect.gen(function*() {
      const { body, status } = yield* realm(name)
      expect(status).toBe(200)
      expect(body).toMatchObject({ ver: "1.0", account_type, cloud_instance_name: "microsoftonline.com" })
      expect(body["domain_name"]).toBe(domain)
    }).pipe(Effect.provide(emulator())))

  it.effect("is refused of what cannot be decoded", () =>
    Effect.gen(function*() {
      expect(refusal(yield* realm("%E0%A4%A"))).toEqual({ status: 400, error: "invalid_request", codes: [9002313] })
    }).pipe(Effect.provide(emulator())))
})
