import * as Either from "effect/Either"
import { describe, expect, it } from "vitest"
import { wellKnownKeys } from "../../src/state/wellKnownKeys.js"
import { app, file, messageOf, parse, place, tenant, user } from "../support/scenarioFile.js"

const kinds = "has to be \"latency\" or \"throttled\" or \"unavailable\" or \"proxyPage\" or \"drop\""
  + " or \"refusal\" or \"clockSkew\" or \"badIdToken\" or \"wrongIssuer\""

const pem = (der: string) => `-----BEGIN CERTIFICATE-----\n${der}\n-----END CERTIFICATE-----\n`

describe("a field", () => {
  it.each<[what: string, text: string, near: string, problem: string]>([
    ["is missing", "{}", "{", "tenants: is missing"],
    [
      "is missing further in",
      file({ users: [{ ...user, name: undefined }] }),
      "{\"username\"",
      "users[0].name: is missing"
    ],
    ["is unknown", file({ usrs: [] }), "\"usrs\"", "usrs: is no field that is known here"],
    [
      "is unknown further in",
      file({ users: [{ ...user, admin: true }] }),
      "\"admin\"",
      "users[0].admin: is no field that is known here"
    ],
    [
      "has an odd name",
      file({ users: [{ ...user, "a\nb": true }] }),
      "\"a\\nb\"",
      "users[0][\"a\\nb\"]: is no field that is known here"
    ],
    [
      "is the prototype",
      file({}).replace(/\}$/, ",\"__proto__\": { \"users\": [] } }"),
      "\"__proto__\"",
      "__proto__: is no field that is known here"
    ],
    ["is a number, not text", file({ users: [{ ...user, name: 7 }] }), "\"name\"", "users[0].name: has to be a string"],
    ["is text, not a flag", file({ users: [{ ...user, mfa: "yes" }] }), "\"mfa\"", "users[0].mfa: has to be a boolean"],
    [
      "is null, not a list",
      file({ users: [{ ...user, guestIn: null }] }),
      "\"guestIn\"",
      "users[0].guestIn: has to be a list"
    ],
    ["is no list", "{ \"tenants\": {} }", "\"tenants\"", "tenants: has to be a list"],
    ["is an empty list", file({ tenants: [] }), "\"tenants\"", "tenants[0]: is missing"],
    ["is no object", file({ users: ["jane"] }), "\"jane\"", "users[0]: has to be an object"],
    ["is empty", file({ users: [{ ...user, name: "" }] }), "\"name\"", "users[0].name: has to be a non empty string"],
    [
      "is no GUID",
      file({ tenants: [{ ...tenant, id: "contoso" }] }),
      "\"id\"",
      "tenants[0].id: has to be a GUID such as 11111111-2222-4333-8444-555555555555"
    ],
    [
      "is no domain",
      file({ tenants: [{ ...tenant, domains: ["contoso.example", "common"] }] }),
      "\"common\"",
      "tenants[0].domains[1]: has to be a domain such as contoso.example"
    ],
    [
      "is no sign-in name",
      file({ users: [{ ...user, username: "jane" }] }),
      "\"username\"",
      "users[0].username: has to be a sign-in name such as jane@contoso.example"
    ],
    [
      "is no code",
      file({ users: [{ ...user, mfaCode: "12345" }] }),
      "\"mfaCode\"",
      "users[0].mfaCode: has to be six digits"
    ],
    [
      "is no redirect URI",
      file({ apps: [{ ...app, redirectUris: ["/callback"] }] }),
      "\"/callback\"",
      "apps[0].redirectUris[0]: has to be an absolute URI without a fragment or a wildcard"
    ],
    [
      "is a redirect URI with a wildcard",
      file({ apps: [{ ...app, redirectUris: ["https://*.example"] }] }),
      "\"https://*",
      "apps[0].redirectUris[0]: has to be an absolute URI without a fragment or a wildcard"
    ],
    [
      "is no certificate",
      file({ apps: [{ ...app, certificates: ["MIIC"] }] }),
      "\"MIIC\"",
      "apps[0].certificates[0]: has to be a certificate in PEM"
    ],
    ...[
      "javascript:alert(1)",
      "data:text/html,hello",
      "vbscript:x",
      "file:///etc/passwd",
      "http://app.example/",
      "app:/x"
    ]
      .map((uri): [string, string, string, string] => [
        `is ${uri}`,
        file({ apps: [{ ...app, redirectUris: [uri] }] }),
        `"${uri}"`,
        "apps[0].redirectUris[0]: has to begin with https, http on loopback, or a scheme such as com.example.app or msal{id}"
      ]),
    [
      "is a redirect URI beyond ASCII",
      file({ apps: [{ ...app, redirectUris: ["https://app.example/é"] }] }),
      "\"https://app",
      "apps[0].redirectUris[0]: has to be an absolute URI without a fragment or a wildcard"
    ],
    ...["c2VjcmV0", "MIIC", "MA==", "!!!", "MAEAAA==", "A".repeat(400)].map((der): [string, string, string, string] => [
      `is a certificate of ${der}`,
      file({ apps: [{ ...app, certificates: [pem(der)] }] }),
      "\"-----BEGIN",
      "apps[0].certificates[0]: has to be a certificate in PEM"
    ]),
    [
      "is none of the words",
      file({ apps: [{ ...app, audience: "all" }] }),
      "\"audience\"",
      "apps[0].audience: has to be \"tenant\" or \"organizations\" or \"everyone\""
    ],
    [
      "is a permission of two words",
      file({ apps: [{ ...app, permissions: [{ name: "a b" }] }] }),
      "\"name\":\"a b\"",
      "apps[0].permissions[0].name: has to be one word without a slash"
    ],
    [
      "is neither a permission nor its name",
      file({ apps: [{ ...app, permissions: [7] }] }),
      "7]",
      "apps[0].permissions[0]: has to be an object or a non empty string"
    ],
    [
      "is an unknown fault",
      file({ faults: [{ kind: "earthquake" }] }),
      "\"kind\"",
      `faults[0].kind: ${kinds}`
    ],
    [
      "is a kind that cannot be made text",
      file({ faults: [{ kind: "drop" }, { kind: { toString: 1 } }] }),
      "\"kind\"",
      `faults[1].kind: ${kinds}`
    ],
    ["is a list of kinds", file({ faults: [{ kind: ["drop"] }] }), "\"kind\"", `faults[0].kind: ${kinds}`],
    ["is a fault without its kind", file({ faults: [{}] }), "{}]", "faults[0].kind: is missing"],
    [
      "is a fault's",
      file({ faults: [{ kind: "latency", milliseconds: -1 }] }),
      "\"milliseconds\"",
      "faults[0].milliseconds: has to be a non-negative number"
    ],
    [
      "is a fault's match",
      file({ faults: [{ kind: "drop", on: { endpoint: "tokens" } }] }),
      "\"endpoint\"",
      "faults[0].on.endpoint: has to be \"instance\" or \"metadata\" or \"keys\" or \"authorize\" or \"token\""
      + " or \"devicecode\" or \"logout\" or \"userrealm\" or \"userinfo\" or \"me\""
    ]
  ])("%s", (_, text, near, problem) => {
    expect(messageOf(text)).toBe(`my.json:${place(text, near)}: ${problem}`)
  })

  it("is told beside all others that are wrong", () => {
    const text = file({
      tenants: [{ ...tenant, name: "" }],
      users: [user, { ...user, username: "sam", nmae: "Sam" }],
      policies: ["none"]
    })
    const fields = messageOf(text).split("\n").map((line) => line.split(": ")[1])
    expect(new Set(fields)).toEqual(new Set(["policies", "tenants[0].name", "users[1].nmae", "users[1].username"]))
    expect(fields).toHaveLength(4)
  })

  it("is stated once", () => {
    expect(messageOf("{ \"tenants\": [],\n\"users\": [],\n\"users\": [],\n\"a b\": 1, \"a b\": 2 }")).toBe(
      "my.json:3:1: users: stands here twice\nmy.json:4:11: [\"a b\"]: stands here twice"
    )
    const escaped = JSON.stringify({ ...user, x: 1 }).replace("\"x\"", "\"\\u006eame\"")
    expect(messageOf(`{"tenants": [], "users": [\n${escaped}]}`)).toBe("my.json:2:84: name: stands here twice")
  })
})

