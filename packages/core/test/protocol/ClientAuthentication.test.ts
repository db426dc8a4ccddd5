import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import fc from "fast-check"
import { inspect } from "node:util"
import { describe, expect, it } from "vitest"
import { ClientSecret } from "../../src/domain/ClientCredential.js"
import * as ClientAuthentication from "../../src/protocol/ClientAuthentication.js"
import * as Form from "../../src/protocol/Form.js"
import { anyCharacter } from "../anyCharacter.js"

const credential = (secret: string) => Option.some(ClientSecret({ secret: Redacted.make(secret) }))
const header = (result: ClientAuthentication.ClientAuthentication) =>
  Option.getOrUndefined(Option.map(result.authorization, Redacted.value))

describe("authenticate", () => {
  it.each([[Option.none()], [Option.some([])], [Option.some(["client_secret_basic"])], [Option.some(["none"])]])(
    "lets a public client name itself, with %j announced",
    (methods) => {
      const result = ClientAuthentication.authenticate("client", Option.none(), Option.none(), methods)
      expect(Form.encode(result.form)).toBe("client_id=client")
      expect(result.authorization).toEqual(Option.none())
    }
  )

  it.each([
    ["nothing", Option.none(), "header"],
    ["basic alone", Option.some(["client_secret_basic"]), "header"],
    ["post alone", Option.some(["client_secret_post"]), "body"],
    ["both", Option.some(["client_secret_basic", "client_secret_post"]), "body"],
    ["basic and others", Option.some(["private_key_jwt", "client_secret_basic"]), "header"],
    ["post and others", Option.some(["none", "client_secret_post"]), "body"]
  ])("sends a secret where the provider announces %s", (_, methods, place) => {
    const result = ClientAuthentication.authenticate("client", credential("secret"), Option.none(), methods)
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
  )("sends a secret as it is registered: %s", (registered, announced, place) => {
    const result = ClientAuthentication.authenticate("client", credential("secret"), Option.some(registered), announced)
    expect(Option.isSome(result.authorization)).toBe(place === "header")
    expect(Form.secrets(result.form)).toEqual(place === "body" ? ["secret"] : [])
  })

  it("encodes both parts of the header as a form does (RFC 6749, 2.3.1)", () => {
    const text = fc.string({ unit: anyCharacter, minLength: 1 })
    fc.assert(fc.property(text, text, (clientId, secret) => {
      const value =
        header(ClientAuthentication.authenticate(clientId, credential(secret), Option.none(), Option.none())) ?? ""
      expect(value).toMatch(/^Basic [A-Za-z0-9+/]+=*$/)
      const [user = "", password = "", ...rest] = Buffer.from(value.slice(6), "base64").toString("ascii").split(":")
      expect(rest).toEqual([])
      const decoded = new URLSearchParams(`user=${user}&password=${password}`)
      expect([decoded.get("user"), decoded.get("password")]).toEqual([clientId, secret])
    }))
  })

  it("shows no secret in any print", () => {
    for (const methods of [Option.none(), Option.some(["client_secret_post"])]) {
      const result = ClientAuthentication.authenticate("client", credential("hunter2"), Option.none(), methods)
      const printed = `${inspect(result, { depth: 9, showHidden: true })}${JSON.stringify(result)}`
      expect(printed).not.toContain("hunter2")
      expect(printed).not.toContain(Buffer.from("client:hunter2").toString("base64"))
    }
  })
})
