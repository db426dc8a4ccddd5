import * as DateTime from "effect/DateTime"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import fc from "fast-check"
import { inspect } from "node:util"
import { describe, expect, it } from "vitest"
import type { AccessTokenRecord, IdTokenRecord, RefreshTokenRecord, TokenKind } from "../../src/cache/CacheRecord.js"
import * as Partition from "../../src/cache/Partition.js"
import { Account } from "../../src/domain/Account.js"
import * as AuthorityUrl from "../../src/domain/AuthorityUrl.js"

const start = 1_900_000_000_000
const at = (millis: number) => DateTime.unsafeMake(start + millis)

const accessToken = (secret: string, change: Partial<AccessTokenRecord> = {}): AccessTokenRecord => ({
  environment: "login.microsoftonline.com",
  clientId: "client",
  tenantId: "tenant",
  requestedTenant: "common",
  scopes: ["a"],
  tokenType: "Bearer",
  secret: Redacted.make(secret),
  cachedAt: at(0),
  expiresAt: at(1000),
  extendedExpiresAt: Option.none(),
  refreshAt: Option.none(),
  ...change
})
const refreshToken = (secret: string, change: Partial<RefreshTokenRecord> = {}): RefreshTokenRecord => ({
  environment: "login.microsoftonline.com",
  clientId: "client",
  familyId: Option.none(),
  secret: Redacted.make(secret),
  modifiedAt: Option.none(),
  ...change
})
const idToken = (secret: string, change: Partial<IdTokenRecord> = {}): IdTokenRecord => ({
  environment: "login.microsoftonline.com",
  clientId: "client",
  tenantId: "tenant",
  secret: Redacted.make(secret),
  claims: { iss: "https://issuer.example", sub: "sub", aud: "client", exp: 2, iat: 1 },
  ...change
})
const account = (tenantId: string, change: Partial<Account> = {}) =>
  new Account({
    homeAccountId: "uid.home",
    environment: "login.microsoftonline.com",
    tenantId,
    localAccountId: `oid-${tenantId}`,
    username: "jane@example.com",
    name: Option.none(),
    authorityType: "MSSTS",
    ...change
  })

interface Query extends TokenKind {
  readonly clientId: string
  readonly scopes: ReadonlyArray<string>
  readonly caseSensitive: boolean
  readonly tenantId: string | undefined
  readonly now: number
  readonly minValidity: number
}
const query: Query = {
  clientId: "client",
  scopes: ["a"],
  caseSensitive: true,
  tenantId: undefined,
  now: 0,
  minValidity: 0
}

const find = (partition: Partition.Partition, change: Partial<Query> = {}): string | undefined => {
  const { minValidity, now, tenantId, ...wanted } = { ...query, ...change }
  const acceptsTenant = (token: AccessTokenRecord) => tenantId === undefined || token.tenantId === tenantId
  const found = Partition.findAccessToken(partition, { ...wanted, acceptsTenant }, { now: start + now, minValidity })
  return found && Redacted.value(found.secret)
}

const of = (...tokens: ReadonlyArray<AccessTokenRecord>) =>
  tokens.reduce((partition, token) => Partition.addAccessToken(partition, token, true), Partition.empty)

const contents = (partition: Partition.Partition): unknown => ({
  accounts: [...partition.accounts].map(([tenant, { account }]) => [tenant, { ...account }]),
  accessTokens: [...partition.accessTokens].map((
    [client, tokens]
  ) => [client, tokens.map(({ secret }) => Redacted.value(secret))]),
  refreshTokens: [...partition.refreshTokens].map((
    [client, { familyId, secret }]
  ) => [client, Redacted.value(secret), familyId]),
  idTokens: [...partition.idTokens].map((
    [client, tenants]
  ) => [client, [...tenants].map(([tenant, { secret }]) => [tenant, Redacted.value(secret)])])
})

