import { describe, expect, it } from "@effect/vitest"
import {
  Accounts,
  AuthorizationCode,
  CacheTransfer,
  type ClientApplication,
  RefreshToken,
  Silent
} from "@grantwork/core"
import { FakeProvider, Person, Reply, ScriptedHttpClient, TokenFactory } from "@grantwork/testing"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { ada, cached, failure, nextAnswer, redirectUri, signIn } from "../scenario.js"

const { objectId, subject, tenantId } = Person.ada
const atMicrosoft = {
  homeAccountId: `${objectId}.${tenantId}`,
  localAccountId: objectId,
  tenantId,
  authorityType: "MSSTS"
}
const elsewhere = { homeAccountId: subject, localAccountId: subject }

interface Kind {
  readonly application: Partial<ClientApplication.Options>
  readonly account: object
  readonly metadata: string
  readonly sendsClientInfo: boolean
  readonly issuer: string
}

/** Reference, sections 3.1, 3.3 and 4.4. */
const kinds: ReadonlyArray<readonly [name: string, kind: Kind]> = [
  ["Entra (feature 63)", {
    application: { authority: "https://login.microsoftonline.com/example.com" },
    account: { ...atMicrosoft, environment: "login.microsoftonline.com" },
    metadata: "https://login.microsoftonline.com/example.com/v2.0/.well-known/openid-configuration",
    sendsClientInfo: true,
    issuer: `https://login.microsoftonline.com/${tenantId}/v2.0`
  }],
  ["B2C (feature 69)", {
    application: { authority: "https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_susi" },
    account: { ...atMicrosoft, environment: "contoso.b2clogin.com" },
    metadata: "https://contoso.b2clogin.com/contoso.onmicrosoft.com/b2c_1_susi/v2.0/.well-known/openid-configuration",
    sendsClientInfo: true,
    issuer: `https://contoso.b2clogin.com/${tenantId}/v2.0/`
  }],
  ["B2C at a domain of one's own (feature 69)", {
    application: {
      authority: "https://login.contoso.com/contoso.onmicrosoft.com/b2c_1_susi",
      knownAuthorities: ["login.contoso.com"]
    },
    account: { ...atMicrosoft, environment: "login.contoso.com" },
    metadata: "https://login.contoso.com/contoso.onmicrosoft.com/b2c_1_susi/v2.0/.well-known/openid-configuration",
    sendsClientInfo: true,
    issuer: `https://login.contoso.com/${tenantId}/v2.0/`
  }],
  ["External ID with a path (feature 70)", {
    application: { authority: "https://contoso.ciamlogin.com/fabrikam.com" },
    account: { ...atMicrosoft, environment: "contoso.ciamlogin.com" },
    metadata: "https://contoso.ciamlogin.com/fabrikam.com/v2.0/.well-known/openid-configuration",
    sendsClientInfo: true,
    issuer: `https://${tenantId}.ciamlogin.com/${tenantId}/v2.0`
  }],
  ["External ID without a path (feature 70)", {
    application: { authority: "https://contoso.ciamlogin.com" },
    account: { ...atMicrosoft, environment: "contoso.ciamlogin.com" },
    metadata: "https://contoso.ciamlogin.com/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration",
    sendsClientInfo: true,
    issuer: `https://${tenantId}.ciamlogin.com/${tenantId}/v2.0`
  }],
  ["AD FS (feature 68)", {
    application: { authority: "https://fs.contoso.com/adfs", knownAuthorities: ["fs.contoso.com"] },
    account: { ...elsewhere, environment: "fs.contoso.com", tenantId: "adfs", authorityType: "ADFS" },
    metadata: "https://fs.contoso.com/adfs/.well-known/openid-configuration",
    sendsClientInfo: false,
    issuer: "https://fs.contoso.com/adfs"
  }],
  ["dSTS (feature 72)", {
    application: { authority: "https://dsts.contoso.com/dstsv2/contoso", knownAuthorities: ["dsts.contoso.com"] },
    account: {
      ...elsewhere,
      environment: "https://dsts.contoso.com/dstsv2/contoso",
      tenantId: "",
      authorityType: "Generic"
    },
    metadata: "https://dsts.contoso.com/dstsv2/contoso/.well-known/openid-configuration",
    sendsClientInfo: false,
    issuer: "https://dsts.contoso.com/dstsv2/contoso"
  }],
  ["an OpenID Connect provider (feature 71)", {
    application: { issuer: "https://id.example.com/realm" },
    account: { ...elsewhere, environment: "https://id.example.com/realm", tenantId: "", authorityType: "Generic" },
    metadata: "https://id.example.com/realm/.well-known/openid-configuration",
    sendsClientInfo: false,
    issuer: "https://id.example.com/realm"
  }]
]

