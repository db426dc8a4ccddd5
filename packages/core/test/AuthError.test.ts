import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import { inspect, types } from "node:util"
import { describe, expect, it } from "vitest"
import * as AuthError from "../src/AuthError.js"

const message = "What happened. What to do."

/** One of each, with everything that is particular to it. */
const errors: ReadonlyArray<AuthError.AuthError> = [
  new AuthError.InteractionRequired({ message, reason: "claims", claims: "{}" }),
  new AuthError.InvalidCredentials({ message }),
  new AuthError.InvalidGrant({ message }),
  new AuthError.InvalidClient({ message }),
  new AuthError.InvalidScope({ message }),
  new AuthError.AccessDenied({ message }),
  new AuthError.ServerRefused({ message }),
  new AuthError.Throttled({ message, retryAfter: 5 }),
  new AuthError.ServerUnavailable({ message }),
  new AuthError.NetworkFailure({ message, reason: "connection", code: "ECONNREFUSED" }),
  new AuthError.MalformedResponse({ message, reason: "wrong_type", field: "scope" }),
  new AuthError.InvalidAuthority({ message, reason: "malformed", authority: "a" }),
  new AuthError.IdTokenRejected({ message, rule: "nonce" }),
  new AuthError.ResponseMismatch({ message, reason: "state", parameter: "state" }),
  new AuthError.CacheUnavailable({ message, operation: "read" }),
  new AuthError.CredentialUnavailable({ message, option: "clientAssertion" }),
  new AuthError.InvalidConfiguration({ message, option: "clientId" }),
  new AuthError.InvalidArgument({ message, argument: "scopes" })
]

const named = errors.map((error): [string, AuthError.AuthError] => [error._tag, error])
const encode = Schema.encodeSync(AuthError.AuthError)
const decode = Schema.decodeUnknownSync(AuthError.AuthError)

describe("the union (feature 123)", () => {
  it("has one class for each tag, and no other", () => {
    const tags = AuthError.AuthError.members.map((member) => member._tag)
    expect(new Set(tags)).toHaveLength(tags.length)
    expect(errors.map((error) => error._tag)).toEqual(tags)
  })

  it("refuses a tag it does not know", () => {
    expect(() => decode({ _tag: "Other", message })).toThrow(/Other/)
  })
})

describe.each(named)("%s", (tag, error) => {
  it("is an error of JavaScript, with its tag for a name", () => {
    expect(error).toBeInstanceOf(Error)
    expect(types.isNativeError(error)).toBe(true)
    expect(error.name).toBe(tag)
    expect(error.message).toBe(message)
    expect(String(error)).toBe(`${tag}: ${message}`)
    expect(error.stack).toContain(message)
    expect(error.errorCodes).toEqual([])
  })

  it("survives JSON with everything it says", () => {
    const full = Object.assign(decode(encode(error)), {
      endpoint: "https://issuer.example/token",
      status: 400,
      error: "invalid_grant",
      errorDescription: "no",
      errorCodes: [1, 2],
      errorUri: "https://a.example",
      suberror: "basic_action",
      correlationId: "c",
      traceId: "t",
      timestamp: "now"
    })
    const again = decode(JSON.parse(JSON.stringify(encode(full))))
    expect(again).toBeInstanceOf(error.constructor)
    expect({ ...again }).toEqual({ ...full })
    expect(again.message).toBe(message)
  })

  it("can be failed with and caught by its tag", () => {
    const caught = Effect.runSyncExit(Effect.flip(Effect.fail(error)))
    expect(caught).toEqual(Exit.succeed(error))
  })
})

describe("withDetails", () => {
  const details = { endpoint: "https://issuer.example/token", correlationId: "ours" }
  const fresh = () => new AuthError.InteractionRequired({ message, reason: "mfa", claims: "{}", status: 400 })

  it("fills in what is missing, and keeps what is there", () => {
    expect(AuthError.withDetails(details)(fresh())).toMatchObject({
      ...details,
      reason: "mfa",
      claims: "{}",
      status: 400
    })
    const own = new AuthError.InvalidGrant({ message, endpoint: "theirs", correlationId: "theirs" })
    expect(AuthError.withDetails(details)(own)).toMatchObject({ endpoint: "theirs", correlationId: "theirs" })
  })

  it("keeps it an error, with its class, message and stack", () => {
    const detailed = AuthError.withDetails(details)(fresh())
    expect(detailed).toBeInstanceOf(AuthError.InteractionRequired)
    expect(types.isNativeError(detailed)).toBe(true)
    expect(Object.prototype.toString.call(detailed)).toBe("[object Error]")
    expect(detailed.message).toBe(message)
    expect(detailed.stack).toContain("AuthError.test")
    expect(inspect(detailed)).toContain("InteractionRequired: What happened.")
    expect(structuredClone(detailed).message).toBe(message)
  })

  it("survives JSON", () => {
    const detailed = AuthError.withDetails(details)(fresh())
    expect(decode(JSON.parse(JSON.stringify(encode(detailed))))).toMatchObject({ ...details, reason: "mfa" })
  })

  it("shows in the JSON of the error", () => {
    expect(JSON.parse(JSON.stringify(AuthError.withDetails(details)(fresh())))).toMatchObject({
      _tag: "InteractionRequired",
      message,
      reason: "mfa",
      ...details
    })
  })
})
