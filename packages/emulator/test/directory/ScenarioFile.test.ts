import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { defaultScenario } from "../../src/scenario/defaultScenario.js"
import { Scenario } from "../../src/scenario/Scenario.js"
import { app, file, messageOf, parse, place, tenant, user } from "../support/scenarioFile.js"

describe("syntax", () => {
  it.each<[text: string, message: string]>([
    ["", "my.json:1:1: the file is empty"],
    [" \n", "my.json:1:1: the file is empty"],
    ["// only a comment", "my.json:1:18: value expected"],
    ["{\n  \"tenants\" []\n}", "my.json:2:13: colon expected"],
    ["{\n  \"tenants\": [}\n", "my.json:2:15: value expected"],
    ["{ \"tenants\": [] \"users\": [] }", "my.json:1:17: comma expected"],
    ["{ tenants: [] }", "my.json:1:3: invalid symbol"],
    ["{ 'tenants': [] }", "my.json:1:3: invalid symbol"],
    ["{ \"tenants\": [], } x", "my.json:1:20: invalid symbol"],
    ["{\r\n\"users\": [ tru ]\r\n}", "my.json:2:12: invalid symbol"],
    ["[[".repeat(40), "my.json:1:65: is nested too deeply"]
  ])("of %j is told with its place", (text, message) => {
    expect(messageOf(text).split("\n")[0]).toBe(message)
  })

  it("may be of any depth that somebody thinks of", () => {
    expect(messageOf("[".repeat(1_000_000))).toBe("my.json:1:65: is nested too deeply")
    expect(messageOf(`{"tenants": ${"{\"a\":".repeat(1_000_000)}`)).toMatch(/^my\.json:1:\d+: is nested too deeply$/)
  })

  it("may have comments, trailing commas and a byte order mark", () => {
    const text = `\uFEFF// A comment
      { /* another */ "tenants": [${JSON.stringify(tenant)},], // and one more
      }`
    expect(Either.getOrThrow(parse(text)).tenants).toMatchObject([tenant])
  })
})

describe("a contradiction", () => {
  const other = { ...tenant, id: "f0000000-0000-4000-8000-000000000002", domains: ["fabrikam.example"] }

  it.each<[what: string, text: string, near: string, problem: string]>([
    [
      "a user of no tenant",
      file({ users: [{ ...user, username: "jane@elsewhere.example" }] }),
      "\"username\"",
      "users[0].username: names the tenant \"elsewhere.example\", which the scenario lacks"
    ],
    [
      "an unknown home",
      file({ users: [{ ...user, tenant: "elsewhere.example" }] }),
      "\"tenant\"",
      "users[0].tenant: names the tenant \"elsewhere.example\", which the scenario lacks"
    ],
    [
      "an unknown second tenant",
      file({ users: [{ ...user, guestIn: ["fabrikam.example"] }] }),
      "\"fabrikam.example\"]}",
      "users[0].guestIn[0]: names the tenant \"fabrikam.example\", which the scenario lacks"
    ],
    [
      "an application of an unknown tenant",
      file({ apps: [{ ...app, tenant: "x.example" }] }),
      "\"tenant\"",
      "apps[0].tenant: names the tenant \"x.example\", which the scenario lacks"
    ],
    [
      "a name used twice",
      file({ users: [user, { ...user, username: "JANE@contoso.example" }] }),
      "\"username\"",
      "users[1].username: repeats \"jane@contoso.example\""
    ],
    [
      "an object id used twice",
      file({
        users: [{ ...user, id: tenant.id }, { ...user, username: "sam@contoso.example", id: tenant.id }]
      }),
      "\"id\"",
      `users[1].id: repeats "${tenant.id}"`
    ],
    [
      "a tenant id used twice",
      file({ tenants: [tenant, { ...other, id: tenant.id.toUpperCase() }] }),
      "\"id\"",
      `tenants[1].id: repeats "${tenant.id}"`
    ],
    [
      "a domain of two tenants",
      file({ tenants: [tenant, { ...other, domains: ["fabrikam.example", "Contoso.example"] }] }),
      "\"Contoso.example\"",
      "tenants[1].domains[1]: repeats \"contoso.example\""
    ],
    ["a client id used twice", file({ apps: [app, app] }), "\"id\"", `apps[1].id: repeats "${app.id}"`],
    [
      "a resource of two applications",
      file({
        apps: [{ ...app, identifierUris: ["api://a"] }, {
          ...app,
          id: other.id,
          identifierUris: ["api://b", "api://a"]
        }]
      }),
      "\"api://a\"",
      "apps[1].identifierUris[1]: repeats \"api://a\""
    ],
    [
      "Graph's id",
      file({ apps: [{ ...app, id: "00000003-0000-0000-c000-000000000000" }] }),
      "\"id\"",
      "apps[0].id: is the id of Microsoft Graph"
    ],
    [
      "Graph's name",
      file({ apps: [{ ...app, identifierUris: ["https://graph.microsoft.com"] }] }),
      "\"https://graph",
      "apps[0].identifierUris[0]: repeats \"https://graph.microsoft.com\""
    ]
  ])("is told: %s", (_, text, near, problem) => {
    expect(messageOf(text)).toBe(`my.json:${place(text, near)}: ${problem}`)
  })
})

