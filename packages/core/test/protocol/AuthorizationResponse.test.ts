import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import fc from "fast-check"
import { inspect } from "node:util"
import { describe, expect, it } from "vitest"
import type * as Authority from "../../src/domain/Authority.js"
import * as AuthorityUrl from "../../src/domain/AuthorityUrl.js"
import * as Cloud from "../../src/domain/Cloud.js"
import * as AuthorizationResponse from "../../src/protocol/AuthorizationResponse.js"
import * as ProviderMetadata from "../../src/protocol/ProviderMetadata.js"
import { anyCharacter } from "../anyCharacter.js"

const parse = (input: unknown, state = "right") =>
  AuthorizationResponse.parse(input as AuthorizationResponse.Input, state)

const codeOf = (input: unknown, state?: string) => {
  const { outcome } = Either.getOrThrow(parse(input, state))
  return Redacted.value(Either.getOrThrow(outcome))
}
const errorOf = (input: unknown) => Either.getOrThrow(Either.flip(Either.getOrThrow(parse(input)).outcome))
const refusal = (input: unknown, state?: string) => Either.getOrThrow(Either.flip(parse(input, state)))

describe("a code", () => {
  const query = "code=c%2Fd+e&state=right&session_state=x"

  it.each<[string, unknown]>([
    ["a query", query],
    ["a query with its question mark", `?${query}`],
    ["a form body", "state=right&code=c%2Fd%20e"],
    ["a fragment", `#${query}`],
    ["a path", `/callback?${query}`],
    ["a path with odd characters", `/call=back&x/y?${query}`],
    ["a full address", `https://app.example/callback?${query}`],
    ["a full address with a query of its own", `https://app.example/callback?tenant=a&${query}`],
    ["a full address on loopback", `http://localhost:8080/?${query}`],
    ["a full address with a fragment", `https://app.example/callback#${query}`],
    ["a full address with a fragment that says nothing", `https://app.example/callback?${query}#_=_`],
    ["an address of an app's own scheme", `com.example.app:/callback?${query}`],
    ["a URL", new URL(`https://app.example/callback?${query}`)],
    ["a URL with a fragment", new URL(`https://app.example/callback#${query}`)],
    ["URLSearchParams", new URLSearchParams(query)],
    ["a record", { code: "c/d e", state: "right" }],
    ["a record of lists of one", { code: ["c/d e"], state: ["right"] }],
    ["a record without prototype", Object.assign(Object.create(null), { code: "c/d e", state: "right" })],
    ["a record with the rest absent", {
      code: "c/d e",
      state: "right",
      error: undefined,
      iss: null,
      error_description: []
    }],
    ["a record with odd members", { code: "c/d e", state: "right", nested: { a: { b: ["c"] } }, list: ["a", "b"] }],
    ["a record with an empty error", { code: "c/d e", state: "right", error: "" }]
  ])("is read from %s", (_, input) => {
    expect(codeOf(input)).toBe("c/d e")
  })

  it.each([
    ["code=a?b&state=right", "a?b"],
    ["state=right&code=a?b", "a?b"],
    ["state=right&code=a&more=Really?", "a"],
    ["?state=right&code=a?b?", "a?b?"],
    ["/callback?state=right&code=a?b", "a?b"],
    ["https://app.example/?state=right&code=a?b", "a?b"]
  ])("is read from %s, since a query may have question marks in it (RFC 3986, 3.4)", (input, code) => {
    expect(codeOf(input)).toBe(code)
  })

  it.each(["a:b", "https://app.example/", "a b", "a&b=c", "a#b", "\u00E9\u{1F511}", "__proto__", "%41", "+"])(
    "is read beside the state %j",
    (state) => {
      expect(codeOf(new URLSearchParams({ state, code: "c" }).toString(), state)).toBe("c")
      expect(codeOf({ state, code: "c" }, state)).toBe("c")
    }
  )

  it("shows in no print", () => {
    expect(inspect(Either.getOrThrow(parse("code=s3cr3t&state=right")), { depth: 9, showHidden: true })).not.toContain(
      "s3cr3t"
    )
  })
})

