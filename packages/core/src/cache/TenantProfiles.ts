/**
 * What MSAL for Node notes of a guest: no account entry per tenant, but profiles in the one of the home tenant.
 */
import * as Equal from "effect/Equal"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type { AccountRecord } from "./CacheRecord.js"
import { accountWith } from "./EntryDecoder.js"
import { text } from "./UnifiedEntry.js"

/**
 * The accounts that an account's profiles stand for.
 *
 * @category decoders
 */
export const read = ({ account, foreign }: AccountRecord): ReadonlyArray<AccountRecord> => {
  const profiles: unknown = foreign?.["tenantProfiles"]
  return Array.isArray(profiles)
    ? profiles.flatMap((profile: unknown): ReadonlyArray<AccountRecord> => {
      const members = typeof profile === "string" ? Option.getOrUndefined(parse(profile)) : profile
      const tenantId = Predicate.isRecord(members) ? text(members, "tenantId")?.toLowerCase() : undefined
      return Predicate.isRecord(members) && tenantId !== undefined
        ? [{
          account: accountWith(account, {
            tenantId,
            localAccountId: text(members, "localAccountId") ?? "",
            username: text(members, "username") ?? account.username,
            name: Option.fromNullable(text(members, "name"))
          })
        }]
        : []
    })
    : []
}

const parse = Option.liftThrowable((profile: string): unknown => JSON.parse(profile))

/**
 * Whether the profiles of one of these accounts say as much as an entry of the given one's own.
 *
 * @category predicates
 */
export const tellsOf = (accounts: Iterable<AccountRecord>): (record: AccountRecord) => boolean => {
  const told = new Map<string, Array<AccountRecord["account"]>>()
  for (const record of accounts) {
    for (const { account } of read(record)) {
      if (account.tenantId !== record.account.tenantId) {
        told.set(account.tenantId, [...(told.get(account.tenantId) ?? []), account])
      }
    }
  }
  return ({ account, foreign }) =>
    foreign === undefined && (told.get(account.tenantId) ?? []).some((one) => isSame(one, account))
}

const isSame = (one: AccountRecord["account"], other: AccountRecord["account"]): boolean =>
  Equal.equals(one, accountWith(other, { environment: one.environment }))
