/**
 * The requests so far, with every secret masked.
 */
import * as Effect from "effect/Effect"
import type { Fault } from "../scenario/Fault.js"

/** @category models */
export type Fields = ReadonlyArray<readonly [name: string, value: string]>

/** @category models */
export interface RecordedRequest {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly method: string
  readonly origin: string
  readonly path: string
  /** Parameters of query and form; the values of all that may be secret are masked. */
  readonly query: Fields
  readonly form: Fields
  readonly grantType: string | undefined
  readonly correlationId: string
  /** Kinds of the faults that befell it. */
  readonly faults: ReadonlyArray<Fault["kind"]>
  /** None where the connection was dropped. */
  readonly status: number | undefined
  /** AADSTS number, where the answer is a refusal. */
  readonly refusal: number | undefined
  /** Members of a JSON answer, or parameters of a redirect, masked likewise. */
  readonly answer: Fields
}

/** @category models */
export interface RequestLog {
  readonly add: (request: RecordedRequest) => Effect.Effect<void>
  /** Oldest first. */
  readonly all: Effect.Effect<ReadonlyArray<RecordedRequest>>
  readonly clear: Effect.Effect<void>
}

const capacity = 1000

/**
 * Keeps the last thousand.
 *
 * @category constructors
 */
export const make = (): RequestLog => {
  const requests: Array<RecordedRequest> = []
  return {
    add: (request) =>
      Effect.sync(() => {
        requests.push(request)
        if (requests.length > capacity) requests.shift()
      }),
    all: Effect.sync(() => [...requests]),
    clear: Effect.sync(() => void requests.splice(0))
  }
}