describe("key", () => {
  const policy = { knownAuthorities: [], allowInsecureLoopback: false }
  const entra = (host: string, tenant: string) =>
    Either.getOrThrow(AuthorityUrl.microsoft(`https://${host}/${tenant}`, policy))
  const issuer = (text: string) => Either.getOrThrow(AuthorityUrl.openIdConnect(text, policy))

  it("is one for a whole cloud of Microsoft's, in any letter case", () => {
    const key = Partition.userKey(
      entra("login.microsoftonline.com", "common"),
      "a1a1a1a1-0000-4000-8000-00000000ada0.7e7e7e7e-0000-4000-8000-000000000001"
    )
    expect(
      Partition.userKey(
        entra("sts.windows.net", "contoso.com"),
        "A1A1A1A1-0000-4000-8000-00000000ADA0.7e7e7e7e-0000-4000-8000-000000000001"
      )
    ).toEqual(key)
    expect(
      Partition.userKey(
        entra("login.microsoftonline.us", "common"),
        "a1a1a1a1-0000-4000-8000-00000000ada0.7e7e7e7e-0000-4000-8000-000000000001"
      )
    ).not.toEqual(key)
  })

  it("keeps equal subjects of two issuers apart, and minds the letter case", () => {
    const key = Partition.userKey(issuer("https://issuer.example"), "sub")
    expect(Partition.userKey(issuer("https://issuer.example"), "sub")).toEqual(key)
    expect(Partition.userKey(issuer("https://issuer.example/a"), "sub")).not.toEqual(key)
    expect(Partition.userKey(issuer("https://issuer.example"), "Sub")).not.toEqual(key)
  })
})

describe("findAccessToken", () => {
  it.each<[string, Partial<AccessTokenRecord>, Partial<Query>, boolean]>([
    ["everything right", {}, {}, true],
    ["another client", { clientId: "other" }, {}, false],
    ["the client in another letter case", { clientId: "Client" }, {}, false],
    ["a tenant that is not accepted", {}, { tenantId: "other" }, false],
    ["more scopes than wanted", { scopes: ["b", "a"] }, {}, true],
    ["fewer scopes than wanted", {}, { scopes: ["a", "b"] }, false],
    ["no scopes wanted", {}, { scopes: [] }, true],
    ["scopes in another letter case", { scopes: ["A"] }, {}, false],
    ["scopes in another letter case that does not count", { scopes: ["A"] }, { caseSensitive: false }, true],
    ["just before it expires", {}, { now: 999 }, true],
    ["the moment it expires", {}, { now: 1000 }, false],
    ["after it expired", {}, { now: 1001 }, false],
    ["valid for as long as asked", {}, { minValidity: 1000 }, true],
    ["valid for a moment less", {}, { minValidity: 1001 }, false],
    ["valid for as long as asked, later", {}, { now: 400, minValidity: 600 }, true],
    ["a moment later", {}, { now: 401, minValidity: 600 }, false],
    ["cached in the future, by a clock since turned back", { cachedAt: at(1001) }, {}, false],
    ["cached at a time that MSAL for Node rounded up", { cachedAt: at(1000) }, {}, true],
    ["cached now", { cachedAt: at(5) }, { now: 5 }, true],
    ["bound to the key wanted", { keyId: "key" }, { keyId: "key" }, true],
    ["bound to another key", { keyId: "key" }, { keyId: "Key" }, false],
    ["bound to a key, where none is wanted", { keyId: "key" }, {}, false],
    ["bound to none, where a key is wanted", {}, { keyId: "key" }, false]
  ])("%s", (_, token, wanted, found) => {
    expect(find(of(accessToken("at", token)), wanted)).toBe(found ? "at" : undefined)
  })

  it("finds nothing in the empty partition", () => {
    expect(find(Partition.empty)).toBeUndefined()
    expect(find(Partition.empty, { clientId: "constructor" })).toBeUndefined()
  })

  it("prefers the newest of several that serve", () => {
    const partition = of(accessToken("old", { scopes: ["a", "b"] }), accessToken("new", { scopes: ["a", "c"] }))
    expect(find(partition)).toBe("new")
    expect(find(partition, { scopes: ["b"] })).toBe("old")
  })

  it("passes over the newest where it serves no longer", () => {
    const partition = of(
      accessToken("old", { scopes: ["a", "b"], expiresAt: at(5000) }),
      accessToken("new", { scopes: ["a", "c"], expiresAt: at(1000) })
    )
    expect(find(partition, { now: 2000 })).toBe("old")
  })
})

