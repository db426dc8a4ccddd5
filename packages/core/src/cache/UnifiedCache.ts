/**
 * MSAL's cache JSON as a value: partitions are read out of it and written into it, and whatever other programs keep there
 * stays as it is.
 */
import * as Inspectable from "effect/Inspectable"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Authority from "../domain/Authority.js"
import type { RefreshTokenRecord } from "./CacheRecord.js"
import type * as DecodedPartition from "./DecodedPartition.js"
import * as EntryEncoder from "./EntryEncoder.js"
import * as EntryGroups from "./EntryGroups.js"
import * as ExactJson from "./ExactJson.js"
import * as Partition from "./Partition.js"
import * as TenantProfiles from "./TenantProfiles.js"
import * as UnifiedEntry from "./UnifiedEntry.js"

/** @category models */
export interface UnifiedCache {
  readonly json: ExactJson.ExactJson & { readonly value: UnifiedEntry.Sections }
  readonly groups: EntryGroups.EntryGroups
  /** Nothing of what it holds. */
  readonly toJSON: () => unknown
  readonly [Inspectable.NodeInspectSymbol]: () => unknown
}

const concealed = () => ({ _id: "UnifiedCache" })

const fromSections = (value: UnifiedEntry.Sections, hasExactNumbers: boolean): UnifiedCache => ({
  json: { value, hasExactNumbers },
  groups: EntryGroups.make(value),
  toJSON: concealed,
  [Inspectable.NodeInspectSymbol]: concealed
})

/** @category constructors */
export const empty: UnifiedCache = fromSections({}, false)

/**
 * Reads the JSON, of which a blank text is an empty one; none where it is another, or nested too deeply to be written
 * again.
 *
 * @category constructors
 */
export const parse = (text: string): Option.Option<UnifiedCache> => {
  const json = text.startsWith("\uFEFF") ? text.slice(1) : text
  return json.trim() === "" ? Option.some(empty) : Option.flatMap(
    ExactJson.parse(json),
    ({ hasExactNumbers, value }) =>
      isSections(value) ? Option.some(fromSections(value, hasExactNumbers)) : Option.none()
  )
}

const isSections = (value: unknown): value is UnifiedEntry.Sections =>
  Predicate.isRecord(value)
  && [...UnifiedEntry.sections, appMetadata].every((name) =>
    Predicate.isNullable(value[name]) || Predicate.isRecord(value[name])
  )

/** @category destructors */
export const stringify = ({ json }: UnifiedCache): string => ExactJson.stringify(json)

/**
 * What its partitions are named.
 *
 * @category getters
 */
export const keys = (cache: UnifiedCache): ReadonlyArray<Partition.Key> => cache.groups.keys()

/** @category getters */
export const read = (cache: UnifiedCache, key: Partition.Key): Partition.Partition =>
  cache.groups.find(key)?.partition ?? Partition.empty

/**
 * Puts a partition in place of what the cache holds of that account or client. Entries whose records are still the same
 * stay as they are written, and so do those for other uses, unless the partition is empty.
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
  const { hasExactNumbers, value } = cache.json
  const draft = draftOf(value)
  for (const { key, partition } of partitions) {
    const before = cache.groups.find(key)
    if (before?.partition !== partition) {
      replace(draft, key, before?.stored ?? [], partition)
    }
  }
  return draft.changed.size === 0
    ? cache
    : fromSections({ ...value, ...Object.fromEntries(draft.changed) }, hasExactNumbers || draft.hasExactNumbers())
}

/** Sections to be changed, each copied when it first is. */
interface Draft {
  readonly changed: ReadonlyMap<string, UnifiedEntry.Sections>
  readonly view: (section: string) => UnifiedEntry.Sections
  readonly edit: (section: string) => Record<string, unknown>
  readonly put: (section: string, key: string, entry: UnifiedEntry.Entry) => void
  /** Values may hold what separates them in a key, so that two entries come to the same one. */
  readonly freeKey: (section: string, key: string) => string
  readonly hasExactNumbers: () => boolean
}

