/**
 * What a person has consented to.
 */
import * as Effect from "effect/Effect"
import type * as Directory from "../directory/Directory.js"
import { type EntraError, entraError } from "../protocol/EntraError.js"
import type { Scopes } from "../protocol/Scopes.js"
import { consentName, signInConsent } from "../state/SignIn.js"
import { World } from "../state/World.js"

const key = (app: Directory.App, { objectId, tenant }: Directory.Membership): string =>
  `${objectId} ${tenant.id} ${app.id}`

/** @category getters */
export const given = (
  app: Directory.App,
  membership: Directory.Membership
): Effect.Effect<ReadonlySet<string>, never, World> =>
  Effect.flatMap(World, ({ consents }) => Effect.map(consents.get(key(app, membership)), (names) => names ?? new Set()))

/** @category programs */
export const give = (
  app: Directory.App,
  membership: Directory.Membership,
  scopes: Scopes
): Effect.Effect<void, never, World> =>
  Effect.gen(function*() {
    const { consents } = yield* World
    const names = scopes.permissions.map(({ name }) => consentName(scopes, name))
    yield* consents.set(key(app, membership), new Set([...(yield* given(app, membership)), signInConsent, ...names]))
  })

/**
 * Refuses a request without a page where the person would have to be asked first, or nobody but an administrator could
 * consent.
 *
 * @category programs
 */
export const require = (
  app: Directory.App,
  membership: Directory.Membership,
  scopes: Scopes
): Effect.Effect<void, EntraError, World> =>
  Effect.gen(function*() {
    const forbidden = scopes.permissions.filter(({ adminOnly }) => adminOnly)
    if (forbidden.length > 0) {
      return yield* entraError(90094, { scope: forbidden.map(({ name }) => name).join(" ") })
    }
    const names = yield* given(app, membership)
    const needed = [signInConsent, ...scopes.permissions.map(({ name }) => consentName(scopes, name))]
    return app.consent === "granted" || needed.every((name) => names.has(name))
      ? undefined
      : yield* entraError(65001, { app: app.name })
  })
