/**
 * Which faults are due.
 */
import * as Effect from "effect/Effect"
import type { Endpoint, Fault } from "../scenario/Fault.js"

/** What a request shows of itself to be matched. */
export interface Request {
  readonly endpoint: Endpoint
  readonly grantType: string | undefined
  readonly clientId: string | undefined
  readonly username: string | undefined
}

/** @category models */
export interface Faults {
  readonly add: (fault: Fault) => Effect.Effect<void>
  readonly clear: Effect.Effect<void>
  /** Those still to come. */
  readonly pending: Effect.Effect<ReadonlyArray<Fault>>
  /** The faults that befall this request, which uses each of them up by one. */
  readonly befalling: (request: Request) => Effect.Effect<ReadonlyArray<Fault>>
}

/** @category constructors */
export const make = (initial: ReadonlyArray<Fault>): Faults => {
  let entries = initial.map((fault) => ({ fault, seen: 0 }))
  const isOver = ({ fault: { after, times }, seen }: typeof entries[number]) =>
    times !== undefined && seen >= after + times
  return {
    add: (fault) => Effect.sync(() => void (entries = [...entries, { fault, seen: 0 }])),
    clear: Effect.sync(() => void (entries = [])),
    pending: Effect.sync(() => entries.map(({ fault }) => fault)),
    befalling: (request) =>
      Effect.sync(() => {
        const meant = entries.filter(({ fault }) => fits(fault, request))
        const due = meant.filter(({ fault, seen }) => seen >= fault.after)
        for (const entry of meant) entry.seen++
        entries = entries.filter((entry) => !isOver(entry))
        return due.map(({ fault }) => fault)
      })
  }
}

const fits = ({ on }: Fault, request: Request): boolean =>
  (on.endpoint ?? request.endpoint) === request.endpoint
  && (on.grantType ?? request.grantType) === request.grantType
  && (on.clientId?.toLowerCase() ?? request.clientId) === request.clientId
  && (on.username?.toLowerCase() ?? request.username) === request.username