const draftOf = (sections: UnifiedEntry.Sections): Draft => {
  const changed = new Map<string, Record<string, unknown>>()
  let hasExactNumbers = false
  const edit = (section: string) => {
    // Without a prototype: quicker than a spread of thousands of entries, and open to any name.
    const copy = changed.get(section) ?? Object.assign({ __proto__: null }, UnifiedEntry.sectionOf(sections, section))
    changed.set(section, copy)
    return copy
  }
  const view = (section: string) => changed.get(section) ?? UnifiedEntry.sectionOf(sections, section)
  const counts = new Map<string, number>()
  return {
    changed,
    view,
    freeKey: (section, key) => {
      const place = `${section} ${key}`
      let free = key
      for (let count = counts.get(place) ?? 1; Object.hasOwn(view(section), free); counts.set(place, count)) {
        count += 1
        free = `${key}#${count}`
      }
      return free
    },
    edit,
    put: (section, key, entry) => {
      edit(section)[key] = entry
      hasExactNumbers ||= ExactJson.holdsExactNumber(entry)
    },
    hasExactNumbers: () => hasExactNumbers
  }
}

const replace = (
  draft: Draft,
  key: Partition.Key,
  stored: ReadonlyArray<DecodedPartition.Stored>,
  partition: Partition.Partition
): void => {
  const isRemoved = Partition.isEmpty(partition)
  const kept = new Set<object>(recordsOf(partition))
  const held = new Set<object>()
  for (const { record, written } of stored) {
    if (isRemoved || (record !== undefined && !kept.has(record))) {
      delete draft.edit(written.section)[written.key]
    } else if (record !== undefined) {
      held.add(record)
    }
  }
  for (const { entry, key: name, section } of encode(key, partition, (record) => !held.has(record))) {
    draft.put(section, draft.freeKey(section, name), entry)
  }
  for (const record of partition.refreshTokens.values()) {
    if (!held.has(record)) {
      joinFamily(draft, record)
    }
  }
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
  const written = accessTokens.map((record) => EntryEncoder.accessToken(key, record))
  return key._tag === "App" ? written : [
    ...written,
    ...[...partition.refreshTokens.values()].filter(isNew).map((one) => EntryEncoder.refreshToken(key, one)),
    ...[...partition.idTokens.values()]
      .flatMap((tenants) => [...tenants.values()])
      .filter(isNew)
      .map((one) => EntryEncoder.idToken(key, one)),
    ...newAccounts(partition, isNew).map((one) => EntryEncoder.account(key, one))
  ]
}

const newAccounts = ({ accounts }: Partition.Partition, isNew: (record: object) => boolean) => {
  const added = [...accounts.values()].filter(isNew)
  const isTold = added.length === 0 ? () => true : TenantProfiles.tellsOf(accounts.values())
  return added.filter((one) => !isTold(one))
}

const appMetadata = "AppMetadata"

/** MSAL has one entry for each client, under whichever host of the cloud, and takes it ill where there are two. */
const joinFamily = (draft: Draft, { clientId, environment, familyId }: RefreshTokenRecord): void => {
  if (Option.isNone(familyId)) {
    return
  }
  const provider = Authority.providerOf(environment)
  const known = Object.entries(draft.view(appMetadata)).filter(([, entry]) =>
    Predicate.isRecord(entry) && entry["client_id"] === clientId
    && UnifiedEntry.provider(entry) === provider
  )
  const own = draft.freeKey(appMetadata, `appmetadata-${environment}-${clientId}`)
  const entries = known.length === 0 ? [[own, undefined] as const] : known
  for (const [key, entry] of entries) {
    const members = Predicate.isRecord(entry) ? entry : { client_id: clientId, environment }
    if (members["family_id"] !== familyId.value) {
      draft.put(appMetadata, key, { ...members, family_id: familyId.value })
    }
  }
}
