import * as Option from "effect/Option"
import { describe, expect, it } from "vitest"
import * as UnifiedCache from "../../src/cache/UnifiedCache.js"
import { accessToken, idToken, refreshToken } from "./entries.js"
import { ada, adaIn, all, find, microsoft, parsed, secretsOf } from "./records.js"
import * as Values from "./samples/values.js"

const { clientId, homeAccountId } = Values

describe("of several", () => {
  it("access tokens the newest that is valid is taken, and none is lost", () => {
    const cache = parsed({
      AccessToken: {
        older: { ...accessToken, secret: "older", cached_at: String(Values.now - 2) },
        newer: { ...accessToken, secret: "newer", environment: "login.windows.net" },
        shorter: { ...accessToken, secret: "shorter", expires_on: String(Values.now + 60) },
        expired: { ...accessToken, secret: "expired", cached_at: String(Values.now), expires_on: String(Values.now) }
      }
    })
    expect(find(cache)).toBe("newer")
    expect(find(cache, { now: Values.now * 1000 - 1001 })).toBe("older")
    expect(all(UnifiedCache.read(cache, ada)).accessTokens).toHaveLength(4)
  })

  const canonical = `${homeAccountId}-${microsoft}-refreshtoken-${clientId}--`
  const nodes = `${homeAccountId}-login.windows.net-refreshtoken-${clientId}---`
  const times = (seconds: number) => ({ last_modification_time: String(Values.now + seconds) })
  const token = (cached: number) => ({ ...accessToken, cached_at: String(Values.now + cached) })

  it.each<[string, object, object, string]>([
    ["the newer by its own word", { a: { ...times(0), secret: "a" }, b: { ...times(1), secret: "b" } }, {}, "b"],
    ["the first of the same second", { a: { ...times(0), secret: "a" }, b: { ...times(0), secret: "b" } }, {}, "a"],
    ["the one with a time", { a: { secret: "a" }, b: { ...times(0), secret: "b" } }, {}, "b"],
    [
      "Node's, if its access token is newer",
      { [canonical]: { ...times(5), secret: "ours" }, [nodes]: { secret: "node's" } },
      { "node's-": token(6) },
      "node's"
    ],
    [
      "ours, if Node's access token is older",
      { [canonical]: { ...times(5), secret: "ours" }, [nodes]: { secret: "node's" } },
      { "node's-": token(4), ours: token(9) },
      "ours"
    ],
    [
      "Node's, if it wrote over an older one",
      { [canonical]: { ...times(5), secret: "ours" }, [nodes]: { ...times(1), secret: "node's" } },
      { "node's-": token(6) },
      "node's"
    ],
    [
      ".NET's, if its access token is newer",
      { python: { ...times(5), secret: "python's" }, [canonical]: { secret: ".net's" } },
      { dotnet: token(6) },
      ".net's"
    ],
    [
      "Python's, if it came with the newest access token",
      { python: { ...times(6), secret: "python's" }, [canonical]: { secret: ".net's" } },
      { python: token(6) },
      "python's"
    ],
    [
      "Python's, whichever comes first",
      { [canonical]: { secret: ".net's" }, python: { ...times(6), secret: "python's" } },
      { python: token(6) },
      "python's"
    ],
    [
      "Node's, if it came in the same second",
      { [canonical]: { ...times(5), secret: "ours" }, [nodes]: { secret: "node's" } },
      { "node's-": token(5) },
      "node's"
    ]
  ])("refresh tokens it is %s", (_, entries, accessTokens, expected) => {
    const partition = adaIn({
      RefreshToken: Object.fromEntries(
        Object.entries(entries).map(([key, entry]) => [key, { ...refreshToken, ...Object(entry) }])
      ),
      AccessToken: accessTokens
    })
    expect(secretsOf(all(partition).refreshTokens)).toEqual([expected])
  })

  it("refresh tokens the winner keeps the family that another one joined", () => {
    const partition = adaIn({
      RefreshToken: {
        a: { ...refreshToken, ...times(0), family_id: "1", target: "a" },
        b: { ...refreshToken, ...times(1), secret: "newer" }
      }
    })
    expect(all(partition).refreshTokens).toMatchObject([{ familyId: Option.some("1"), foreign: { target: "a" } }])
    expect(secretsOf(all(partition).refreshTokens)).toEqual(["newer"])
  })

  it("ID tokens it is the one issued last", () => {
    const issued = (iat: number) => Values.idToken({ iat })
    const partition = adaIn({
      IdToken: {
        a: { ...idToken, secret: issued(2) },
        b: { ...idToken, secret: issued(3), environment: "sts.windows.net" }
      }
    })
    expect(all(partition).idTokens.map(({ claims }) => claims.iat)).toEqual([3])
  })

  it.each<[string, object]>([
    ["on behalf of a person", { user_assertion_hash: "hash" }],
    ["for parameters, by .NET", { ext: { a: "b" } }],
    ["for parameters, by Python", { ext_cache_key: "hash" }],
    ["without a secret", { secret: undefined }],
    ["without a client", { client_id: undefined }],
    ["without an owner", { home_account_id: "" }]
  ])("refresh tokens never one %s", (_, change) => {
    const partition = adaIn({ RefreshToken: { a: { ...refreshToken, ...change } } })
    expect(all(partition).refreshTokens).toEqual([])
  })

  it("refresh tokens, however many, with access tokens, however many", () => {
    const many = (entry: object) => Object.fromEntries(Array.from({ length: 150_000 }, (_, number) => [number, entry]))
    const cache = parsed({
      AccessToken: many(accessToken),
      RefreshToken: { [canonical]: refreshToken, ...many(refreshToken) }
    })
    expect(UnifiedCache.read(cache, ada).refreshTokens.size).toBe(1)
  })
})
