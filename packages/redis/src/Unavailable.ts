/**
 * What callers are told, and whether they go on without Redis. No message has an address, a user or a password.
 */
import { CacheUnavailable } from "@grantwork/core/AuthError"
import * as Effect from "effect/Effect"
import type { RedisFailure } from "./RedisFailure.js"
import { type EntryDamaged, type EntryTooLong, longest } from "./SealedPartition.js"

/** @category models */
export type Failure = RedisFailure | EntryDamaged | EntryTooLong

/**
 * Fails with `CacheUnavailable`, or does something else instead where the failure is Redis's and that is chosen.
 *
 * @category models
 */
export interface Fallback {
  <A>(
    operation: CacheUnavailable["operation"],
    effect: Effect.Effect<A, Failure>,
    instead: (error: CacheUnavailable) => Effect.Effect<A, CacheUnavailable>
  ): Effect.Effect<A, CacheUnavailable>
}

/**
 * Warns of what is done instead: once for each operation, until that operation works again.
 *
 * @category constructors
 */
export const fallback = (continues: boolean): Fallback => {
  const warned = new Set<CacheUnavailable["operation"]>()

  const warn = ({ message, operation }: CacheUnavailable) =>
    Effect.suspend(() => {
      const isKnown = warned.has(operation)
      warned.add(operation)
      return isKnown ? Effect.void : Effect.logWarning(`Going on without the token cache (${operation}). ${message}`)
    })

  return (operation, effect, instead) =>
    Effect.matchEffect(effect, {
      onFailure: (failure) => {
        const error = new CacheUnavailable({ operation, message: messageOf(failure) })
        return continues && failure._tag === "RedisFailure"
          ? Effect.zipLeft(instead(error), warn(error))
          : Effect.fail(error)
      },
      onSuccess: (value) => {
        warned.delete(operation)
        return Effect.succeed(value)
      }
    })
}

/**
 * Warns of entries that are left out of a list: once for each reason.
 *
 * @category constructors
 */
export const omission = (): (damage: EntryDamaged) => Effect.Effect<void> => {
  const warned = new Set<EntryDamaged["reason"]>()
  return (damage) =>
    Effect.suspend(() => {
      const isKnown = warned.has(damage.reason)
      warned.add(damage.reason)
      return isKnown ? Effect.void : Effect.logWarning(`An account is left out of a list. ${messageOf(damage)}`)
    })
}

const messageOf = (failure: Failure): string => {
  switch (failure._tag) {
    case "RedisFailure":
      return ofRedis[failure.reason](failure)
    case "EntryDamaged":
      return `${ofEntries[failure.reason]} It is left as it is.`
    case "EntryTooLong":
      return `An entry of the token cache would be longer than ${longest} characters, and is not saved.`
        + " Ask for fewer different tokens for one account, or remove the account."
  }
}

const ofRedis: Record<RedisFailure["reason"], (failure: RedisFailure) => string> = {
  silent: () =>
    "Redis did not answer in time. See whether it runs and is not overloaded, or raise commandTimeout; then try again.",
  unreachable: () =>
    "Redis cannot be reached. See whether it runs, and whether the client is connected; then try again.",
  resting: () => "Redis failed a moment ago and is not asked again at once. See whether it runs; then try again.",
  refused: ({ code }) =>
    `Redis refused a command with ${code}. See its documentation for this code, and what the client's user may do.`,
  contended: () => "Other servers kept changing this entry of the token cache. Try again."
}

const ofEntries: Record<EntryDamaged["reason"], string> = {
  garbled: "An entry of the token cache is not what was written there. Restore it, or remove the account.",
  plain: "An entry of the token cache is not encrypted, so that anybody may have written it. Remove the"
    + " account, or set plainEntries to \"read\" while entries from before encryptionKeys are left.",
  sealed: "An entry of the token cache is encrypted. Give the key it was encrypted with in encryptionKeys.",
  unknown_key: "An entry of the token cache is encrypted by another key. Give that key, too, in encryptionKeys.",
  tampered:
    "An entry of the token cache was changed by somebody else than its writer. Restore it, or remove the account."
}
