/**
 * Everything that steers an emulator.
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Ref from "effect/Ref"
import * as Schema from "effect/Schema"
import * as Directory from "../directory/Directory.js"
import { Fault } from "../scenario/Fault.js"
import { decode, InvalidScenario } from "../scenario/InvalidScenario.js"
import * as Scenario from "../scenario/Scenario.js"
import { World } from "./World.js"

/**
 * The directory has nobody of this name.
 *
 * @category errors
 */
export class UnknownUser extends Data.TaggedError("UnknownUser")<{ readonly username: string }> {
  override get message(): string {
    return `There is no user ${this.username}.`
  }
}

/**
 * Reads a scenario, with its references.
 *
 * @category constructors
 */
export const readScenario = (input: unknown): Either.Either<Directory.Directory, InvalidScenario> =>
  Either.flatMap(decode(Scenario.Scenario)(input), readDirectory)

const readDirectory = (scenario: Scenario.Scenario): Either.Either<Directory.Directory, InvalidScenario> =>
  Either.mapLeft(Directory.make(scenario), (problems) => new InvalidScenario({ problems }))

const update = (change: (scenario: Scenario.Scenario) => Either.Either<Scenario.Scenario, InvalidScenario>) =>
  Effect.gen(function*() {
    const { directory } = yield* World
    const before = yield* Ref.get(directory)
    const after = yield* Either.flatMap(change(before.scenario), readDirectory)
    yield* Ref.set(directory, after)
    const renewed = after.people.filter(({ id, password }) =>
      (Directory.personById(before, id)?.password ?? password) !== password
    )
    yield* Effect.forEach(renewed, ({ id }) => revoke(id), { discard: true })
  })

/**
 * Starts over with this scenario, or with the one of now: nobody is signed in, and nothing is issued.
 *
 * @category programs
 */
export const reset = (scenario?: unknown): Effect.Effect<void, InvalidScenario, World> =>
  Effect.gen(function*() {
    const world = yield* World
    const directory = scenario === undefined ? yield* Ref.get(world.directory) : yield* readScenario(scenario)
    yield* world.restart(directory)
  })

/**
 * Adds a user, or replaces the one of this name.
 *
 * @category programs
 */
export const putUser = (user: unknown): Effect.Effect<void, InvalidScenario, World> =>
  Effect.gen(function*() {
    yield* update((scenario) =>
      Either.map(decode(Scenario.User)(user), (added) => ({
        ...scenario,
        users: [...scenario.users.filter((one) => !isNamed(added.username)(one)), added]
      }))
    )
  })

/**
 * Adds an application, or replaces the one of this id.
 *
 * @category programs
 */
export const putApp = (app: unknown): Effect.Effect<void, InvalidScenario, World> =>
  Effect.gen(function*() {
    yield* update((scenario) =>
      Either.map(decode(Scenario.App)(app), (added) => ({
        ...scenario,
        apps: [...scenario.apps.filter(({ id }) => id !== added.id), added]
      }))
    )
  })

/**
 * Changes some fields of a user, who stays the same person. A new password revokes what came of the one before.
 *
 * @category programs
 */
export const changeUser = (
  username: string,
  changes: Readonly<Record<string, unknown>>
): Effect.Effect<void, InvalidScenario | UnknownUser, World> =>
  Effect.gen(function*() {
    const person = yield* find(username)
    const isMeant = isNamed(person.username)
    yield* update((scenario) =>
      Either.map(
        Either.all(
          scenario.users.map((user) => isMeant(user) ? changed(user, person.id, changes) : Either.right(user))
        ),
        (users) => ({ ...scenario, users })
      )
    )
  })

const changed = (user: Scenario.User, id: string, changes: Readonly<Record<string, unknown>>) =>
  Either.filterOrLeft(
    decode(Scenario.User)({ ...Schema.encodeSync(Scenario.User)(user), id, ...changes }),
    (after) => after.id === id,
    () => new InvalidScenario({ problems: [{ path: ["id"], message: "has to stay the same" }] })
  )

/**
 * Lets a fault befall requests from now on.
 *
 * @category programs
 */
export const addFault = (fault: unknown): Effect.Effect<void, InvalidScenario, World> =>
  Effect.gen(function*() {
    const { faults } = yield* World
    yield* faults.add(yield* decode(Fault)(fault))
  })

/**
 * Refuses the codes and refresh tokens that a person has by now, signs them out of every browser, and lets resources
 * demand newer access tokens.
 *
 * @category programs
 */
export const revokeSessions = (username: string): Effect.Effect<void, UnknownUser, World> =>
  Effect.gen(function*() {
    const { id } = yield* find(username)
    yield* revoke(id)
  })

const revoke = (personId: string) =>
  Effect.gen(function*() {
    const { challengedUpTo, revokedUpTo, serial } = yield* World
    const last = yield* Ref.get(serial)
    yield* revokedUpTo.set(personId, last)
    yield* challengedUpTo.set(personId, last)
  })

/**
 * Lets resources demand newer access tokens than a person has by now.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge
 * @category programs
 */
export const challenge = (username: string): Effect.Effect<void, UnknownUser, World> =>
  Effect.gen(function*() {
    const { challengedUpTo, serial } = yield* World
    const { id } = yield* find(username)
    yield* challengedUpTo.set(id, yield* Ref.get(serial))
  })

const find = (username: string) =>
  Effect.gen(function*() {
    const directory = yield* Ref.get((yield* World).directory)
    return Directory.personByName(directory, username) ?? (yield* new UnknownUser({ username }))
  })

const isNamed = (username: string) => (user: Scenario.User): boolean =>
  user.username.toLowerCase() === username.toLowerCase()
