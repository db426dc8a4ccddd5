/**
 * MSAL's cache JSON as a value: partitions are read out of it and written into it, and whatever other programs keep there
 * stays as it is.
 */
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type { AccessTokenRecord, RefreshTokenRecord } from "./CacheRecord.js"
import * as Partition from "./Partition.js"
import { newestFirst } from "./PartitionMerge.js"
import * as UnifiedEntry from "./UnifiedEntry.js"

type Sections = Readonly<Record<string, unknown>>

/** @category models */
export interface UnifiedCache {
  readonly sections: Sections
  readonly groups: () => ReadonlyMap<string, Group>
}

/** What is written of one account, or of a client in its own name. */
interface Group {
  readonly key: Partition.Key
  readonly decoded: () => Decoded
}

interface Decoded {
  readonly partition: Partition.Partition
  readonly stored: ReadonlyArray<Stored>
}

interface Stored {
  readonly written: UnifiedEntry.Written
  /** What it counts as in the partition; an entry for another program's purposes counts as nothing. */
  readonly record: object | undefined
}

const lazy = <A>(make: () => A): () => A => {
  let made: { readonly value: A } | undefined
  return () => (made ??= { value: make() }).value
}

const fromSections = (sections: Sections): UnifiedCache => ({ sections, groups: lazy(() => groupsOf(sections)) })

/** @category constructors */
export const empty: UnifiedCache = fromSections({})

/**
 * Reads the JSON, of which a blank text is an empty one; none where it is another, or nested too deeply to be written
 * again.
 *
 * @category constructors
 */
export const parse = (text: string): Option.Option<UnifiedCache> => {
  const json = text.replace(/^\uFEFF/, "")
  return json.trim() === "" ? Option.some(empty) : Option.liftThrowable((): unknown => JSON.parse(json))().pipe(
    Option.filter(isSections),
    Option.map(fromSections)
  )
}

const isSections = (value: unknown): value is Sections =>
  Predicate.isRecord(value) && isShallow(value)
  && [...UnifiedEntry.sections, "AppMetadata"].every((name) =>
    value[name] === undefined || Predicate.isRecord(value[name])
  )

const deepest = 64

const isShallow = (value: object): boolean => {
  let level: ReadonlyArray<object> = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) {
      return false
    }
    level = level.flatMap((one) =>
      Object.values(one).filter((member: unknown): member is object => typeof member === "object" && member !== null)
    )
  }
  return true
}

/** @category destructors */
export const stringify = ({ sections }: UnifiedCache): string => JSON.stringify(sections)

const sectionOf = (sections: Sections, name: string): Sections => {
  const section = sections[name]
  return Predicate.isRecord(section) ? section : {}
}

const append = <A>(lists: Map<string, Array<A>>, name: string, added: A): void => {
  const list = lists.get(name)
  if (list === undefined) {
    lists.set(name, [added])
  } else {
    list.push(added)
  }
}

const groupsOf = (sections: Sections): ReadonlyMap<string, Group> => {
  const keys = new Map<string, Partition.Key>()
  const entries = new Map<string, Array<UnifiedEntry.Written>>()
  for (const section of UnifiedEntry.sections) {
    for (const [key, entry] of Object.entries(sectionOf(sections, section))) {
      const owner = Predicate.isRecord(entry) ? UnifiedEntry.owner(section, entry) : undefined
      if (owner !== undefined && Predicate.isRecord(entry)) {
        const name = Partition.keyText(owner)
        keys.set(name, owner)
        append(entries, name, { section, key, entry })
      }
    }
  }
  return new Map(
    Array.from(keys, ([name, key]) => [name, { key, decoded: lazy(() => decode(entries.get(name) ?? [])) }])
  )
}

/**
 * What its partitions are named.
 *
 * @category getters
 */
export const keys = (cache: UnifiedCache): ReadonlyArray<Partition.Key> =>
  Array.from(cache.groups().values(), ({ key }) => key)

/** @category getters */
export const read = (cache: UnifiedCache, key: Partition.Key): Partition.Partition =>
  cache.groups().get(Partition.keyText(key))?.decoded().partition ?? Partition.empty

interface Candidate<A> {
  readonly written: UnifiedEntry.Written
  readonly record: A
}

const decode = (written: ReadonlyArray<UnifiedEntry.Written>): Decoded => {
  const candidates = <A>(section: UnifiedEntry.Section, readEntry: (entry: UnifiedEntry.Entry) => A | undefined) =>
    written.filter((one) => one.section === section).flatMap((one): ReadonlyArray<Candidate<A>> => {
      const record = readEntry(one.entry)
      return record === undefined ? [] : [{ written: one, record }]
    })
  const tokens = candidates("AccessToken", UnifiedEntry.readAccessToken)
  const accounts = bestOf(candidates("Account", UnifiedEntry.readAccount), ({ account }) => account.tenantId, () => 0)
  const refreshTokens = bestOf(
    candidates("RefreshToken", UnifiedEntry.readRefreshToken),
    ({ clientId }) => clientId,
    (candidate) => writtenAt(candidate, tokens)
  )
  const idTokens = bestOf(
    candidates("IdToken", UnifiedEntry.readIdToken),
    ({ clientId, tenantId }) => JSON.stringify([clientId, tenantId]),
    ({ record }) => record.claims.iat
  )
  const accessTokens = new Map<string, Array<AccessTokenRecord>>()
  for (const record of newestFirst(tokens.map(({ record }) => record))) {
    append(accessTokens, record.clientId, record)
  }
  const records = new Map<UnifiedEntry.Written, object>([
    ...accounts.records,
    ...tokens.map(({ record, written }) => [written, record] as const),
    ...refreshTokens.records,
    ...idTokens.records
  ])
  const withoutIdTokens = { ...Partition.empty, accounts: accounts.best, accessTokens, refreshTokens: refreshTokens.best }
  return {
    partition: [...idTokens.best.values()].reduce(Partition.setIdToken, withoutIdTokens),
    stored: written.map((one) => ({ written: one, record: records.get(one) }))
  }
}

