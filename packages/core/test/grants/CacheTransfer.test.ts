import { describe, expect, it } from "@effect/vitest"
import {
  Accounts,
  CacheTransfer,
  ClientApplication,
  ClientCredentials,
  Partition,
  Silent,
  TokenCache,
  UnifiedCache
} from "@grantwork/core"
import { FakeProvider, Person } from "@grantwork/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { inspect } from "node:util"
import { dotnet } from "../cache/samples/dotnet.js"
import { node } from "../cache/samples/node.js"
import { python } from "../cache/samples/python.js"
import { now } from "../cache/samples/values.js"
import { ada, cached, entra, failure, generic, nextAnswer } from "../scenario.js"

const { tenantId } = Person.ada
const secret = { clientSecret: Redacted.make("the client's secret") }

const importJson = (json: unknown) =>
  CacheTransfer.importJson(Redacted.make(typeof json === "string" ? json : JSON.stringify(json)))

const exported = Effect.map(CacheTransfer.exportJson(), (json) => {
  const sections: Record<string, Record<string, { readonly secret: string }>> = JSON.parse(Redacted.value(json))
  return sections
})

const silent = (scopes: ReadonlyArray<string>) =>
  Effect.flatMap(ada, (account) => Silent.acquire({ scopes, account })).pipe(
    Effect.map(({ accessToken, source }) => [Redacted.value(accessToken), source])
  )

const whenWritten = TestClock.setTime(now * 1000)

describe("an import into an empty cache", () => {
  it.effect.each<[string, unknown]>([["python", python], ["node", node], ["dotnet", dotnet]])(
    "makes a person's tokens one's own: %s (feature 103)",
    ([name, sections]) =>
      Effect.gen(function*() {
        yield* whenWritten
        yield* importJson(sections)
        expect((yield* Accounts.list()).map(({ username }) => username)).toEqual(["ada@example.com"])
        expect(yield* silent(["user.read"])).toEqual([`${name}-access-token`, "cache"])
        yield* silent(["other"])
        const requests = yield* FakeProvider.requests("token")
        expect(requests.map(({ form }) => form?.["refresh_token"])).toEqual([`${name}-refresh-token`])
      }).pipe(Effect.provide(entra("organizations")))
  )

  it.effect.each<[string, string, unknown]>([
    ["python", "contoso.example", python],
    ["node", tenantId, node],
    ["dotnet", tenantId, dotnet]
  ])("makes a client's own token one's own: %s", ([name, tenant, sections]) =>
    Effect.gen(function*() {
      yield* whenWritten
      yield* importJson(sections)
      const request = { scopes: ["https://graph.microsoft.com/.default"] }
      const { accessToken, source } = yield* ClientCredentials.acquire(request)
      expect([Redacted.value(accessToken), source]).toEqual([`${name}-app-token`, "cache"])
      yield* nextAnswer({ id_token: undefined, refresh_token: undefined })
      const forPath = yield* ClientCredentials.acquire({ ...request, fmiPath: "agent-app-id" })
      expect(forPath.source).toBe(name === "python" ? "cache" : "identity-provider")
    }).pipe(Effect.provide(entra(tenant, { application: secret }))))

  it.effect("takes over nothing that only others understand", () =>
    Effect.gen(function*() {
      yield* importJson({ ...node, Unknown: { a: 1 } })
      const json = yield* exported
      expect(JSON.stringify(json)).not.toMatch(/on-behalf-of|fmi|Unknown/)
      expect(Object.keys(json["AccessToken"] ?? {})).toHaveLength(2)
    }).pipe(Effect.provide(entra("common"))))

  it.effect("takes over an account that has nothing but tokens for others' uses as little", () =>
    Effect.gen(function*() {
      const { AccessToken } = dotnet
      const special = Object.entries(AccessToken).filter(([, { secret }]) => /pop|extended|behalf/.test(secret))
      yield* importJson({ AccessToken: Object.fromEntries(special) })
      expect(yield* cached).toEqual([])
    }).pipe(Effect.provide(entra("common"))))

  it.effect.each(["", " ", "{}"])("of nothing changes nothing: %j", (json) =>
    Effect.gen(function*() {
      yield* importJson(json)
      expect(yield* cached).toEqual([])
    }).pipe(Effect.provide(entra("common"))))
})

describe("an import into a cache that is filled", () => {
  const filled = {
    accounts: [
      { accessTokens: [{ scopes: ["User.Read", "openid", "profile"], secret: "held" }] },
      { person: Person.grace, accessTokens: [{ scopes: ["a"], secret: "grace's" }] }
    ]
  }

  it.effect("keeps the newer of two for one purpose, and everybody's else", () =>
    Effect.gen(function*() {
      yield* importJson(python)
      expect(yield* cached).toMatchObject([
        {
          accounts: ["ada@example.com"],
          accessTokens: ["python-access-token", "held"],
          refreshTokens: ["python-refresh-token"]
        },
        { accounts: ["grace@example.com"], accessTokens: ["grace's"] }
      ])
    }).pipe(Effect.provide(entra("organizations", filled))))

  it.effect("keeps what it has where that is newer", () =>
    Effect.gen(function*() {
      const old = JSON.stringify(python)
        .replaceAll("\"1900000000\"", "\"0\"")
        .replaceAll("\"1900003600\"", "\"60\"")
      yield* importJson(old)
      expect(yield* cached).toMatchObject([
        { accessTokens: ["held", "python-access-token"], refreshTokens: ["cached-refresh-token"] },
        { accounts: ["grace@example.com"] }
      ])
    }).pipe(Effect.provide(entra("organizations", filled))))

  it.effect("twice changes nothing the second time", () =>
    Effect.gen(function*() {
      const cache = yield* TokenCache.TokenCache
      const { authority } = yield* ClientApplication.ClientApplication
      const key = Partition.userKey(authority, (yield* ada).homeAccountId)
      yield* importJson(node)
      const before = yield* cache.read(key)
      yield* importJson(node)
      expect(yield* cache.read(key)).toBe(before)
    }).pipe(Effect.provide(entra("organizations", filled))))
})

