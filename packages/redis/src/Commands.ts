/**
 * Sends commands to Redis, and waits for no answer longer than it may.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as CircuitBreaker from "./CircuitBreaker.js"
import type * as Client from "./Client.js"
import * as Deadlines from "./Deadlines.js"
import { fromRejection, RedisFailure } from "./RedisFailure.js"

/** @category models */
export interface Commands {
  readonly send: <A>(command: (redis: Client.Commands) => Promise<A>) => Effect.Effect<A, RedisFailure>
}

/** Milliseconds; the longest that timers know. */
const longest = 2 ** 31 - 1

/**
 * A command that is given up is not sent any more where it waits in the client's queue; what has been sent may be done
 * later. The time is in milliseconds.
 *
 * @category constructors
 */
export const make = (client: Client.Client, timeout: number): Effect.Effect<Commands, never, Scope.Scope> =>
  Effect.map(Deadlines.make(timeout), (within) => {
    const redis = client.withCommandOptions({ timeout: Math.min(Math.ceil(timeout), longest), typeMapping: {} })
    const guarded = CircuitBreaker.make()
    const silent = () => new RedisFailure({ reason: "silent" })
    return { send: (command) => guarded(within(() => command(redis), fromRejection, silent)) }
  })
