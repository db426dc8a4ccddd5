import { describe, expect, it } from "@effect/vitest"
import { AuthorizationCode, ClientApplication, ClientCredentials, Silent } from "@grantwork/core"
import { FakeProvider, Person, Reply, ScriptedHttpClient, TokenFactory } from "@grantwork/testing"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { ada, failure, redirectUri, signIn } from "../scenario.js"

const { tenantId } = Person.ada
const consumers = "9188040d-6c67-4c5b-b112-36a304b66dad"

const sent = Effect.map(ScriptedHttpClient.requests, (all) => all.map(({ method, url }) => `${method} ${url}`))

const at = (authority: string, application: Partial<ClientApplication.Options> = {}, person = Person.ada) =>
  FakeProvider.layer({ application: { authority, ...application }, person, accounts: [{ person }] })

/** Reference, section 3.5. */
const hosts = [
  "login.microsoftonline.com",
  "login.partner.microsoftonline.cn",
  "login.microsoftonline.us",
  "login.sovcloud-identity.fr",
  "login.sovcloud-identity.de",
  "login.sovcloud-identity.sg"
]

describe.each(hosts)("%s (features 65, 75)", (host) => {
  it.effect.each(["common", "organizations", "consumers", tenantId])("is not asked about %s", (tenant) => {
    const base = `https://${host}/${tenant}`
    const person = tenant === "consumers" ? { ...Person.ada, tenantId: consumers } : Person.ada
    return Effect.gen(function*() {
      const flow = yield* AuthorizationCode.initiate({ scopes: ["a"], redirectUri })
      expect(flow.authorizationUrl.replace(/\?.*/, "")).toBe(`${base}/oauth2/v2.0/authorize`)
      expect(yield* sent).toEqual([])
      yield* AuthorizationCode.complete({ flow, response: yield* FakeProvider.signIn(flow.authorizationUrl) })
      expect(yield* sent).toEqual([`POST ${base}/oauth2/v2.0/token`, `GET ${base}/discovery/v2.0/keys`])
      yield* signIn()
      expect((yield* sent).slice(2)).toEqual([`POST ${base}/oauth2/v2.0/token`])
    }).pipe(Effect.provide(at(base, {}, person)))
  })

  it.effect("is asked about a domain, once a day", () => {
    const base = `https://${host}/example.com`
    return Effect.gen(function*() {
      yield* signIn()
      expect(yield* sent).toEqual([
        `GET ${base}/v2.0/.well-known/openid-configuration`,
        `POST ${base}/oauth2/v2.0/token`,
        `GET ${base}/discovery/v2.0/keys`
      ])
      yield* signIn()
      expect(yield* sent).toHaveLength(4)
      yield* TestClock.adjust("25 hours")
      yield* signIn()
      expect((yield* sent)[4]).toBe(`GET ${base}/v2.0/.well-known/openid-configuration`)
    }).pipe(Effect.provide(at(base)))
  })

  it.effect("is sent a client's own request and nothing else", () => {
    const base = `https://${host}/${tenantId}`
    return Effect.gen(function*() {
      yield* ClientCredentials.acquire({ scopes: ["api://orders/.default"] })
      expect(yield* sent).toEqual([`POST ${base}/oauth2/v2.0/token`])
    }).pipe(Effect.provide(at(base, { clientSecret: Redacted.make("the secret") })))
  })
})

it.effect.each([
  "https://login.windows.net/common",
  "https://login.chinacloudapi.cn/common",
  "https://login.microsoftonline.de/common",
  "https://login.windows-ppe.net/common"
])("%s is asked for its metadata", (authority) =>
  Effect.gen(function*() {
    yield* signIn()
    expect((yield* sent)[0]).toBe(`GET ${authority}/v2.0/.well-known/openid-configuration`)
  }).pipe(Effect.provide(at(authority))))

