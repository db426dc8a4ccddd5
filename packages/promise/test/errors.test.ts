import * as facade from "@grantwork/promise"
import { inspect } from "node:util"
import { describe, expect, it } from "vitest"
import { issuer, metadata, scripted } from "./scripted.js"
import { failure, jane, redirectUri, untyped } from "./setting.js"

const password = { ...jane, scopes: ["read"] }

const atToken = (answer: () => Response | Promise<Response>) => {
  const app = new facade.PublicClientApplication({ clientId: "client", issuer, fetch: scripted(async () => answer()) })
  return app.acquireTokenByUsernamePassword(password)
}

const atCode = (answer: () => Response) => {
  const app = new facade.PublicClientApplication({ clientId: "client", issuer, fetch: scripted(async () => answer()) })
  return app.acquireTokenByAuthorizationCode({ code: "code", redirectUri, scopes: [] })
}

const refused = (error: string, more: object = {}) => () => Response.json({ error, ...more }, { status: 400 })

const atMetadata = (answer: Response) => {
  const app = new facade.PublicClientApplication({ clientId: "client", issuer, fetch: async () => answer })
  return app.initiateAuthCodeFlow({ scopes: [], redirectUri })
}

const app = new facade.PublicClientApplication({
  clientId: "client",
  issuer,
  fetch: async () => Response.json(metadata)
})

const classes = new Map(Object.entries(facade))

describe("the classes of errors", () => {
  it.each<[keyof typeof facade, () => Promise<unknown>, object]>([
    ["InteractionRequired", atToken.bind(null, refused("interaction_required", { claims: "{\"a\":1}" })), {
      reason: "claims",
      claims: "{\"a\":1}"
    }],
    ["InvalidCredentials", atToken.bind(null, refused("invalid_grant")), {}],
    [
      "InvalidGrant",
      () => atCode(refused("invalid_grant", { error_description: "AADSTS7: no", error_codes: [7], suberror: "other" })),
      { errorCodes: [7], suberror: "other", errorDescription: "AADSTS7: no" }
    ],
    ["InvalidClient", atToken.bind(null, refused("invalid_client", { trace_id: "t", timestamp: "now" })), {
      traceId: "t",
      timestamp: "now"
    }],
    ["InvalidScope", atToken.bind(null, refused("invalid_scope", { error_uri: "https://e.example" })), {
      errorUri: "https://e.example"
    }],
    ["AccessDenied", atToken.bind(null, refused("access_denied")), { error: "access_denied" }],
    ["ServerRefused", atToken.bind(null, refused("something_else")), { error: "something_else" }],
    ["Throttled", () => atToken(() => new Response("", { status: 429, headers: { "retry-after": "7" } })), {
      retryAfter: 7,
      status: 429
    }],
    ["ServerUnavailable", atToken.bind(null, () => new Response("", { status: 503 })), { status: 503 }],
    [
      "NetworkFailure",
      () => atToken(() => Promise.reject(Object.assign(new Error("no"), { code: "ECONNREFUSED" }))),
      { reason: "connection", code: "ECONNREFUSED", endpoint: metadata.token_endpoint }
    ],
    ["MalformedResponse", atToken.bind(null, () => Response.json({ token_type: "Bearer" })), {
      reason: "no_access_token"
    }],
    ["InvalidAuthority", () => atMetadata(new Response("", { status: 404 })), {
      reason: "not_found",
      authority: issuer
    }],
    [
      "IdTokenRejected",
      atToken.bind(null, () => Response.json({ access_token: "a", token_type: "Bearer", id_token: "none" })),
      { rule: "malformed" }
    ],
    [
      "ResponseMismatch",
      async () => {
        const flow = await app.initiateAuthCodeFlow({ scopes: [], redirectUri })
        return app.acquireTokenByAuthCodeFlow({ flow, authResponse: { state: flow.state } })
      },
      { reason: "no_code", parameter: "code" }
    ],
    ["InvalidArgument", () => app.initiateAuthCodeFlow({ scopes: ["a b"], redirectUri }), { argument: "scopes" }]
  ])("%s", async (tag, call, fields) => {
    const error = await failure(call())
    expect(error).toBeInstanceOf(classes.get(tag))
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ ...fields, _tag: tag, name: tag, message: expect.stringMatching(/\.$|\)$/) })
    expect(error.constructor.name).toBe(tag)
    expect(inspect(error)).toMatch(new RegExp(`^${tag}: `))
    expect(error.stack).toContain("errors.test.ts")
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ ...fields, _tag: tag, message: error.message })
    expect(Object.values(error)).not.toContain(undefined)
  })

  it("are told apart", async () => {
    const others = Object.values(facade).filter((value) =>
      value.prototype instanceof facade.AuthError && value !== facade.InvalidScope
    )
    const error = await failure(atToken(refused("invalid_scope")))
    expect(others).toHaveLength(18)
    for (const other of others) expect(error).not.toBeInstanceOf(other)
  })

  it("can be made for the caller's own tests", () => {
    const errors = [
      new facade.CacheUnavailable({ message: "m", operation: "read" }),
      new facade.InvalidConfiguration({ message: "m", option: "o" }),
      new facade.ApplicationDisposed({ message: "m" }),
      new facade.Throttled({ message: "m", retryAfter: undefined })
    ]
    expect(JSON.parse(JSON.stringify(errors))).toEqual([
      { _tag: "CacheUnavailable", message: "m", errorCodes: [], operation: "read" },
      { _tag: "InvalidConfiguration", message: "m", errorCodes: [], option: "o" },
      { _tag: "ApplicationDisposed", message: "m", errorCodes: [] },
      { _tag: "Throttled", message: "m", errorCodes: [] }
    ])
  })
})