describe("anything", () => {
  const located = /^my\.json:\d+:\d+: .+$/

  /** The lines that do not tell where a mistake is; none of a scenario. */
  const unlocated = (text: string): ReadonlyArray<string> => {
    const result = parse(text)
    return Either.isRight(result) ? [] : result.left.message.split("\n").filter((line) => !located.test(line))
  }

  it("gives a scenario or tells where it goes wrong: text", () => {
    const marks = fc.array(fc.constantFrom(..."{}[]:,\"\\/*\n\r 01e-.tfn\uFEFF")).map((parts) => parts.join(""))
    fc.assert(fc.property(fc.oneof(fc.string({ unit: "binary" }), marks), (text) => {
      expect(unlocated(text)).toEqual([])
    }))
  })

  it("gives a scenario or tells where it goes wrong: JSON", () => {
    const name = fc.constantFrom(
      "tenants",
      "users",
      "apps",
      "policies",
      "faults",
      "id",
      "name",
      "domains",
      "username",
      "kind",
      "__proto__",
      "constructor"
    )
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 4 }, fc.jsonValue(), fc.array(tie("tree")), fc.dictionary(name, tie("tree")))
    }))
    fc.assert(fc.property(fc.oneof(fc.json(), tree.map((value) => JSON.stringify(value) ?? "")), (text) => {
      expect(unlocated(text)).toEqual([])
    }))
  })

  it("gives a scenario or tells where it goes wrong: a scenario with a part replaced", () => {
    const text = JSON.stringify(defaultScenario, null, 1)
    fc.assert(fc.property(fc.nat(text.length), fc.nat(40), fc.string(), (start, length, part) => {
      expect(unlocated(text.slice(0, start) + part + text.slice(start + length))).toEqual([])
    }))
  })

  it("that is a scenario comes back as it was", () => {
    const encode = Schema.encodeSync(Scenario)
    const scenario = Either.getOrThrow(parse(JSON.stringify(defaultScenario)))
    expect(Either.getOrThrow(parse(JSON.stringify(encode(scenario))))).toEqual(scenario)
    const people = fc.uniqueArray(
      fc.record({
        username: fc.stringMatching(/^[a-z]{1,9}$/).map((name) => `${name}@contoso.example`),
        password: fc.string({ minLength: 1 }),
        name: fc.string({ minLength: 1, unit: "grapheme" }),
        mfa: fc.boolean(),
        blocked: fc.boolean()
      }),
      { selector: ({ username }) => username }
    )
    fc.assert(fc.property(people, (users) => {
      const first = Either.getOrThrow(parse(JSON.stringify({ tenants: [tenant], users })))
      expect(first.users).toMatchObject(users)
      expect(Either.getOrThrow(parse(JSON.stringify(encode(first), null, 2)))).toEqual(first)
    }))
  })
})
