import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import { Accounts, ClientApplication, RefreshToken, Silent, UsernamePassword } from "@grantwork/core"
import { type IdentityServer, startIdentityServer } from "@grantwork/identity-server"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { application } from "./support/application.js"
import { clockAhead } from "./support/clockAhead.js"
import { failureOf } from "./support/failureOf.js"
import "./support/patience.js"
import { jane, signIn } from "./support/signIn.js"
import { tokenRequestsDuring } from "./support/tokenRequests.js"

let server: IdentityServer
let short: IdentityServer
let constant: IdentityServer

beforeAll(async () => {
  server = await startIdentityServer()
  short = await startIdentityServer({ accessTokenTtl: 60 })
  constant = await startIdentityServer({ rotateRefreshToken: false })
})

afterAll(() => Promise.all([server.close(), short.close(), constant.close()]))

const at =
  (where: () => IdentityServer) =>
  <A, E>(program: Effect.Effect<A, E, Effect.Effect.Context<ReturnType<typeof signIn>>>) =>
    Effect.suspend(() => Effect.provide(program, application(where())))

describe("a cached token", () => {
  it.live("serves its scopes and fewer, and nothing is sent", () =>
    at(() => server)(Effect.gen(function*() {
      const account = yield* (yield* signIn(server, { scopes: ["read", "write"] })).account
      const sent = yield* tokenRequestsDuring(
        server,
        Effect.forEach([["read", "write"], ["write", "read"], ["read"], ["openid", "write"], []], (scopes) =>
          Effect.map(Silent.acquire({ scopes, account }), ({ source }) => expect(source).toBe("cache")))
      )
      expect(sent).toEqual([])
    })))

  it.live("that is about to expire is refreshed, unless less validity will do", () =>
    at(() => short)(Effect.gen(function*() {
      const account = yield* (yield* signIn(short)).account
      const spare = Silent.acquire({ scopes: ["read"], account, minValidity: "1 second" })
      expect((yield* spare).source).toBe("cache")
      expect((yield* Silent.acquire({ scopes: ["read"], account })).source).toBe("identity-provider")
      expect((yield* clockAhead("1 minute")(spare)).source).toBe("identity-provider")
    })))

  it.live("is passed over for a claims challenge, and refused where it is none", () =>
    at(() => server)(Effect.gen(function*() {
      const account = yield* (yield* signIn(server)).account
      const challenged = yield* Silent.acquire({ scopes: ["read"], account, claims: "{\"access_token\":{}}" })
      expect(challenged.source).toBe("identity-provider")
      expect(yield* failureOf(Silent.acquire({ scopes: ["read"], account, claims: "[]" }))).toMatchObject({
        _tag: "InvalidArgument",
        argument: "claims"
      })
    })))
})

describe("a forced refresh", () => {
  it.live.each([["rotates", () => server], ["stays the same", () => constant]] as const)(
    "works round after round where the refresh token %s",
    ([, where]) =>
      at(where)(Effect.gen(function*() {
        const signedIn = yield* signIn(where())
        const account = yield* signedIn.account
        const tokens = new Set([Redacted.value(signedIn.accessToken)])
        const rounds = [1, 2, 3, 4, 5]
        for (const _ of rounds) {
          const refreshed = yield* Silent.acquire({ scopes: ["read"], account, forceRefresh: true })
          expect(refreshed.source).toBe("identity-provider")
          expect(Option.isNone(refreshed.refreshToken)).toBe(true)
          expect(Option.getOrThrow(refreshed.idTokenClaims).sub).toBe("248289761001")
          tokens.add(Redacted.value(refreshed.accessToken))
          const cached = yield* Silent.acquire({ scopes: ["read"], account })
          expect(cached.source).toBe("cache")
          expect(Redacted.value(cached.accessToken)).toBe(Redacted.value(refreshed.accessToken))
        }
        expect(tokens.size).toBe(rounds.length + 1)
      }))
  )

  it.live("for more than was granted is InvalidScope, and costs nothing that is cached", () =>
    at(() => server)(Effect.gen(function*() {
      const account = yield* (yield* signIn(server)).account
      expect(yield* failureOf(Silent.acquire({ scopes: ["write"], account }))).toMatchObject({
        _tag: "InvalidScope",
        error: "invalid_scope",
        status: 400
      })
      expect((yield* Silent.acquire({ scopes: ["read"], account })).source).toBe("cache")
      expect((yield* Silent.acquire({ scopes: ["read"], account, forceRefresh: true })).source).toBe(
        "identity-provider"
      )
    })))
})

