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
    const { scenario } = yield* Ref.get(directory)
    yield* Ref.set(directory, yield* Either.flatMap(change(scenario), readDirectory))
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
    const stores = [
      world.codes,
      world.refreshTokens,
      world.revokedLineages,
      world.deviceCodes,
      world.sessions,
      world.signIns,
      world.consents,
      world.revokedUpTo,
      world.challengedUpTo
    ]
    yield* Effect.forEach(stores, ({ clear }) => clear, { discard: true })
    yield* world.keys.reset
    yield* world.log.clear
    yield* world.faults.clear
    yield* Effect.forEach(directory.scenario.faults, world.faults.add, { discard: true })
    yield* Ref.set(world.directory, directory)
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
 * Changes some fields of a user, who stays the same person.
 *
 * @category programs
 */
export const changeUser = (
  username: string,
  changes: Readonly<Record<string, unknown>>
): Effect.Effect<void, InvalidScenario | UnknownUser, World> =>
  Effect.gen(function*() {
    const { id } = yield* find(username)
    yield* update((scenario) =>
      Either.map(
        Either.all(
          scenario.users.map((user) => isNamed(username)(user) ? changed({ ...user, id }, changes) : Either.right(user))
        ),
        (users) => ({ ...scenario, users })
      )
    )
  })

const changed = (user: Scenario.User, changes: Readonly<Record<string, unknown>>) =>
  decode(Scenario.User)({ ...Schema.encodeSync(Scenario.User)(user), ...changes })

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
 * Refuses the refresh tokens that a person has by now, and lets resources demand newer access tokens.
 *
 * @category programs
 */
export const revokeSessions = (username: string): Effect.Effect<void, UnknownUser, World> =>
  Effect.gen(function*() {
    const { revokedUpTo, serial } = yield* World
    const { id } = yield* find(username)
    yield* revokedUpTo.set(id, yield* Ref.get(serial))
    yield* challenge(username)
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