describe.each(kinds)("%s", (_, { account, application, issuer, metadata, sendsClientInfo }) => {
  const stack = (options: FakeProvider.Options = {}) => FakeProvider.layer({ application, ...options })

  const byBrowser = Effect.gen(function*() {
    const flow = yield* AuthorizationCode.initiate({ scopes: ["a"], redirectUri })
    expect(new URL(flow.authorizationUrl).searchParams.get("client_info")).toBe(sendsClientInfo ? "1" : null)
    return yield* AuthorizationCode.complete({ flow, response: yield* FakeProvider.signIn(flow.authorizationUrl) })
  })
  const byRefreshToken = RefreshToken.acquire({ refreshToken: Redacted.make("from elsewhere"), scopes: ["a"] })
  const silently = Effect.gen(function*() {
    const signedIn = yield* signIn(["a"])
    return yield* Silent.acquire({ scopes: ["a"], account: signedIn.account, forceRefresh: true })
  })

  it.effect.each(
    [
      ["a password", signIn(["a"])],
      ["a browser", byBrowser],
      ["a refresh token from elsewhere", byRefreshToken],
      ["the cached refresh token", silently]
    ] as const
  )("tells by %s who the account is", ([, program]) =>
    Effect.gen(function*() {
      const result = yield* program
      expect(Option.getOrThrow(result.account)).toMatchObject({ ...account, username: "ada@example.com" })
      expect(Option.getOrThrow(result.idTokenClaims).iss).toBe(issuer)
      expect(result).toMatchObject({
        source: "identity-provider",
        tenantId: Option.getOrThrow(result.account).tenantId
      })
      expect(yield* Accounts.list()).toEqual([Option.getOrThrow(result.account)])
      const again = yield* Silent.acquire({ scopes: ["a"], account: result.account })
      expect(again).toMatchObject({ source: "cache", account: result.account })
    }).pipe(Effect.provide(stack())))

  it.effect("is asked for its metadata once, and speaks Microsoft's dialect or does not", () =>
    Effect.gen(function*() {
      yield* byBrowser
      yield* silently
      yield* byRefreshToken
      expect((yield* FakeProvider.requests("metadata")).map(({ url }) => url)).toEqual([metadata])
      const requests = yield* FakeProvider.requests("token")
      expect(requests.map(({ form }) => form?.["grant_type"])).toEqual([
        "authorization_code",
        "password",
        "refresh_token",
        "refresh_token"
      ])
      for (const { form, headers } of requests) {
        expect(form?.["client_info"]).toBe(sendsClientInfo ? "1" : undefined)
        expect("client-request-id" in headers).toBe(sendsClientInfo)
        expect(headers["return-client-request-id"]).toBe(sendsClientInfo ? "true" : undefined)
      }
    }).pipe(Effect.provide(stack())))

  it.effect("believes client_info where it asks for it, and nowhere else", () =>
    Effect.gen(function*() {
      yield* nextAnswer({ client_info: TokenFactory.clientInfo(Person.grace) })
      const { homeAccountId } = Option.getOrThrow((yield* signIn()).account)
      expect(homeAccountId).toBe(sendsClientInfo ? `${Person.grace.objectId}.${Person.grace.tenantId}` : subject)
    }).pipe(Effect.provide(stack())))

  it.effect.each<readonly [string, (issuer: string) => string]>([
    ["in capitals", (issuer) => issuer.toUpperCase()],
    ["with a slash more or less", (issuer) => issuer.endsWith("/") ? issuer.slice(0, -1) : `${issuer}/`],
    ["with a path more", (issuer) => `${issuer}/a`],
    ["at another host", (issuer) => issuer.replace("//", "//evil.example.com/")]
  ])("accepts no ID token from its issuer %s", ([, change]) =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      yield* nextAnswer({ id_token: yield* factory.idToken({ iss: change(issuer) }) })
      expect(yield* failure(signIn())).toMatchObject({ _tag: "IdTokenRejected", rule: "iss" })
      expect(yield* cached).toEqual([])
    }).pipe(Effect.provide(stack())))

  it.effect("comes back from MSAL's JSON as it was", () =>
    Effect.gen(function*() {
      const { account } = yield* signIn(["a"])
      const json = yield* CacheTransfer.exportJson()
      yield* Accounts.remove(Option.getOrThrow(account))
      expect(yield* Accounts.list()).toEqual([])
      yield* CacheTransfer.importJson(json)
      expect(yield* Accounts.list()).toEqual(Option.toArray(account))
      expect(yield* Silent.acquire({ scopes: ["a"], account })).toMatchObject({ source: "cache", account })
    }).pipe(Effect.provide(stack())))

  it.effect("believes no refresh for another person, though no ID token is cached", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      yield* nextAnswer({ id_token: yield* factory.idToken({ sub: "eve", oid: "eve" }) })
      const error = yield* failure(Silent.acquire({ scopes: ["a"], account: yield* ada }))
      expect(error).toMatchObject({ _tag: "IdTokenRejected", rule: "sub" })
      expect(yield* cached).toMatchObject([{ accessTokens: [], refreshTokens: ["cached-refresh-token"] }])
    }).pipe(Effect.provide(stack({ accounts: [{ idToken: null }] }))))
})

