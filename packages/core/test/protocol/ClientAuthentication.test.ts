import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import fc from "fast-check"
import { inspect } from "node:util"
import { describe, expect, it } from "vitest"
import * as ClientAuthentication from "../../src/protocol/ClientAuthentication.js"
import * as Form from "../../src/protocol/Form.js"
import { anyCharacter } from "../anyCharacter.js"

const bySecret = (
  secret: string,
  registered: Option.Option<ClientAuthentication.Method>,
  announced: Option.Option<ReadonlyArray<string>>,
  clientId = "client"
) => ClientAuthentication.bySecret(clientId, Redacted.make(secret), registered, announced)

const header = (result: ClientAuthentication.ClientAuthentication) =>
  Option.getOrUndefined(Option.map(result.authorization, Redacted.value))

describe("a public client", () => {
  it("names itself", () => {
    const result = ClientAuthentication.byName("client")
    expect(Form.encode(result.form)).toBe("client_id=client")
    expect(result.authorization).toEqual(Option.none())
  })
})

describe("an assertion", () => {
  it("goes into the body, beside its type and the client's name", () => {
    const result = ClientAuthentication.byAssertion("client", Redacted.make("a.b.c"))
    expect(Form.entries(result.form)).toEqual([
      ["client_id", "client"],
      ["client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"],
      ["client_assertion", "a.b.c"]
    ])
    expect(result.authorization).toEqual(Option.none())
    expect(Form.secrets(result.form)).toEqual(["a.b.c"])
  })
})

describe("a secret (feature 79)", () => {
  it.each([
    ["nothing", Option.none(), "header"],
    ["basic alone", Option.some(["client_secret_basic"]), "header"],
    ["post alone", Option.some(["client_secret_post"]), "body"],
    ["both", Option.some(["client_secret_basic", "client_secret_post"]), "body"],
    ["basic and others", Option.some(["private_key_jwt", "client_secret_basic"]), "header"],
    ["post and others", Option.some(["none", "client_secret_post"]), "body"]
  ])("is sent where the provider announces %s", (_, methods, place) => {
    const result = bySecret("secret", Option.none(), methods)
    expect(header(result)).toBe(place === "header" ? "Basic Y2xpZW50OnNlY3JldA==" : undefined)
    expect(Form.encode(result.form)).toBe(place === "body" ? "client_id=client&client_secret=secret" : "")
    expect(Form.secrets(result.form)).toEqual(place === "body" ? ["secret"] : [])
  })

  it.each(
    [
      ["client_secret_basic", Option.some(["client_secret_post"]), "header"],
      ["client_secret_post", Option.some(["client_secret_basic"]), "body"],
      ["client_secret_post", Option.none(), "body"]
    ] as const
  )("is sent as it is registered: %s", (registered, announced, place) => {
    const result = bySecret("secret", Option.some(registered), announced)
    expect(Option.isSome(result.authorization)).toBe(place === "header")
    expect(Form.secrets(result.form)).toEqual(place === "body" ? ["secret"] : [])
  })

  it("is encoded in both parts of the header as a form does (RFC 6749, 2.3.1)", () => {
    const text = fc.string({ unit: anyCharacter, minLength: 1 })
    fc.assert(fc.property(text, text, (clientId, secret) => {
      const value = header(bySecret(secret, Option.none(), Option.none(), clientId)) ?? ""
      expect(value).toMatch(/^Basic [A-Za-z0-9+/]+=*$/)
      const [user = "", password = "", ...rest] = Buffer.from(value.slice(6), "base64").toString("ascii").split(":")
      expect(rest).toEqual([])
      const decoded = new URLSearchParams(`user=${user}&password=${password}`)
      expect([decoded.get("user"), decoded.get("password")]).toEqual([clientId, secret])
    }))
  })

  it("shows in no print", () => {
    for (const methods of [Option.none(), Option.some(["client_secret_post"])]) {
      const result = bySecret("hunter2", Option.none(), methods)
      const printed = `${inspect(result, { depth: 9, showHidden: true })}${JSON.stringify(result)}`
      expect(printed).not.toContain("hunter2")
      expect(printed).not.toContain(Buffer.from("client:hunter2").toString("base64"))
    }
  })
})
