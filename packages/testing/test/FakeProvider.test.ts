import { describe, expect, it } from "@effect/vitest"
import { AuthorizationCode, RefreshToken, Silent, UsernamePassword } from "@grantwork/core"
import { FakeProvider, Person, Reply, TokenFactory } from "@grantwork/testing"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"

const issuer = "https://id.example.com"

const atAdfs = { authority: "https://fs.example.com/adfs", knownAuthorities: ["fs.example.com"] }
const atDsts = { authority: "https://dsts.example.com/dstsv2/tenant", knownAuthorities: ["dsts.example.com"] }

const applications = [
  ["Microsoft's common authority", {}, 0],
  ["a tenant", { authority: `https://login.microsoftonline.com/${Person.ada.tenantId}` }, 0],
  ["organizations", { authority: "https://login.microsoftonline.com/organizations" }, 0],
  ["a domain", { authority: "https://login.microsoftonline.com/example.com" }, 1],
  ["B2C", { authority: "https://example.b2clogin.com/example/b2c_1_susi" }, 1],
  ["External ID", { authority: "https://example.ciamlogin.com" }, 1],
  ["AD FS", atAdfs, 1],
  ["dSTS", atDsts, 1],
  ["an OpenID Connect issuer", { issuer }, 1]
] as const

const redirectUri = "https://app.example.com/signed-in"

describe("FakeProvider", () => {
  it.effect.each(applications)(
    "serves every grant at %s",
    ([, application, metadataRequests]) =>
      Effect.gen(function*() {
        const flow = yield* AuthorizationCode.initiate({ scopes: ["Mail.Read"], redirectUri })
        const signedIn = yield* AuthorizationCode.complete({
          flow,
          response: yield* FakeProvider.signIn(flow.authorizationUrl)
        })
        expect(Redacted.value(signedIn.accessToken)).toBe("access-token-1")
        expect(signedIn.scopes).toContain("Mail.Read")
        const account = Option.getOrThrow(signedIn.account)
        expect(account.name).toEqual(Option.some("Ada Lovelace"))

        const silent = yield* Silent.acquire({ scopes: ["Mail.Read"], account, forceRefresh: true })
        expect(Redacted.value(silent.accessToken)).toBe("access-token-2")
        yield* UsernamePassword.acquire({ username: "ada@example.com", password: Redacted.make("pw"), scopes: [] })
        yield* RefreshToken.acquire({ refreshToken: Redacted.make("from elsewhere"), scopes: [] })

        const requests = yield* FakeProvider.requests("token")
        expect(requests.map(({ form }) => form?.["grant_type"])).toEqual([
          "authorization_code",
          "refresh_token",
          "password",
          "refresh_token"
        ])
        expect(requests[1]?.form).toMatchObject({ refresh_token: "refresh-token-1" })
        expect(yield* FakeProvider.requests("metadata")).toHaveLength(metadataRequests)
        expect(yield* FakeProvider.requests("keys")).toHaveLength(1)
      }).pipe(Effect.provide(FakeProvider.layer({ application })))
  )

  it.effect("serves consumers as a person of that tenant", () =>
    Effect.gen(function*() {
      const result = yield* UsernamePassword.acquire({ username: "a", password: Redacted.make("pw"), scopes: [] })
      expect(result.tenantId).toBe("9188040d-6c67-4c5b-b112-36a304b66dad")
    }).pipe(Effect.provide(FakeProvider.layer({
      application: { authority: "https://login.microsoftonline.com/consumers" },
      person: { ...Person.ada, tenantId: "9188040d-6c67-4c5b-b112-36a304b66dad" }
    }))))

  it.effect("answers as told", () =>
    Effect.gen(function*() {
      yield* FakeProvider.answer("token", Reply.json({ error: "access_denied" }, { status: 400 }))
      const error = yield* Effect.flip(
        UsernamePassword.acquire({ username: "a", password: Redacted.make("pw"), scopes: [] })
      )
      expect(error._tag).toBe("AccessDenied")
    }).pipe(Effect.provide(FakeProvider.layer())))

  it.effect("dies of options that the application refuses", () =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(Effect.provide(
        Effect.void,
        FakeProvider.layer({ application: { authority: "not an address" } })
      ))
      expect(exit).toMatchObject({ _tag: "Failure", cause: { _tag: "Die", defect: { _tag: "InvalidAuthority" } } })
    }))
})

describe("TokenFactory", () => {
  it.effect("makes what differs only where the test says so", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      const claims = yield* factory.claims({ nonce: "n", name: undefined })
      expect(JSON.parse(JSON.stringify(claims))).toEqual({
        iss: issuer,
        sub: "ada-subject",
        aud: FakeProvider.clientId,
        iat: 0,
        exp: 3600,
        preferred_username: "ada@example.com",
        nonce: "n"
      })
      const payload = (yield* factory.idToken({ nonce: "n" })).split(".")[1] ?? ""
      expect(JSON.parse(Buffer.from(payload, "base64url").toString())).toMatchObject({ sub: "ada-subject", nonce: "n" })
      const answer = yield* factory.tokenAnswer({ expires_in: "3599", id_token: undefined })
      expect(JSON.parse(JSON.stringify(answer))).toEqual({
        token_type: "Bearer",
        access_token: "access-token-1",
        refresh_token: "refresh-token-1",
        expires_in: "3599"
      })
      expect(factory.metadata({ jwks_uri: undefined })["jwks_uri"]).toBeUndefined()
    }).pipe(Effect.provide(FakeProvider.layer({ application: { issuer } }))))

  it.effect("speaks like Microsoft for Microsoft's authorities", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      expect(factory.metadata()["issuer"]).toBe("https://login.microsoftonline.com/{tenantid}/v2.0")
      expect(yield* factory.claims()).toMatchObject({
        iss: `https://login.microsoftonline.com/${Person.grace.tenantId}/v2.0`,
        tid: Person.grace.tenantId,
        oid: Person.grace.objectId
      })
      const { client_info } = yield* factory.tokenAnswer()
      expect(JSON.parse(Buffer.from(String(client_info), "base64url").toString())).toEqual({
        uid: Person.grace.objectId,
        utid: Person.grace.tenantId
      })
    }).pipe(Effect.provide(FakeProvider.layer({ person: Person.grace }))))
})
