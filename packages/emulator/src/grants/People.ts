/**
 * Whether somebody may have tokens without a page being shown.
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Ref from "effect/Ref"
import * as Directory from "../directory/Directory.js"
import * as ClaimsRequest from "../protocol/ClaimsRequest.js"
import { type EntraError, entraError } from "../protocol/EntraError.js"
import * as Scopes from "../protocol/Scopes.js"
import * as Admission from "../state/Admission.js"
import type { Authentication } from "../state/Authentication.js"
import { World } from "../state/World.js"
import * as Consent from "./Consent.js"

/** @category models */
export interface Request {
  readonly app: Directory.App
  readonly authority: Directory.Authority
  readonly person: Directory.Person
  readonly authentication: Authentication
  readonly scopes: Scopes.Scopes
  readonly claims: ClaimsRequest.ClaimsRequest
}

/**
 * The person as a member of the tenant that is asked; refuses whose sign-in was revoked, and who is blocked, elsewhere,
 * has not consented, or lacks a second factor.
 *
 * @category programs
 */
export const admit = (
  { app, authentication, authority, claims, person, scopes }: Request
): Effect.Effect<Directory.Membership, EntraError, World> =>
  Effect.gen(function*() {
    const { revokedUpTo } = yield* World
    if (authentication.serial <= ((yield* revokedUpTo.get(person.id)) ?? 0)) return yield* entraError(50173)
    const membership = Directory.membership(authority, person)
    const consented = membership === undefined ? new Set<string>() : yield* Consent.given(app, membership)
    const { methods } = authentication
    const asked = Scopes.current(scopes, yield* Ref.get((yield* World).directory))
    return yield* Either.mapLeft(
      Admission.check({ app, authority, person, methods, scopes: asked, claims, consented: () => consented }),
      (obstacle) => {
        switch (obstacle._tag) {
          case "Refused":
            return obstacle.error
          case "PasswordDue":
            return entraError(50055)
          case "SecondFactorDue":
            return entraError(50076, { resource: scopes.resource.name }, { claims: ClaimsRequest.mfaChallenge })
          case "ConsentDue":
            return entraError(65001, { app: app.name })
        }
      }
    )
  })

/**
 * The person that an earlier answer was for; refuses where they are gone since.
 *
 * @category programs
 */
export const still = (personId: string): Effect.Effect<Directory.Person, EntraError, World> =>
  Effect.gen(function*() {
    const directory = yield* Ref.get((yield* World).directory)
    return Directory.personById(directory, personId) ?? (yield* entraError(50034, { username: "", tenant: "" }))
  })
