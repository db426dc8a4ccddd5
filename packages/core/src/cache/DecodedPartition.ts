/**
 * A partition out of the entries that MSAL's cache JSON has of an account, or of a client in its own name.
 */
import * as Option from "effect/Option"
import type { AccessTokenRecord, AccountRecord, IdTokenRecord, RefreshTokenRecord } from "./CacheRecord.js"
import * as EntryDecoder from "./EntryDecoder.js"
import type * as Partition from "./Partition.js"
import { newestFirst } from "./PartitionMerge.js"
import * as TenantProfiles from "./TenantProfiles.js"
import type { Entry, Section, Written } from "./UnifiedEntry.js"

/** @category models */
export interface DecodedPartition {
  readonly partition: Partition.Partition
  readonly stored: ReadonlyArray<Stored>
}

/** @category models */
export interface Stored {
  readonly written: Written
  /** What it counts as in the partition; an entry for other uses counts as nothing. */
  readonly record: object | undefined
}

interface Candidate<A> {
  readonly written: Written
  readonly record: A
}

/**
 * Reads every entry that can be read. Of several for one purpose, as different programs leave them, the newest counts, and
 * the others count as it.
 *
 * @category decoders
 */
export const decode = (key: Partition.Key, written: ReadonlyArray<Written>): DecodedPartition => {
  const bearerTokens = read(written, "AccessToken", EntryDecoder.accessToken)
  const refreshTokens = best(
    read(written, "RefreshToken", EntryDecoder.refreshToken),
    ({ clientId }) => clientId,
    writtenAt(bearerTokens),
    supplementRefreshToken
  )
  const idTokens = best(
    read(written, "IdToken", EntryDecoder.idToken),
    ({ clientId, tenantId }) => JSON.stringify([clientId, tenantId]),
    ({ record }) => record.claims.iat,
    (record) => record
  )
  const accounts = best(
    key._tag === "User" ? read(written, "Account", (entry) => EntryDecoder.account(key, entry)) : [],
    ({ account }) => account.tenantId,
    () => 0,
    supplementAccount
  )
  const tokens = [...bearerTokens, ...read(written, "AccessToken_With_AuthScheme", EntryDecoder.boundAccessToken)]
  const records = new Map<Written, object>([
    ...tokens.map(({ record, written }) => [written, record] as const),
    ...refreshTokens.records,
    ...idTokens.records,
    ...accounts.records
  ])
  return {
    partition: {
      accounts: withProfiles(accounts.best),
      accessTokens: accessTokensByClient(tokens),
      refreshTokens: refreshTokens.best,
      idTokens: idTokensByClient(idTokens.best.values())
    },
    stored: written.map((one) => ({ written: one, record: records.get(one) }))
  }
}

const read = <A>(
  written: ReadonlyArray<Written>,
  section: Section,
  decodeEntry: (entry: Entry) => A | undefined
): ReadonlyArray<Candidate<A>> =>
  written.flatMap((one) => {
    const record = one.section === section ? decodeEntry(one.entry) : undefined
    return record === undefined ? [] : [{ written: one, record }]
  })

/** For each purpose the record of the highest rank, the first of several, supplemented by what only others say. */
const best = <A extends object>(
  candidates: ReadonlyArray<Candidate<A>>,
  purposeOf: (record: A) => string,
  rankOf: (candidate: Candidate<A>) => number,
  supplement: (record: A, other: A) => A
) => {
  const rivals = new Map<string, Array<Candidate<A>>>()
  for (const candidate of candidates) {
    append(rivals, purposeOf(candidate.record), candidate)
  }
  const winners = new Map<string, A>()
  const records: Array<readonly [Written, A]> = []
  for (const [purpose, group] of rivals) {
    const ranked = group.length === 1 ? group : group
      .map((candidate) => ({ candidate, rank: rankOf(candidate) }))
      .sort((one, other) => other.rank - one.rank)
      .map(({ candidate }) => candidate)
    const record = ranked.map(({ record }) => record).reduce(supplement)
    winners.set(purpose, record)
    for (const { written } of group) {
      records.push([written, record])
    }
  }
  return { best: winners, records }
}

