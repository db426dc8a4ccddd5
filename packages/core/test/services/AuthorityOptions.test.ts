import { describe, expect, it } from "@effect/vitest"
import type { ClientApplication } from "@grantwork/core"
import * as Either from "effect/Either"
import fc from "fast-check"
import * as AuthorityOptions from "../../src/services/AuthorityOptions.js"
import { anyCharacter } from "../anyCharacter.js"

const tenant = "7e7e7e7e-0000-4000-8000-00000000000A"
const another = "7e7e7e7e-0000-4000-8000-00000000000b"

const refusal = (options: Partial<ClientApplication.Options>) =>
  Either.getOrThrow(Either.flip(AuthorityOptions.read(options)))

const policy = (allowedTenants: AuthorityOptions.Options["allowedTenants"]) =>
  Either.getOrThrow(AuthorityOptions.read({ allowedTenants })).allowsTenant

describe("options", () => {
  it.each<[option: string, value: unknown]>([
    ["instanceDiscovery", null],
    ["instanceDiscovery", 7],
    ["instanceDiscovery", ""],
    ["instanceDiscovery", "login.microsoftonline.com"],
    ["instanceDiscovery", "http://login.microsoftonline.com/common/discovery/instance"],
    ["instanceDiscovery", "https://user:password@login.example/instances"],
    ["instanceDiscovery", "javascript:alert(1)"],
    ["knownAuthorities", "login.example"],
    ["knownAuthorities", ["https://login.example"]],
    ["knownAuthorities", [7]],
    ["allowedTenants", tenant],
    ["allowedTenants", []],
    ["allowedTenants", ["example.com"]],
    ["allowedTenants", ["common"]],
    ["allowedTenants", [tenant, undefined]],
    ["allowedTenants", null],
    ["allowedTenants", {}]
  ])("refuse %s: %j", (option, value) => {
    const error = refusal({ [option]: value })
    expect(error).toMatchObject({ _tag: "InvalidConfiguration", option, message: expect.stringContaining(option) })
    expect(error.message).not.toContain("password")
  })

  it.each<Partial<ClientApplication.Options>>([
    { issuer: "https://id.example.com" },
    { authority: "https://contoso.ciamlogin.com" },
    { authority: "https://contoso.b2clogin.com/contoso/b2c_1_susi" },
    { authority: "https://fs.example.com/adfs", knownAuthorities: ["fs.example.com"] },
    { authority: "https://dsts.example.com/dstsv2/a", knownAuthorities: ["dsts.example.com"] }
  ])("refuse allowedTenants where nothing would heed them: %j", (options) => {
    expect(refusal({ ...options, allowedTenants: [tenant] })).toMatchObject({ option: "allowedTenants" })
  })

  it("take a service over http on loopback, where the switch says so", () => {
    const instanceDiscovery = "http://localhost:8080/common/discovery/instance"
    expect(refusal({ instanceDiscovery })).toMatchObject({ option: "instanceDiscovery" })
    const read = AuthorityOptions.read({ instanceDiscovery, allowInsecureLoopback: true })
    expect(Either.getOrThrow(read)).toMatchObject({ instanceDiscovery, trustPolicy: { asksMicrosoft: true } })
  })

  it("ask Microsoft about no host by default", () => {
    for (const instanceDiscovery of [undefined, false]) {
      const { trustPolicy } = Either.getOrThrow(AuthorityOptions.read({ instanceDiscovery }))
      expect(trustPolicy.asksMicrosoft).toBe(false)
    }
  })
})

describe("allowsTenant", () => {
  it("lets everybody in by default", () => {
    expect(policy(undefined)(another)).toBe(true)
  })

  it("knows a list in any letter case", () => {
    const allows = policy([tenant])
    expect([tenant, tenant.toLowerCase(), tenant.toUpperCase()].map(allows)).toEqual([true, true, true])
    expect([another, "", "example.com", `${tenant} `, `${tenant}\n`].map(allows)).toEqual([
      false,
      false,
      false,
      false,
      false
    ])
  })

  it("is not moved by what becomes of the list", () => {
    const list = [tenant]
    const allows = policy(list)
    list.push(another)
    expect(allows(another)).toBe(false)
  })

  it("asks a function of tenant ids only, in lower case", () => {
    const asked: Array<string> = []
    const allows = policy((tenantId) => {
      asked.push(tenantId)
      return true
    })
    expect([tenant, "", "adfs"].map(allows)).toEqual([true, false, false])
    expect(asked).toEqual([tenant.toLowerCase()])
  })

  it.each<[string, unknown]>([
    ["a promise", Promise.resolve(true)],
    ["an object", {}],
    ["a text", "yes"],
    ["1", 1],
    ["nothing", undefined],
    ["false", false]
  ])("takes %s for no", (_, answer) => {
    expect(policy((() => answer) as never)(tenant)).toBe(false)
  })

  it("lets no text in that is not on the list", () => {
    fc.assert(fc.property(fc.string({ unit: anyCharacter }), (text) => {
      expect(policy([tenant])(text)).toBe(text.toLowerCase() === tenant.toLowerCase())
    }))
  })
})
