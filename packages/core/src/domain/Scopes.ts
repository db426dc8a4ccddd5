/**
 * Scopes: what a token is for.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-3.3
 */
import * as Either from "effect/Either"
import { InvalidArgument } from "../AuthError.js"

/**
 * Scope tokens without duplicates, in the caller's order.
 *
 * @category models
 */
export type Scopes = ReadonlyArray<string>

/**
 * What every sign-in asks for besides the caller's scopes: an ID token, a name and a refresh token.
 *
 * @category constants
 */
export const signInScopes: Scopes = ["openid", "profile", "offline_access"]

const scopeToken = /^[\x21\x23-\x5B\x5D-\x7E]+$/
const describesThePerson = new Set(["openid", "profile", "offline_access", "email"])

const isList = (value: unknown): value is ReadonlyArray<unknown> => Array.isArray(value)

/**
 * Checks the caller's scopes; an empty list means sign-in only.
 *
 * @category constructors
 */
export const parse = (
  scopes: ReadonlyArray<string>,
  argument = "scopes"
): Either.Either<Scopes, InvalidArgument> => {
  if (!isList(scopes)) {
    return refuse(argument, `${argument} has to be an array of strings, one scope each.`)
  }
  for (const scope of scopes) {
    if (typeof scope !== "string" || !scopeToken.test(scope)) {
      return refuse(
        argument,
        `Each element of ${argument} is one scope: printable ASCII without blanks, quotes or backslashes.`
          + " Split a blank-separated list into its elements."
      )
    }
  }
  return Either.right(scopes.length < 2 ? [...scopes] : [...new Set(scopes)])
}

const refuse = (argument: string, message: string) => Either.left(new InvalidArgument({ argument, message }))

/**
 * The caller's scopes, then those of every sign-in.
 *
 * @category combinators
 */
export const forSignIn = (scopes: Scopes): Scopes => [...new Set([...scopes, ...signInScopes])]

/**
 * The caller's scopes and those of an ID token, or none at all for whatever was granted before. A refresh may not ask
 * for more than that, and providers grant refresh tokens without granting `offline_access`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-6
 * @category combinators
 */
export const forRefresh = (scopes: Scopes): Scopes =>
  scopes.length === 0 ? [] : [...new Set([...scopes, "openid", "profile"])]

/**
 * Checks the scopes of a client in its own name: what describes a person has no place there.
 *
 * @category constructors
 */
export const parseForClient = (scopes: ReadonlyArray<string>): Either.Either<Scopes, InvalidArgument> =>
  Either.filterOrLeft(
    parse(scopes),
    (parsed) => !parsed.some((scope) => describesThePerson.has(scope)),
    () =>
      new InvalidArgument({
        argument: "scopes",
        message: "scopes of a client in its own name must not have openid, profile, email or offline_access."
      })
  )

/**
 * Reads a blank-separated list off the wire.
 *
 * @category constructors
 */
export const fromWire = (scope: string): Scopes => [...new Set(scope.split(" ").filter((token) => token !== ""))]

/**
 * The list as it goes on the wire.
 *
 * @category destructors
 */
export const toWire = (scopes: Scopes): string => scopes.join(" ")

/**
 * The first scope that a token has to be granted, where there is one.
 *
 * @category getters
 */
export const first = (scopes: Scopes): string | undefined => scopes.find((scope) => !describesThePerson.has(scope))

/**
 * Whether a token granted for some scopes serves others: OpenID Connect's own scopes do not count, and the letter case
 * only does where the provider tells cases apart.
 *
 * @category predicates
 */
export const covers = (granted: Scopes, requested: Scopes, caseSensitive: boolean): boolean => {
  const isHeld = granted.length * requested.length <= few ? among(granted) : inSet(granted)
  return requested.every((scope) => describesThePerson.has(scope) || isHeld(scope))
    || (!caseSensitive && covers(granted.map(toLowerCase), requested.map(toLowerCase), true))
}

/**
 * Whether two lists name the same scopes, in whatever order.
 *
 * @category predicates
 */
export const areSame = (one: Scopes, other: Scopes, caseSensitive: boolean): boolean => {
  const [first, second] = [one, other].map((scopes) => new Set(caseSensitive ? scopes : scopes.map(toLowerCase)))
  return first?.size === second?.size && [...first ?? []].every((scope) => second?.has(scope) === true)
}

const few = 64
const among = (scopes: Scopes) => (scope: string): boolean => scopes.includes(scope)
const inSet = (scopes: Scopes) => {
  const set = new Set(scopes)
  return (scope: string): boolean => set.has(scope)
}
const toLowerCase = (scope: string): string => scope.toLowerCase()
