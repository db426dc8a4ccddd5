import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import fc from "fast-check"
import { inspect } from "node:util"
import { describe, expect, it } from "vitest"
import { AuthError, InteractionReason } from "../../src/AuthError.js"
import * as ErrorClassifier from "../../src/protocol/ErrorClassifier.js"
import * as ErrorResponse from "../../src/protocol/ErrorResponse.js"
import { anyCharacter } from "../anyCharacter.js"

type GrantType = ErrorClassifier.Circumstances["grantType"]
const grantTypes: ReadonlyArray<GrantType> = ["authorization_code", "password", "refresh_token", "authorize"]

const classify = (
  body: Record<string, unknown>,
  grantType: GrantType,
  more: Partial<ErrorClassifier.Circumstances> = {}
) =>
  ErrorClassifier.classify(Option.getOrThrow(ErrorResponse.decode(body)), {
    grantType,
    endpoint: "https://issuer.example/token",
    status: 400,
    secrets: [],
    ...more
  })

const grantTypeOf = (name: string): GrantType =>
  name === "client_credentials" ? name : grantTypes.find((one) => one === name) ?? "authorize"

const verdict = (error: AuthError) =>
  error._tag === "InteractionRequired" ? `${error._tag}:${error.reason}` : error._tag

type Verdicts = string | ({ readonly [G in GrantType]?: string } & { readonly else?: string })

