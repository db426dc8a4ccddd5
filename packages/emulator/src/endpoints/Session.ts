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

/** @category models */
export interface Browser {
  readonly id: string
  readonly isNew: boolean
}

/**
 * The browser that the request came from, if the emulator issued what it brings.
 *
 * @category getters
 */
export const known: Effect.Effect<string | undefined, never, World | Exchange> = Effect.gen(function*() {
  const { sessions } = yield* World
  const id = (yield* Exchange).cookies[cookieName]
  return id === undefined || (yield* sessions.get(id)) === undefined ? undefined : id
})

/**
 * The browser that the request came from; a new one where it is not known.
 *
 * @category getters
 */
export const browser: Effect.Effect<Browser, never, World | Exchange> = Effect.gen(function*() {
  const id = yield* known
  return id === undefined ? { id: yield* issue([]), isNew: true } : { id, isNew: false }
})

const issue = (people: ReadonlyArray<SignedIn>) =>
  Effect.gen(function*() {
    const { identifiers, sessions } = yield* World
    const id = yield* identifiers.secret("")
    yield* sessions.set(id, people)
    return id
  })

/**
 * Lets a new browser be known again, also where an application at another site leads it here by a form.
 *
 * @category combinators
 */
export const remember = (reply: Reply.Reply, { id, isNew }: Browser): Reply.Reply =>
  isNew ? Reply.withCookie(reply, `${cookieName}=${id}; Path=/; HttpOnly; Secure; SameSite=None`) : reply

/**
 * Those whose sign-in was not revoked since.
 *
 * @category getters
 */
export const signedIn = (browserId: string): Effect.Effect<ReadonlyArray<SignedIn>, never, World> =>
  Effect.gen(function*() {
    const { revokedUpTo, sessions } = yield* World
    return yield* Effect.filter(
      (yield* sessions.get(browserId)) ?? [],
      ({ authentication, personId }) =>
        Effect.map(revokedUpTo.get(personId), (last = 0) => authentication.serial > last)
    )
  })

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

/**
 * Goes on under another identifier, with all sign-ins under way, so that nobody who knew the old one is let in.
 *
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html
 * @category programs
 */
export const renew = (browserId: string): Effect.Effect<string, never, World> =>
  Effect.gen(function*() {
    const { sessions, signIns } = yield* World
    const id = yield* issue((yield* sessions.take(browserId)) ?? [])
    const own = (yield* signIns.entries).filter(([, signIn]) => signIn.browser === browserId)
    yield* Effect.forEach(own, ([key, signIn]) => signIns.set(key, { ...signIn, browser: id }), { discard: true })
    return id
  })

/**
 * Nobody is signed in there any more.
 *
 * @category programs
 */
export const end = (browserId: string): Effect.Effect<void, never, World> =>
  Effect.flatMap(World, ({ sessions }) => sessions.set(browserId, []))
