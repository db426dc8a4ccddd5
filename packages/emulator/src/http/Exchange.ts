/**
 * One request on its way through the emulator.
 */
import type * as Headers from "@effect/platform/Headers"
import * as Context from "effect/Context"
import type { Fault } from "../scenario/Fault.js"

/** @category models */
export interface Service {
  readonly method: string
  /** Where the client found the emulator: scheme, host and port. */
  readonly origin: string
  readonly path: string
  readonly headers: Headers.Headers
  readonly query: URLSearchParams
  readonly body: string
  /** Of a form that was posted; empty otherwise. */
  readonly form: URLSearchParams
  readonly cookies: Readonly<Record<string, string>>
  readonly correlationId: string
  readonly traceId: string
  /** The faults that befall the request. */
  readonly faults: ReadonlyArray<Fault>
}

/** @category services */
export class Exchange extends Context.Tag("@grantwork/emulator/Exchange")<Exchange, Service>() {}
