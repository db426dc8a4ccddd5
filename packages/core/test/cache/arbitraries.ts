/**
 * Whatever partitions there can be, of texts as odd as they come.
 */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import fc from "fast-check"
import type {
  AccessTokenRecord,
  AccountRecord,
  ForeignMembers,
  IdTokenRecord,
  RefreshTokenRecord
} from "../../src/cache/CacheRecord.js"
import * as Partition from "../../src/cache/Partition.js"
import { newestFirst } from "../../src/cache/PartitionMerge.js"
import { Account } from "../../src/domain/Account.js"
import * as IdToken from "../../src/protocol/IdToken.js"
import { idToken } from "./samples/values.js"

const odd = [
  "a",
  "A",
  "-",
  "a-b",
  "b-",
  "a#2",
  "#2",
  "\"",
  "\\",
  "{}",
  "__proto__",
  "constructor",
  "\u0000number",
  "é",
  "𝒜",
  " "
]

/** A text that is not empty. */
const text = fc.oneof(fc.constantFrom(...odd), fc.string({ unit: "grapheme", minLength: 1, maxLength: 6 }))
const lowerCase = text.map((one) => one.toLowerCase())
const word = text.map((one) => one.replaceAll(" ", "_"))
const time = fc.integer({ min: 0, max: 253_402_300_799 }).map((seconds) => DateTime.unsafeMake(seconds * 1000))
const secret = text.map((one) => Redacted.make(one))
const optional = <A>(arbitrary: fc.Arbitrary<A>) => fc.option(arbitrary).map(Option.fromNullable)

const json = fc.jsonValue({ maxDepth: 2 }).map((value): unknown => JSON.parse(JSON.stringify(value, inRange)))
const inRange = (_: string, value: unknown) =>
  typeof value === "number" && Math.abs(value) > Number.MAX_SAFE_INTEGER ? 1 : value

const foreign: fc.Arbitrary<{ readonly foreign?: ForeignMembers }> = fc.oneof(
  fc.constant({}),
  fc.array(fc.tuple(fc.constantFrom("x", "X", "__proto__", "constructor", "x y"), json), { minLength: 1, maxLength: 3 })
    .map((members) => ({ foreign: Object.fromEntries(members) }))
)

const guid = fc.uuid()
const microsoft = fc.constantFrom(
  ["login.microsoftonline.com", "login.windows.net", "sts.windows.net"] as const,
  ["login.microsoftonline.us", "login.usgovcloudapi.net"] as const
)
const others = fc.constantFrom(
  "login.example.com",
  "localhost:8443",
  "https://id.example.com/A",
  "https://id.example.com/a"
)
  .map((one) => [one] as const)

export interface Owned {
  readonly key: Partition.Key
  readonly partition: Partition.Partition
}

const distinct = <A>(arbitrary: fc.Arbitrary<A>, selector: (value: A) => unknown) =>
  fc.uniqueArray(arbitrary, { selector, maxLength: 3 })

const accessTokens = (environment: fc.Arbitrary<string>, change: Partial<AccessTokenRecord>) =>
  distinct(
    fc.tuple(
      fc.record({
        environment,
        clientId: text,
        tenantId: fc.oneof(fc.constant(""), guid, lowerCase),
        requestedTenant: fc.oneof(fc.constant(""), guid, lowerCase),
        scopes: fc.uniqueArray(word, { maxLength: 3 }),
        tokenType: fc.constant("Bearer"),
        secret,
        cachedAt: time,
        expiresAt: time,
        extendedExpiresAt: optional(time),
        refreshAt: optional(time)
      }),
      foreign,
      fc.oneof(fc.constant({}), text.map((extendedCacheKey) => ({ extendedCacheKey }))),
      fc.oneof(fc.constant({}), text.map((keyId) => ({ tokenType: "pop", keyId })))
    ).map(([token, foreign, extended, bound]): AccessTokenRecord => ({
      ...token,
      ...foreign,
      ...extended,
      ...bound,
      ...change
    })),
    ({ clientId, extendedCacheKey, keyId, requestedTenant, scopes, tenantId }) =>
      JSON.stringify([clientId, tenantId, requestedTenant, extendedCacheKey, keyId, [...scopes].sort()])
  )

const byClient = (tokens: ReadonlyArray<AccessTokenRecord>): Partition.Partition["accessTokens"] => {
  const sorted = newestFirst(tokens)
  return new Map(
    sorted.map(({ clientId }) => [clientId, sorted.filter((token) => token.clientId === clientId)] as const)
  )
}

