/**
 * Records, and what a test looks at of a partition.
 */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type {
  AccessTokenRecord,
  AccountRecord,
  IdTokenRecord,
  RefreshTokenRecord
} from "../../src/cache/CacheRecord.js"
import * as Partition from "../../src/cache/Partition.js"
import * as UnifiedCache from "../../src/cache/UnifiedCache.js"
import { Account } from "../../src/domain/Account.js"
import * as IdToken from "../../src/protocol/IdToken.js"
import * as Values from "./samples/values.js"

export const microsoft = "login.microsoftonline.com"

export const ada = Partition.userKeyAt(microsoft, Values.homeAccountId)

/** So many seconds after the sample caches were written. */
export const at = (seconds: number): DateTime.Utc => DateTime.unsafeMake((Values.now + seconds) * 1000)

export const accessToken = (secret: string, change: Partial<AccessTokenRecord> = {}): AccessTokenRecord => ({
  environment: microsoft,
  clientId: Values.clientId,
  tenantId: Values.tenantId,
  requestedTenant: Values.tenantId,
  scopes: ["User.Read", "openid", "profile"],
  tokenType: "Bearer",
  secret: Redacted.make(secret),
  cachedAt: at(0),
  expiresAt: at(3600),
  extendedExpiresAt: Option.none(),
  refreshAt: Option.none(),
  ...change
})

export const refreshToken = (secret: string, change: Partial<RefreshTokenRecord> = {}): RefreshTokenRecord => ({
  environment: microsoft,
  clientId: Values.clientId,
  familyId: Option.none(),
  secret: Redacted.make(secret),
  modifiedAt: Option.some(at(0)),
  ...change
})

export const idToken = (
  claims: Readonly<Record<string, unknown>> = {},
  change: Partial<IdTokenRecord> = {}
): IdTokenRecord => {
  const secret = Values.idToken(claims)
  return {
    environment: microsoft,
    clientId: Values.clientId,
    tenantId: Values.tenantId,
    secret: Redacted.make(secret),
    claims: Option.getOrThrow(IdToken.unverifiedClaims(secret)),
    ...change
  }
}

export const account = (change: Partial<Account> = {}): Account =>
  new Account({
    homeAccountId: Values.homeAccountId,
    environment: microsoft,
    tenantId: Values.tenantId,
    localAccountId: Values.uid,
    username: "ada@example.com",
    name: Option.none(),
    authorityType: "MSSTS",
    ...change
  })

export const all = (partition: Partition.Partition) => ({
  accounts: [...partition.accounts.values()],
  accessTokens: [...partition.accessTokens.values()].flat(),
  refreshTokens: [...partition.refreshTokens.values()],
  idTokens: [...partition.idTokens.values()].flatMap((tenants) => [...tenants.values()])
})

export const secretsOf = (records: Iterable<AccessTokenRecord | RefreshTokenRecord | IdTokenRecord>) =>
  Array.from(records, ({ secret }) => Redacted.value(secret))

/** Everything in plain, whatever the order of the maps. */
export const contents = (partition: Partition.Partition) => {
  const { accessTokens, accounts, idTokens, refreshTokens } = all(partition)
  const plain = <A extends { readonly secret: Redacted.Redacted }>(record: A) => ({
    ...record,
    secret: Redacted.value(record.secret)
  })
  const sorted = <A>(list: ReadonlyArray<A>) => [...list].sort((one, other) => order(one) < order(other) ? -1 : 1)
  return {
    accounts: sorted(accounts.map(({ account, ...rest }: AccountRecord) => ({ ...rest, ...account }))),
    accessTokens: sorted(accessTokens.map((one) => plain({ ...one, scopes: [...one.scopes].sort() }))),
    refreshTokens: sorted(refreshTokens.map(plain)),
    idTokens: sorted(idTokens.map(plain))
  }
}

/** The same text whatever the order of the members. */
const order = (value: unknown): string =>
  JSON.stringify(
    value,
    (_, member: unknown) =>
      typeof member === "object" && member !== null && !Array.isArray(member)
        ? Object.entries(member).sort(([one], [other]) => one < other ? -1 : 1)
        : member
  )

export type Sections = Readonly<Record<string, Readonly<Record<string, unknown>>>>

export const parsed = (sections: unknown): UnifiedCache.UnifiedCache =>
  Option.getOrThrow(UnifiedCache.parse(JSON.stringify(sections)))

export const written = (cache: UnifiedCache.UnifiedCache): Sections => {
  const sections: Sections = JSON.parse(UnifiedCache.stringify(cache))
  return sections
}

/** What a client finds in the cache for a person, or for itself. */
export const find = (
  cache: UnifiedCache.UnifiedCache,
  wanted: Partial<Partition.Purpose> & { readonly key?: Partition.Key; readonly now?: number } = {}
): string | undefined => {
  const { key = ada, now = Values.now * 1000, ...rest } = wanted
  const purpose = {
    clientId: Values.clientId,
    scopes: [],
    caseSensitive: false,
    acceptsTenant: ({ tenantId }: AccessTokenRecord) => tenantId === Values.tenantId,
    ...rest
  }
  const found = Partition.findAccessToken(UnifiedCache.read(cache, key), purpose, { now, minValidity: 0 })
  return found && Redacted.value(found.secret)
}

/** A client in its own name at a tenant. */
export const appKey = (tenant: string): Partition.AppKey => ({
  _tag: "App",
  provider: microsoft,
  clientId: Values.clientId,
  tenant
})

/** The client of the sample caches, at the tenant where it asked MSAL for Python. */
export const app = appKey("contoso.example")

export const adaIn = (sections: unknown) => UnifiedCache.read(parsed(sections), ada)

/** The JSON after a change of one partition. */
export const change = (
  sections: unknown,
  with_: (partition: Partition.Partition) => Partition.Partition,
  key: Partition.Key = ada
): Sections => {
  const cache = parsed(sections)
  return written(UnifiedCache.write(cache, key, with_(UnifiedCache.read(cache, key))))
}

/** Adds a token that is newer than those of the sample caches. */
export const addAccessToken = (partition: Partition.Partition, change?: Parameters<typeof accessToken>[1]) =>
  Partition.addAccessToken(partition, accessToken("new", { cachedAt: at(10), expiresAt: at(3610), ...change }), false)

/** A section without some of its entries. */
export const without = (section: object | undefined, ...keys: ReadonlyArray<string>) =>
  Object.fromEntries(Object.entries(section ?? {}).filter(([key]) => !keys.includes(key)))