describe.each(kinds.filter(([, { application }]) => application.issuer === undefined))(
  "%s, where the metadata names an endpoint elsewhere (feature 74) (items 94, 95)",
  (_, { application }) => {
    it.effect.each(
      [
        ["token_endpoint", "https://evil.example.com/token"],
        ["token_endpoint", "https://attacker.ciamlogin.com/token"],
        ["token_endpoint", "https://login.partner.microsoftonline.cn/token"],
        ["authorization_endpoint", "https://evil.example.com/authorize"],
        ["jwks_uri", "https://evil.example.com/keys"]
      ] as const
    )("is refused before anything is sent: %s %s", ([name, address]) =>
      Effect.gen(function*() {
        const factory = yield* TokenFactory.TokenFactory
        yield* FakeProvider.answer("metadata", Reply.json(factory.metadata({ [name]: address })))
        const error = yield* failure(signIn())
        expect(error).toMatchObject({ _tag: "InvalidAuthority", reason: "metadata" })
        expect(error.message).toContain(name)
        expect(yield* ScriptedHttpClient.requests).toHaveLength(1)
      }).pipe(Effect.provide(FakeProvider.layer({ application }))))
  }
)

describe("a domain of a tenant's own (feature 71)", () => {
  const application = { authority: `https://login.contoso.com/${tenantId}`, knownAuthorities: ["login.contoso.com"] }
  const another = "7e7e7e7e-0000-4000-8000-000000000002"

  it.effect.each([
    `https://${tenantId}.ciamlogin.com/${tenantId}/v2.0`,
    `https://login.microsoftonline.com/${tenantId}/v2.0`
  ])("may stand before %s", (iss) =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      yield* FakeProvider.answer("metadata", Reply.json(factory.metadata({ issuer: iss })))
      yield* nextAnswer({ id_token: yield* factory.idToken({ iss }) })
      const { account } = yield* signIn(["a"])
      expect(Option.getOrThrow(account)).toMatchObject({ ...atMicrosoft, environment: "login.contoso.com" })
      expect(yield* Accounts.list()).toHaveLength(1)
      yield* nextAnswer({ id_token: yield* factory.idToken({ iss, tid: another }) })
      expect(yield* failure(signIn())).toMatchObject({ _tag: "IdTokenRejected", rule: "tid" })
      yield* nextAnswer({ id_token: yield* factory.idToken() })
      expect(yield* failure(signIn())).toMatchObject({ _tag: "IdTokenRejected", rule: "iss" })
    }).pipe(Effect.provide(FakeProvider.layer({ application }))))

  it.effect("stands before no other tenant", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      const issuer = `https://${another}.ciamlogin.com/${another}/v2.0`
      yield* FakeProvider.answer("metadata", Reply.json(factory.metadata({ issuer })))
      expect(yield* failure(signIn())).toMatchObject({ _tag: "InvalidAuthority", reason: "issuer_mismatch" })
      expect(yield* FakeProvider.requests("token")).toEqual([])
    }).pipe(Effect.provide(FakeProvider.layer({ application }))))
})

describe("an oid", () => {
  it.effect.each(
    [
      ["in capitals of the tenant", { tid: tenantId.toUpperCase(), oid: "eve" }],
      ["of the wrong type", { oid: [objectId] }],
      ["that is missing", { oid: undefined }]
    ] as const
  )("%s is not the account's", ([, claims]) =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      const iss = `https://login.microsoftonline.com/${"tid" in claims ? claims.tid : tenantId}/v2.0`
      yield* nextAnswer({ id_token: yield* factory.idToken({ ...claims, iss }) })
      const error = yield* failure(Silent.acquire({ scopes: ["a"], account: yield* ada }))
      expect(error).toMatchObject({ _tag: "IdTokenRejected", rule: "sub" })
    }).pipe(Effect.provide(FakeProvider.layer({ accounts: [{ idToken: null }] }))))

  it.effect("does not count where it is not Microsoft's", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      yield* nextAnswer({ id_token: yield* factory.idToken({ sub: "eve", oid: subject }) })
      const error = yield* failure(Silent.acquire({ scopes: ["a"], account: yield* ada }))
      expect(error).toMatchObject({ _tag: "IdTokenRejected", rule: "sub" })
    }).pipe(Effect.provide(FakeProvider.layer({
      application: { issuer: "https://id.example.com" },
      accounts: [{ idToken: null }]
    }))))
})