describe("addAccessToken", () => {
  it.each<[string, Partial<AccessTokenRecord>, Partial<AccessTokenRecord>, ReadonlyArray<string>]>([
    ["the same again", {}, {}, ["new"]],
    ["more scopes", {}, { scopes: ["b", "a"] }, ["new"]],
    ["fewer scopes", { scopes: ["a", "b"] }, {}, ["new", "old"]],
    ["other scopes", { scopes: ["b"] }, {}, ["new", "old"]],
    ["another tenant", { tenantId: "other" }, {}, ["new", "old"]],
    ["another tenant, the old one expired", { tenantId: "other" }, { cachedAt: at(1000) }, ["new"]],
    ["another tenant, the old one about to expire", { tenantId: "other" }, { cachedAt: at(999) }, ["new", "old"]],
    ["scopes in another letter case", {}, { scopes: ["A"] }, ["new", "old"]],
    ["the same, bound to a key", {}, { keyId: "key" }, ["new", "old"]],
    ["the same, bound to another key", { keyId: "one" }, { keyId: "two" }, ["new", "old"]],
    ["the same, bound to that key", { keyId: "one" }, { keyId: "one" }, ["new"]]
  ])("%s", (_, before, added, left) => {
    const partition = of(accessToken("old", before), accessToken("new", { expiresAt: at(9000), ...added }))
    expect(partition.accessTokens.get("client")?.map(({ secret }) => Redacted.value(secret))).toEqual(left)
  })

  it("minds the letter case only where the provider does", () => {
    const insensitive = Partition.addAccessToken(of(accessToken("old")), accessToken("new", { scopes: ["A"] }), false)
    expect(insensitive.accessTokens.get("client")).toHaveLength(1)
  })

  it("leaves other clients alone", () => {
    const partition = of(accessToken("theirs", { clientId: "other" }), accessToken("ours", { cachedAt: at(9999) }))
    expect(find(partition, { clientId: "other" })).toBe("theirs")
  })

  it("does not grow over hundreds of refreshes", () => {
    const partition = of(
      ...Array.from(
        { length: 500 },
        (_, index) => accessToken(`at${index}`, { cachedAt: at(index), expiresAt: at(index + 5000) })
      )
    )
    expect(partition.accessTokens.get("client")).toHaveLength(1)
    expect(find(partition, { now: 600 })).toBe("at499")
  })

  it("does not grow over hundreds of different scopes, once they expire", () => {
    const partition = of(
      ...Array.from(
        { length: 500 },
        (_, index) =>
          accessToken(`at${index}`, {
            scopes: [`s${index}`],
            cachedAt: at(index * 100),
            expiresAt: at(index * 100 + 1000)
          })
      )
    )
    expect(partition.accessTokens.get("client")?.length).toBeLessThanOrEqual(10)
  })
})

describe("refresh tokens", () => {
  it("are one for each client, the last one set", () => {
    const partition = Partition.setRefreshToken(
      Partition.setRefreshToken(Partition.setRefreshToken(Partition.empty, refreshToken("one")), refreshToken("two")),
      refreshToken("theirs", { clientId: "other" })
    )
    expect(Option.map(Partition.refreshToken(partition, "client"), ({ secret }) => Redacted.value(secret))).toEqual(
      Option.some("two")
    )
    expect(Option.map(Partition.refreshToken(partition, "other"), ({ secret }) => Redacted.value(secret))).toEqual(
      Option.some("theirs")
    )
    expect(Partition.refreshToken(partition, "nobody")).toEqual(Option.none())
  })

  it("stay in the family they have joined, until they join another", () => {
    const familyOf = (...families: ReadonlyArray<string | undefined>) =>
      Option.flatMap(
        Partition.refreshToken(
          families.reduce(
            (partition, familyId) =>
              Partition.setRefreshToken(partition, refreshToken("rt", { familyId: Option.fromNullable(familyId) })),
            Partition.empty
          ),
          "client"
        ),
        ({ familyId }) => familyId
      )
    expect(familyOf(undefined)).toEqual(Option.none())
    expect(familyOf("1", undefined, undefined)).toEqual(Option.some("1"))
    expect(familyOf(undefined, "1")).toEqual(Option.some("1"))
    expect(familyOf("1", "2")).toEqual(Option.some("2"))
  })

  it("are removed only while they are still the same", () => {
    const partition = Partition.setRefreshToken(Partition.empty, refreshToken("two"))
    expect(Partition.removeRefreshToken(partition, refreshToken("one"))).toBe(partition)
    expect(Partition.removeRefreshToken(partition, refreshToken("two", { clientId: "other" }))).toBe(partition)
    expect(Partition.isEmpty(Partition.removeRefreshToken(partition, refreshToken("two")))).toBe(true)
    expect(Partition.isEmpty(partition)).toBe(false)
  })

  it("are told apart by their text", () => {
    const partition = Partition.setRefreshToken(Partition.empty, refreshToken("two"))
    expect(Partition.holdsRefreshToken(partition, refreshToken("two", { familyId: Option.some("1") }))).toBe(true)
    expect(Partition.holdsRefreshToken(partition, refreshToken("Two"))).toBe(false)
    expect(Partition.holdsRefreshToken(partition, refreshToken("two", { clientId: "other" }))).toBe(false)
    expect(Partition.holdsRefreshToken(Partition.empty, refreshToken("two"))).toBe(false)
  })
})