/** Reference 2.11 and RFC 6749 4.1.2.1 and 5.2, OIDC Core 3.1.2.6: what each grant makes of each refusal. */
const table: ReadonlyArray<readonly [string, Record<string, unknown>, Verdicts]> = [
  ["interaction_required", { error: "interaction_required" }, "InteractionRequired:login"],
  ["login_required", { error: "login_required" }, "InteractionRequired:login"],
  ["consent_required", { error: "consent_required" }, "InteractionRequired:consent"],
  ["account_selection_required", { error: "account_selection_required" }, "InteractionRequired:login"],
  ["invalid_grant alone", { error: "invalid_grant" }, {
    refresh_token: "InteractionRequired:expired",
    password: "InvalidCredentials",
    else: "InvalidGrant"
  }],
  [
    "suberror consent_required",
    { error: "invalid_grant", suberror: "consent_required" },
    "InteractionRequired:consent"
  ],
  [
    "suberror user_password_expired",
    { error: "invalid_grant", suberror: "user_password_expired" },
    "InteractionRequired:password"
  ],
  ["suberror basic_action", { error: "invalid_grant", suberror: "basic_action" }, "InteractionRequired:mfa"],
  ["suberror additional_action", { error: "invalid_grant", suberror: "additional_action" }, "InteractionRequired:mfa"],
  ["suberror message_only", { error: "invalid_grant", suberror: "message_only" }, "InteractionRequired:policy"],
  [
    "suberror protection_policy_required",
    { error: "invalid_grant", suberror: "protection_policy_required" },
    "InteractionRequired:policy"
  ],
  [
    "suberror device_authentication_failed",
    { error: "invalid_grant", suberror: "device_authentication_failed" },
    "InteractionRequired:policy"
  ],
  ["suberror bad_token", { error: "invalid_grant", suberror: "bad_token" }, {
    refresh_token: "InteractionRequired:expired"
  }],
  ["suberror token_expired", { error: "invalid_grant", suberror: "token_expired" }, {
    refresh_token: "InteractionRequired:expired"
  }],
  ["suberror client_mismatch", { error: "invalid_grant", suberror: "client_mismatch" }, "InvalidGrant"],
  ["claims", { error: "invalid_grant", claims: "{\"access_token\":{}}" }, "InteractionRequired:claims"],
  [
    "claims on interaction_required",
    { error: "interaction_required", claims: "{\"access_token\":{}}" },
    "InteractionRequired:claims"
  ],
  ["50126, a wrong password", { error: "invalid_grant", error_codes: [50126] }, { password: "InvalidCredentials" }],
  ["50034, an unknown user", { error: "invalid_grant", error_codes: [50034] }, { password: "InvalidCredentials" }],
  ["50126 among older codes", { error: "invalid_grant", error_codes: [70002, 50126] }, {
    password: "InvalidCredentials"
  }],
  ["50074", { error: "invalid_grant", error_codes: [50074] }, "InteractionRequired:mfa"],
  ["50076", { error: "interaction_required", error_codes: [50076] }, "InteractionRequired:mfa"],
  [
    "50079 with basic_action",
    { error: "invalid_grant", suberror: "basic_action", error_codes: [50079] },
    "InteractionRequired:mfa"
  ],
  [
    "50076 with basic_action and claims",
    { error: "invalid_grant", suberror: "basic_action", error_codes: [50076], claims: "{\"access_token\":{}}" },
    "InteractionRequired:mfa"
  ],
  ["65001", { error: "invalid_grant", error_codes: [65001] }, "InteractionRequired:consent"],
  [
    "65001 with consent_required",
    { error: "invalid_grant", suberror: "consent_required", error_codes: [65001] },
    "InteractionRequired:consent"
  ],
  ["50055, an expired password", { error: "invalid_grant", error_codes: [50055] }, "InteractionRequired:password"],
  ["70043 with token_expired", { error: "invalid_grant", suberror: "token_expired", error_codes: [70043] }, {
    refresh_token: "InteractionRequired:expired"
  }],
  ["70043 with bad_token", { error: "invalid_grant", suberror: "bad_token", error_codes: [70043] }, {
    refresh_token: "InteractionRequired:expired"
  }],
  ["700082", { error: "invalid_grant", error_codes: [700082] }, {
    refresh_token: "InteractionRequired:expired",
    authorization_code: "InvalidGrant"
  }],
  ["70008", { error: "invalid_grant", error_codes: [70008] }, {
    refresh_token: "InteractionRequired:expired",
    authorization_code: "InvalidGrant"
  }],
  ["54005, a used code", { error: "invalid_grant", error_codes: [54005] }, { authorization_code: "InvalidGrant" }],
  [
    "53003 with message_only",
    { error: "invalid_grant", suberror: "message_only", error_codes: [53003] },
    "InteractionRequired:policy"
  ],
  [
    "53003 with basic_action",
    { error: "interaction_required", suberror: "basic_action", error_codes: [53003] },
    "InteractionRequired:policy"
  ],
  [
    "53000 with message_only",
    { error: "invalid_grant", suberror: "message_only", error_codes: [53000] },
    "InteractionRequired:policy"
  ],
  ["530003", { error: "invalid_grant", error_codes: [530003] }, "InteractionRequired:policy"],
  ["50196, a client in a loop", { error: "invalid_grant", error_codes: [50196] }, "Throttled"],
  ["50057, a disabled account", { error: "invalid_grant", error_codes: [50057] }, "InteractionRequired:policy"],
  ["50020, another tenant's account", { error: "invalid_grant", error_codes: [50020] }, "InteractionRequired:login"],
  ["650053, a permission the resource lacks", { error: "invalid_client", error_codes: [650053] }, "InvalidScope"],
  ["90002, an unknown tenant", { error: "invalid_request", error_codes: [90002] }, "InvalidAuthority"],
  ["900023, no name of a tenant", { error: "invalid_request", error_codes: [900023] }, "InvalidAuthority"],
  ["500011, an unknown resource", { error: "invalid_resource", error_codes: [500011] }, "InvalidScope"],
  ["invalid_client", { error: "invalid_client" }, "InvalidClient"],
  ["7000218, no secret", { error: "invalid_client", error_codes: [7000218] }, "InvalidClient"],
  ["7000215, a bad secret", { error: "invalid_client", error_codes: [7000215] }, "InvalidClient"],
  ["700027, a bad certificate", { error: "invalid_client", error_codes: [700027] }, "InvalidClient"],
  ["700016, an unknown client", { error: "unauthorized_client", error_codes: [700016] }, "InvalidClient"],
  ["unauthorized_client", { error: "unauthorized_client" }, "InvalidClient"],
  ["invalid_scope", { error: "invalid_scope" }, "InvalidScope"],
  ["access_denied", { error: "access_denied" }, "AccessDenied"],
  ["65004, consent declined", { error: "access_denied", error_codes: [65004] }, "AccessDenied"],
  ["server_error", { error: "server_error" }, "ServerUnavailable"],
  ["temporarily_unavailable", { error: "temporarily_unavailable" }, "ServerUnavailable"],
  ["invalid_request", { error: "invalid_request" }, "ServerRefused"],
  ["900144, a missing parameter", { error: "invalid_request", error_codes: [900144] }, "ServerRefused"],
  ["unsupported_grant_type", { error: "unsupported_grant_type" }, "ServerRefused"],
  ["unsupported_response_type", { error: "unsupported_response_type" }, "ServerRefused"],
  ["an unknown error", { error: "no_such_error" }, "ServerRefused"],
  ["an unknown error with a known number", { error: "no_such_error", error_codes: [50126] }, "ServerRefused"],
  ["a member of every object", { error: "constructor", suberror: "toString" }, "ServerRefused"],
  ["another letter case", { error: "INVALID_CLIENT" }, "ServerRefused"]
]