describe("arguments that are none", () => {
  const account = {
    homeAccountId: "h",
    environment: issuer,
    tenantId: "",
    localAccountId: "l",
    username: "",
    name: null,
    authorityType: "Generic"
  } as const
  it.each<[string, () => Promise<unknown>]>([
    ["request", () => app.acquireTokenSilent(untyped(null))],
    ["request", () => app.getAccounts(untyped("jane"))],
    ["signal", () => app.getAccounts({ signal: untyped({}) })],
    ["account", () => app.acquireTokenSilent({ scopes: [], account: untyped("jane") })],
    ["account.homeAccountId", () => app.acquireTokenSilent({ scopes: [], account: { ...account, homeAccountId: "" } })],
    ["account.tenantId", () => app.removeAccount({ account: { ...account, tenantId: untyped(null) } })],
    ["account.name", () => app.removeAccount({ account: { ...account, name: untyped(1) } })],
    ["account.authorityType", () => app.removeAccount({ account: { ...account, authorityType: untyped("MSA") } })],
    ["account", () => app.removeAccount({ account: untyped(null) })],
    ["authority", () => app.acquireTokenSilent({ scopes: [], account, authority: untyped(7) })],
    ["scopes", () => app.acquireTokenSilent({ scopes: untyped("read"), account })],
    ["minValidity", () => app.acquireTokenSilent({ scopes: [], account, minValidity: -1 })],
    ["minValidity", () => app.acquireTokenSilent({ scopes: [], account, minValidity: Number.NaN })],
    ["minValidity", () => app.acquireTokenSilent({ scopes: [], account, minValidity: untyped("5 minutes") })],
    ["maxAge", () => app.initiateAuthCodeFlow({ scopes: [], redirectUri, maxAge: Infinity })],
    ["state", () => app.initiateAuthCodeFlow({ scopes: [], redirectUri, state: untyped(1) })],
    ["redirectUri", () => app.initiateAuthCodeFlow({ scopes: [], redirectUri: untyped(null) })],
    ["codeVerifier", () => app.getAuthorizationRequestUrl({ scopes: [], redirectUri, codeVerifier: untyped(1) })],
    ["code", () => app.acquireTokenByAuthorizationCode({ scopes: [], redirectUri, code: untyped(null) })],
    ["username", () => app.acquireTokenByUsernamePassword({ ...password, username: untyped(null) })],
    ["password", () => app.acquireTokenByUsernamePassword({ ...password, password: untyped(null) })],
    ["password", () => app.acquireTokenByUsernamePassword({ ...password, password: "" })],
    ["refreshToken", () => app.acquireTokenByRefreshToken({ scopes: [], refreshToken: untyped(null) })],
    ["homeAccountId", () => app.getAccount({ homeAccountId: untyped(null) })],
    ["username", () => app.getAccounts({ username: untyped(1) })]
  ])("reject with the name of %s", async (argument, call) => {
    const error = await failure(call())
    expect(error).toBeInstanceOf(facade.InvalidArgument)
    expect(error).toMatchObject({ argument })
  })

  it("do not get in the way of what is right", async () => {
    const parsed = { ...account, name: undefined, more: { than: "asked" } }
    expect(await app.acquireTokenSilent({ scopes: [], account: untyped(parsed), minValidity: 0 })).toBeNull()
  })
})