describe("account", () => {
  const of = (...accounts: ReadonlyArray<Account>) => accounts.reduce(Partition.setAccount, Partition.empty)

  it("is none in the empty partition", () => {
    expect(Partition.account(Partition.empty)).toEqual(Option.none())
  })

  it("is the home tenant's, in whatever order they came", () => {
    fc.assert(fc.property(fc.shuffledSubarray(["guest", "home", "other"], { minLength: 3 }), (tenants) => {
      expect(Partition.account(of(...tenants.map((tenant) => account(tenant))))).toEqual(Option.some(account("home")))
    }))
  })

  it("is the first where the home tenant has none", () => {
    expect(Partition.account(of(account("guest"), account("me"), account("xhome")))).toEqual(
      Option.some(account("guest"))
    )
  })

  it("is the only one where there are no tenants", () => {
    const one = account("", { homeAccountId: "sub", authorityType: "Generic" })
    expect(Partition.account(of(one))).toEqual(Option.some(one))
  })

  it("is the latest word on its tenant", () => {
    const later = account("home", { username: "new@example.com" })
    expect(of(account("home"), later).accounts).toEqual(new Map([["home", { account: later }]]))
  })

  it("keeps what other programs noted of it, through every later word", () => {
    const foreign = { written_by: "another program" }
    const noted = { ...Partition.empty, accounts: new Map([["home", { account: account("home"), foreign }]]) }
    const later = account("home", { username: "new@example.com" })
    expect(Partition.setAccount(Partition.setAccount(noted, later), account("guest")).accounts).toEqual(
      new Map<string, unknown>([["home", { account: later, foreign }], ["guest", { account: account("guest") }]])
    )
  })
})

describe("tokenResult", () => {
  const token = accessToken("at", {
    scopes: ["a", "b"],
    extendedExpiresAt: Option.some(at(2000)),
    refreshAt: Option.some(at(500))
  })
  const filled = Partition.setAccount(
    Partition.setIdToken(Partition.setIdToken(of(token), idToken("idt")), idToken("theirs", { clientId: "other" })),
    account("tenant")
  )

  it("is the token with its account and ID token, and no refresh token", () => {
    const partition = Partition.setRefreshToken(filled, refreshToken("rt"))
    const result = Partition.tokenResult(partition, token, Option.some("correlation"))
    expect(result).toMatchObject({
      tokenType: "Bearer",
      scopes: ["a", "b"],
      expiresAt: at(1000),
      extendedExpiresAt: Option.some(at(2000)),
      refreshAt: Option.some(at(500)),
      account: Option.some(account("tenant")),
      idTokenClaims: Option.some(idToken("").claims),
      tenantId: "tenant",
      source: "cache",
      correlationId: Option.some("correlation"),
      refreshToken: Option.none()
    })
    expect(Redacted.value(result.accessToken)).toBe("at")
    expect(Option.map(result.idToken, Redacted.value)).toEqual(Option.some("idt"))
  })

  it("has no ID token of another client or tenant", () => {
    const partition = Partition.setIdToken(
      Partition.setIdToken(of(token), idToken("theirs", { clientId: "other" })),
      idToken("elsewhere", { tenantId: "other" })
    )
    expect(Partition.tokenResult(partition, token, Option.none()).idToken).toEqual(Option.none())
  })

  it("has the partition's account where the token's tenant has none: what is cached has an owner", () => {
    const partition = Partition.setAccount(of(token), account("home"))
    expect(Partition.tokenResult(partition, token, Option.none()).account).toEqual(Option.some(account("home")))
  })

  it("shows no secret in any print, and neither does the partition", () => {
    const secret = Partition.setRefreshToken(
      Partition.setIdToken(of(accessToken("hunter2")), idToken("hunter2")),
      refreshToken("hunter2")
    )
    const result = Partition.tokenResult(secret, accessToken("hunter2"), Option.none())
    expect(`${inspect([secret, result], { depth: 12, showHidden: true })}${JSON.stringify([secret, result])}`).not
      .toContain("hunter2")
  })
})

