/**
 * Answers of a provider that is down or wants fewer requests.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { ServerUnavailable, Throttled } from "../AuthError.js"
import * as RetryAfter from "../protocol/RetryAfter.js"
import type { Answer } from "./Exchange.js"

/**
 * Seconds the answer asks to wait, undefined where it asks nothing.
 *
 * @category getters
 */
export const retryAfter = ({ headers }: Answer): Effect.Effect<number | undefined> =>
  Effect.map(Clock.currentTimeMillis, (now) => RetryAfter.seconds(headers["retry-after"], now))

/**
 * Fails where the status alone says that there is no use in reading on.
 *
 * @category combinators
 */
export const refuse = (answer: Answer): Effect.Effect<Answer, Throttled | ServerUnavailable> =>
  Effect.gen(function*() {
    const { endpoint, status } = answer
    const wait = yield* retryAfter(answer)
    if (status === 429 || (status >= 500 && wait !== undefined)) {
      return yield* new Throttled({
        endpoint,
        status,
        retryAfter: wait,
        message: `${endpoint} asks to slow down (HTTP ${status}). Try again${
          wait ? ` after ${wait} seconds` : " later"
        }.`
      })
    }
    if (status >= 500) {
      return yield* new ServerUnavailable({
        endpoint,
        status,
        message: `${endpoint} is unavailable for the moment (HTTP ${status}). Try again later.`
      })
    }
    return answer
  })
