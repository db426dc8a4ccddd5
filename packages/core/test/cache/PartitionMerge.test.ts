import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { AccessTokenRecord } from "../../src/cache/CacheRecord.js"
import * as Partition from "../../src/cache/Partition.js"
import { merge } from "../../src/cache/PartitionMerge.js"
import { owned } from "./arbitraries.js"
import { accessToken, account, all, at, contents, idToken, refreshToken, secretsOf } from "./records.js"

const with_ = (...tokens: ReadonlyArray<AccessTokenRecord>): Partition.Partition => ({
  ...Partition.empty,
  accessTokens: new Map([["client", tokens]])
})

const token = (secret: string, seconds: number, change: Partial<AccessTokenRecord> = {}) =>
  accessToken(secret, { cachedAt: at(seconds), ...change })

describe("merge", () => {
  it.each<[string, Partial<AccessTokenRecord>, ReadonlyArray<string>]>([
    ["the same scopes in another order", { scopes: ["profile", "openid", "User.Read"] }, ["newer"]],
    ["an alias of the host", { environment: "login.windows.net" }, ["newer"]],
    ["other scopes", { scopes: ["User.Read"] }, ["newer", "older"]],
    ["another tenant", { tenantId: "other" }, ["newer", "older"]],
    ["another name of the tenant", { requestedTenant: "common" }, ["newer", "older"]],
    ["other parameters", { extendedCacheKey: "key" }, ["newer", "older"]],
    ["a key it is bound to", { keyId: "key" }, ["newer", "older"]]
  ])("keeps the newer access token: %s", (_, change, secrets) => {
    const older = with_(token("older", 0, change))
    const newer = with_(token("newer", 1))
    expect(secretsOf(all(merge(older, newer)).accessTokens)).toEqual(secrets)
    expect(secretsOf(all(merge(newer, older)).accessTokens)).toEqual(secrets)
  })

  const refreshed = (secret: string, modified: number | undefined, cached: number | undefined) => {
    const partition = Partition.setRefreshToken(
      Partition.empty,
      refreshToken(secret, { clientId: "client", modifiedAt: Option.map(Option.fromNullable(modified), at) })
    )
    return cached === undefined
      ? partition
      : { ...partition, ...with_(token("at", cached)), refreshTokens: partition.refreshTokens }
  }

  it.each<[string, Partition.Partition, Partition.Partition, string]>([
    ["the newer", refreshed("a", 0, undefined), refreshed("b", 1, undefined), "b"],
    ["its own in the same second", refreshed("a", 1, undefined), refreshed("b", 1, undefined), "a"],
    [
      "its own where neither says when",
      refreshed("a", undefined, undefined),
      refreshed("b", undefined, undefined),
      "a"
    ],
    ["the one with the newer access token", refreshed("a", 1, 9), refreshed("b", undefined, 2), "b"],
    ["its own with the newer access token", refreshed("a", undefined, 2), refreshed("b", 1, undefined), "a"]
  ])("keeps %s of two refresh tokens", (_, held, added, secret) => {
    expect(secretsOf(all(merge(held, added)).refreshTokens)).toEqual([secret])
  })

  it("keeps the ID token issued last, and the account it has", () => {
    const of = (iat: number, username: string) =>
      Partition.setAccount(Partition.setIdToken(Partition.empty, idToken({ iat })), account({ username }))
    const merged = all(merge(of(1, "held"), of(2, "added")))
    expect(merged.idTokens.map(({ claims }) => claims.iat)).toEqual([2])
    expect(merged.accounts.map(({ account }) => account.username)).toEqual(["held"])
  })

  it("gives the partition itself where nothing is new", () => {
    fc.assert(fc.property(owned, ({ partition }) => {
      expect(merge(partition, partition)).toBe(partition)
      expect(merge(partition, Partition.empty)).toBe(partition)
      expect(contents(merge(Partition.empty, partition))).toEqual(contents(partition))
    }))
  })

  it("adds no more the second time", () => {
    fc.assert(fc.property(owned, owned, (one, other) => {
      const merged = merge(one.partition, other.partition)
      expect(merge(merged, other.partition)).toBe(merged)
      expect(merge(merged, one.partition)).toBe(merged)
    }))
  })

  it("loses no account, and nothing that has no rival", () => {
    fc.assert(fc.property(owned, owned, (one, other) => {
      const merged = merge(one.partition, other.partition)
      for (const { partition } of [one, other]) {
        expect([...merged.accounts.keys()]).toEqual(expect.arrayContaining([...partition.accounts.keys()]))
        expect([...merged.refreshTokens.keys()]).toEqual(expect.arrayContaining([...partition.refreshTokens.keys()]))
        for (const [clientId, tenants] of partition.idTokens) {
          expect([...merged.idTokens.get(clientId)?.keys() ?? []]).toEqual(expect.arrayContaining([...tenants.keys()]))
        }
      }
    }))
  })

  it("is the same either way round where no two are of one time", () => {
    fc.assert(fc.property(owned, owned, (one, other) => {
      const [first, second] = [apart(one.partition, 0), apart(other.partition, 1)]
      const tokensOf = (partition: Partition.Partition) => ({ ...contents(partition), accounts: [] })
      expect(tokensOf(merge(first, second))).toEqual(tokensOf(merge(second, first)))
    }))
  })
})

/** The same at times that are even, or odd, and different for each. */
const apart = (partition: Partition.Partition, offset: 0 | 1): Partition.Partition => {
  let count = 0
  const next = () => DateTime.unsafeMake((++count * 2 + offset) * 1000)
  return {
    ...partition,
    accessTokens: new Map(
      [...partition.accessTokens].map(([clientId, tokens]) => [
        clientId,
        tokens.map((one) => ({ ...one, cachedAt: next() })).toReversed()
      ])
    ),
    refreshTokens: new Map(
      [...partition.refreshTokens].map(([clientId, one]) => [clientId, { ...one, modifiedAt: Option.some(next()) }])
    ),
    idTokens: new Map(
      [...partition.idTokens].map(([clientId, tenants]) => [
        clientId,
        new Map(
          [...tenants].map(([tenantId, one]) => [
            tenantId,
            { ...one, claims: { ...one.claims, iat: next().epochMillis } }
          ])
        )
      ])
    )
  }
}
