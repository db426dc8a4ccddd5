import * as Either from "effect/Either"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Scopes from "../../src/domain/Scopes.js"
import { anyCharacter } from "../anyCharacter.js"

/** RFC 6749, appendix A.4: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ) */
const isScopeCharacter = (code: number) =>
  code === 0x21 || (code >= 0x23 && code <= 0x5B) || (code >= 0x5D && code <= 0x7E)

const legal = Array.from({ length: 0x80 }, (_, code) => code).filter(isScopeCharacter).map((code) =>
  String.fromCharCode(code)
)
const illegal = [
  ...Array.from({ length: 0xA1 }, (_, code) => code).filter((code) => !isScopeCharacter(code)),
  0xE9,
  0x2028,
  0x212A,
  0xD800,
  0xFEFF,
  0xFF21
].map((code) => String.fromCharCode(code))

const scope = fc.string({ unit: fc.constantFrom(...legal), minLength: 1, maxLength: 8 })
const scopes = fc.uniqueArray(scope, { maxLength: 6 })
const oidcScopes = ["openid", "profile", "offline_access", "email"]
/** Few names, in several letter cases, so that lists overlap. */
const related = fc.array(
  fc.constantFrom(...oidcScopes, "User.Read", "user.read", "USER.READ", "Mail.Read", "mail.read", "api://x/.default"),
  { maxLength: 5 }
)

const refusal = <L>(result: Either.Either<unknown, L>): L => Either.getOrThrow(Either.flip(result))

describe("parse", () => {
  it("takes every character the grammar allows", () => {
    expect(Scopes.parse([legal.join("")])).toEqual(Either.right([legal.join("")]))
  })

  it("takes the empty list, for sign-in only", () => {
    expect(Scopes.parse([])).toEqual(Either.right([]))
  })

  it.each(illegal.map((character) => [character.codePointAt(0)?.toString(16), character]))(
    "refuses U+%s at the beginning, in the middle and at the end",
    (_, character) => {
      for (const text of [`${character}ab`, `a${character}b`, `ab${character}`, character ?? ""]) {
        expect(refusal(Scopes.parse(["fine", text]))).toMatchObject({ _tag: "InvalidArgument", argument: "scopes" })
      }
    }
  )

  it.each([
    ["an empty scope", [""]],
    ["a blank-separated list", ["openid profile"]],
    ["a number", [1]],
    ["null", [null]],
    ["undefined", [undefined]],
    ["a nested list", [["openid"]]],
    ["a String object", [Object("openid")]],
    // oxlint-disable-next-line no-sparse-arrays
    ["a hole", ["openid", , "profile"]]
  ])("refuses %s in the list", (_, list) => {
    expect(refusal(Scopes.parse(list as ReadonlyArray<string>))).toMatchObject({ argument: "scopes" })
  })

  it.each([["openid profile"], [undefined], [null], [42], [{}], [new Set(["openid"])], [{ length: 1, 0: "openid" }]])(
    "refuses %o for a list",
    (list) => {
      expect(refusal(Scopes.parse(list as never))).toMatchObject({ _tag: "InvalidArgument", argument: "scopes" })
    }
  )

  it("takes each scope once, in the caller's order, and minds the letter case", () => {
    expect(Scopes.parse(["b", "a", "b", "A", "a"])).toEqual(Either.right(["b", "a", "A"]))
  })

  it.each([[[]], [["a"]], [["a", "b"]]])("is not touched by what the caller does to %j afterwards", (list) => {
    const given: Array<string> = [...list]
    const parsed = Either.getOrThrow(Scopes.parse(given))
    given.push("not a scope")
    expect(parsed).toEqual(list)
  })

  it("gives an Either for any list of texts, and accepts what the grammar does", () => {
    fc.assert(fc.property(fc.array(fc.string({ unit: anyCharacter })), (list) => {
      const wellFormed = list.every((one) =>
        one !== "" && Array.from({ length: one.length }, (_, i) => one.charCodeAt(i)).every(isScopeCharacter)
      )
      expect(Either.isRight(Scopes.parse(list))).toBe(wellFormed)
    }))
  })
})

describe("forSignIn", () => {
  it.each([
    [[], ["openid", "profile", "offline_access"]],
    [["User.Read"], ["User.Read", "openid", "profile", "offline_access"]],
    [["openid", "profile", "offline_access"], ["openid", "profile", "offline_access"]],
    [["offline_access", "User.Read", "openid"], ["offline_access", "User.Read", "openid", "profile"]],
    [["email"], ["email", "openid", "profile", "offline_access"]]
  ])("makes of %j", (given, sent) => {
    expect(Scopes.forSignIn(given)).toEqual(sent)
  })

  it("adds nothing the second time", () => {
    fc.assert(fc.property(scopes, (list) => {
      const once = Scopes.forSignIn(list)
      expect(Scopes.forSignIn(once)).toEqual(once)
      expect(new Set(once)).toEqual(new Set([...list, "openid", "profile", "offline_access"]))
      expect(once).toHaveLength(new Set(once).size)
    }))
  })
})

