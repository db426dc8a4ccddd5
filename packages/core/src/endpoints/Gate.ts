/**
 * Holds back requests that a provider asked to hold back, each person's for themselves.
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Encoding from "effect/Encoding"
import * as Option from "effect/Option"
import { type AuthError, Throttled } from "../AuthError.js"
import * as Form from "../protocol/Form.js"
import type { Call } from "../protocol/MicrosoftHeaders.js"
import type { ProviderMetadata } from "../protocol/ProviderMetadata.js"
import { ClientApplication } from "../services/ClientApplication.js"
import { Crypto } from "../services/Crypto.js"
import type { Answer } from "./Exchange.js"
import * as Outage from "./Outage.js"

/** @category models */
export interface Request {
  readonly metadata: ProviderMetadata
  readonly grantType: string
  readonly call: Call
  readonly parameters: Form.Form
  /** What equal requests have in common, secrets and all. */
  readonly throttleKey: string
}

/** @category models */
export interface Gate {
  /** Fails with `Throttled` where the request has to wait, and as the very same one did where that is to be repeated. */
  readonly pass: Effect.Effect<void, AuthError>
  /** Takes to heart how a request was refused. */
  readonly close: (error: AuthError, answer: Answer) => Effect.Effect<void>
}

/** Seconds. */
const unannouncedWait = { public: 60, confidential: 5 }

/**
 * The gate of all requests of one person, or of the client itself, for the same scopes. Only the digest of what they have in
 * common is kept.
 *
 * @category constructors
 */
export const make = (request: Request): Effect.Effect<Gate, never, ClientApplication | Crypto> =>
  Effect.gen(function*() {
    const { clientId, credential, repeatRefusals, throttle } = yield* ClientApplication
    const { digest } = yield* Crypto
    const nameOf = (...parts: ReadonlyArray<string>) =>
      Effect.map(
        digest(
          "SHA-256",
          new TextEncoder().encode(JSON.stringify([request.metadata.tokenEndpoint, clientId, ...parts]))
        ),
        Encoding.encodeBase64Url
      )
    const shared = yield* nameOf("shared", request.throttleKey)
    const equal = repeatRefusals === 0
      ? Option.none()
      : Option.some(
        yield* nameOf("equal", request.grantType, request.call.outcome, Form.encode(request.parameters))
      )
    const holdBack = (name: string, millis: number, refusal?: AuthError) =>
      Effect.map(Clock.currentTimeMillis, (now) => throttle.holdBack(name, now + millis, refusal))

    return {
      pass: Effect.gen(function*() {
        const now = yield* Clock.currentTimeMillis
        const millis = throttle.wait(shared, now)
        if (millis > 0) {
          return yield* heldBack(millis)
        }
        const refusal = Option.flatMap(equal, (name) => throttle.refusal(name, now))
        if (Option.isSome(refusal)) {
          return yield* Effect.fail(refusal.value)
        }
      }),
      close: (error, answer) =>
        Effect.gen(function*() {
          const announced = yield* Outage.retryAfter(answer)
          const unannounced = unannouncedWait[Option.isSome(credential) ? "confidential" : "public"]
          if (announced !== undefined || answer.status === 429) {
            return yield* holdBack(shared, 1000 * (announced ?? unannounced))
          }
          if (Option.isSome(equal) && answer.status === 400 && error._tag !== "Throttled") {
            yield* holdBack(equal.value, repeatRefusals, Cause.originalError(error))
          }
        })
    }
  })

const heldBack = (millis: number) => {
  const retryAfter = Math.ceil(millis / 1000)
  return new Throttled({
    retryAfter,
    message: "The provider asked to slow down a moment ago; nothing was sent."
      + ` Try again after ${retryAfter} seconds.`
  })
}
