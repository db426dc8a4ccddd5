/**
 * What a law expects to find, and how it says that it found something else: never with a secret in the words.
 */
import type { CacheUnavailable } from "@grantwork/core/AuthError"
import type * as Partition from "@grantwork/core/Partition"
import type * as TokenCache from "@grantwork/core/TokenCache"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"

/**
 * Something that a law expects is otherwise.
 *
 * @category errors
 */
export class Unmet extends Data.TaggedError("Unmet")<{
  readonly what: string
  readonly expected: string
  readonly found: string
}> {}

/**
 * Values by where they stand; those whose place ends in `secret` are never shown.
 *
 * @category models
 */
export type Description = ReadonlyMap<string, string | number | boolean | null>

/**
 * A partition by its values, whatever the order of records and scopes, which no cache promises. An account's
 * `authority_type` is its `authorityType` in MSAL's words, and counts as no member of its own.
 *
 * @category getters
 */
export const describe = (partition: Partition.Partition): Description => {
  const values = new Map<string, string | number | boolean | null>()
  const note = (place: ReadonlyArray<string | number>, members: Readonly<Record<string, unknown>>) => {
    for (const [name, value] of Object.entries(members)) {
      values.set(`${place.map((part) => JSON.stringify(part)).join(" ")} ${name}`, plain(value))
    }
  }
  for (const [tenantId, { account, foreign }] of partition.accounts) {
    note(["account", tenantId], { ...members(account), foreign: without(foreign, "authority_type") })
  }
  for (const [clientId, tokens] of partition.accessTokens) {
    for (const [index, token] of [...tokens].sort(inOrder).entries()) {
      const scopes = JSON.stringify([...token.scopes].sort())
      note(["access token", clientId, index], { ...token, scopes, foreign: token.foreign ?? {} })
    }
  }
  for (const [clientId, token] of partition.refreshTokens) {
    note(["refresh token", clientId], { ...token, foreign: token.foreign ?? {} })
  }
  for (const [clientId, tenants] of partition.idTokens) {
    for (const [tenantId, token] of tenants) {
      note(["ID token", clientId, tenantId], { ...token, foreign: token.foreign ?? {} })
    }
  }
  return values
}

type AccessTokenRecord = Parameters<typeof Partition.addAccessToken>[1]

const inOrder = (one: AccessTokenRecord, other: AccessTokenRecord): number =>
  other.cachedAt.epochMillis - one.cachedAt.epochMillis
  || other.expiresAt.epochMillis - one.expiresAt.epochMillis
  || (textOf(one) < textOf(other) ? -1 : 1)

const textOf = ({ requestedTenant, scopes, secret, tenantId }: AccessTokenRecord): string =>
  JSON.stringify([tenantId, requestedTenant, [...scopes].sort(), Redacted.value(secret)])

const members = (value: object): Readonly<Record<string, unknown>> => Object.fromEntries(Object.entries(value))

const without = (members: Readonly<Record<string, unknown>> = {}, name: string) =>
  Object.fromEntries(Object.entries(members).filter(([one]) => one !== name))

const plain = (value: unknown): string | number | boolean | null => {
  if (Option.isOption(value)) {
    return Option.match(value, { onNone: () => null, onSome: plain })
  }
  if (Redacted.isRedacted(value)) {
    return String(Redacted.value(value))
  }
  if (Predicate.hasProperty(value, "epochMillis")) {
    return Number(value.epochMillis)
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? value
    : JSON.stringify(sorted(value))
}

/** With the members of objects in the order of their names. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    return value.map(sorted)
  }
  return Predicate.isRecord(value)
    ? Object.fromEntries(
      Object.entries(value).sort(([one], [other]) => one < other ? -1 : 1).map(([name, one]) => [name, sorted(one)])
    )
    : value
}

const shown = (place: string, value: string | number | boolean | null | undefined): string => {
  if (value === undefined) {
    return "nothing"
  }
  if (place.endsWith("secret")) {
    return "a secret"
  }
  return abridged(JSON.stringify(value))
}

const abridged = (text: string): string =>
  text.length <= 120 ? text : `${text.slice(0, 120)}... (${text.length} characters)`

/** Where two descriptions differ. */
const difference = (what: string, found: Description, expected: Description): Option.Option<Unmet> => {
  const place = [...new Set([...expected.keys(), ...found.keys()])].find((one) => expected.get(one) !== found.get(one))
  if (place === undefined) {
    return Option.none()
  }
  const isOtherSecret = place.endsWith("secret") && expected.has(place) && found.has(place)
  return Option.some(
    new Unmet({
      what: `${what}: ${abridged(place)}`,
      expected: shown(place, expected.get(place)),
      found: isOtherSecret ? "another secret" : shown(place, found.get(place))
    })
  )
}

/** @category combinators */
export const expectSame = (what: string, found: Description, expected: Description): Effect.Effect<void, Unmet> =>
  Option.match(difference(what, found, expected), { onNone: () => Effect.void, onSome: Effect.fail })

/**
 * Expects equal values, which may hold no secret.
 *
 * @category combinators
 */
export const expectEqual = (what: string, found: unknown, expected: unknown): Effect.Effect<void, Unmet> =>
  plain(found) === plain(expected)
    ? Effect.void
    : new Unmet({ what, expected: shown("", plain(expected)), found: shown("", plain(found)) })

/**
 * Expects what a partition holds.
 *
 * @category combinators
 */
export const expectHeld = (
  cache: TokenCache.Service,
  key: Partition.Key,
  expected: Partition.Partition
): Effect.Effect<void, Unmet | CacheUnavailable> =>
  Effect.flatMap(cache.read(key), (found) => expectSame(nameOf(key), describe(found), describe(expected)))

const nameOf = (key: Partition.Key): string =>
  abridged(
    key._tag === "User"
      ? `the partition of ${JSON.stringify(key.homeAccountId)} at ${key.provider}`
      : `the own partition of ${JSON.stringify(key.clientId)} in ${JSON.stringify(key.tenant)} at ${key.provider}`
  )

/**
 * Expects an end within 20 seconds by the fiber's clock, under a `TestClock` only as it is adjusted.
 *
 * @category combinators
 */
export const expectEnd =
  (what: string, seconds = 20) => <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | Unmet, R> =>
    Effect.timeoutFail(Effect.disconnect(effect), {
      duration: Duration.seconds(seconds),
      onTimeout: () => new Unmet({ what, expected: "over", found: `not over after ${seconds} seconds` })
    })
