import * as Redacted from "effect/Redacted"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as AuthorizationUrl from "../../src/protocol/AuthorizationUrl.js"
import { anyCharacter } from "../anyCharacter.js"

const endpoint = "https://issuer.example/authorize"
const text = fc.string({ unit: anyCharacter })
const form = fc.dictionary(fc.string({ unit: anyCharacter, minLength: 1 }).filter((name) => name !== "__proto__"), text)

const values = (url: string, name: string) => new URL(url).searchParams.getAll(name)

describe("make", () => {
  it.each([
    ["no query", endpoint],
    ["an empty query", `${endpoint}?`],
    ["a query", `${endpoint}?p=B2C_1_sign_in&lang=en`],
    ["a query that ends in an ampersand", `${endpoint}?a=b&`],
    ["a query with a question mark in it", `${endpoint}?a=b?c`],
    ["a port and no path", "https://issuer.example:8443"]
  ])("adds parameters to an endpoint with %s", (_, address) => {
    const url = AuthorizationUrl.make(address, { client_id: "c", state: "s" })
    expect(values(url, "client_id")).toEqual(["c"])
    expect(values(url, "state")).toEqual(["s"])
    for (const [name, value] of new URL(address).searchParams) {
      expect(values(url, name)).toEqual([value])
    }
    expect(new URL(url).origin + new URL(url).pathname).toBe(new URL(address).origin + new URL(address).pathname)
    expect([...new URL(url).searchParams]).toHaveLength([...new URL(address).searchParams].length + 2)
  })

  it("has one question mark before the parameters, whatever the values", () => {
    expect(AuthorizationUrl.make(endpoint, { redirect_uri: "https://app.example/?a=b&c#d" }).match(/\?/g)).toHaveLength(
      1
    )
  })

  it("lets no parameter of the endpoint stand in for one of the request", () => {
    const url = AuthorizationUrl.make(`${endpoint}?state=theirs&state=again&redirect_uri=https://evil.example`, {
      state: "ours",
      redirect_uri: "https://app.example/"
    })
    expect(values(url, "state")).toEqual(["ours"])
    expect(values(url, "redirect_uri")).toEqual(["https://app.example/"])
  })

  it("leaves out what is absent or empty", () => {
    expect(AuthorizationUrl.make(endpoint, { a: undefined, b: "", c: Redacted.make(""), d: "e" })).toBe(
      `${endpoint}?d=e`
    )
  })

  it("puts a wrapped value in plain", () => {
    expect(AuthorizationUrl.make(endpoint, { nonce: Redacted.make("n") })).toBe(`${endpoint}?nonce=n`)
  })

  it("loses nothing of any parameter", () => {
    fc.assert(fc.property(form, fc.constantFrom(endpoint, `${endpoint}?zz%20=a%26b`), (parameters, address) => {
      const url = new URL(AuthorizationUrl.make(address, parameters))
      for (const [name, value] of Object.entries(parameters)) {
        expect(url.searchParams.getAll(name)).toEqual(value === "" ? [] : [value])
      }
      expect(url.hash).toBe("")
      expect(url.host).toBe("issuer.example")
    }))
  })
})
