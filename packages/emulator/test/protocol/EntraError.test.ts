import { describe, expect, it } from "vitest"
import { entraError, toJson } from "../../src/protocol/EntraError.js"

const trace = {
  traceId: "11111111-1111-4111-8111-111111111111",
  correlationId: "22222222-2222-4222-8222-222222222222",
  timestamp: "2024-01-09 02:02:12Z",
  origin: "https://login.microsoftonline.com"
}

describe("a refusal", () => {
  it("has the members of Entra's", () => {
    expect(toJson(entraError(54005), trace)).toEqual({
      error: "invalid_grant",
      error_description: expect.stringMatching(/^AADSTS54005: /),
      error_codes: [54005],
      timestamp: "2024-01-09 02:02:12Z",
      trace_id: trace.traceId,
      correlation_id: trace.correlationId,
      error_uri: "https://login.microsoftonline.com/error?code=54005"
    })
  })

  it("tells its ids and its time in words, too", () => {
    const { error_description } = toJson(entraError(54005), trace)
    expect(error_description).toContain(`Trace ID: ${trace.traceId}`)
    expect(error_description).toContain(`Correlation ID: ${trace.correlationId}`)
    expect(error_description).toContain(`Timestamp: ${trace.timestamp}`)
  })

  it("has a suberror and claims where there are some", () => {
    const claims = "{\"access_token\":{}}"
    expect(toJson(entraError(50076, { resource: "Notes" }, { claims }), trace)).toMatchObject({
      error: "invalid_grant",
      suberror: "basic_action",
      claims
    })
  })

  it("is called otherwise where it has to be", () => {
    expect(entraError(50076, {}, { error: "interaction_required" })).toMatchObject({
      number: 50076,
      error: "interaction_required",
      suberror: "basic_action"
    })
  })

  it("cuts short what it repeats", () => {
    const { description } = entraError(50034, { username: "u".repeat(100_000), tenant: "t".repeat(100_000) })
    expect(description).toContain("u".repeat(200))
    expect(description.length).toBeLessThan(500)
  })

  it("names what is meant, as it stands", () => {
    expect(entraError(900144, { field: "scope" }).description).toContain("scope")
    expect(entraError(900144, { field: "$& {field} $1" }).description).toContain("$& {field} $1")
    expect(entraError(900144).description).not.toMatch(/[{}]|undefined/)
  })
})
