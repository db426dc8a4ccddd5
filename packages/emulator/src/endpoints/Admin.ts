/**
 * What steers the emulator over HTTP, for those who do not start it in code. Bodies are JSON.
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import * as Schema from "effect/Schema"
import { Exchange } from "../http/Exchange.js"
import * as Reply from "../http/Reply.js"
import type { Handler } from "../http/serve.js"
import { homePage } from "../pages/homePage.js"
import { requestLogPage } from "../pages/requestLogPage.js"
import { decode, type InvalidScenario } from "../scenario/InvalidScenario.js"
import * as Control from "../state/Control.js"
import { World } from "../state/World.js"

const done = Reply.json({ done: true })

/** The request steers nothing. */
class Misdirected extends Data.TaggedError("Misdirected")<{
  readonly status: number
  readonly error: string
  readonly message: string
}> {}

/** No page of another site may steer the emulator through somebody's browser. */
const refuseOtherSites = Effect.flatMap(
  Exchange,
  ({ headers, origin }) =>
    (headers["origin"] ?? origin) === origin && !["cross-site", "same-site"].includes(headers["sec-fetch-site"] ?? "")
      ? Effect.void
      : Effect.fail(
        new Misdirected({
          status: 403,
          error: "other_site",
          message: "A page of another site cannot steer the emulator."
        })
      )
)

const malformed = (message: string) => new Misdirected({ status: 400, error: "malformed_request", message })

type Steer = (body: unknown, name: string) => Effect.Effect<
  void,
  InvalidScenario | Control.UnknownUser,
  World | Exchange
>

const steer = (take: Steer): Handler =>
  Effect.gen(function*() {
    yield* refuseOtherSites
    const { body, path } = yield* Exchange
    const value: unknown = body === "" ? undefined : yield* Effect.try({
      try: (): unknown => JSON.parse(body),
      catch: () => malformed("The body is not JSON.")
    })
    const name = yield* Effect.try({
      try: () => decodeURIComponent(path.split("/")[3] ?? ""),
      catch: () => malformed("The address is badly percent-encoded.")
    })
    yield* take(value, name)
    return done
  }).pipe(
    Effect.catchTags({
      InvalidScenario: ({ message, problems }) =>
        Effect.succeed(Reply.json({ error: "invalid_scenario", error_description: message, problems }, 400)),
      Misdirected: ({ error, message, status }) =>
        Effect.succeed(Reply.json({ error, error_description: message }, status)),
      UnknownUser: ({ message }) =>
        Effect.succeed(Reply.json({ error: "unknown_user", error_description: message }, 404))
    })
  )

/** @category endpoints */
export const home: Handler = Effect.gen(function*() {
  const directory = yield* Ref.get((yield* World).directory)
  return Reply.page(homePage(directory, (yield* Exchange).origin))
})

/**
 * JSON, or a page for who asks for one.
 *
 * @category endpoints
 */
export const requests: Handler = Effect.gen(function*() {
  const all = yield* (yield* World).log.all
  const { headers } = yield* Exchange
  return (headers["accept"] ?? "").includes("text/html")
    ? Reply.page(requestLogPage(all))
    : Reply.json({ requests: all })
})

/** @category endpoints */
export const clearRequests: Handler = steer(() => Effect.flatMap(World, ({ log }) => log.clear))

/** @category endpoints */
export const faults: Handler = Effect.map(
  Effect.flatMap(World, ({ faults }) => faults.pending),
  (pending) => Reply.json({ faults: pending })
)

/** @category endpoints */
export const addFault: Handler = steer((fault) => Control.addFault(fault))

/** @category endpoints */
export const clearFaults: Handler = steer(() => Effect.flatMap(World, ({ faults }) => faults.clear))

/** @category endpoints */
export const putUser: Handler = steer((user) => Control.putUser(user))

const Changes = Schema.Record({ key: Schema.String, value: Schema.Unknown }).annotations({ description: "an object" })

/** @category endpoints */
export const changeUser: Handler = steer((changes, username) =>
  Effect.flatMap(decode(Changes)(changes), (decoded) => Control.changeUser(username, decoded))
)

/** @category endpoints */
export const putApp: Handler = steer((app) => Control.putApp(app))

/** @category endpoints */
export const revokeSessions: Handler = steer((_, username) => Control.revokeSessions(username))

/** @category endpoints */
export const challenge: Handler = steer((_, username) => Control.challenge(username))

const Rotation = Schema.Struct({ withdraw: Schema.optional(Schema.Boolean) })

/** @category endpoints */
export const rotateSigningKey: Handler = steer((options = {}) =>
  Effect.flatMap(decode(Rotation)(options), (decoded) => Effect.flatMap(World, ({ keys }) => keys.rotate(decoded)))
)

/** @category endpoints */
export const reset: Handler = steer((scenario) => Control.reset(scenario))
