import { describe, expect, it } from "@effect/vitest"
import {
  AuthError,
  ClientApplication,
  ClientCredentials,
  Partition,
  ProofOfPossession,
  Silent,
  TokenCache,
  type TokenResult
} from "@grantwork/core"
import { FakeProvider, Person } from "@grantwork/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/TestClock"
import { constants, createHash, createPublicKey, verify } from "node:crypto"
import { inspect } from "node:util"
import { ada, cached, entra, failure, generic, nextAnswer, partitionOf, signIn } from "../scenario.js"

const authScheme = { method: "GET", url: "https://api.example:8443/orders/7?x=1#y", nonce: "once" } as const
const tenant = Person.ada.tenantId
const provider = entra(tenant, { accounts: [{ accessTokens: [{ scopes: ["a"], secret: "bearer token" }] }] })

const silent = (request: Partial<Silent.Request> = {}) =>
  Effect.flatMap(ada, (account) => Silent.acquire({ scopes: ["a"], account, authScheme, ...request }))

const Claims = Schema.Record({ key: Schema.String, value: Schema.Unknown })
const Key = Schema.Struct({ kty: Schema.String, n: Schema.String, e: Schema.String })
const Confirmation = Schema.Struct({ cnf: Schema.Struct({ jwk: Key }) })

const part = (text = ""): string => Buffer.from(text, "base64url").toString()
const claimsIn = (text: string | undefined) => Schema.decodeSync(Schema.parseJson(Claims))(part(text))

/** What a signed request says, its signature checked by OpenSSL. */
const opened = ({ accessToken }: TokenResult.TokenResult) => {
  const [header, payload, signature = ""] = Redacted.value(accessToken).split(".")
  const { cnf: _, ...claims } = claimsIn(payload)
  const { jwk } = Schema.decodeSync(Schema.parseJson(Confirmation))(part(payload)).cnf
  const isSigned = verify(
    "sha256",
    Buffer.from(`${header}.${payload}`),
    {
      key: createPublicKey({ key: { ...jwk }, format: "jwk" }),
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: 32
    },
    Buffer.from(signature, "base64url")
  )
  const canonical = JSON.stringify({ e: jwk.e, kty: jwk.kty, n: jwk.n })
  const thumbprint = createHash("sha256").update(canonical).digest("base64url")
  return { header: claimsIn(header), claims, isSigned, confirmation: claimsIn(payload)["cnf"], jwk, thumbprint }
}