/** Of several records for one purpose the one of the highest rank; the others' entries count as it too. */
const bestOf = <A extends object>(
  candidates: ReadonlyArray<Candidate<A>>,
  purposeOf: (record: A) => string,
  rankOf: (candidate: Candidate<A>) => number
) => {
  const best = new Map<string, A>()
  const ranks = new Map<string, number>()
  for (const candidate of candidates) {
    const purpose = purposeOf(candidate.record)
    const rank = rankOf(candidate)
    if (rank > (ranks.get(purpose) ?? -Infinity)) {
      ranks.set(purpose, rank)
      best.set(purpose, candidate.record)
    }
  }
  return {
    best,
    records: candidates.map(({ record, written }) => [written, best.get(purposeOf(record)) ?? record] as const)
  }
}

/**
 * When a refresh token was written. MSAL for Node does not say, and leaves an older time where it writes over another
 * program's entry; but it writes an access token with it, and its keys end like no other program's.
 */
const writtenAt = (
  { record, written }: Candidate<RefreshTokenRecord>,
  tokens: ReadonlyArray<Candidate<AccessTokenRecord>>
): number => {
  const noted = Option.match(record.modifiedAt, { onNone: () => 0, onSome: ({ epochMillis }) => epochMillis })
  if (!written.key.endsWith("---")) {
    return noted
  }
  const cachedAt = tokens
    .filter((token) => token.record.clientId === record.clientId && token.written.key.endsWith("-"))
    .map((token) => token.record.cachedAt.epochMillis)
  // The newer of the two in the same second: whoever else writes a refresh token leaves no second one.
  return Math.max(noted, ...cachedAt) + 1
}

/**
 * Puts a partition in place of what the cache holds of that account or client. Entries whose records are still the same
 * stay as they are written, and so do those for other programs' purposes, unless the partition is empty.
 *
 * @category combinators
 */
export const write = (cache: UnifiedCache, key: Partition.Key, partition: Partition.Partition): UnifiedCache =>
  writeAll(cache, [{ key, partition }])

/**
 * The same for several at once.
 *
 * @category combinators
 */
export const writeAll = (
  cache: UnifiedCache,
  partitions: Iterable<{ readonly key: Partition.Key; readonly partition: Partition.Partition }>
): UnifiedCache => {
  const sections = new Map<string, Record<string, unknown>>()
  const section = (name: string) => {
    const copy = sections.get(name) ?? { ...sectionOf(cache.sections, name) }
    sections.set(name, copy)
    return copy
  }
  for (const { key, partition } of partitions) {
    const stored = cache.groups().get(Partition.keyText(key))?.decoded().stored ?? []
    const isRemoved = Partition.isEmpty(partition)
    const kept = new Set<object>(recordsOf(partition))
    const held = new Set(stored.map(({ record }) => record))
    for (const { record, written } of stored) {
      if (isRemoved || (record !== undefined && !kept.has(record))) {
        delete section(written.section)[written.key]
      }
    }
    for (const { entry, key: name, section: of } of encode(key, partition, (record) => !held.has(record))) {
      section(of)[freeKey(section(of), name)] = entry
    }
    for (const record of partition.refreshTokens.values()) {
      if (!held.has(record) && Option.isSome(record.familyId)) {
        const { entry, key: name } = UnifiedEntry.writeAppMetadata(record)
        const known = section("AppMetadata")[name]
        section("AppMetadata")[name] = { ...Predicate.isRecord(known) && known, ...entry }
      }
    }
  }
  return fromSections({ ...cache.sections, ...Object.fromEntries(sections) })
}

const recordsOf = (partition: Partition.Partition): ReadonlyArray<object> => [
  ...partition.accounts.values(),
  ...[...partition.accessTokens.values()].flat(),
  ...partition.refreshTokens.values(),
  ...[...partition.idTokens.values()].flatMap((tenants) => [...tenants.values()])
]

const encode = (
  key: Partition.Key,
  partition: Partition.Partition,
  isNew: (record: object) => boolean
): ReadonlyArray<UnifiedEntry.Written> => {
  const accessTokens = [...partition.accessTokens.values()].flat().filter(isNew)
  const written = accessTokens.map((record) => UnifiedEntry.writeAccessToken(key, record))
  return key._tag === "App" ? written : [
    ...written,
    ...[...partition.refreshTokens.values()].filter(isNew).map((one) => UnifiedEntry.writeRefreshToken(key, one)),
    ...[...partition.idTokens.values()]
      .flatMap((tenants) => [...tenants.values()])
      .filter(isNew)
      .map((one) => UnifiedEntry.writeIdToken(key, one)),
    ...[...partition.accounts.values()].filter(isNew).map((one) => UnifiedEntry.writeAccount(key, one))
  ]
}

/** Values may hold what separates them in a key, so that two entries come to the same one. */
const freeKey = (section: Sections, key: string): string => {
  let free = key
  for (let count = 2; Object.hasOwn(section, free); count++) {
    free = `${key}#${count}`
  }
  return free
}
