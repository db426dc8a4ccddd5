import * as Either from "effect/Either"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Directory from "../../src/directory/Directory.js"
import { consumers, contoso, defaultScenario, fabrikam } from "../../src/scenario/defaultScenario.js"
import type * as Scenario from "../../src/scenario/Scenario.js"
import * as Control from "../../src/state/Control.js"
import { directoryOf, found } from "../support/directory.js"

const directory = directoryOf()
const authority = (segment: string) => found(Directory.authority(directory, segment))
const person = (name: string) => found(Directory.personByName(directory, name))

describe("the tenant of an address", () => {
  it.each<[segment: string, expected: { readonly segment: string; readonly tenant: string | undefined }]>([
    [contoso, { segment: contoso, tenant: contoso }],
    [contoso.toUpperCase(), { segment: contoso, tenant: contoso }],
    ["contoso.example", { segment: contoso, tenant: contoso }],
    ["Contoso.OnMicrosoft.com", { segment: contoso, tenant: contoso }],
    ["fabrikam.example", { segment: fabrikam, tenant: fabrikam }],
    ["common", { segment: "common", tenant: undefined }],
    ["COMMON", { segment: "common", tenant: undefined }],
    ["organizations", { segment: "organizations", tenant: undefined }],
    ["consumers", { segment: "consumers", tenant: consumers }],
    [consumers, { segment: consumers, tenant: consumers }]
  ])("%s", (segment, expected) => {
    const { segment: own, tenant } = authority(segment)
    expect({ segment: own, tenant: tenant?.id }).toEqual(expected)
  })

  it.each(["", "unknown.example", "contoso", "contoso.example.", " contoso.example", `{${contoso}}`, "__proto__"])(
    "is none for %j",
    (segment) => {
      expect(Directory.authority(directory, segment)).toBeUndefined()
    }
  )
})