describe("hasClient", () => {
  it.each([
    ["an access token", of(accessToken("at"))],
    ["a refresh token", Partition.setRefreshToken(Partition.empty, refreshToken("rt"))],
    ["an ID token", Partition.setIdToken(Partition.empty, idToken("idt"))]
  ])("knows a client by %s", (_, partition) => {
    expect(Partition.hasClient(partition, "client")).toBe(true)
    expect(Partition.hasClient(partition, "other")).toBe(false)
    expect(Partition.isEmpty(partition)).toBe(false)
  })

  it("knows no client by an account", () => {
    const partition = Partition.setAccount(Partition.empty, account("home"))
    expect(Partition.hasClient(partition, "client")).toBe(false)
    expect(Partition.isEmpty(partition)).toBe(false)
  })
})

describe("a partition and a naive list", () => {
  type Step =
    | { readonly step: "addAccessToken"; readonly token: AccessTokenRecord }
    | { readonly step: "setRefreshToken" | "removeRefreshToken"; readonly token: RefreshTokenRecord }
    | { readonly step: "setIdToken"; readonly token: IdTokenRecord }
    | { readonly step: "setAccount"; readonly account: Account }

  const client = fc.constantFrom("client", "other")
  const tenant = fc.constantFrom("home", "guest")
  const scopes = fc.subarray(["a", "A", "b", "openid"])
  const time = fc.integer({ min: 0, max: 20 })
  const secret = fc.uuid()
  const kind = fc.constantFrom<Pick<AccessTokenRecord, "extendedCacheKey" | "keyId">>({}, { keyId: "key" }, {
    extendedCacheKey: "key"
  })
  const isOfOneKind = (one: TokenKind, other: TokenKind) =>
    one.keyId === other.keyId && one.extendedCacheKey === other.extendedCacheKey

  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ clientId: client, tenantId: tenant, scopes, cachedAt: time, lifetime: time, secret, kind }).map((
      { cachedAt, kind, lifetime, secret, ...rest }
    ): Step => ({
      step: "addAccessToken",
      token: accessToken(secret, { ...rest, ...kind, cachedAt: at(cachedAt), expiresAt: at(cachedAt + lifetime) })
    })),
    fc.record({
      step: fc.constantFrom("setRefreshToken" as const, "removeRefreshToken" as const),
      token: fc.record({ clientId: client, familyId: fc.constantFrom(Option.none(), Option.some("1")) }).chain((
        change
      ) => fc.constantFrom("one", "two").map((text) => refreshToken(text, change)))
    }),
    fc.record({ clientId: client, tenantId: tenant, secret }).map(({ secret, ...change }): Step => ({
      step: "setIdToken",
      token: idToken(secret, change)
    })),
    tenant.chain((one) =>
      fc.string().map((username): Step => ({ step: "setAccount", account: account(one, { username }) }))
    )
  )

  /** Every record ever set, newest first, without those that a later one put an end to. */
  interface Model {
    readonly accessTokens: ReadonlyArray<AccessTokenRecord>
    readonly refreshTokens: ReadonlyArray<RefreshTokenRecord>
    readonly idTokens: ReadonlyArray<IdTokenRecord>
    readonly accounts: ReadonlyArray<Account>
  }

  const includes = (granted: ReadonlyArray<string>, wanted: ReadonlyArray<string>, caseSensitive: boolean) => {
    const normal = (list: ReadonlyArray<string>) =>
      list.filter((one) => one !== "openid").map((one) => caseSensitive ? one : one.toLowerCase())
    return normal(wanted).every((one) => normal(granted).includes(one))
  }

  const inModel = (model: Model, one: Step, caseSensitive: boolean): Model => {
    switch (one.step) {
      case "addAccessToken": {
        const { token } = one
        const stays = (old: AccessTokenRecord) =>
          old.clientId !== token.clientId
          || (old.expiresAt.epochMillis > token.cachedAt.epochMillis
            && !(old.tenantId === token.tenantId && isOfOneKind(old, token) &&
              includes(token.scopes, old.scopes, caseSensitive)))
        return { ...model, accessTokens: [token, ...model.accessTokens.filter(stays)] }
      }
      case "setRefreshToken": {
        const held = model.refreshTokens.find(({ clientId }) => clientId === one.token.clientId)
        const familyId = Option.isSome(one.token.familyId) ? one.token.familyId : held?.familyId ?? Option.none()
        const others = model.refreshTokens.filter(({ clientId }) => clientId !== one.token.clientId)
        return { ...model, refreshTokens: [...others, { ...one.token, familyId }] }
      }
      case "removeRefreshToken":
        return {
          ...model,
          refreshTokens: model.refreshTokens.filter(({ clientId, secret }) =>
            clientId !== one.token.clientId || Redacted.value(secret) !== Redacted.value(one.token.secret)
          )
        }
      case "setIdToken":
        return {
          ...model,
          idTokens: [
            ...model.idTokens.filter(({ clientId, tenantId }) =>
              clientId !== one.token.clientId || tenantId !== one.token.tenantId
            ),
            one.token
          ]
        }
      case "setAccount":
        return {
          ...model,
          accounts: [...model.accounts.filter(({ tenantId }) => tenantId !== one.account.tenantId), one.account]
        }
    }
  }

  const inPartition = (partition: Partition.Partition, one: Step, caseSensitive: boolean): Partition.Partition => {
    switch (one.step) {
      case "addAccessToken":
        return Partition.addAccessToken(partition, one.token, caseSensitive)
      case "setRefreshToken":
        return Partition.setRefreshToken(partition, one.token)
      case "removeRefreshToken":
        return Partition.removeRefreshToken(partition, one.token)
      case "setIdToken":
        return Partition.setIdToken(partition, one.token)
      case "setAccount":
        return Partition.setAccount(partition, one.account)
    }
  }

  const asked = fc.record({
    clientId: client,
    scopes,
    tenantId: fc.option(tenant, { nil: undefined }),
    now: fc.integer({ min: 0, max: 40 }),
    minValidity: fc.integer({ min: 1, max: 5 }),
    kind
  })

  it("say the same after any steps, at any time, and no step changes what was before", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), fc.array(asked), fc.boolean(), (steps, queries, caseSensitive) => {
        let partition = Partition.empty
        let model: Model = { accessTokens: [], refreshTokens: [], idTokens: [], accounts: [] }
        const history: Array<readonly [Partition.Partition, string]> = []
        for (const one of steps) {
          history.push([partition, JSON.stringify(contents(partition))])
          partition = inPartition(partition, one, caseSensitive)
          model = inModel(model, one, caseSensitive)
          for (const wanted of queries) {
            const best = model.accessTokens.find((token) =>
              token.clientId === wanted.clientId && isOfOneKind(token, wanted.kind)
              && (wanted.tenantId === undefined || token.tenantId === wanted.tenantId)
              && includes(token.scopes, wanted.scopes, caseSensitive)
              && token.cachedAt.epochMillis <= start + wanted.now + 1000
              && token.expiresAt.epochMillis >= start + wanted.now + wanted.minValidity
            )
            expect(find(partition, { ...wanted, ...wanted.kind, caseSensitive })).toBe(
              best && Redacted.value(best.secret)
            )
          }
          for (const clientId of ["client", "other"]) {
            const held = model.refreshTokens.find((token) => token.clientId === clientId)
            const kept = Partition.refreshToken(partition, clientId)
            expect(Option.map(kept, ({ secret }) => Redacted.value(secret))).toEqual(
              Option.map(Option.fromNullable(held), ({ secret }) => Redacted.value(secret))
            )
            expect(Option.flatMap(kept, ({ familyId }) => familyId)).toEqual(held?.familyId ?? Option.none())
            for (const tenantId of ["home", "guest"]) {
              const idTokenHeld = model.idTokens.find((token) =>
                token.clientId === clientId && token.tenantId === tenantId
              )
              expect(Option.getOrUndefined(Partition.idToken(partition, clientId, tenantId))).toBe(idTokenHeld)
            }
            const holds = [...model.accessTokens, ...model.refreshTokens, ...model.idTokens].some((one) =>
              one.clientId === clientId
            )
            expect(Partition.hasClient(partition, clientId)).toBe(holds)
          }
          const home = model.accounts.find(({ tenantId }) => tenantId === "home")
          expect(Option.getOrUndefined(Partition.account(partition))).toBe(home ?? model.accounts[0])
        }
        for (const [before, printed] of history) {
          expect(JSON.stringify(contents(before))).toBe(printed)
        }
        expect(Partition.isEmpty(Partition.empty)).toBe(true)
      }),
      { numRuns: 100 }
    )
  })
})
