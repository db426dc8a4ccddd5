/**
 * Faults that answer in an endpoint's place.
 */
import * as Effect from "effect/Effect"
import { EntraError } from "../protocol/EntraError.js"
import type { Fault } from "../scenario/Fault.js"
import { Exchange } from "./Exchange.js"
import * as Reply from "./Reply.js"

/** What a fault answers, if it answers at all. */
export const interference = (fault: Fault, now: number): Reply.Reply | EntraError | undefined => {
  switch (fault.kind) {
    case "throttled":
      return Reply.json(
        { error: "temporarily_unavailable", error_description: "Too many requests." },
        429,
        retryAfter(fault, now)
      )
    case "unavailable":
      return Reply.json(
        { error: "temporarily_unavailable", error_description: "The service is down." },
        503,
        retryAfter(fault, now)
      )
    case "proxyPage":
      return Reply.text("<!DOCTYPE html><title>Proxy</title><h1>This answer is a proxy's</h1>", fault.status)
    case "refusal":
      return new EntraError({
        number: fault.code,
        error: fault.error,
        description: "The scenario says no.",
        status: fault.error === "invalid_client" ? 401 : 400,
        suberror: fault.suberror,
        claims: fault.claims
      })
    default:
      return undefined
  }
}

const retryAfter = (
  { retryAfter, ...fault }: { readonly retryAfter?: number | undefined; readonly retryAfterForm?: "seconds" | "date" },
  now: number
): Readonly<Record<string, string>> =>
  retryAfter === undefined
    ? {}
    : {
      "retry-after": fault.retryAfterForm === "date"
        ? new Date(now + retryAfter * 1000).toUTCString()
        : String(retryAfter)
    }

/** Refuses where the scenario says so; for endpoints that tell a refusal in a way of their own. */
export const refuse: Effect.Effect<void, EntraError, Exchange> = Effect.flatMap(Exchange, ({ faults }) => {
  const [refusal] = faults.flatMap((fault) => {
    const outcome = fault.kind === "refusal" ? interference(fault, 0) : undefined
    return outcome instanceof EntraError ? [outcome] : []
  })
  return refusal === undefined ? Effect.void : Effect.fail(refusal)
})
