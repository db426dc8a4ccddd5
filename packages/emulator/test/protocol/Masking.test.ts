import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Masking from "../../src/protocol/Masking.js"

const mask = "•••"

const secret = [
  "access_token",
  "assertion",
  "authorization",
  "client_assertion",
  "client_secret",
  "code",
  "code_challenge",
  "code_verifier",
  "device_code",
  "id_token",
  "id_token_hint",
  "new_password",
  "nonce",
  "password",
  "refresh_token",
  "session_state",
  "sid",
  "state",
  "user_code",
  "PASSWORD",
  "Client_Id",
  " client_id",
  "client_id ",
  "something_new"
]

describe("masking", () => {
  it.each(secret)("hides %j", (name) => {
    expect(Masking.parameters([[name, "s3cr3t"]]).flat()).not.toContain("s3cr3t")
    expect(Masking.members({ [name]: "s3cr3t" }).flat()).not.toContain("s3cr3t")
  })

  it("shows what holds no secret, and keeps the order", () => {
    expect(
      Masking.parameters(
        new URLSearchParams("grant_type=password&username=jane&password=x&client_id=a&grant_type=refresh_token")
      )
    ).toEqual([
      ["grant_type", "password"],
      ["username", "jane"],
      ["password", mask],
      ["client_id", "a"],
      ["grant_type", "refresh_token"]
    ])
    expect(Masking.members({ error: "invalid_grant", error_codes: [1, 2], expires_in: 5, access_token: "x" })).toEqual([
      ["error", "invalid_grant"],
      ["error_codes", "[1,2]"],
      ["expires_in", "5"],
      ["access_token", mask]
    ])
  })

  it.each([
    "{\"password\":\"s3cr3t\"}",
    "correct horse",
    "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl",
    "password:s3cr3t",
    "",
    "0"
  ])("hides what was sent in place of a name: %j", (name) => {
    expect(Masking.parameters([[name, ""]])).toEqual([[mask, mask]])
  })

  it.each([
    ["grant_type", "s3cr3t", mask],
    ["grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer", "urn:ietf:params:oauth:grant-type:jwt-bearer"],
    ["redirect_uri", "http://localhost/callback", "http://localhost/callback"],
    ["redirect_uri", "http://localhost/callback?code=s3cr3t", `http://localhost/callback?${mask}`],
    ["redirect_uri", "http://localhost/callback#code=s3cr3t", `http://localhost/callback?${mask}`],
    ["redirect_uri", "s3cr3t", mask],
    ["redirect_uri", "https://jane:s3cr3t@localhost/", mask],
    ["post_logout_redirect_uri", "http://localhost/?s3cr3t", `http://localhost/?${mask}`],
    ["authorization_endpoint", "https://login.windows.net/common?s3cr3t", `https://login.windows.net/common?${mask}`],
    [
      "claims",
      "{\"access_token\":{\"xms_cc\":{\"values\":[\"s3cr3t\"]},\"acrs\":null}}",
      "access_token access_token.xms_cc access_token.acrs"
    ],
    ["claims", "{\"access_token\":{\"s3cr3t\":null}}", mask],
    ["claims", "{\"s3cr3t\":{}}", mask],
    ["claims", "{\"access_token\":\"s3cr3t\"}", mask],
    ["claims", "[\"s3cr3t\"]", mask],
    ["claims", "s3cr3t", mask]
  ])("shows of %s %j no more than what is known", (name, value, shown) => {
    expect(Masking.parameters([[name, value]])).toEqual([[name, shown]])
  })

  it.each(["s3cr3t", "eyJhbGciOiJSUzI1NiJ9", "something_new", "toString", "__proto__"])(
    "hides a name that nobody knows: %j",
    (name) => {
      expect(Masking.parameters([[name, "x"]])).toEqual([[mask, mask]])
    }
  )

  it("keeps short what is long", () => {
    const fields = Masking.parameters(Array.from({ length: 5000 }, (_, index) => [`scope`, `${index} `.repeat(5000)]))
    expect(fields.length).toBeLessThanOrEqual(50)
    for (const [name, value] of fields) expect(name.length + value.length).toBeLessThan(500)
  })

  it("never shows the value of a name that is not listed", () => {
    const listed = /^(client_id|scope|username|grant_type|error|status|claims|foci|prompt|max_age|refresh_in|suberror)$/
    const name = fc.oneof(fc.constantFrom(...secret), fc.string(), fc.stringMatching(/^[a-z_]{1,30}$/)).filter((one) =>
      !listed.test(one)
    )
    const value = fc.uuid().map((uuid) => `secret ${uuid}`)
    fc.assert(fc.property(fc.array(fc.tuple(name, value)), (fields) => {
      const shown = JSON.stringify([Masking.parameters(fields), Masking.members(Object.fromEntries(fields))])
      for (const [, secret] of fields) expect(shown).not.toContain(secret)
    }))
  })
})