describe("a token for proof of possession", () => {
  it.effect("is asked for with the key's thumbprint, and comes within a signed request (feature 93) (feature 94)", () =>
    Effect.gen(function*() {
      yield* nextAnswer({ token_type: "PoP", access_token: "bound" })
      yield* TestClock.adjust("1 hour")
      const result = yield* silent()
      const { claims, confirmation, header, isSigned, jwk, thumbprint } = opened(result)
      expect(isSigned).toBe(true)
      expect(header).toEqual({ alg: "PS256", kid: thumbprint, typ: "pop" })
      expect(claims).toEqual({ at: "bound", ts: 3600, m: "GET", u: "api.example:8443", p: "/orders/7", nonce: "once" })
      expect(confirmation).toEqual({ jwk })
      expect(result).toMatchObject({ tokenType: "pop", source: "identity-provider" })
      const [request] = yield* FakeProvider.requests("token")
      expect(request?.form).toMatchObject({ grant_type: "refresh_token", token_type: "pop" })
      expect(claimsIn(String(request?.form?.["req_cnf"]))).toEqual({ kid: thumbprint })
    }).pipe(Effect.provide(provider)))

  it.effect("is cached apart from others, and signed anew for each request (feature 93)", () =>
    Effect.gen(function*() {
      yield* nextAnswer({ token_type: "pop", access_token: "bound", scope: "a" })
      const first = opened(yield* silent())
      const second = yield* silent({ authScheme: { method: "POST", url: "http://api.example/" } })
      expect(second).toMatchObject({ tokenType: "pop", source: "cache" })
      expect(opened(second)).toMatchObject({
        isSigned: true,
        thumbprint: first.thumbprint,
        claims: { at: "bound", m: "POST", u: "api.example", p: "/" }
      })
      const bearer = yield* silent({ authScheme: undefined })
      expect([Redacted.value(bearer.accessToken), bearer.tokenType]).toEqual(["bearer token", "Bearer"])
      expect(yield* FakeProvider.requests("token")).toHaveLength(1)
      const { accessTokens } = yield* partitionOf((yield* ada).homeAccountId)
      expect([...accessTokens.values()].flat().map(({ keyId, tokenType }) => [tokenType, keyId])).toEqual([
        ["pop", first.thumbprint],
        ["Bearer", undefined]
      ])
    }).pipe(Effect.provide(provider)))

  it.effect("is not another application's, whose key is another", () =>
    Effect.gen(function*() {
      yield* nextAnswer({ token_type: "pop" })
      const first = opened(yield* silent())
      yield* nextAnswer({ token_type: "pop" })
      const second = opened(yield* silent({ forceRefresh: true }))
      expect(second.thumbprint).toBe(first.thumbprint)
      const other = yield* Effect.provide(
        Effect.zipRight(nextAnswer({ token_type: "pop" }), Effect.map(silent(), opened)),
        Layer.fresh(provider)
      )
      expect(other.thumbprint).not.toBe(first.thumbprint)
    }).pipe(Effect.provide(provider)))

  it.effect("joins equal calls, each with its own request", () =>
    Effect.gen(function*() {
      yield* nextAnswer({ token_type: "pop", access_token: "bound" })
      const results = yield* Effect.all(
        ["/a", "/b"].map((path) => silent({ authScheme: { method: "GET", url: `https://api.example${path}` } })),
        { concurrency: "unbounded" }
      )
      expect(results.map((result) => opened(result).claims["p"])).toEqual(["/a", "/b"])
      expect(yield* FakeProvider.requests("token")).toHaveLength(1)
    }).pipe(Effect.provide(provider)))

  it.effect("does not serve an account that another program removed, though it left the token behind", () =>
    Effect.gen(function*() {
      yield* nextAnswer({ token_type: "pop" })
      yield* silent()
      const cache = yield* TokenCache.TokenCache
      const { authority } = yield* ClientApplication.ClientApplication
      yield* cache.modify(Partition.userKey(authority, (yield* ada).homeAccountId), ({ accessTokens }) => [
        undefined,
        { ...Partition.empty, accessTokens }
      ])
      expect(yield* failure(silent())).toMatchObject({ _tag: "InteractionRequired", reason: "no_account" })
    }).pipe(Effect.provide(provider)))

  it.effect("is not taken where the provider binds none", () =>
    Effect.gen(function*() {
      const before = yield* cached
      yield* nextAnswer({ token_type: "Bearer", access_token: "unbound" })
      expect(yield* failure(silent())).toMatchObject({ _tag: "MalformedResponse", reason: "token_type" })
      expect(yield* cached).toEqual(before)
    }).pipe(Effect.provide(provider)))

  it.effect("comes for a name and a password (feature 52) (feature 93)", () =>
    Effect.gen(function*() {
      yield* nextAnswer({ token_type: "pop", access_token: "bound" })
      expect(opened(yield* signIn(["a"], { authScheme }))).toMatchObject({ isSigned: true, claims: { at: "bound" } })
      const [request] = yield* FakeProvider.requests("token")
      expect(request?.form).toMatchObject({ grant_type: "password", token_type: "pop" })
    }).pipe(Effect.provide(provider)))

  it.effect("comes for a client in its own name, and from its cache (feature 93)", () =>
    Effect.gen(function*() {
      const bound = { scopes: ["api://b/.default"], authScheme }
      const bare = { id_token: undefined, refresh_token: undefined, client_info: undefined }
      yield* nextAnswer({ ...bare, token_type: "pop", access_token: "bound" })
      expect(opened(yield* ClientCredentials.acquire(bound)).claims).toMatchObject({ at: "bound" })
      yield* nextAnswer({ ...bare, access_token: "unbound" })
      const unbound = yield* ClientCredentials.acquire({ scopes: bound.scopes })
      expect(Redacted.value(unbound.accessToken)).toBe("unbound")
      expect(yield* ClientCredentials.acquire(bound)).toMatchObject({ tokenType: "pop", source: "cache" })
      expect(yield* FakeProvider.requests("token")).toHaveLength(2)
    }).pipe(Effect.provide(entra(tenant, { application: { clientSecret: Redacted.make("s3cret") } }))))

  it.effect.each<readonly [string, unknown]>([
    ["authScheme", null],
    ["authScheme", "pop"],
    ["authScheme.method", { ...authScheme, method: "get" }],
    ["authScheme.method", { url: authScheme.url }],
    ["authScheme.url", { ...authScheme, url: "/orders" }],
    ["authScheme.url", { ...authScheme, url: "ftp://api.example/" }],
    ["authScheme.url", { ...authScheme, url: 7 }],
    ["authScheme.nonce", { ...authScheme, nonce: "" }],
    ["authScheme.nonce", { ...authScheme, nonce: 7 }]
  ])("is refused a wrong %s", ([argument, wrong]) =>
    Effect.gen(function*() {
      const error = yield* failure(silent(Object.assign({}, { authScheme: wrong }) as Partial<Silent.Request>))
      expect(error).toMatchObject({ _tag: "InvalidArgument", argument, message: expect.stringContaining(argument) })
      expect(yield* FakeProvider.requests("token")).toEqual([])
    }).pipe(Effect.provide(provider)))

  it.effect("is shown to nobody who looks at the result", () =>
    Effect.gen(function*() {
      yield* nextAnswer({ token_type: "pop", access_token: "bound" })
      const result = yield* silent()
      const signature = Redacted.value(result.accessToken).split(".")[2] ?? ""
      const shown = `${inspect(result, { depth: Infinity, showHidden: true })}${JSON.stringify(result)}`
      expect(shown).not.toContain(signature)
      expect(shown).not.toContain("bound")
    }).pipe(Effect.provide(provider)))
})

describe("whether proof of possession is supported", () => {
  it.effect.each(
    [
      ["Entra", entra("common"), true],
      ["another provider", generic(), false],
      ["External ID", entra("common", { application: { authority: "https://contoso.ciamlogin.com" } }), false]
    ] as const
  )("is known of %s (feature 92)", ([, layer, isSupported]) =>
    Effect.gen(function*() {
      expect(yield* ProofOfPossession.isSupported).toBe(isSupported)
    }).pipe(Effect.provide(layer)))

  it.effect("is told where it is not (feature 92)", () =>
    Effect.gen(function*() {
      const error = yield* failure(silent())
      expect(error).toBeInstanceOf(AuthError.InvalidArgument)
      expect(error).toMatchObject({ argument: "authScheme" })
    }).pipe(Effect.provide(generic({}, { accounts: [{}] }))))
})
