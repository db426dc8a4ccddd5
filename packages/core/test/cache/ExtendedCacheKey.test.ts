import { describe, expect, it } from "@effect/vitest"
import { Crypto } from "@grantwork/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as ExtendedCacheKey from "../../src/cache/ExtendedCacheKey.js"

const keyOf = (parameters: Readonly<Record<string, string>>) =>
  Effect.gen(function*() {
    const crypto = yield* Crypto.Crypto
    const bytes = ExtendedCacheKey.bytes(parameters)
    return Option.isNone(bytes)
      ? undefined
      : ExtendedCacheKey.fromDigest(yield* crypto.digest("SHA-256", bytes.value))
  }).pipe(Effect.provide(Crypto.layer))

const values = (...numbers: ReadonlyArray<number>) =>
  Object.fromEntries(numbers.map((number) => [`key${number}`, `value${number}`]))

const excluded = [
  "client_id",
  "grant_type",
  "scope",
  "claims",
  "username",
  "password",
  "refresh_token",
  "code",
  "redirect_uri",
  "code_verifier",
  "device_code",
  "assertion",
  "requested_token_use",
  "client_assertion",
  "client_assertion_type",
  "client_secret",
  "token_type",
  "req_cnf",
  "key_id",
  "user_federated_identity_credential",
  "user_id",
  "client_info"
]

describe("the key of a request with parameters", () => {
  it.effect.each<[Readonly<Record<string, string>>, string]>([
    [values(1, 2), "latlwkpewb_a0rcsmjvkecqt0_huumkw4sflzociike"],
    [values(2, 1), "latlwkpewb_a0rcsmjvkecqt0_huumkw4sflzociike"],
    [values(3, 4), "jjoe9jgfmdtnj0rzuetsqy7kzs2m1xfnjjxwsfxsrxq"],
    [values(7, 6, 5, 4, 3), "prrdp31y37ufw3lo7hly0oimjjvg_34m9ji30ocu4tw"],
    [{ fmi_path: "agent-app-id" }, "a0ry_zl4gccsdp7gnw927x8s0mrmnodv6tyilt0u07m"],
    [{ fmi_path: "value" }, "n_lucewkadzv_nybtg-2wtorgf2nrns6ihlfa7vbuzg"],
    [{ fmi_path: "value", key: "" }, "n_lucewkadzv_nybtg-2wtorgf2nrns6ihlfa7vbuzg"],
    [
      { fmi_path: "value", ...Object.fromEntries(excluded.map((name) => [name, "any"])) },
      "n_lucewkadzv_nybtg-2wtorgf2nrns6ihlfa7vbuzg"
    ]
  ])("%j is every MSAL's", ([parameters, key]) =>
    Effect.gen(function*() {
      expect(yield* keyOf(parameters)).toBe(key)
    }))

  it.effect.each([{}, { key: "" }, Object.fromEntries(excluded.map((name) => [name, "any"]))])(
    "%j does not count",
    (parameters) =>
      Effect.gen(function*() {
        expect(yield* keyOf(parameters)).toBeUndefined()
      })
  )

  it.effect("differs where they do", () =>
    Effect.gen(function*() {
      const keys = yield* Effect.forEach(
        [{ a: "bc" }, { ab: "c" }, { a: "b", c: "d" }, { a: "b1:c1:d" }, { client_claims: "c" }, { A: "bc" }, {
          a: "é"
        }],
        keyOf
      )
      expect(new Set(keys).size).toBe(7)
    }))

  it("counts bytes, not letters", () => {
    expect(Option.map(ExtendedCacheKey.bytes({ é: "𝒜" }), (bytes) => new TextDecoder().decode(bytes))).toEqual(
      Option.some("2:é4:𝒜")
    )
  })
})