const users = (environments: readonly [string, ...ReadonlyArray<string>]): fc.Arbitrary<Owned> => {
  const environment = fc.constantFrom(...environments)
  return fc.record({
    homeAccountId: fc.oneof(text, fc.tuple(guid, guid).map((pair) => pair.join("."))),
    accounts: distinct(
      fc.tuple(
        fc.record({
          environment,
          tenantId: fc.oneof(fc.constant(""), guid, lowerCase),
          localAccountId: text,
          username: fc.oneof(fc.constant(""), text),
          name: optional(text),
          authorityType: fc.constantFrom("MSSTS" as const, "Generic" as const)
        }),
        foreign
      ),
      ([{ tenantId }]) => tenantId
    ),
    accessTokens: accessTokens(environment, {}),
    refreshTokens: distinct(
      fc.tuple(
        fc.record({
          environment,
          clientId: text,
          familyId: optional(text),
          secret,
          modifiedAt: optional(time)
        }),
        foreign
      ).map(([token, foreign]): RefreshTokenRecord => ({ ...token, ...foreign })),
      ({ clientId }) => clientId
    ),
    idTokens: distinct(
      fc.tuple(
        fc.record({ environment, clientId: text, tenantId: fc.oneof(fc.constant(""), guid, lowerCase) }),
        fc.record({ sub: text, iat: fc.nat(), more: json }),
        foreign
      ).map(([token, claims, foreign]): IdTokenRecord => {
        const secret = idToken(claims)
        return {
          ...token,
          secret: Redacted.make(secret),
          claims: Option.getOrThrow(IdToken.unverifiedClaims(secret)),
          ...foreign
        }
      }),
      ({ clientId, tenantId }) => JSON.stringify([clientId, tenantId])
    )
  }).map(({ accounts, homeAccountId, idTokens, refreshTokens, ...rest }): Owned => {
    const key = Partition.userKeyAt(environments[0], homeAccountId)
    return {
      key,
      partition: {
        accounts: new Map(accounts.map(([members, foreign]): readonly [string, AccountRecord] => [
          members.tenantId,
          { account: new Account({ ...members, homeAccountId: key.homeAccountId }), ...foreign }
        ])),
        accessTokens: byClient(rest.accessTokens),
        refreshTokens: new Map(refreshTokens.map((token) => [token.clientId, token])),
        idTokens: new Map(
          idTokens.map(({ clientId }) => [
            clientId,
            new Map(idTokens.filter((one) => one.clientId === clientId).map((one) => [one.tenantId, one]))
          ])
        )
      }
    }
  })
}

const apps = (environments: readonly [string, ...ReadonlyArray<string>]): fc.Arbitrary<Owned> =>
  fc.tuple(text, fc.oneof(fc.constant(""), guid, lowerCase)).chain(([clientId, tenant]) =>
    accessTokens(fc.constantFrom(...environments), { clientId, requestedTenant: tenant }).map((tokens): Owned => ({
      key: { _tag: "App", provider: environments[0], clientId, tenant },
      partition: { ...Partition.empty, accessTokens: byClient(tokens) }
    }))
  )

/** An account's partition, or a client's. */
export const owned: fc.Arbitrary<Owned> = fc.oneof(
  fc.oneof(microsoft, others).chain((hosts) => users(hosts)),
  fc.oneof(microsoft, others).chain((hosts) => users(hosts)),
  fc.oneof(microsoft, others).chain((hosts) => apps(hosts))
)

/** Partitions of different accounts and clients. */
export const severalOwned: fc.Arbitrary<ReadonlyArray<Owned>> = fc.uniqueArray(owned, {
  selector: ({ key }) => Partition.keyText(key),
  maxLength: 6
})

/** What an account has, and what it has after a change. */
export const changed: fc.Arbitrary<readonly [before: Owned, after: Owned]> = fc.oneof(microsoft, others).chain((
  hosts
) =>
  fc.tuple(users(hosts), users(hosts)).map((
    [before, { partition }]
  ) => [before, { key: before.key, partition: of(before.key, partition) }])
)

const of = (key: Partition.Key, { accounts, ...rest }: Partition.Partition): Partition.Partition => ({
  ...rest,
  accounts: new Map(
    [...accounts].map(([tenantId, { account, ...foreign }]) => [
      tenantId,
      {
        account: new Account({ ...account, homeAccountId: key._tag === "User" ? key.homeAccountId : "nobody" }),
        ...foreign
      }
    ])
  )
})