const cases = table.flatMap(([name, body, verdicts]) =>
  grantTypes.flatMap((grantType) => {
    const expected = typeof verdicts === "string" ? verdicts : verdicts[grantType] ?? verdicts.else
    return expected === undefined ? [] : [{ name, body, grantType, expected }]
  })
)

describe("the table", () => {
  it.each(cases)("$name, of $grantType: $expected", ({ body, expected, grantType }) => {
    expect(verdict(classify(body, grantType))).toBe(expected)
  })

  it.each(["refresh_token", "password"] as const)("asks for a person on an unknown suberror, of %s", (grantType) => {
    expect(classify({ error: "invalid_grant", suberror: "no_such_suberror" }, grantType)._tag).toBe(
      "InteractionRequired"
    )
  })

  it.each([50034, 50053, 50056, 50126])(
    "asks for a person when a refresh is refused with %i: no password was sent",
    (code) => {
      expect(classify({ error: "invalid_grant", error_codes: [code] }, "refresh_token")._tag).toBe(
        "InteractionRequired"
      )
    }
  )

  it("speaks of a wrong password only where one was sent", () => {
    const codes = fc.array(fc.constantFrom(50034, 50053, 50056, 50126, 70008, 65001, 1))
    fc.assert(fc.property(codes, fc.constantFrom(...grantTypes), (error_codes, grantType) => {
      const error = classify({ error: "invalid_grant", error_codes }, grantType)
      expect(error._tag === "InvalidCredentials" && grantType !== "password").toBe(false)
    }))
  })

  it("judges by the number, wherever it is written", () => {
    const code = fc.constantFrom(50034, 50055, 50074, 50076, 50126, 50196, 53003, 65001, 70008, 700082, 999999)
    const error = fc.constantFrom("invalid_grant", "interaction_required", "invalid_client")
    fc.assert(fc.property(error, code, fc.constantFrom(...grantTypes), (error, code, grantType) => {
      const announced = classify({ error, error_codes: [code] }, grantType)
      const described = classify({ error, error_description: `AADSTS${code}: no` }, grantType)
      const linked = classify({ error, error_uri: `https://a.example/error?code=${code}` }, grantType)
      expect([verdict(described), verdict(linked)]).toEqual([verdict(announced), verdict(announced)])
      expect([described.errorCodes, linked.errorCodes]).toEqual([[code], [code]])
    }))
  })
})

describe("MSAL's classification", () => {
  it.each<[string | undefined, string | undefined]>([
    [undefined, undefined],
    ["basic_action", "basic_action"],
    ["additional_action", "additional_action"],
    ["message_only", "message_only"],
    ["consent_required", "consent_required"],
    ["user_password_expired", "user_password_expired"],
    ["no_such_suberror", "no_such_suberror"],
    ["bad_token", ""],
    ["token_expired", ""],
    ["protection_policy_required", ""],
    ["device_authentication_failed", ""]
  ])("of %s is %s", (suberror, classification) => {
    const error = classify({ error: "invalid_grant", suberror }, "refresh_token")
    expect(error).toMatchObject({ _tag: "InteractionRequired", suberror, classification })
  })
})