it.effect("a tenant that is not there is a typo, too, where no metadata tells", () =>
  Effect.gen(function*() {
    const refusal = { error: "invalid_request", error_description: "AADSTS90002: No tenant.", error_codes: [90002] }
    yield* FakeProvider.answer("token", Reply.json(refusal, { status: 400 }))
    for (const program of [signIn(), Effect.flatMap(ada, (account) => Silent.acquire({ scopes: ["a"], account }))]) {
      expect(yield* failure(program)).toMatchObject({
        _tag: "InvalidAuthority",
        reason: "not_found",
        errorCodes: [90002],
        message: expect.stringContaining("authority")
      })
    }
  }).pipe(Effect.provide(at(`https://login.microsoftonline.com/${tenantId}`))))

describe("metadata that the caller gives (feature 67)", () => {
  const issuer = "https://id.example.com"
  const metadata = {
    issuer,
    authorization_endpoint: `${issuer}/sign-in`,
    token_endpoint: `${issuer}/tokens`,
    jwks_uri: `${issuer}/jwks`
  }

  it.effect("is used without a request for it", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      yield* ScriptedHttpClient.script({ [`POST ${issuer}/tokens`]: Reply.json(yield* factory.tokenAnswer()) })
      yield* signIn()
      yield* TestClock.adjust("25 hours")
      const flow = yield* AuthorizationCode.initiate({ scopes: [], redirectUri })
      expect(flow.authorizationUrl).toMatch(/^https:\/\/id\.example\.com\/sign-in\?/)
      expect(yield* sent).toEqual([`POST ${issuer}/tokens`, `GET ${issuer}/jwks`])
    }).pipe(Effect.provide(FakeProvider.layer({ application: { issuer, metadata } }))))

  it.effect("is of the application's own authority, and of no other tenant", () => {
    const host = "https://login.microsoftonline.com"
    const given = {
      issuer: `${host}/${tenantId}/v2.0`,
      token_endpoint: `${host}/tokens`,
      jwks_uri: `${host}/keys`
    }
    return Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      yield* ScriptedHttpClient.script({
        [`POST ${host}/tokens`]: Reply.json(yield* factory.tokenAnswer()),
        [`POST ${host}/${tenantId}/oauth2/v2.0/token`]: Reply.json(yield* factory.tokenAnswer()),
        [`GET ${host}/keys`]: Reply.json(factory.keySet),
        [`GET ${host}/${tenantId}/discovery/v2.0/keys`]: Reply.json(factory.keySet)
      })
      const { account } = yield* signIn(["a"])
      yield* Silent.acquire({ scopes: ["b"], account, authority: `${host}/${tenantId}` })
      expect(yield* sent).toEqual([
        `POST ${host}/tokens`,
        `GET ${host}/keys`,
        `POST ${host}/${tenantId}/oauth2/v2.0/token`,
        `GET ${host}/${tenantId}/discovery/v2.0/keys`
      ])
    }).pipe(Effect.provide(at(`${host}/example.com`, { metadata: given })))
  })

  it.effect.each<readonly [string, unknown, string]>([
    ["no object", "https://id.example.com/.well-known/openid-configuration", "metadata"],
    ["null", null, "metadata"],
    ["no token endpoint", { ...metadata, token_endpoint: undefined }, "metadata"],
    ["a token endpoint over http", { ...metadata, token_endpoint: "http://id.example.com/tokens" }, "metadata"],
    ["another issuer", { ...metadata, issuer: `${issuer}/` }, "issuer_mismatch"],
    ["no issuer", { ...metadata, issuer: undefined }, "metadata"]
  ])("fails when the application is made, where it is wrong: %s", ([, given, reason]) =>
    Effect.gen(function*() {
      const options = { clientId: "client", issuer, metadata: given as Readonly<Record<string, unknown>> }
      const error = yield* failure(Effect.scoped(ClientApplication.make(options)))
      expect(error).toMatchObject({ _tag: "InvalidAuthority", reason, authority: issuer })
      expect(error.endpoint).toBeUndefined()
    }))

  it.effect("keeps to the cloud, too", () =>
    Effect.gen(function*() {
      const options = {
        clientId: "client",
        metadata: {
          issuer: "https://login.microsoftonline.com/{tenantid}/v2.0",
          token_endpoint: "https://login.microsoftonline.us/common/oauth2/v2.0/token"
        }
      }
      const error = yield* failure(Effect.scoped(ClientApplication.make(options)))
      expect(error).toMatchObject({ _tag: "InvalidAuthority", reason: "metadata" })
    }))
})