describe("making a directory", () => {
  /** How often a tenant, of so many, is read on average. */
  const readsPerTenant = (count: number): number => {
    let reads = 0
    const tenantAt = (index: number) => ({
      id: `c0000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
      name: "Tenant",
      domains: [`tenant${index}.example`] as const
    })
    const { scenario } = directoryOf({
      tenants: [tenantAt(0), ...Array.from({ length: count - 1 }, (_, index) => tenantAt(index + 1))],
      users: Array.from({ length: count }, (_, index) => ({
        username: `jane@tenant${index}.example`,
        password: "x",
        name: "Jane"
      })),
      apps: []
    })
    const [first, ...others] = scenario.tenants.map((tenant) => ({
      ...tenant,
      get domains() {
        reads++
        return tenant.domains
      }
    }))
    Directory.make({ ...scenario, tenants: [found(first), ...others] })
    return reads / count
  }

  it("reads each tenant as often among many as among few", () => {
    expect(readsPerTenant(500)).toBe(readsPerTenant(5))
  })

  it.each<[what: string, changes: Partial<Scenario.Input>, problems: ReadonlyArray<object>]>([
    ["a domain of two tenants", {
      tenants: [
        { id: contoso, name: "One", domains: ["one.example", "one.example"] },
        { id: fabrikam, name: "Two", domains: ["two.example", "one.example"] }
      ]
    }, [{ path: ["tenants", 1, "domains", 1], message: "repeats \"one.example\"" }]],
    ["a resource's name of two applications, and one of Graph's", {
      apps: [
        { id: "a0000000-0000-4000-8000-000000000001", name: "One", identifierUris: ["api://one", "api://one"] },
        {
          id: "a0000000-0000-4000-8000-000000000002",
          name: "Two",
          identifierUris: ["api://one", "https://graph.microsoft.com"]
        }
      ]
    }, [
      { path: ["apps", 1, "identifierUris", 0], message: "repeats \"api://one\"" },
      { path: ["apps", 1, "identifierUris", 1], message: "repeats \"https://graph.microsoft.com\"" }
    ]]
  ])("refuses %s", (_, changes, problems) => {
    const input = { ...defaultScenario, users: [], apps: [], ...changes }
    expect(Either.getOrThrow(Either.flip(Control.readScenario(input))).problems).toEqual(problems)
  })
})

describe("a person", () => {
  it("is found by name in any letter case", () => {
    expect(person(" JANE@Contoso.example ").name).toBe("Jane Doe")
    expect(Directory.personByName(directory, "jane")).toBeUndefined()
  })

  it("is at home where the name says so, unless told otherwise", () => {
    const users = [
      { username: "ann@contoso.example", password: "x", name: "Ann" },
      { username: "bea@contoso.example", password: "x", name: "Bea", tenant: "fabrikam.example" },
      { username: "cat@gmail.example", password: "x", name: "Cat", tenant: consumers }
    ]
    expect(directoryOf({ users }).people.map(({ home }) => home.id)).toEqual([contoso, fabrikam, consumers])
  })

  it("keeps the object id that is given, and has the same one in every emulator otherwise", () => {
    const id = "d0000000-0000-4000-8000-000000000009"
    const users = [{ username: "ann@contoso.example", password: "x", name: "Ann", id: id.toUpperCase() }]
    expect(directoryOf({ users }).people[0]?.id).toBe(id)
    expect(directoryOf().people.map((one) => one.id)).toEqual(directory.people.map((one) => one.id))
    expect(new Set(directory.people.map((one) => one.id)).size).toBe(directory.people.length)
  })

  it.each<[who: string, segment: string, tenant: string | undefined]>([
    ["jane@contoso.example", "common", contoso],
    ["jane@contoso.example", "organizations", contoso],
    ["jane@contoso.example", "contoso.example", contoso],
    ["jane@contoso.example", "fabrikam.example", undefined],
    ["jane@contoso.example", "consumers", undefined],
    ["sam@contoso.example", "common", contoso],
    ["sam@contoso.example", "fabrikam.example", fabrikam],
    ["sam@contoso.example", "consumers", undefined],
    ["pat@outlook.example", "common", consumers],
    ["pat@outlook.example", "consumers", consumers],
    ["pat@outlook.example", consumers, consumers],
    ["pat@outlook.example", "organizations", undefined],
    ["pat@outlook.example", "contoso.example", undefined]
  ])("%s at /%s", (who, segment, tenant) => {
    expect(Directory.membership(authority(segment), person(who))?.tenant.id).toBe(tenant)
  })

  it("has another object id as a guest", () => {
    const sam = person("sam@contoso.example")
    const ids = ["contoso.example", "fabrikam.example"].map((segment) =>
      Directory.membership(authority(segment), sam)?.objectId
    )
    expect(ids[0]).toBe(sam.id)
    expect(ids[1]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(ids[1]).not.toBe(sam.id)
  })
})

describe("the audience of an application", () => {
  const tenants = { own: contoso, other: fabrikam, personal: consumers }

  it.each<[audience: "tenant" | "organizations" | "everyone", admitted: ReadonlyArray<keyof typeof tenants>]>([
    ["tenant", ["own"]],
    ["organizations", ["own", "other"]],
    ["everyone", ["own", "other", "personal"]]
  ])("%s", (audience, admitted) => {
    const apps = [{ id: "a0000000-0000-4000-8000-000000000009", name: "App", audience }]
    const [app] = directoryOf({ apps }).apps
    const names = ["own", "other", "personal"] as const
    expect(names.filter((name) => Directory.admits(found(app), found(authority(tenants[name]).tenant)))).toEqual(
      admitted
    )
  })
})

describe("a resource", () => {
  const api = "a0000000-0000-4000-8000-000000000006"

  it.each<[identifier: string, name: string | undefined]>([
    ["api://notes", "Notes"],
    [`api://${api}`, "Notes"],
    [`API://${api.toUpperCase()}`, "Notes"],
    [api, "Notes"],
    ["https://graph.microsoft.com", "Microsoft Graph"],
    ["https://graph.microsoft.com/", "Microsoft Graph"],
    ["00000003-0000-0000-c000-000000000000", "Microsoft Graph"],
    ["api://note", undefined],
    ["https://graph.microsoft.com.evil.example", undefined],
    ["", undefined]
  ])("%s", (identifier, name) => {
    expect(Directory.resource(directory, identifier)?.name).toBe(name)
  })
})

const isRegistered = (redirectUri: string, ...redirectUris: ReadonlyArray<string>) =>
  Directory.isRegistered({ redirectUris }, redirectUri)

describe("a redirect URI", () => {
  const web = "https://app.example/callback"
  const loopback = "http://localhost/callback"

  it.each<[uri: string, registered: string]>([
    [web, web],
    ["https://app.example/callback?tenant=a", "https://app.example/callback?tenant=a"],
    ["com.example.app:/callback", "com.example.app:/callback"],
    ["urn:ietf:wg:oauth:2.0:oob", "urn:ietf:wg:oauth:2.0:oob"],
    [loopback, loopback],
    ["http://localhost:3000/callback", loopback],
    ["http://localhost:65535/callback", loopback],
    ["http://localhost/callback", "http://localhost:3000/callback"],
    ["http://localhost:4000/callback", "http://localhost:3000/callback"],
    ["http://127.0.0.1:3000/callback", "http://127.0.0.1/callback"],
    ["http://[::1]:3000/callback", "http://[::1]/callback"],
    ["http://localhost", "http://localhost"],
    ["http://localhost:3000", "http://localhost"],
    ["http://localhost:3000/", "http://localhost"],
    ["http://localhost:3000", "http://localhost/"],
    ["http://localhost:3000/callback?a=b", "http://localhost/callback?a=b"]
  ])("%s is %s", (uri, registered) => {
    expect(isRegistered(uri, registered)).toBe(true)
  })

  it.each<[uri: string, registered: string]>([
    ["", web],
    ["https://app.example/callback/", web],
    ["https://app.example/Callback", web],
    ["https://APP.example/callback", web],
    ["HTTPS://app.example/callback", web],
    ["http://app.example/callback", web],
    ["https://app.example:443/callback", web],
    ["https://app.example:444/callback", web],
    ["https://app.example./callback", web],
    ["https://app.example/callback?a=b", web],
    ["https://app.example/callback?", web],
    ["https://app.example/callback#a", web],
    ["https://app.example/callback#", web],
    ["https://app.example/a/../callback", web],
    ["https://app.example/callback/../callback", web],
    ["https://app.example//callback", web],
    ["https://app.example/%63allback", web],
    ["https://app.example\\callback", web],
    ["https://app.example/callback ", web],
    [" https://app.example/callback", web],
    ["https://app.example/call\nback", web],
    ["https://user@app.example/callback", web],
    ["https://app.example@evil.example/callback", web],
    ["https://app.example.evil.example/callback", web],
    ["https://evil.example/https://app.example/callback", web],
    ["https://sub.app.example/callback", web],
    ["//app.example/callback", web],
    ["/callback", web],
    ["javascript:alert(1)", web],
    ["https://localhost/callback", loopback],
    ["https://localhost:3000/callback", loopback],
    ["http://localhost:3000/callback/", loopback],
    ["http://localhost:3000/Callback", loopback],
    ["http://localhost:3000/callback?a=b", loopback],
    ["http://localhost:3000/callback#a", loopback],
    ["http://localhost:3000/x/../callback", loopback],
    ["http://localhost:3000/x/%2e%2e/callback", loopback],
    ["http://localhost:3000\\callback", loopback],
    ["http://localhost:3000/call\nback", loopback],
    ["http://local\thost:3000/callback", loopback],
    ["http://localhost:3000/callback\n", loopback],
    ["http://localhost:/callback", loopback],
    ["http://localhost:99999/callback", loopback],
    ["http://localhost:-1/callback", loopback],
    ["http://localhost:3000:3000/callback", loopback],
    ["http://LOCALHOST:3000/callback", loopback],
    ["HTTP://localhost:3000/callback", loopback],
    ["http:localhost:3000/callback", loopback],
    ["http:/localhost:3000/callback", loopback],
    ["http://localhost./callback", loopback],
    ["http://localhost.evil.example/callback", loopback],
    ["http://localhost:80@evil.example/callback", loopback],
    ["http://localhost@evil.example/callback", loopback],
    ["http://user@localhost:3000/callback", loopback],
    ["http://:secret@localhost:3000/callback", loopback],
    ["http://evil.example/http://localhost/callback", loopback],
    ["http://127.0.0.1:3000/callback", loopback],
    ["http://[::1]:3000/callback", loopback],
    ["http://127.0.0.1@evil.example/callback", "http://127.0.0.1/callback"],
    ["http://127.1:3000/callback", "http://127.0.0.1/callback"],
    ["http://2130706433:3000/callback", "http://127.0.0.1/callback"],
    ["http://0x7f.0.0.1:3000/callback", "http://127.0.0.1/callback"],
    ["http://127.0.0.2:3000/callback", "http://127.0.0.1/callback"],
    ["http://127.0.0.1.evil.example/callback", "http://127.0.0.1/callback"],
    ["http://[::ffff:127.0.0.1]:3000/callback", "http://127.0.0.1/callback"],
    ["http://[0:0:0:0:0:0:0:1]:3000/callback", "http://[::1]/callback"],
    ["http://[::2]:3000/callback", "http://[::1]/callback"],
    ["http://localhost:3000/callback", "https://localhost/callback"],
    ["http://app.example:3000/callback", "http://app.example/callback"]
  ])("%j is not %s", (uri, registered) => {
    expect(isRegistered(uri, registered)).toBe(false)
  })

  it("is none where none is registered", () => {
    expect(isRegistered("http://localhost")).toBe(false)
  })

  it("is registered to the letter, or with another port on loopback, and not otherwise", () => {
    const registered = ["http://localhost/callback", "http://127.0.0.1/callback", "https://app.example/callback"]
    const rule = (uri: string): boolean => {
      const [, port, rest = ""] = /^http:\/\/(?:localhost|127\.0\.0\.1):(\d{1,5})(\/.*)$/s.exec(uri) ?? []
      return registered.includes(uri) || (port !== undefined && Number(port) < 65_536 && rest === "/callback")
    }
    const part = fc.constantFrom(
      "http://",
      "https://",
      "localhost",
      "127.0.0.1",
      "app.example",
      "[::1]",
      "/callback",
      "/",
      ":",
      "80",
      "8080",
      "70000",
      "@",
      "#",
      "?",
      "..",
      ".",
      "%2f",
      "\\",
      "\n",
      " ",
      "a",
      "\u00E9"
    )
    fc.assert(
      fc.property(
        fc.oneof(fc.array(part, { maxLength: 7 }).map((parts) => parts.join("")), fc.webUrl(), fc.string()),
        (uri) => {
          expect(isRegistered(uri, ...registered)).toBe(rule(uri))
        }
      ),
      { numRuns: 2000 }
    )
    fc.assert(fc.property(fc.nat(65_535), (port) => {
      expect(isRegistered(`http://localhost:${port}/callback`, ...registered)).toBe(true)
    }))
  })
})

describe("the default scenario", () => {
  it("has every application it names, and Graph", () => {
    expect(directory.apps.map(({ name }) => name)).toEqual([
      ...(defaultScenario.apps ?? []).map(({ name }) => name),
      "Microsoft Graph"
    ])
  })
})
