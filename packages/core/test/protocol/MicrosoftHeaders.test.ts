import * as Option from "effect/Option"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as MicrosoftHeaders from "../../src/protocol/MicrosoftHeaders.js"
import { anyCharacter } from "../anyCharacter.js"

/** Reference, section 2.4. */
describe("the routing hint", () => {
  it.each<[MicrosoftHeaders.RoutingHint, string | null]>([
    [MicrosoftHeaders.ofAccount({ homeAccountId: "uid.utid" }), "Oid:uid@utid"],
    [MicrosoftHeaders.ofAccount({ homeAccountId: "subject" }), null],
    [MicrosoftHeaders.ofAccount({ homeAccountId: "a.b.c" }), null],
    [MicrosoftHeaders.ofAccount({ homeAccountId: "uid.utid\r\nx: y" }), null],
    [MicrosoftHeaders.ofUsername("jane@contoso.com"), "UPN:jane@contoso.com"],
    [MicrosoftHeaders.ofUsername("józef@contoso.com"), null],
    [MicrosoftHeaders.ofUsername("jane\r\nx: y"), null],
    [MicrosoftHeaders.ofUsername(""), null]
  ])("of %o is %s", (hint, expected) => {
    expect(Option.getOrNull(MicrosoftHeaders.anchorMailbox(hint))).toBe(expected)
  })

  it("is always fit for a header", () => {
    fc.assert(fc.property(fc.string({ unit: anyCharacter }), (text) => {
      for (const hint of [MicrosoftHeaders.ofUsername(text), MicrosoftHeaders.ofAccount({ homeAccountId: text })]) {
        expect(Option.getOrElse(MicrosoftHeaders.anchorMailbox(hint), () => "none")).toMatch(/^[\x20-\x7E]+$/)
      }
    }))
  })
})

const failed = (api: MicrosoftHeaders.Api, index: number): MicrosoftHeaders.FailedCall => ({
  api,
  outcome: "absent",
  correlationId: `id_${index}`,
  error: `error_${index}`
})

/** Reference, section 2.12 and items 21 and 22. */
describe("telemetry", () => {
  it.each<[MicrosoftHeaders.Call, string]>([
    [{ api: "authorization_code", outcome: "not_applicable" }, "4|832,0|"],
    [{ api: "refresh_token", outcome: "passed_over" }, "4|85,1|"],
    [{ api: "password", outcome: "not_applicable" }, "4|301,0|"],
    [{ api: "silent", outcome: "expired" }, "4|84,3|"],
    [{ api: "silent", outcome: "aging" }, "4|84,4|"],
    [{ api: "client_credentials", outcome: "absent" }, "4|730,2|"]
  ])("of a call %o is %s", (call, expected) => {
    expect(MicrosoftHeaders.currentTelemetry(call)).toBe(expected)
  })

  it.each<[MicrosoftHeaders.Report, string]>([
    [{ cacheHits: 0, failures: [] }, "4|0|||"],
    [{ cacheHits: 1, failures: [] }, "4|1|||"],
    [{ cacheHits: 1, failures: [failed("password", 1)] }, "4|1|301,id_1|error_1|"],
    [
      { cacheHits: 1, failures: [failed("password", 1), failed("silent", 2)] },
      "4|1|301,id_1,84,id_2|error_1,error_2|"
    ]
  ])("of earlier calls %o is %s", (report, expected) => {
    expect(MicrosoftHeaders.lastTelemetry(report)).toBe(expected)
  })

  it("is short and fit for a header, whatever failed", () => {
    const failure = fc.record({
      api: fc.constant("silent" as const),
      outcome: fc.constant("absent" as const),
      correlationId: fc.stringMatching(/^[A-Za-z0-9-]{1,64}$/),
      error: fc.string({ unit: anyCharacter })
    })
    fc.assert(fc.property(fc.nat(), fc.array(failure, { maxLength: 60 }), (cacheHits, failures) => {
      const report = MicrosoftHeaders.lastTelemetry({ cacheHits, failures })
      expect(report).toMatch(/^4\|\d+\|[\w,-]*\|[\w.,-]*\|$/)
      expect(report.length).toBeLessThanOrEqual(350)
    }))
  })
})

describe("identity", () => {
  it("names the library, and the application where it has a name", () => {
    const nameless = { applicationName: Option.none(), applicationVersion: Option.none() }
    expect(MicrosoftHeaders.identity(nameless)).toEqual({
      "x-client-sku": "Grantwork",
      "x-client-ver": expect.stringMatching(/^\d+\.\d+\.\d+/),
      "x-ms-lib-capability": "retry-after, h429"
    })
    const named = { applicationName: Option.some("shop"), applicationVersion: Option.some("1.2") }
    expect(MicrosoftHeaders.identity(named)).toMatchObject({ "x-app-name": "shop", "x-app-ver": "1.2" })
  })
})