describe("the state", () => {
  it.each<[string, unknown]>([
    ["missing", "code=c"],
    ["empty", "code=c&state="],
    ["another's", "code=c&state=wrong"],
    ["longer", "code=c&state=rightx"],
    ["shorter", "code=c&state=righ"],
    ["in another letter case", "code=c&state=Right"],
    ["with a blank", "code=c&state=right+"],
    ["encoded twice", "code=c&state=%2572ight"],
    ["under another name", "code=c&State=right"],
    ["repeated", "code=c&state=right&state=right"],
    ["repeated, right first", "code=c&state=right&state=wrong"],
    ["repeated, right last", "code=c&state=wrong&state=right"],
    ["repeated in query and fragment", "https://app.example/?code=c&state=right#state=right"],
    ["repeated in a record", { code: "c", state: ["right", "right"] }],
    ["nested in a record", { code: "c", state: { 0: "right" } }],
    ["nested in a list", { code: "c", state: [["right"]] }],
    ["an empty list", { code: "c", state: [] }],
    ["a number", { code: "c", state: 5 }],
    ["true", { code: "c", state: true }],
    ["an object that turns into it", { code: "c", state: { toString: () => "right" } }],
    ["a String object", { code: "c", state: Object("right") }],
    ["inherited", Object.create({ code: "c", state: "right" })],
    ["in a prototype of a body", JSON.parse("{\"__proto__\":{\"code\":\"c\",\"state\":\"right\"}}")],
    ["in a Map", new Map([["code", "c"], ["state", "right"]])]
  ])("is wrong when it is %s", (_, input) => {
    expect(refusal(input)).toMatchObject({ _tag: "ResponseMismatch", reason: "state", parameter: "state" })
  })

  it("is wrong for an error, too", () => {
    expect(refusal("error=access_denied&state=wrong")).toMatchObject({ reason: "state" })
    expect(refusal("error=access_denied")).toMatchObject({ reason: "state" })
  })

  it("is checked as text where it was to be a number", () => {
    expect(refusal({ code: "c", state: 5 }, "5")).toMatchObject({ reason: "state" })
  })

  it.each([{}, "", "?", "#"])("is missing in %s", (input) => {
    expect(refusal(input)).toMatchObject({ reason: "state", parameter: "state" })
  })

  it.each([null, undefined, 5, true, Symbol("a"), [], [["code", "c"], ["state", "right"]], () => "code=c&state=right"])(
    "cannot be in %s, which is no response",
    (input) => {
      expect(refusal(input)).toMatchObject({ _tag: "InvalidArgument", argument: "response" })
    }
  )

  it.each(["\"", "'"])("is found in an address pasted in quotes: %s", (quote) => {
    expect(codeOf(`${quote}https://app.example/?state=right&code=c${quote}`)).toBe("c")
  })

  it("is in no error that is made of it", () => {
    for (
      const input of [
        "code=hunter2&state=hunter2",
        "code=hunter2&code=hunter2&state=right",
        "code=hunter2&error=hunter2&state=right"
      ]
    ) {
      const error = refusal(input)
      expect(`${error.message}${JSON.stringify(error)}${error.stack}`).not.toContain("hunter2")
    }
  })
})

describe("neither, both, and too many", () => {
  it.each<[string, unknown, string, string]>([
    ["neither", "state=right", "no_code", "code"],
    ["an empty code", "state=right&code=", "no_code", "code"],
    ["an empty error", "state=right&error=", "no_code", "code"],
    ["a description alone", "state=right&error_description=no", "no_code", "code"],
    ["tokens instead", "state=right&access_token=at&id_token=idt", "no_code", "code"],
    ["a nested code", { state: "right", code: { a: "c" } }, "no_code", "code"],
    ["a code that is a number", { state: "right", code: 5 }, "no_code", "code"],
    ["an inherited code", Object.assign(Object.create({ code: "c" }) as object, { state: "right" }), "no_code", "code"],
    ["both", "state=right&code=c&error=access_denied", "code_and_error", "code"],
    ["two codes", "state=right&code=c&code=d", "duplicate", "code"],
    ["the same code twice", "state=right&code=c&code=c", "duplicate", "code"],
    ["a code and an empty one", "state=right&code=c&code=", "duplicate", "code"],
    ["codes in query and fragment", "https://app.example/?state=right&code=c#code=d", "duplicate", "code"],
    ["a list of codes", { state: "right", code: ["c", "d"] }, "duplicate", "code"],
    ["two errors", "state=right&error=a&error=b", "duplicate", "error"],
    ["two issuers", "state=right&code=c&iss=a&iss=b", "duplicate", "iss"],
    ["a list of issuers", { state: "right", code: "c", iss: ["a", "a"] }, "duplicate", "iss"],
    [
      "two descriptions",
      "state=right&error=a&error_description=b&error_description=c",
      "duplicate",
      "error_description"
    ]
  ])("%s", (_, input, reason, parameter) => {
    expect(refusal(input)).toMatchObject({ _tag: "ResponseMismatch", reason, parameter })
  })

  it("lets parameters it does not know be repeated", () => {
    expect(codeOf("state=right&code=c&x=1&x=2")).toBe("c")
  })
})

