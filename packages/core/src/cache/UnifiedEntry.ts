/**
 * One entry of MSAL's cache JSON: where it stands, and whose it is.
 *
 * @see https://github.com/AzureAD/microsoft-authentication-library-for-python/blob/dev/msal/token_cache.py
 */
import * as Predicate from "effect/Predicate"
import * as Authority from "../domain/Authority.js"
import * as Partition from "./Partition.js"

/** @category models */
export type Entry = Readonly<Record<string, unknown>>

/**
 * The JSON as a whole.
 *
 * @category models
 */
export type Sections = Readonly<Record<string, unknown>>

/**
 * A section's entries by their keys; none where there is no such section.
 *
 * @category getters
 */
export const sectionOf = (sections: Sections, name: string): Sections => {
  const section = sections[name]
  return Predicate.isRecord(section) ? section : {}
}

/**
 * The sections whose entries belong to an account, or to a client in its own name. Tokens bound to a key have one of their
 * own: MSAL for Python takes whatever it finds among the others for a bearer token.
 *
 * @category constants
 */
export const sections = ["AccessToken", "AccessToken_With_AuthScheme", "RefreshToken", "IdToken", "Account"] as const

/** @category models */
export type Section = typeof sections[number]

/**
 * Where an entry stands in the JSON.
 *
 * @category models
 */
export interface Written {
  readonly section: Section
  readonly key: string
  readonly entry: Entry
}

/**
 * The provider an entry names, none where it names none.
 *
 * @category getters
 */
export const provider = (entry: Entry): string | undefined => {
  const host = environment(entry)
  return host === undefined ? undefined : Authority.providerOf(host)
}

/**
 * Whose entry of a provider's it is, none where it does not say.
 *
 * @category getters
 */
export const owner = (section: Section, entry: Entry, provider: string): Partition.Key | undefined => {
  const homeAccountId = text(entry, "home_account_id")
  if (homeAccountId !== undefined) {
    return Partition.userKeyAt(provider, homeAccountId)
  }
  const clientId = text(entry, "client_id")
  return section.startsWith("AccessToken") && clientId !== undefined && isOwnerless(entry)
    ? { _tag: "App", provider, clientId, tenant: requestedTenant(entry) }
    : undefined
}

/**
 * Whether an entry says that it is no person's.
 *
 * @category predicates
 */
export const isOwnerless = (entry: Entry): boolean =>
  Predicate.isNullable(entry["home_account_id"]) || entry["home_account_id"] === ""

/**
 * The first of these members that is a non-empty text.
 *
 * @category getters
 */
export const text = (entry: Entry, ...names: ReadonlyArray<string>): string | undefined => {
  for (const name of names) {
    const value = entry[name]
    if (typeof value === "string" && value !== "") {
      return value
    }
  }
  return undefined
}

/**
 * Whether a member says nothing: MSAL writes null, an empty text or an empty object too.
 *
 * @category predicates
 */
export const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === ""
  || (typeof value === "object" && Object.keys(value).length === 0)

/**
 * Host in lower case, or an issuer, which tells letter cases apart.
 *
 * @category getters
 */
export const environment = (entry: Entry): string | undefined => {
  const named = text(entry, "environment")
  return named === undefined || isIssuer(named) ? named : named.toLowerCase()
}

/**
 * Whether an environment is an issuer rather than a host.
 *
 * @category predicates
 */
export const isIssuer = (environment: string): boolean => environment.includes("://")

/**
 * The tenant an access token was asked of, as the request named it.
 *
 * @category getters
 */
export const requestedTenant = (entry: Entry): string => {
  const requested = entry["requested_realm"]
  return (typeof requested === "string" ? requested : text(entry, "realm") ?? "").toLowerCase()
}