/** Reference, section 9, item 48. */
describe("the tenant of a user flow (item 48)", () => {
  const authority = "https://contoso.b2clogin.com/contoso.onmicrosoft.com/b2c_1_susi"

  it.effect.each<readonly [claims: Readonly<Record<string, unknown>>, tenant: string]>([
    [{ tid: tenantId, tfp: "B2C_1_susi", acr: "b2c_1_old" }, tenantId],
    [{ tid: undefined, tfp: "B2C_1_susi", acr: "b2c_1_old" }, "b2c_1_susi"],
    [{ tid: undefined, acr: "B2C_1_old" }, "b2c_1_old"],
    [{ tid: "", tfp: 7, acr: "b2c_1_old" }, "b2c_1_old"],
    [{ tid: undefined }, "contoso.onmicrosoft.com"]
  ])("of %j is %s", ([claims, tenant]) =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      yield* nextAnswer({ id_token: yield* factory.idToken(claims) })
      const result = yield* signIn(["a"])
      expect(result.tenantId).toBe(tenant)
      expect(Option.getOrThrow(result.account).tenantId).toBe(tenant)
      expect(yield* Silent.acquire({ scopes: ["a"], account: result.account })).toMatchObject({
        source: "cache",
        tenantId: tenant
      })
    }).pipe(Effect.provide(FakeProvider.layer({ application: { authority } }))))

  it.effect("has accounts whose identifier may name the user flow", () =>
    Effect.gen(function*() {
      const uid = `${objectId}-B2C_1.susi`
      const client_info = Buffer.from(JSON.stringify({ uid, utid: tenantId })).toString("base64url")
      yield* nextAnswer({ client_info, id_token: undefined })
      const account = Option.getOrThrow((yield* signIn()).account)
      expect(account).toMatchObject({
        homeAccountId: `${uid.toLowerCase()}.${tenantId}`,
        localAccountId: uid.toLowerCase(),
        tenantId
      })
    }).pipe(Effect.provide(FakeProvider.layer({ application: { authority } }))))

  it.effect("tells its tokens from those of another one", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      const { account } = yield* signIn(["a"])
      const other = "https://contoso.b2clogin.com/contoso.onmicrosoft.com/b2c_1_mfa"
      const endpoints = { token_endpoint: `${other}/oauth2/v2.0/token` }
      yield* ScriptedHttpClient.script({
        [`GET ${other}/v2.0/.well-known/openid-configuration`]: Reply.json(factory.metadata(endpoints)),
        [`POST ${endpoints.token_endpoint}`]: [Reply.json(yield* factory.tokenAnswer({ access_token: "of the other" }))]
      })
      const accessTokenAt = (authority: string | undefined) =>
        Effect.map(Silent.acquire({ scopes: ["a"], account, authority }), ({ accessToken }) =>
          Redacted.value(accessToken))
      expect(yield* accessTokenAt(undefined)).toBe("access-token-1")
      expect(yield* accessTokenAt(other)).toBe("of the other")
      expect(yield* accessTokenAt(other)).toBe("of the other")
      expect(yield* accessTokenAt(undefined)).not.toBe("of the other")
    }).pipe(Effect.provide(FakeProvider.layer({ application: { authority } }))))

  it.effect.each([
    "https://login.contoso.com/contoso",
    "https://login.contoso.com/adfs",
    "https://contoso.b2clogin.com/contoso/b2c_1_susi",
    "https://contoso.ciamlogin.com"
  ])("is not exchanged for %s", (other) =>
    Effect.gen(function*() {
      const { account } = yield* signIn(["a"])
      const error = yield* failure(Silent.acquire({ scopes: ["a"], account, authority: other }))
      expect(error).toMatchObject({ _tag: "InvalidArgument", argument: "authority" })
    }).pipe(Effect.provide(FakeProvider.layer({
      application: {
        authority: "https://login.contoso.com/contoso/b2c_1_susi",
        knownAuthorities: ["login.contoso.com"]
      }
    }))))
})