describe("an error", () => {
  it("is read with everything the provider says of it", () => {
    expect(errorOf({
      state: "right",
      error: "interaction_required",
      error_description: "AADSTS50076: no",
      error_uri: "https://a.example/error?code=50076",
      suberror: "basic_action",
      claims: "{}",
      correlation_id: "c",
      trace_id: "t",
      timestamp: "now"
    })).toEqual({
      error: "interaction_required",
      errorDescription: "AADSTS50076: no",
      errorCodes: [50076],
      errorUri: "https://a.example/error?code=50076",
      suberror: "basic_action",
      claims: "{}",
      correlationId: "c",
      traceId: "t",
      timestamp: "now"
    })
  })

  it.each([
    ["error=access_denied&state=right", undefined],
    ["error=access_denied&code=&state=right", undefined],
    ["?state=right&error=access_denied&error_description=a+b%3F", "a b?"],
    ["error=access_denied&error_description=Really?&state=right", "Really?"],
    ["state=right&error=access_denied&error_description=Really?", "Really?"],
    ["/callback?error=access_denied&error_description=Really?&state=right", "Really?"]
  ])("is read from %s", (input, errorDescription) => {
    expect(errorOf(input)).toMatchObject({ error: "access_denied", errorDescription })
  })

  it("keeps nothing else that was planted beside it", () => {
    expect(JSON.stringify(errorOf("error=a&state=right&access_token=planted&iss=planted&foo=planted"))).not.toContain(
      "planted"
    )
  })
})