describe("a refresh token that was used elsewhere", () => {
  it.live("asks for a person, since the server revokes the grant, and the cached token still serves", () =>
    at(() => server)(Effect.gen(function*() {
      const signedIn = yield* signIn(server)
      const account = yield* signedIn.account
      const stolen = yield* signedIn.refreshToken
      yield* Silent.acquire({ scopes: ["read"], account, forceRefresh: true })

      const replay = RefreshToken.acquire({ refreshToken: stolen, scopes: ["read"] })
      expect(yield* failureOf(replay)).toMatchObject({ _tag: "InteractionRequired", reason: "expired" })

      const refresh = Silent.acquire({ scopes: ["read"], account, forceRefresh: true })
      const error = yield* failureOf(refresh)
      expect(error).toMatchObject({ _tag: "InteractionRequired", reason: "expired", error: "invalid_grant" })
      expect(error.message).toContain("Sign in")
      expect(Option.isNone(yield* Silent.acquireOption({ scopes: ["read"], account, forceRefresh: true }))).toBe(true)
      expect((yield* Silent.acquire({ scopes: ["read"], account })).source).toBe("cache")

      yield* signIn(server)
      expect((yield* refresh).source).toBe("identity-provider")
    })))
})

it.live("without a refresh token a person is asked for once the access token is gone", () =>
  at(() => server)(Effect.gen(function*() {
    const scopes = ["read"]
    const signedIn = yield* signIn(server, { scopes, prompt: "login" })
    expect(Option.isNone(signedIn.refreshToken)).toBe(true)
    const account = yield* signedIn.account
    expect((yield* Silent.acquire({ scopes, account })).source).toBe("cache")
    const error = yield* failureOf(clockAhead("1 hour")(Silent.acquire({ scopes, account })))
    expect(error).toMatchObject({ _tag: "InteractionRequired", reason: "no_token" })
  })))

it.live("without an account nothing is sent", () =>
  at(() => server)(Effect.gen(function*() {
    const error = yield* failureOf(Silent.acquire({ scopes: ["read"], account: undefined }))
    expect(error).toMatchObject({ _tag: "InteractionRequired", reason: "no_account" })
  })))

it.live("two applications on one cache do not use each other's tokens", () =>
  at(() => server)(Effect.gen(function*() {
    const scopes = ["read"]
    const account = yield* (yield* signIn(server, { scopes })).account
    const other = ClientApplication.layer({ clientId: server.clients.native.client_id, issuer: server.issuer })
    yield* Effect.gen(function*() {
      expect(yield* Accounts.list()).toEqual([])
      expect(yield* failureOf(Silent.acquire({ scopes, account }))).toMatchObject({
        _tag: "InteractionRequired",
        reason: "no_token"
      })
      yield* UsernamePassword.acquire({ username: "jane", password: Redacted.make(jane.password), scopes })
      expect(yield* Accounts.list()).toEqual([account])
    }).pipe(Effect.provide(other))
    for (const layer of [other, Layer.empty]) {
      const refreshed = yield* Effect.provide(Silent.acquire({ scopes, account, forceRefresh: true }), layer)
      expect(Option.getOrThrow(refreshed.idTokenClaims).aud).toBe(layer === other ? "native-client" : "public-client")
    }
  })))