describe("an application", () => {
  it.each([
    "https://app.example/callback?a=b",
    "http://localhost/callback",
    "http://127.0.0.1:3000",
    "http://[::1]/",
    "com.example.app:/callback",
    `msal${app.id}://auth`
  ])("may be led back to at %s", (uri) => {
    expect(Either.isRight(parse(file({ apps: [{ ...app, redirectUris: [uri] }] })))).toBe(true)
  })

  it("may have a certificate, whole and nothing else", () => {
    const [own] = wellKnownKeys
    const withCertificate = (der: string) => parse(file({ apps: [{ ...app, certificates: [pem(der)] }] }))
    const der = own?.certificate ?? ""
    expect(Either.isRight(withCertificate(der))).toBe(true)
    expect(Either.isLeft(withCertificate(der.slice(0, -8)))).toBe(true)
  })
})

describe("secrets", () => {
  it.each<[what: string, parts: Parameters<typeof file>[0]]>([
    ["a user with a mistake elsewhere", { users: [{ ...user, mfa: "yes" }] }],
    ["a user in a list with another mistake", { users: [user, { ...user, username: "jane" }, 7] }],
    ["a password that is no text", { users: [{ ...user, password: ["s3cr3t"] }] }],
    ["a user that is text", { users: ["s3cr3t"] }],
    ["users that are no list", { tenants: [{ ...tenant, domains: "s3cr3t" }] }],
    ["a secret that is no text", { apps: [{ ...app, secrets: [{ value: "s3cr3t" }] }] }],
    ["secrets that are no list", { apps: [{ ...app, secrets: "s3cr3t" }] }],
    ["a certificate with its key", { apps: [{ ...app, certificates: ["-----BEGIN PRIVATE KEY-----s3cr3t"] }] }],
    ["a code", { users: [{ ...user, mfaCode: "s3cr3t" }] }],
    ["an unknown field", { users: [{ ...user, newPassword: "s3cr3t" }] }]
  ])("are not told of %s", (_, parts) => {
    const message = messageOf(file(parts))
    expect(message).toMatch(/^my\.json:\d+:\d+: /)
    expect(message).not.toContain("s3cr3t")
  })
})