describe("any input", () => {
  it("gives an Either, and a right only with exactly the expected state", () => {
    const name = fc.constantFrom("code", "state", "error", "iss", "__proto__", "constructor", "x")
    const value = fc.oneof(
      fc.constantFrom("right", "wrong", "c", "", "access_denied"),
      fc.string({ unit: anyCharacter }),
      fc.array(fc.constantFrom("right", "c"), { maxLength: 2 }),
      fc.anything()
    )
    const record = fc.array(fc.tuple(name, value)).map((entries) => Object.fromEntries(entries))
    const query = fc.array(
      fc.tuple(name, fc.oneof(fc.constantFrom("right", "c", "a?b"), fc.string({ unit: anyCharacter })))
    )
      .map((entries) => entries.map(([key, text]) => [key, text] satisfies [string, string]))
    const text = fc.tuple(fc.constantFrom("", "?", "#", "/a?", "https://app.example/?", "https://app.example/#"), query)
      .map(([before, entries]) => `${before}${new URLSearchParams(entries).toString()}`)
    const input = fc.oneof(
      record,
      text,
      query.map((entries) => new URLSearchParams(entries)),
      fc.string({ unit: anyCharacter }),
      fc.anything()
    )
    fc.assert(
      fc.property(input, (one) => {
        const result = parse(one)
        if (Either.isRight(result)) {
          const states = typeof one === "string"
            ? [...one.matchAll(/(?:^|[?#&])state=([^&#]*)/g)].map((match) => match[1])
            : one instanceof URLSearchParams
            ? one.getAll("state")
            : [(one as { readonly state: unknown }).state].flat()
          expect(states).toEqual(["right"])
        } else {
          expect(["ResponseMismatch", "InvalidArgument"]).toContain(result.left._tag)
        }
      }),
      { numRuns: 1000 }
    )
  })

  it("is read back from any code and state, in every form", () => {
    const text = fc.string({ unit: anyCharacter, minLength: 1 })
    fc.assert(fc.property(text, text, (code, state) => {
      const query = new URLSearchParams({ code, state }).toString()
      const forms = [
        query,
        `?${query}`,
        `#${query}`,
        `https://app.example/a?${query}`,
        `https://app.example/a#${query}`,
        { code, state }
      ]
      for (const form of forms) {
        expect(codeOf(form, state)).toBe(code)
      }
    }))
  })

  it("is read in linear time", () => {
    for (const part of ["?", "#", "&", "=", "%", "state=", "a?", "\u0000"]) {
      expect(Either.isLeft(parse(part.repeat(200_000)))).toBe(true)
    }
  })
})

describe("checkIssuer", () => {
  const policy = { knownAuthorities: [], allowInsecureLoopback: false }
  const tenantId = "8ab1c0de-0000-4000-8000-00000000000a"
  const otherTenantId = "8ab1c0de-0000-4000-8000-00000000000b"
  const consumers = Cloud.consumersTenantId
  const generic = Either.getOrThrow(AuthorityUrl.openIdConnect("https://issuer.example", policy))
  const entra = (tenant: string) =>
    Either.getOrThrow(AuthorityUrl.microsoft(`https://login.microsoftonline.com/${tenant}`, policy))
  const metadata = (authority: Authority.Authority, sendsIssuer: boolean) =>
    Either.getOrThrow(ProviderMetadata.decode(
      {
        issuer: authority._tag === "OpenIdConnect"
          ? authority.issuer
          : "https://login.microsoftonline.com/{tenantid}/v2.0",
        token_endpoint: authority._tag === "Entra"
          ? "https://login.microsoftonline.com/token"
          : "https://issuer.example/token",
        authorization_response_iss_parameter_supported: sendsIssuer
      },
      authority,
      policy
    ))
  const check = (iss: string | undefined, authority: Authority.Authority, sendsIssuer: boolean) =>
    AuthorizationResponse.checkIssuer(
      Either.getOrThrow(parse({ state: "right", code: "c", iss })),
      authority,
      metadata(authority, sendsIssuer)
    )

  it.each<[string | undefined, Authority.Authority, boolean]>([
    ["https://issuer.example", generic, true],
    ["https://issuer.example", generic, false],
    [undefined, generic, false],
    [undefined, entra("common"), false],
    [`https://login.microsoftonline.com/${tenantId}/v2.0`, entra("common"), true],
    [`https://login.microsoftonline.com/${tenantId}/v2.0`, entra(tenantId), true],
    [`https://login.microsoftonline.com/${tenantId}/v2.0`, entra("contoso.com"), true],
    [`https://login.microsoftonline.com/${consumers}/v2.0`, entra("consumers"), true]
  ])("accepts %s of %j, announced: %s", (iss, authority, sendsIssuer) => {
    expect(Either.isRight(check(iss, authority, sendsIssuer))).toBe(true)
  })

  it.each<[string | undefined, Authority.Authority, boolean]>([
    [undefined, generic, true],
    ["", generic, true],
    ["", generic, false],
    ["https://evil.example", generic, true],
    ["https://evil.example", generic, false],
    ["https://issuer.example/", generic, true],
    ["https://ISSUER.example", generic, true],
    ["https://issuer.example:443", generic, true],
    ["http://issuer.example", generic, true],
    [undefined, entra("common"), true],
    ["https://login.microsoftonline.com/common/v2.0", entra("common"), true],
    ["https://login.microsoftonline.com//v2.0", entra("common"), true],
    ["https://login.microsoftonline.com/v2.0", entra("common"), true],
    [`https://login.microsoftonline.us/${tenantId}/v2.0`, entra("common"), true],
    [`https://evil.com/${tenantId}/v2.0`, entra("common"), true],
    [`https://login.microsoftonline.com/${tenantId}/../v2.0`, entra("common"), true],
    [`https://login.microsoftonline.com/${tenantId}/v2.0/`, entra("common"), true],
    [`https://login.microsoftonline.com/${otherTenantId}/v2.0`, entra(tenantId), true],
    [`https://login.microsoftonline.com/${consumers}/v2.0`, entra("organizations"), true],
    [`https://login.microsoftonline.com/${consumers.toUpperCase()}/v2.0`, entra("organizations"), true],
    [`https://login.microsoftonline.com/${tenantId}/v2.0`, entra("consumers"), true]
  ])("refuses %s of %j, announced: %s", (iss, authority, sendsIssuer) => {
    const error = Either.getOrThrow(Either.flip(check(iss, authority, sendsIssuer)))
    expect(error).toMatchObject({ _tag: "ResponseMismatch", reason: "issuer", parameter: "iss" })
  })
})
