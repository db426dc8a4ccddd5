/**
 * What MSAL's cache JSON holds that is old, in vain, or for others.
 */
import * as Partition from "@grantwork/core/Partition"
import * as UnifiedCache from "@grantwork/core/UnifiedCache"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type { Finding } from "./CacheFinding.js"

/**
 * None where it is not MSAL's cache JSON. The time is in milliseconds since 1970.
 *
 * @category programs
 */
export const examine = (json: string, now: number): Option.Option<ReadonlyArray<Finding>> =>
  Option.map(UnifiedCache.parse(json), (cache) => {
    const partitions = UnifiedCache.keys(cache).map((key) => UnifiedCache.read(cache, key))
    const sections = sectionsOf(json).map(readSection)
    const orphans = sections.flatMap(({ entries }) => entries.filter(({ isOrphan }) => isOrphan))
    return [
      ...counted(sum(partitions.map((partition) => expired(partition, now))), (count): Finding => ({
        _tag: "AccessTokensExpired",
        severity: "notice",
        count
      })),
      ...sections.flatMap(({ entries, name }) =>
        counted(duplicates(entries), (count): Finding => ({
          _tag: "RecordsDuplicate",
          severity: "notice",
          section: name,
          count
        }))
      ),
      ...sections.flatMap(({ entries, name }) =>
        counted(entries.filter(isForOthers).length, (count): Finding => ({
          _tag: "EntriesNotUnderstood",
          severity: "notice",
          section: name,
          count
        }))
      ),
      ...counted(orphans.length + sum(partitions.map(withoutAccount)), (count): Finding => ({
        _tag: "RefreshTokensWithoutAccount",
        severity: "problem",
        count
      }))
    ]
  })

const counted = (count: number, finding: (count: number) => Finding): ReadonlyArray<Finding> =>
  count === 0 ? [] : [finding(count)]

const sum = (counts: ReadonlyArray<number>): number => counts.reduce((total, count) => total + count, 0)

const expired = ({ accessTokens }: Partition.Partition, now: number): number =>
  [...accessTokens.values()].flat().filter(({ expiresAt }) => expiresAt.epochMillis <= now).length

const withoutAccount = ({ accounts, refreshTokens }: Partition.Partition): number =>
  accounts.size === 0 ? refreshTokens.size : 0

/** One entry as it reads by itself. */
interface Read {
  /** Equal for what supersedes one another; none where nothing is understood. */
  readonly purpose: string | undefined
  /** Whether it is a refresh token that does not say whose. */
  readonly isOrphan: boolean
}

interface Section {
  readonly name: string
  readonly entries: ReadonlyArray<Read>
}

const duplicates = (entries: ReadonlyArray<Read>): number => {
  const purposes = entries.flatMap(({ purpose }) => purpose ?? [])
  return purposes.length - new Set(purposes).size
}

const isForOthers = ({ isOrphan, purpose }: Read): boolean => purpose === undefined && !isOrphan

const sectionsOf = (json: string): ReadonlyArray<readonly [string, unknown]> => {
  const text = json.replace(/^\u{FEFF}/u, "")
  const value: unknown = text.trim() === "" ? {} : JSON.parse(text)
  return Predicate.isRecord(value) ? Object.entries(value) : []
}

const foreign: Read = { purpose: undefined, isOrphan: false }

const readSection = ([name, section]: readonly [string, unknown]): Section => ({
  name,
  entries: Predicate.isRecord(section)
    ? Object.entries(section).map(([key, entry]) => readEntry(name, key, entry))
    : Predicate.isNullable(section)
    ? []
    : [foreign]
})

const readEntry = (section: string, key: string, entry: unknown): Read => {
  if (!Predicate.isRecord(entry)) {
    return foreign
  }
  if (section === "AppMetadata") {
    return { purpose: key, isOrphan: false }
  }
  const cache = Option.getOrElse(
    UnifiedCache.parse(JSON.stringify({ [section]: { [key]: entry } })),
    () => UnifiedCache.empty
  )
  const [owner] = UnifiedCache.keys(cache)
  const purpose = owner && purposeOf(UnifiedCache.read(cache, owner))
  return {
    purpose: owner && purpose && JSON.stringify([Partition.keyText(owner), ...purpose]),
    isOrphan: section === "RefreshToken" && owner === undefined && Predicate.isString(entry["secret"])
  }
}

/** Of what a single entry makes. */
const purposeOf = (
  { accessTokens, accounts, idTokens, refreshTokens }: Partition.Partition
): ReadonlyArray<unknown> | undefined => {
  const [accessToken] = [...accessTokens.values()].flat()
  if (accessToken !== undefined) {
    const { clientId, extendedCacheKey, keyId, requestedTenant, scopes, tenantId } = accessToken
    return [clientId, tenantId, requestedTenant, extendedCacheKey, keyId, [...scopes].sort()]
  }
  const [idToken] = [...idTokens.values()].flatMap((tenants) => [...tenants.values()])
  const [name] = [...refreshTokens.keys(), ...accounts.keys()]
  return idToken ? [idToken.clientId, idToken.tenantId] : name === undefined ? undefined : [name]
}
