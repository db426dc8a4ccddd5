import { describe, expect, it } from "@effect/vitest"
import {
  Authority,
  ClientApplication,
  ClientCredentials,
  Partition,
  Silent,
  TokenCache,
  UnifiedCache
} from "@grantwork/core"
import { FakeProvider, Person, TokenFactory } from "@grantwork/testing"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { ada, entra, generic, nextAnswer, signIn } from "../scenario.js"

const { clientId } = FakeProvider
const { objectId: uid, tenantId } = Person.ada
const homeAccountId = `${uid}.${tenantId}`
const environment = "login.microsoftonline.com"
const own = { home_account_id: homeAccountId, environment }

/** The account's JSON. */
const written = Effect.gen(function*() {
  const { authority } = yield* ClientApplication.ClientApplication
  const cache = yield* TokenCache.TokenCache
  const partitions = yield* cache.list(Authority.provider(authority))
  const json: unknown = JSON.parse(UnifiedCache.stringify(UnifiedCache.writeAll(UnifiedCache.empty, partitions)))
  return json
})

const startAt = (seconds: number) => TestClock.setTime(seconds * 1000)

describe("a sign-in at Microsoft", () => {
  it.effect("is written as MSAL would", () =>
    Effect.gen(function*() {
      yield* startAt(1000)
      const factory = yield* TokenFactory.TokenFactory
      const idToken = yield* factory.idToken()
      yield* nextAnswer({
        access_token: "an access token",
        refresh_token: "a refresh token",
        id_token: idToken,
        scope: "s3 s1 s2",
        expires_in: 3600,
        ext_expires_in: 7200,
        refresh_in: 1800,
        foci: "1"
      })
      yield* signIn(["s2", "s1", "s3"])
      expect(yield* written).toEqual({
        AccessToken: {
          [`${homeAccountId}-${environment}-accesstoken-${clientId}-${tenantId}-s1 s2 s3`]: {
            credential_type: "AccessToken",
            secret: "an access token",
            ...own,
            client_id: clientId,
            realm: tenantId,
            requested_realm: "organizations",
            target: "s1 s2 s3",
            token_type: "Bearer",
            cached_at: "1000",
            expires_on: "4600",
            extended_expires_on: "8200",
            refresh_on: "2800"
          }
        },
        RefreshToken: {
          [`${homeAccountId}-${environment}-refreshtoken-${clientId}--`]: {
            credential_type: "RefreshToken",
            secret: "a refresh token",
            ...own,
            client_id: clientId,
            family_id: "1",
            last_modification_time: "1000"
          }
        },
        IdToken: {
          [`${homeAccountId}-${environment}-idtoken-${clientId}-${tenantId}-`]: {
            credential_type: "IdToken",
            secret: idToken,
            ...own,
            client_id: clientId,
            realm: tenantId
          }
        },
        Account: {
          [`${homeAccountId}-${environment}-${tenantId}`]: {
            ...own,
            authority_type: "MSSTS",
            realm: tenantId,
            local_account_id: uid,
            username: "ada@example.com",
            name: "Ada Lovelace"
          }
        },
        AppMetadata: {
          [`appmetadata-${environment}-${clientId}`]: { client_id: clientId, environment, family_id: "1" }
        }
      })
    }).pipe(Effect.provide(entra("organizations"))))

  it.effect("without a lifetime, a family or another refresh has no word of them", () =>
    Effect.gen(function*() {
      yield* startAt(1000)
      yield* nextAnswer({ expires_in: undefined, ext_expires_in: undefined, refresh_in: 0, scope: "a" })
      yield* signIn(["a"])
      const json = yield* written
      expect(json).not.toHaveProperty("AppMetadata")
      const key = `${homeAccountId}-${environment}-accesstoken-${clientId}-${tenantId}-a`
      expect(json).toMatchObject({ AccessToken: { [key]: { cached_at: "1000", expires_on: "1600" } } })
      expect(json).not.toHaveProperty(["AccessToken", key, "extended_expires_on"])
      expect(json).not.toHaveProperty(["AccessToken", key, "refresh_on"])
    }).pipe(Effect.provide(entra("common"))))
})

it.effect("a sign-in elsewhere is written under its issuer", () =>
  Effect.gen(function*() {
    yield* signIn(["a"])
    expect(yield* written).toMatchObject({
      Account: {
        "ada-subject-https://id.example.com-": {
          home_account_id: "ada-subject",
          environment: "https://id.example.com",
          realm: "",
          authority_type: "Generic"
        }
      }
    })
  }).pipe(Effect.provide(generic())))

describe("what MSAL wrote", () => {
  const seconds = Effect.map(Clock.currentTimeMillis, (millis) => Math.floor(millis / 1000))

  const load = (sections: (now: number) => unknown, key: Partition.Key) =>
    Effect.gen(function*() {
      const cache = yield* TokenCache.TokenCache
      const parsed = Option.getOrThrow(UnifiedCache.parse(JSON.stringify(sections(yield* seconds))))
      yield* cache.modify(key, () => [undefined, UnifiedCache.read(parsed, key)])
    })

  const token = (now: number) => ({
    credential_type: "AccessToken",
    secret: "theirs",
    environment: "login.windows.net",
    client_id: clientId,
    target: "User.Read",
    cached_at: String(now),
    expires_on: String(now + 3600)
  })

  it.effect.each<[string, string, string]>([
    ["common", "common", "common"],
    ["common", "the tenant", tenantId],
    ["organizations", "the tenant", tenantId],
    [tenantId, "the tenant", tenantId],
    [tenantId, "common", "common"]
  ])("is a hit at %s where it is of %s", ([authority, , realm]) =>
    Effect.gen(function*() {
      yield* startAt(1000)
      yield* load(
        (now) => ({ AccessToken: { key: { ...token(now), ...own, realm } } }),
        Partition.userKeyAt(environment, homeAccountId)
      )
      const { accessToken, source } = yield* Silent.acquire({ scopes: ["user.read"], account: yield* ada })
      expect([Redacted.value(accessToken), source]).toEqual(["theirs", "cache"])
    }).pipe(Effect.provide(entra(authority))))

  it.effect.each<[string, object, boolean]>([
    ["its own", { home_account_id: null }, true],
    ["its own, of Node", { home_account_id: "" }, true],
    ["for parameters, of Python", { home_account_id: null, ext_cache_key: "key" }, false],
    ["for parameters, of Node", { home_account_id: "", additionalCacheKeyComponents: { a: "b" } }, false],
    ["bound to a key", { home_account_id: null, key_id: "key" }, false]
  ])("is a hit for a client where it is %s: %#", ([, change, isHit]) =>
    Effect.gen(function*() {
      yield* startAt(1000)
      const { authority } = yield* ClientApplication.ClientApplication
      yield* load(
        (now) => ({ AccessToken: { key: { ...token(now), realm: "contoso.example", ...change } } }),
        Partition.appKey(authority, clientId)
      )
      yield* nextAnswer({ id_token: undefined, refresh_token: undefined })
      const { source } = yield* ClientCredentials.acquire({ scopes: ["User.Read"] })
      expect(source).toBe(isHit ? "cache" : "identity-provider")
    }).pipe(Effect.provide(entra("contoso.example", { application: { clientSecret: Redacted.make("secret") } }))))
})