const append = <A>(lists: Map<string, Array<A>>, name: string, added: A): void => {
  const list = lists.get(name)
  if (list === undefined) {
    lists.set(name, [added])
  } else {
    list.push(added)
  }
}

const supplementRefreshToken = (record: RefreshTokenRecord, other: RefreshTokenRecord): RefreshTokenRecord => ({
  ...record,
  familyId: Option.orElse(record.familyId, () => other.familyId),
  ...foreignOf(record, other)
})

const supplementAccount = (record: AccountRecord, other: AccountRecord): AccountRecord => ({
  account: EntryDecoder.accountWith(record.account, {
    localAccountId: record.account.localAccountId || other.account.localAccountId,
    username: record.account.username || other.account.username,
    name: Option.orElse(record.account.name, () => other.account.name)
  }),
  ...foreignOf(record, other)
})

const foreignOf = (record: AccountRecord | RefreshTokenRecord, other: AccountRecord | RefreshTokenRecord) =>
  (record.foreign ?? other.foreign) && { foreign: { ...other.foreign, ...record.foreign } }

/** An account with an entry of its own is not looked for in another's profiles. */
const withProfiles = (accounts: ReadonlyMap<string, AccountRecord>): ReadonlyMap<string, AccountRecord> => {
  const guests = [...accounts.values()].flatMap(TenantProfiles.read)
  return guests.length === 0
    ? accounts
    : new Map([...accounts, ...guests.map((one) => [one.account.tenantId, one] as const), ...accounts])
}

const accessTokensByClient = (tokens: ReadonlyArray<Candidate<AccessTokenRecord>>) => {
  const lists = new Map<string, Array<AccessTokenRecord>>()
  for (const record of newestFirst(tokens.map(({ record }) => record))) {
    append(lists, record.clientId, record)
  }
  return lists
}

const idTokensByClient = (tokens: Iterable<IdTokenRecord>) => {
  const clients = new Map<string, Map<string, IdTokenRecord>>()
  for (const token of tokens) {
    const tenants = clients.get(token.clientId) ?? new Map<string, IdTokenRecord>()
    clients.set(token.clientId, tenants.set(token.tenantId, token))
  }
  return clients
}

/**
 * When a refresh token was written. MSAL for .NET and for Node do not say, and Node leaves an older time where it writes
 * over an entry; but each writes an access token with it, and Node's keys end like no other program's.
 */
const writtenAt = (tokens: ReadonlyArray<Candidate<AccessTokenRecord>>) => {
  let latest: ReadonlyMap<string, number> | undefined
  return ({ record, written }: Candidate<RefreshTokenRecord>): number => {
    const isNodes = written.key.endsWith("---")
    const noted = Option.match(record.modifiedAt, { onNone: () => 0, onSome: ({ epochMillis }) => epochMillis })
    if (noted > 0 && !isNodes) {
      return noted
    }
    latest ??= latestCached(tokens)
    const cachedAt = latest.get(writer(record.clientId, isNodes)) ?? 0
    // In the same second Node's is the newer one, for whoever else writes a refresh token leaves no second one; another's
    // that does not say is the older one.
    return Math.max(noted, cachedAt) + (isNodes ? 1 : -1)
  }
}

const latestCached = (tokens: ReadonlyArray<Candidate<AccessTokenRecord>>): ReadonlyMap<string, number> => {
  const latest = new Map<string, number>()
  for (const { record, written } of tokens) {
    const name = writer(record.clientId, written.key.endsWith("-"))
    latest.set(name, Math.max(latest.get(name) ?? 0, record.cachedAt.epochMillis))
  }
  return latest
}

const writer = (clientId: string, isNodes: boolean): string => `${isNodes} ${clientId}`
