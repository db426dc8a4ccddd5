import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Account } from "../../src/domain/Account.js"
import { anyCharacter } from "../anyCharacter.js"

const encode = Schema.encodeSync(Account)
const decode = Schema.decodeUnknownEither(Account)
const text = fc.string({ unit: anyCharacter })
const nonEmpty = fc.string({ unit: anyCharacter, minLength: 1 })

const account = fc.record({
  homeAccountId: nonEmpty,
  environment: nonEmpty,
  tenantId: text,
  localAccountId: text,
  username: text,
  name: fc.option(text, { nil: undefined }).map(Option.fromNullable),
  authorityType: fc.constantFrom("MSSTS" as const, "Generic" as const)
}).map((fields) => new Account(fields))

const encoded = {
  homeAccountId: "uid.utid",
  environment: "login.microsoftonline.com",
  tenantId: "utid",
  localAccountId: "oid",
  username: "jane@example.com",
  authorityType: "MSSTS"
}

describe("Account", () => {
  it("survives JSON", () => {
    fc.assert(fc.property(account, (one) => {
      const again = decode(JSON.parse(JSON.stringify(encode(one))))
      expect(again).toEqual(Either.right(one))
      expect(Either.getOrThrow(again)).toBeInstanceOf(Account)
    }))
  })

  it("writes a missing name as no member, and reads it so", () => {
    const one = Either.getOrThrow(decode(encoded))
    expect(one.name).toEqual(Option.none())
    expect(encode(one)).toEqual(encoded)
    expect(encode(Either.getOrThrow(decode({ ...encoded, name: "" })))).toEqual({ ...encoded, name: "" })
  })

  it.each([
    ["no home account id", { homeAccountId: undefined }],
    ["an empty home account id", { homeAccountId: "" }],
    ["an empty environment", { environment: "" }],
    ["a number for a tenant", { tenantId: 1 }],
    ["null for a username", { username: null }],
    ["null for a name", { name: null }],
    ["an unknown authority type", { authorityType: "MSA" }]
  ])("refuses %s", (_, change) => {
    expect(Either.isLeft(decode({ ...encoded, ...change }))).toBe(true)
  })

  it.each([[null], [undefined], ["text"], [5], [[]], [{}]])("refuses %o", (value) => {
    expect(Either.isLeft(decode(value))).toBe(true)
  })
})
