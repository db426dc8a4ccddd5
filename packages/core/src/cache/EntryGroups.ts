/**
 * Whose entries are whose: those of the first account asked for are searched, and all are sorted once another one is.
 */
import * as Predicate from "effect/Predicate"
import * as DecodedPartition from "./DecodedPartition.js"
import * as Partition from "./Partition.js"
import * as UnifiedEntry from "./UnifiedEntry.js"

/** @category models */
export interface EntryGroups {
  /** The same value each time, none where nothing is written of the key's owner. */
  readonly find: (key: Partition.Key) => DecodedPartition.DecodedPartition | undefined
  readonly keys: () => ReadonlyArray<Partition.Key>
}

/** @category constructors */
export const make = (sections: UnifiedEntry.Sections): EntryGroups => {
  let first: Group | undefined
  let sorted: Sorted | undefined
  const sort = () => sorted ??= sortAll(sections, first)
  return {
    find: (key) => {
      if (sorted === undefined && (first === undefined || isSame(first.key, key))) {
        first ??= groupOf(key, search(sections, key))
        return first.written.length === 0 ? undefined : first.decoded()
      }
      const { apps, users } = sort()
      const group = key._tag === "User"
        ? users.get(key.provider)?.get(key.homeAccountId)
        : apps.get(Partition.keyText(key))
      return group?.decoded()
    },
    keys: () =>
      [...sort().users.values(), sort().apps].flatMap((groups) => Array.from(groups.values(), ({ key }) => key))
  }
}

/** What is written of one account, or of a client in its own name. */
interface Group {
  readonly key: Partition.Key
  readonly written: Array<UnifiedEntry.Written>
  readonly decoded: () => DecodedPartition.DecodedPartition
}

const groupOf = (key: Partition.Key, written: Array<UnifiedEntry.Written>): Group => {
  let decoded: DecodedPartition.DecodedPartition | undefined
  return { key, written, decoded: () => decoded ??= DecodedPartition.decode(key, written) }
}

const isSame = (one: Partition.Key, other: Partition.Key): boolean =>
  one._tag === "User" && other._tag === "User"
    ? one.homeAccountId === other.homeAccountId && one.provider === other.provider
    : Partition.keyText(one) === Partition.keyText(other)

const search = (sections: UnifiedEntry.Sections, key: Partition.Key): Array<UnifiedEntry.Written> => {
  const found: Array<UnifiedEntry.Written> = []
  for (const name of UnifiedEntry.sections) {
    const section = UnifiedEntry.sectionOf(sections, name)
    for (const entryKey of Object.keys(section)) {
      const entry = section[entryKey]
      if (Predicate.isRecord(entry) && mayBelong(entry, key)) {
        const provider = UnifiedEntry.provider(entry)
        const owner = provider === undefined ? undefined : UnifiedEntry.owner(name, entry, provider)
        if (owner !== undefined && isSame(owner, key)) {
          found.push({ section: name, key: entryKey, entry })
        }
      }
    }
  }
  return found
}

/** Tells others' entries from the key's at little cost. */
const mayBelong = (entry: UnifiedEntry.Entry, key: Partition.Key): boolean => {
  if (key._tag === "App") {
    return UnifiedEntry.isOwnerless(entry)
  }
  const homeAccountId = entry["home_account_id"]
  const wanted = key.homeAccountId
  return homeAccountId === wanted
    || (typeof homeAccountId === "string" && isAlike(homeAccountId, wanted) && homeAccountId.toLowerCase() === wanted)
}

/** Whether two identifiers may differ in letter case alone: `uid.utid` tells people apart at the end of its first half. */
const isAlike = (one: string, other: string): boolean => {
  const position = (one.length >> 1) - 1
  return one.length === other.length
    && (one.charCodeAt(position) | lowerCaseBit) === (other.charCodeAt(position) | lowerCaseBit)
}

const lowerCaseBit = 32

/** Groups by provider and home account id, or by the client's key. */
interface Sorted {
  readonly users: Map<string, Map<string, Group>>
  readonly apps: Map<string, Group>
}

const sortAll = (sections: UnifiedEntry.Sections, first: Group | undefined): Sorted => {
  const sorted: Sorted = { users: new Map(), apps: new Map() }
  const places = new Map<unknown, Place>()
  for (const name of UnifiedEntry.sections) {
    const section = UnifiedEntry.sectionOf(sections, name)
    for (const key of Object.keys(section)) {
      const entry = section[key]
      if (Predicate.isRecord(entry)) {
        const { environment, home_account_id: homeAccountId } = entry
        const place = places.get(environment) ?? placeIn(places, sorted, entry)
        const group = place.known.get(homeAccountId) ?? groupAt(sorted, place, name, entry, first)
        group?.written.push({ section: name, key, entry })
      }
    }
  }
  return sorted
}

/** What is known of an environment as it is written: an account has several entries, and its key is made once. */
interface Place {
  readonly provider: string | undefined
  readonly users: Map<string, Group>
  /** By home account id as it is written. */
  readonly known: Map<unknown, Group>
}

const placeIn = (places: Map<unknown, Place>, { users }: Sorted, entry: UnifiedEntry.Entry): Place => {
  const provider = UnifiedEntry.provider(entry)
  const those = (provider === undefined ? undefined : users.get(provider)) ?? new Map<string, Group>()
  if (provider !== undefined) {
    users.set(provider, those)
  }
  const place = { provider, users: those, known: new Map() }
  places.set(entry["environment"], place)
  return place
}

const groupAt = (
  { apps }: Sorted,
  { known, provider, users }: Place,
  section: UnifiedEntry.Section,
  entry: UnifiedEntry.Entry,
  first: Group | undefined
): Group | undefined => {
  const key = provider === undefined ? undefined : UnifiedEntry.owner(section, entry, provider)
  if (key === undefined) {
    return undefined
  }
  const groups = key._tag === "User" ? users : apps
  const name = key._tag === "User" ? key.homeAccountId : Partition.keyText(key)
  const group = groups.get(name) ?? (first !== undefined && isSame(first.key, key)
    ? { ...first, written: [] }
    : groupOf(key, []))
  groups.set(name, group)
  if (key._tag === "User") {
    known.set(entry["home_account_id"], group)
  }
  return group
}
