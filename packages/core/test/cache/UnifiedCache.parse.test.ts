import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { inspect } from "node:util"
import { describe, expect, it } from "vitest"
import * as UnifiedCache from "../../src/cache/UnifiedCache.js"
import { accessToken, refreshToken } from "./entries.js"
import { ada, adaIn, all, find, parsed, secretsOf } from "./records.js"
import { python } from "./samples/python.js"

describe("parse", () => {
  const isRead = (text: string) => Option.isSome(UnifiedCache.parse(text))

  it.each(["", " \n\t", "\uFEFF", "\uFEFF {}", "{}"])("takes %j for an empty cache", (text) => {
    const cache = Option.getOrThrow(UnifiedCache.parse(text))
    expect(UnifiedCache.keys(cache)).toEqual([])
    expect(UnifiedCache.stringify(cache)).toBe("{}")
  })

  it.each(["{", "null", "[]", "1", "\"text\"", "{\"AccessToken\":[]}", "{\"AppMetadata\":1}", "{}{}", "\u0000"])(
    "refuses %j",
    (text) => {
      expect(isRead(text)).toBe(false)
    }
  )

  it("takes sections that are null or missing, and any other", () => {
    expect(isRead("{\"AccessToken\":null,\"Account\":{},\"Unknown\":[1]}")).toBe(true)
  })

  it("refuses what is nested too deeply to be written again", () => {
    const nested = (depth: number) => `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`
    expect([nested(63), nested(64), nested(65), nested(100_000)].map(isRead)).toEqual([true, true, false, false])
  })

  it.each([{}, [], 1, "pop"])("passes over an access token of the type %j", (token_type) => {
    expect(find(parsed({ AccessToken: { a: { ...accessToken, token_type } } }))).toBeUndefined()
  })

  it("shows nothing of what it holds", () => {
    const cache = parsed({ AccessToken: { a: accessToken }, RefreshToken: { a: refreshToken } })
    expect([inspect(cache, { depth: Infinity }), JSON.stringify({ cache })]).toEqual([
      "{ _id: 'UnifiedCache' }",
      "{\"cache\":{\"_id\":\"UnifiedCache\"}}"
    ])
  })

  it("passes over entries that are none", () => {
    const entries = { a: null, b: [], c: "text", d: 1, e: {}, f: accessToken }
    expect(find(parsed({ AccessToken: entries, RefreshToken: entries, IdToken: entries, Account: entries }))).toBe(
      "secret"
    )
  })

  it("takes nothing out of prototypes", () => {
    const hostile = `{"AccessToken":{"__proto__":${JSON.stringify(accessToken)},"a":{"__proto__":${
      JSON.stringify(accessToken)
    }}},"__proto__":{"RefreshToken":{"a":${JSON.stringify(refreshToken)}}}}`
    const partition = UnifiedCache.read(Option.getOrThrow(UnifiedCache.parse(hostile)), ada)
    expect(secretsOf(all(partition).accessTokens)).toEqual(["secret"])
    expect(all(partition).refreshTokens).toEqual([])
  })

  it("shows no secret", () => {
    const partition = adaIn(python)
    for (
      const record of [...all(partition).accessTokens, ...all(partition).refreshTokens, ...all(partition).idTokens]
    ) {
      expect(Redacted.isRedacted(record.secret)).toBe(true)
      expect(JSON.stringify(record)).not.toContain(Redacted.value(record.secret))
    }
  })
})
