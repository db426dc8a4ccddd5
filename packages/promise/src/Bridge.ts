/**
 * Runs Effect programs for callers who know promises only.
 */
import type * as Core from "@grantwork/core/AuthError"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { signalOf } from "./arguments.js"
import { ApplicationDisposed } from "./AuthError/Call.js"
import type { Services } from "./layer.js"
import type { Abortable } from "./Requests.js"
import { toError } from "./toError.js"

/** One application's programs, run. */
export interface Bridge {
  /** Reads the request, runs the program and writes its result in plain; rejects where any of them fails. */
  readonly run: <Plain extends Abortable, Request, Result, Written>(
    request: Plain,
    read: (request: Plain) => Request,
    program: (request: Request) => Effect.Effect<Result, Core.AuthError, Services>,
    write: (result: Result) => Written
  ) => Promise<Written>
  /** Lets the calls under way come to their end, then closes what the layer opened. */
  readonly dispose: () => Promise<void>
}

const bridges = new WeakMap<object, Bridge>()

/** Builds the application's layer at once, and throws what is wrong with it. */
export const attach = (
  application: object,
  layer: Layer.Layer<Services, Core.InvalidConfiguration | Core.InvalidAuthority>
): void => {
  bridges.set(application, make(layer))
}

/** The application's bridge. */
export const of = (application: object): Bridge => {
  const bridge = bridges.get(application)
  if (bridge === undefined) {
    throw new TypeError("This method was called on something else than its application.")
  }
  return bridge
}

const make = (layer: Layer.Layer<Services, Core.InvalidConfiguration | Core.InvalidAuthority>): Bridge => {
  const runtime = ManagedRuntime.make(layer)
  const built = runtime.runSyncExit(Effect.void)
  if (Exit.isFailure(built)) {
    throw toError(built.cause)
  }
  const underWay = new Set<Promise<unknown>>()
  let disposal: Promise<void> | undefined
  const close = async () => {
    await Promise.all(underWay)
    await runtime.dispose()
  }
  return {
    run: async (request, read, program, write) => {
      const signal = signalOf(request)
      signal?.throwIfAborted()
      if (disposal !== undefined) {
        throw new ApplicationDisposed({ message: "This application is disposed. Make a new one." })
      }
      const call = runtime.runPromiseExit(program(read(request)), { signal })
      underWay.add(call)
      const exit = await call
      underWay.delete(call)
      signal?.throwIfAborted()
      if (Exit.isFailure(exit)) {
        throw toError(exit.cause)
      }
      return write(exit.value)
    },
    dispose: () => disposal ??= close()
  }
}