describe("the wire", () => {
  it("gives back what was written", () => {
    fc.assert(fc.property(scopes, (list) => {
      expect(Scopes.fromWire(Scopes.toWire(list))).toEqual(list)
    }))
  })

  it.each([
    ["", []],
    [" ", []],
    ["a", ["a"]],
    ["  a   b ", ["a", "b"]],
    ["a b a", ["a", "b"]],
    ["a A", ["a", "A"]],
    ["__proto__ constructor", ["__proto__", "constructor"]]
  ])("reads %j", (text, list) => {
    expect(Scopes.fromWire(text)).toEqual(list)
  })

  it("gives scopes that can be asked for again", () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...legal, " ") }), (text) => {
      expect(Either.isRight(Scopes.parse(Scopes.fromWire(text)))).toBe(true)
    }))
  })
})

describe("covers", () => {
  it.each<[string, ReadonlyArray<string>, ReadonlyArray<string>, boolean, boolean]>([
    ["the same", ["a"], ["a"], true, true],
    ["a superset", ["a", "b", "c"], ["c", "a"], true, true],
    ["a subset", ["a"], ["a", "b"], true, false],
    ["another one", ["a"], ["b"], true, false],
    ["nothing wanted", [], [], true, true],
    ["nothing granted", [], ["a"], true, false],
    ["OIDC scopes wanted", [], ["openid", "profile", "offline_access", "email"], true, true],
    ["OIDC scopes granted", ["openid", "profile", "offline_access", "email"], ["a"], true, false],
    ["OIDC scopes on both sides", ["email", "a"], ["a", "openid"], true, true],
    ["another letter case", ["User.Read"], ["user.read"], false, true],
    ["another letter case, where cases are told apart", ["User.Read"], ["user.read"], true, false],
    ["an OIDC scope in another letter case", [], ["OpenID"], false, true],
    ["an OIDC scope in another letter case, where cases are told apart", [], ["OpenID"], true, false],
    ["a prefix", ["User.Read.All"], ["User.Read"], false, false],
    ["part of a longer scope", ["api://app/User.Read"], ["User.Read"], false, false],
    ["a member of every object", ["a"], ["constructor"], false, false]
  ])("%s", (_, granted, requested, caseSensitive, answer) => {
    expect(Scopes.covers(granted, requested, caseSensitive)).toBe(answer)
  })

  it("is reflexive and transitive", () => {
    fc.assert(
      fc.property(related, related, related, fc.boolean(), (a, b, c, caseSensitive) => {
        expect(Scopes.covers(a, a, caseSensitive)).toBe(true)
        if (Scopes.covers(a, b, caseSensitive) && Scopes.covers(b, c, caseSensitive)) {
          expect(Scopes.covers(a, c, caseSensitive)).toBe(true)
        }
      }),
      { numRuns: 1000 }
    )
  })

  it("is set inclusion without the OIDC scopes", () => {
    fc.assert(
      fc.property(related, related, fc.boolean(), (granted, requested, caseSensitive) => {
        const normal = (list: ReadonlyArray<string>) =>
          new Set(list.filter((one) => !oidcScopes.includes(one)).map((one) => caseSensitive ? one : one.toLowerCase()))
        const have = normal(granted)
        expect(Scopes.covers(granted, requested, caseSensitive)).toBe(
          [...normal(requested)].every((one) => have.has(one))
        )
      }),
      { numRuns: 1000 }
    )
  })

  it("stays covered when more is granted, and when less is wanted", () => {
    fc.assert(fc.property(related, related, related, fc.boolean(), (granted, requested, more, caseSensitive) => {
      if (Scopes.covers(granted, requested, caseSensitive)) {
        expect(Scopes.covers([...granted, ...more], requested, caseSensitive)).toBe(true)
        expect(Scopes.covers(granted, requested.slice(1), caseSensitive)).toBe(true)
      }
    }))
  })

  it.each([true, false])("reads long lists a bounded number of times (case-sensitive: %s)", (caseSensitive) => {
    const size = 1000
    let reads = 0
    const counted = new Proxy(Array.from({ length: size }, (_, index) => `Scope.${index}`), {
      get: (list, key, receiver): unknown => {
        reads += typeof key === "string" && /^\d+$/.test(key) ? 1 : 0
        return Reflect.get(list, key, receiver)
      }
    })
    const requested = Array.from({ length: size }, (_, index) => `scope.${size - 1 - index}`)
    Scopes.covers(counted, caseSensitive ? requested.map((one) => one.replace("s", "S")) : requested, caseSensitive)
    expect(reads).toBeLessThanOrEqual(20 * size)
  })
})