describe("an import of what is no cache", () => {
  it.effect.each(["{", "[]", "null", "\"text\"", "{\"AccessToken\":[]}", `{"a":${"[".repeat(99)}${"]".repeat(99)}}`])(
    "is refused, and shows nothing of it: %j",
    (json) =>
      Effect.gen(function*() {
        const error = yield* failure(importJson(`${json} `))
        expect(error).toMatchObject({ _tag: "InvalidArgument", argument: "json" })
        expect(error.message).not.toContain(json)
        expect(yield* cached).toEqual([])
      }).pipe(Effect.provide(entra("common")))
  )

  it.effect.each(["{}", 1, null, undefined, {}])(
    "is refused where it is no Redacted text: %j",
    (json) =>
      Effect.gen(function*() {
        expect(yield* failure(CacheTransfer.importJson(json as never))).toMatchObject({
          _tag: "InvalidArgument",
          argument: "json"
        })
        expect(yield* failure(CacheTransfer.importJson(Redacted.make(1) as never))).toMatchObject({ argument: "json" })
      }).pipe(Effect.provide(entra("common")))
  )

  it.effect("or into a cache that is out of order fails", () =>
    Effect.gen(function*() {
      expect(yield* failure(importJson(python))).toMatchObject({ _tag: "CacheUnavailable", operation: "modify" })
    }).pipe(Effect.provide(entra("common", { unavailable: ["modify"] }))))
})

describe("an export (feature 104)", () => {
  it.effect("has the accounts of the provider, and the client's own tokens", () =>
    Effect.gen(function*() {
      yield* whenWritten
      yield* importJson(python)
      const json = yield* exported
      expect(Object.keys(json).sort()).toEqual(["AccessToken", "Account", "AppMetadata", "IdToken", "RefreshToken"])
      const secrets = Object.values(json["AccessToken"] ?? {}).map(({ secret }) => secret)
      expect(secrets.toSorted((one, other) => one < other ? -1 : 1)).toEqual([
        "python-access-token",
        "python-app-token",
        "python-fmi-token"
      ])
      expect(json["AccessToken"]).toMatchObject(
        Object.fromEntries(Object.entries(python.AccessToken).filter(([, one]) => secrets.includes(one.secret)))
      )
      expect(JSON.stringify(json)).not.toContain("adfs")
    }).pipe(Effect.provide(entra("contoso.example"))))

  it.effect("is read by an import, and says the same again", () =>
    Effect.gen(function*() {
      yield* importJson(node)
      const once = yield* CacheTransfer.exportJson()
      const other = yield* Effect.provide(
        Effect.zipRight(CacheTransfer.importJson(once), Effect.all([exported, cached])),
        Layer.fresh(entra("common"))
      )
      expect(other).toEqual([JSON.parse(Redacted.value(once)), yield* cached])
    }).pipe(Effect.provide(entra("common"))))

  it.effect("is empty where there is nothing", () =>
    Effect.gen(function*() {
      expect(Redacted.value(yield* CacheTransfer.exportJson())).toBe("{}")
    }).pipe(Effect.provide(entra("common"))))

  it.effect("has an issuer's accounts under the issuer", () =>
    Effect.gen(function*() {
      const json = yield* exported
      const [account] = Object.values(json["Account"] ?? {})
      expect(account).toMatchObject({ environment: "https://id.example.com", home_account_id: "ada-subject" })
      expect(Option.isSome(UnifiedCache.parse(JSON.stringify(json)))).toBe(true)
    }).pipe(Effect.provide(generic({}, { accounts: [{}] }))))

  it.effect("shows no secret by itself", () =>
    Effect.gen(function*() {
      yield* importJson(python)
      const json = yield* CacheTransfer.exportJson()
      expect(inspect(json, { depth: Infinity, showHidden: true })).not.toContain("python-refresh-token")
      expect(JSON.stringify(json)).toBe("\"<redacted>\"")
    }).pipe(Effect.provide(entra("common"))))

  it.effect.each(["list", "read"] as const)(
    "of a cache that is out of order fails: %s",
    (operation) =>
      Effect.gen(function*() {
        expect(yield* failure(CacheTransfer.exportJson())).toMatchObject({ _tag: "CacheUnavailable", operation })
      }).pipe(Effect.provide(entra("common", { unavailable: [operation] })))
  )
})
