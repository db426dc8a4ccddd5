/**
 * Whether what failed may be sent once more.
 */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { MalformedResponse, NetworkFailure } from "../AuthError.js"
import { ClientApplication } from "../services/ClientApplication.js"
import type { Answer } from "./Exchange.js"

/**
 * What sending a request once more may do.
 *
 * - `nothing`: it may be sent as often as one likes
 * - `uses_up`: the provider takes what is in it once only, so that it is sent again only where it cannot have arrived
 *
 * @category models
 */
export type Repetition = "nothing" | "uses_up"

type Failure = NetworkFailure | MalformedResponse

/** Codes of connections that never came about. */
const neverSent = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "UND_ERR_CONNECT_TIMEOUT"
])

const shortestPause = 200
const longestPause = 1000

/**
 * Sends once more after a lost connection or a timeout, or an answer of 408 or 5xx that does not say when to come back.
 *
 * @category combinators
 */
export const once = <R>(
  exchange: Effect.Effect<Answer, Failure, R>,
  repetition: Repetition
): Effect.Effect<Answer, Failure, R | ClientApplication> =>
  Effect.gen(function*() {
    const { retries } = yield* ClientApplication
    const pause = Effect.flatMap(Random.nextRange(shortestPause, longestPause), (millis) => Effect.sleep(millis))
    const again = Effect.zipRight(pause, exchange)
    if (!retries) {
      return yield* exchange
    }
    const answer = yield* Effect.catchIf(exchange, (failure) => mayFollow(failure, repetition), () => again)
    return repetition === "nothing" && isPassing(answer) ? yield* again : answer
  })

const mayFollow = (failure: Failure, repetition: Repetition): boolean =>
  failure._tag === "NetworkFailure"
  && (repetition === "nothing" || neverSent.has(failure.code ?? ""))

const isPassing = ({ headers, status }: Answer): boolean =>
  (status === 408 || status >= 500) && headers["retry-after"] === undefined
