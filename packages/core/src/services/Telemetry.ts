/**
 * How calls went, until a request has told Microsoft of it.
 */
import type { FailedCall, Report } from "../protocol/MicrosoftHeaders.js"

/** @category models */
export interface Telemetry {
  readonly hit: () => void
  readonly failed: (call: FailedCall) => void
  readonly report: () => Report
  /** Forgets what a request has told. */
  readonly told: (report: Report) => void
  readonly toJSON: () => unknown
}

const mostFailures = 50

/** @category constructors */
export const make = (): Telemetry => {
  let cacheHits = 0
  let failures: ReadonlyArray<FailedCall> = []
  return {
    hit: () => {
      cacheHits += 1
    },
    failed: (call) => {
      failures = [...failures, call].slice(-mostFailures)
    },
    report: () => ({ cacheHits, failures }),
    told: (report) => {
      cacheHits = Math.max(0, cacheHits - report.cacheHits)
      failures = failures.filter((call) => !report.failures.includes(call))
    },
    toJSON: () => ({ _id: "Telemetry" })
  }
}
