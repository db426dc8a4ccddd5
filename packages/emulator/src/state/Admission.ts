/**
 * What stands between a person who has signed in and tokens: one rule for those who can be shown a page and for those
 * who cannot.
 */
import * as Either from "effect/Either"
import * as Directory from "../directory/Directory.js"
import type { ClaimsRequest } from "../protocol/ClaimsRequest.js"
import { type EntraError, entraError } from "../protocol/EntraError.js"
import type { Scopes } from "../protocol/Scopes.js"

/** @category models */
export interface Request {
  readonly app: Directory.App
  readonly authority: Directory.Authority
  readonly person: Directory.Person
  /** How they proved who they are, such as `pwd` and `mfa`. */
  readonly methods: ReadonlyArray<string>
  readonly scopes: Scopes
  readonly claims: ClaimsRequest
  /** What they have consented to, as a member of a tenant. */
  readonly consented: (membership: Directory.Membership) => ReadonlySet<string>
}

/**
 * The first thing in the way; the person can do something about each but a refusal.
 *
 * @category models
 */
export type Obstacle =
  | { readonly _tag: "Refused"; readonly error: EntraError }
  | { readonly _tag: "PasswordDue" }
  | { readonly _tag: "SecondFactorDue" }
  | { readonly _tag: "ConsentDue" }

/** @category getters */
export const check = (request: Request): Either.Either<Directory.Membership, Obstacle> => {
  const { app, authority, claims, methods, person, scopes } = request
  if (person.blocked) return refused(entraError(50057))
  const membership = Directory.membership(authority, person)
  if (membership === undefined) {
    const tenant = authority.tenant?.name ?? authority.segment
    return refused(entraError(50020, { username: person.username, tenant }))
  }
  if (!Directory.admits(app, membership.tenant)) {
    return refused(
      membership.tenant.personal
        ? entraError(500200, { app: app.name })
        : entraError(50020, { username: person.username, tenant: app.home.name })
    )
  }
  if (person.mustChangePassword) return Either.left({ _tag: "PasswordDue" })
  const needsMfa = person.mfa || claims.needsMfa || scopes.permissions.some(({ mfa }) => mfa)
  if (needsMfa && !methods.includes("mfa")) return Either.left({ _tag: "SecondFactorDue" })
  const forbidden = scopes.permissions.filter(({ adminOnly }) => adminOnly)
  if (forbidden.length > 0) {
    return refused(entraError(90094, { scope: forbidden.map(({ name }) => name).join(" ") }))
  }
  const consented = request.consented(membership)
  return app.consent === "granted" || consentNames(scopes).every((name) => consented.has(name))
    ? Either.right(membership)
    : Either.left({ _tag: "ConsentDue" })
}

const refused = (error: EntraError) => Either.left({ _tag: "Refused", error } as const)

/**
 * Under which names consent is kept: to being signed in to the application at all, and to each permission.
 *
 * @category getters
 */
export const consentNames = ({ permissions, resource }: Scopes): ReadonlyArray<string> => [
  "openid",
  ...permissions.map(({ name }) => `${resource.id}/${name}`)
]
