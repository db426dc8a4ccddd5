import * as Either from "effect/Either"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Directory from "../../src/directory/Directory.js"
import * as Graph from "../../src/directory/Graph.js"
import { EntraError } from "../../src/protocol/EntraError.js"
import * as Scopes from "../../src/protocol/Scopes.js"
import { clientIds } from "../../src/scenario/defaultScenario.js"
import { directoryOf, found } from "../support/directory.js"

const directory = directoryOf()
const api = clientIds.api
const clientOf = (id: string) => found(Directory.appById(directory, id))

const parse = (scope: string, client = clientIds.public as string) => Scopes.parse(scope, clientOf(client), directory)

const read = (scope: string, client?: string) => {
  const { granted, openId, permissions, resource } = Either.getOrThrow(parse(scope, client))
  return { openId, resource: resource.name, permissions: permissions.map(({ name }) => name), granted }
}

const numberOf = (result: Either.Either<unknown, EntraError>): number => Either.getOrThrow(Either.flip(result)).number

const graphDefaults = Graph.app.permissions.filter(({ adminOnly }) => !adminOnly).map(({ name }) => name)

describe("scopes in a person's name", () => {
  it.each<[scope: string, expected: Partial<ReturnType<typeof read>>]>([
    ["User.Read", { openId: [], resource: "Microsoft Graph", permissions: ["User.Read"], granted: ["User.Read"] }],
    ["user.READ", { permissions: ["User.Read"], granted: ["user.READ"] }],
    ["openid", { openId: ["openid"], resource: "Microsoft Graph", permissions: [], granted: [] }],
    ["openid profile email offline_access", {
      openId: ["openid", "profile", "email", "offline_access"],
      permissions: []
    }],
    ["  openid   User.Read  ", { openId: ["openid"], permissions: ["User.Read"] }],
    ["User.Read User.Read openid openid", { openId: ["openid"], permissions: ["User.Read"], granted: ["User.Read"] }],
    ["User.Read Mail.Read", { permissions: ["User.Read", "Mail.Read"], granted: ["User.Read", "Mail.Read"] }],
    ["https://graph.microsoft.com/User.Read", {
      resource: "Microsoft Graph",
      permissions: ["User.Read"],
      granted: ["https://graph.microsoft.com/User.Read"]
    }],
    ["User.Read https://graph.microsoft.com/Mail.Read", { permissions: ["User.Read", "Mail.Read"] }],
    ["00000003-0000-0000-c000-000000000000/Mail.Read", { resource: "Microsoft Graph", permissions: ["Mail.Read"] }],
    [".default", {
      permissions: graphDefaults,
      granted: [...graphDefaults, ".default"]
    }],
    ["https://graph.microsoft.com/.default", {
      permissions: graphDefaults,
      granted: [...graphDefaults, ".default"].map((name) => `https://graph.microsoft.com/${name}`)
    }],
    ["https://graph.microsoft.com//.default", { resource: "Microsoft Graph", permissions: graphDefaults }],
    ["api://notes/read", { resource: "Notes", permissions: ["read"], granted: ["api://notes/read"] }],
    [`api://${api}/read`, { resource: "Notes", permissions: ["read"], granted: [`api://${api}/read`] }],
    [`${api}/read`, { resource: "Notes", permissions: ["read"] }],
    ["api://notes/read api://notes/WRITE", { permissions: ["read", "write"] }],
    [`api://notes/read api://${api}/write`, { permissions: ["read", "write"] }],
    ["api://notes/.default", { permissions: ["read", "write", "share"] }],
    ["api://notes/purge", { permissions: ["purge"] }],
    ["openid api://notes/read offline_access", { openId: ["openid", "offline_access"], permissions: ["read"] }]
  ])("%j", (scope, expected) => {
    expect(read(scope)).toMatchObject(expected)
  })

  it("are those of the client itself where it names its own id", () => {
    for (const scope of [api, api.toUpperCase()]) {
      expect(read(`openid ${scope}`, api)).toMatchObject({
        openId: ["openid"],
        resource: "Notes",
        permissions: ["read", "write", "share"]
      })
    }
    expect(read(clientIds.public)).toMatchObject({ resource: "Public client", permissions: [] })
    expect(numberOf(parse(clientIds.web))).toBe(650053)
  })

  it.each<[scope: string, number: number]>([
    ["", 900144],
    ["   ", 900144],
    ["Nonsense", 650053],
    ["OPENID", 650053],
    ["https://graph.microsoft.com/Nonsense", 650053],
    ["https://graph.microsoft.com/", 650053],
    ["api://notes/", 650053],
    ["api://notes", 500011],
    ["api://unknown/read", 500011],
    ["API://NOTES/read", 500011],
    ["/User.Read", 500011],
    ["User.Read api://notes/read", 28000],
    ["api://notes/read User.Read", 28000],
    ["https://graph.microsoft.com/.default api://notes/.default", 28000],
    ["User.Read api://unknown/read", 28000],
    ["openid Nonsense", 650053],
    ["User.Read Nonsense", 650053],
    ["__proto__", 650053],
    ["constructor/toString", 500011]
  ])("are refused: %j", (scope, number) => {
    expect(numberOf(parse(scope))).toBe(number)
  })

  it("are read or refused, whatever they are, and nothing is granted that the resource lacks", () => {
    const word = fc.oneof(
      fc.constantFrom("openid", "User.Read", "api://notes/read", "api://notes/.default", ".default", api, "/", "x/y"),
      fc.string()
    )
    fc.assert(fc.property(fc.array(word).map((words) => words.join(" ")), (scope) => {
      const result = parse(scope)
      if (Either.isLeft(result)) {
        expect(result.left).toBeInstanceOf(EntraError)
      } else {
        const { permissions, resource } = result.right
        expect(permissions.every((one) => resource.permissions.includes(one))).toBe(true)
        expect(new Set(permissions).size).toBe(permissions.length)
      }
    }))
  })
})

describe("the scope of a client in its own name", () => {
  it.each<[scope: string, resource: string]>([
    ["https://graph.microsoft.com/.default", "Microsoft Graph"],
    ["https://graph.microsoft.com//.default", "Microsoft Graph"],
    ["api://notes/.default", "Notes"],
    [`${api}/.default`, "Notes"],
    [" api://notes/.default ", "Notes"]
  ])("%j", (scope, resource) => {
    expect(Either.getOrThrow(Scopes.parseDefault(scope, directory)).resource.name).toBe(resource)
  })

  it.each<[scope: string, number: number]>([
    ["", 1002012],
    [".default", 1002012],
    ["api://notes/read", 1002012],
    ["api://notes/.DEFAULT", 1002012],
    ["api://notes/.default openid", 1002012],
    ["api://notes/.default https://graph.microsoft.com/.default", 1002012],
    ["api://unknown/.default", 500011]
  ])("is refused: %j", (scope, number) => {
    expect(numberOf(Scopes.parseDefault(scope, directory))).toBe(number)
  })
})
