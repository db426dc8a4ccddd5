/**
 * What is held back until a time, by names without a secret in them.
 */
import * as Option from "effect/Option"
import type { AuthError } from "../AuthError.js"

/** @category models */
export interface Throttle {
  /** Milliseconds that requests of this name still have to wait; 0 where they need not. */
  readonly wait: (name: string, now: number) => number
  /** How what is held back was refused, where that is to be said again. */
  readonly refusal: (name: string, now: number) => Option.Option<AuthError>
  /** Holds requests of this name back until a time in milliseconds since 1970. */
  readonly holdBack: (name: string, until: number, refusal?: AuthError) => void
  readonly toJSON: () => unknown
}

const capacity = 1024

/** @category constructors */
export const make = (): Throttle => {
  const gates = new Map<string, { readonly until: number; readonly refusal: AuthError | undefined }>()
  const closed = (name: string, now: number) => {
    const gate = gates.get(name)
    if (gate !== undefined && gate.until <= now) {
      gates.delete(name)
      return undefined
    }
    return gate
  }
  return {
    wait: (name, now) => (closed(name, now)?.until ?? now) - now,
    refusal: (name, now) => Option.fromNullable(closed(name, now)?.refusal),
    holdBack: (name, until, refusal) => {
      gates.delete(name)
      gates.set(name, { until, refusal })
      for (const oldest of gates.keys()) {
        if (gates.size <= capacity) {
          return
        }
        gates.delete(oldest)
      }
    },
    toJSON: () => ({ _id: "Throttle" })
  }
}