describe("Microsoft's numbers", () => {
  it.each<[number, string, RegExp]>([
    [50126, "password", /^The username or the password is wrong\. Ask for them again\. \(/],
    [50057, "refresh_token", /^The account is disabled\. /],
    [7000215, "client_credentials", /^The client secret is wrong\. /],
    [999999, "client_credentials", /^The client was refused\. /]
  ])("explain themselves: %i, of %s", (code, grantType, message) => {
    const error = code === 50126 || code === 50057 ? "invalid_grant" : "invalid_client"
    expect(classify({ error, error_codes: [70002, code] }, grantTypeOf(grantType)).message).toMatch(message)
  })
})

describe("the status", () => {
  it.each<[number | undefined, number | undefined, string, string]>([
    [429, undefined, "invalid_grant", "Throttled"],
    [429, 5, "no_such_error", "Throttled"],
    [503, 5, "temporarily_unavailable", "Throttled"],
    [500, 0, "server_error", "Throttled"],
    [503, undefined, "temporarily_unavailable", "ServerUnavailable"],
    [500, undefined, "no_such_error", "ServerUnavailable"],
    [599, undefined, "no_such_error", "ServerUnavailable"],
    [400, 5, "no_such_error", "ServerRefused"],
    [200, undefined, "no_such_error", "ServerRefused"],
    [499, undefined, "no_such_error", "ServerRefused"],
    [401, undefined, "invalid_client", "InvalidClient"],
    [undefined, undefined, "no_such_error", "ServerRefused"],
    [undefined, undefined, "server_error", "ServerUnavailable"]
  ])("%s, Retry-After %s, %s: %s", (status, retryAfter, error, expected) => {
    const classified = classify({ error }, "refresh_token", { status, retryAfter })
    expect(verdict(classified)).toBe(expected)
    expect(classified.status).toBe(status)
    if (classified._tag === "Throttled") {
      expect(classified.retryAfter).toBe(retryAfter)
    }
  })
})

describe("the error", () => {
  const body = {
    error: "invalid_grant",
    error_description: "AADSTS50076: no",
    error_codes: [50076],
    error_uri: "https://a.example/error?code=50076",
    suberror: "basic_action",
    claims: "{\"access_token\":{}}",
    correlation_id: "theirs",
    trace_id: "trace",
    timestamp: "2030-01-01 00:00:00Z"
  }

  it("carries everything the provider said", () => {
    expect(classify(body, "refresh_token", { correlationId: "ours", status: 400 })).toMatchObject({
      error: "invalid_grant",
      errorDescription: "AADSTS50076: no",
      errorCodes: [50076],
      errorUri: "https://a.example/error?code=50076",
      suberror: "basic_action",
      claims: "{\"access_token\":{}}",
      correlationId: "theirs",
      traceId: "trace",
      timestamp: "2030-01-01 00:00:00Z",
      endpoint: "https://issuer.example/token",
      status: 400
    })
  })

  it("falls back on the request's correlation id", () => {
    expect(classify({ error: "a" }, "password", { correlationId: "ours" }).correlationId).toBe("ours")
  })

  it.each(cases)("says what to do: $name, of $grantType", ({ body, grantType }) => {
    expect(classify(body, grantType).message).toMatch(/^[A-Z][^.]+\. .+\([^)]*\)$/s)
  })

  const text = fc.oneof(
    fc.string({ unit: anyCharacter }),
    fc.constantFrom("invalid_grant", "interaction_required", "bad_token", "basic_action", "{}", "AADSTS50126: no")
  )
  const response = fc.record({
    error: fc.oneof(text, fc.constant("invalid_grant")).filter((one) => one !== ""),
    error_description: text,
    error_codes: fc.array(fc.oneof(fc.integer(), fc.constantFrom(50126, 50076, 65001))),
    error_uri: text,
    suberror: text,
    claims: text,
    correlation_id: text,
    trace_id: text,
    timestamp: text
  }, { requiredKeys: ["error"] })
  const circumstances = fc.record({
    grantType: fc.constantFrom(...grantTypes),
    status: fc.option(fc.integer({ min: 100, max: 599 }), { nil: undefined }),
    retryAfter: fc.option(fc.nat(3600), { nil: undefined })
  })

  it("is one of the union for any answer, and survives its schema", () => {
    const encode = Schema.encodeSync(AuthError)
    const decode = Schema.decodeUnknownSync(AuthError)
    fc.assert(fc.property(response, circumstances, (body, { grantType, ...more }) => {
      const error = classify(body, grantType, more)
      expect(verdict(decode(JSON.parse(JSON.stringify(encode(error)))))).toBe(verdict(error))
      if (error._tag === "InteractionRequired") {
        expect(InteractionReason.literals).toContain(error.reason)
      }
    }))
  })

  it("holds no secret, wherever the provider repeats one", () => {
    const secret = fc.string({ unit: fc.constantFrom(..."0123456789ABCXYZ-_.~&%<\"' "), minLength: 10, maxLength: 40 })
    fc.assert(fc.property(secret, circumstances, fc.boolean(), (secret, { grantType, ...more }, wrapped) => {
      const echo = wrapped ? `You sent ${secret} here` : secret
      const body = {
        error: echo,
        error_description: echo,
        error_uri: echo,
        suberror: echo,
        claims: echo,
        correlation_id: echo,
        trace_id: echo,
        timestamp: echo
      }
      for (
        const error of [
          classify(body, grantType, { ...more, secrets: [secret] }),
          classify({ ...body, error: "invalid_grant" }, grantType, { ...more, secrets: [secret] })
        ]
      ) {
        const printed = [
          error.message,
          error.stack,
          String(error),
          inspect(error, { depth: 9, showHidden: true }),
          ...Object.values(error).map(String)
        ]
        for (const print of printed) {
          expect(print).not.toContain(secret)
        }
      }
    }))
  })

  it("holds no secret of digits that the provider repeats among the numbers", () => {
    const error = classify({ error: "invalid_grant", error_codes: [12345678] }, "password", { secrets: ["12345678"] })
    expect(inspect(error)).not.toContain("12345678")
  })
})
