/**
 * What a person has consented to.
 */
import * as Effect from "effect/Effect"
import type * as Directory from "../directory/Directory.js"
import type { Scopes } from "../protocol/Scopes.js"
import { consentNames } from "../state/Admission.js"
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
    yield* consents.set(key(app, membership), new Set([...(yield* given(app, membership)), ...consentNames(scopes)]))
  })
