/**
 * A browser, and who is signed in there.
 */
import * as Effect from "effect/Effect"
import { Exchange } from "../http/Exchange.js"
import * as Reply from "../http/Reply.js"
import type { Authentication } from "../state/Authentication.js"
import type { SignedIn } from "../state/SignIn.js"
import { World } from "../state/World.js"

const cookieName = "grantwork-emulator"

/**
 * What a browser brings along once it is known.
 *
 * @category constructors
 */
export const cookie = (browserId: string): string => `${cookieName}=${browserId}`

/** @category models */
export interface Browser {
  readonly id: string
  readonly isNew: boolean
}

/**
 * The browser that the request came from; a new one where it brings no cookie.
 *
 * @category getters
 */
export const browser: Effect.Effect<Browser, never, World | Exchange> = Effect.gen(function*() {
  const { identifiers } = yield* World
  const id = (yield* Exchange).cookies[cookieName]
  return id === undefined || !/^[\w-]{43}$/.test(id)
    ? { id: yield* identifiers.secret(""), isNew: true }
    : { id, isNew: false }
})

/** @category combinators */
export const remember = (reply: Reply.Reply, { id, isNew }: Browser): Reply.Reply =>
  isNew ? Reply.withCookie(reply, `${cookie(id)}; Path=/; HttpOnly; Secure; SameSite=Lax`) : reply

/** @category getters */
export const signedIn = (browserId: string): Effect.Effect<ReadonlyArray<SignedIn>, never, World> =>
  Effect.flatMap(World, ({ sessions }) => Effect.map(sessions.get(browserId), (people) => people ?? []))

/**
 * Puts the person first among those signed in.
 *
 * @category programs
 */
export const add = (
  browserId: string,
  personId: string,
  authentication: Authentication
): Effect.Effect<void, never, World> =>
  Effect.gen(function*() {
    const { sessions } = yield* World
    const others = (yield* signedIn(browserId)).filter((one) => one.personId !== personId)
    yield* sessions.set(browserId, [{ personId, authentication }, ...others])
  })

/** @category programs */
export const end = (browserId: string): Effect.Effect<void, never, World> =>
  Effect.flatMap(World, ({ sessions }) => Effect.asVoid(sessions.take(browserId)))
