import { afterAll, beforeAll, expect, it } from "@effect/vitest"
import { Accounts, RefreshToken, Silent } from "@grantwork/core"
import { type IdentityServer, startIdentityServer } from "@grantwork/identity-server"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { application } from "./support/application.js"
import { failureOf } from "./support/failureOf.js"
import "./support/patience.js"
import { signIn } from "./support/signIn.js"

let server: IdentityServer

beforeAll(async () => {
  server = await startIdentityServer()
})

afterAll(() => server.close())

/** Signs in through an application of its own. */
const fromElsewhere = Effect.suspend(() =>
  Effect.flatMap(signIn(server), ({ refreshToken }) => refreshToken).pipe(Effect.provide(application(server)))
)

it.live("signs in whom the refresh token is for, and goes on with the rotated one", () =>
  Effect.suspend(() =>
    Effect.gen(function*() {
      const refreshToken = yield* fromElsewhere
      const imported = yield* RefreshToken.acquire({ refreshToken, scopes: ["read"] })
      expect(Redacted.value(Option.getOrThrow(imported.refreshToken))).not.toBe(Redacted.value(refreshToken))
      const account = yield* imported.account
      expect(yield* Accounts.list()).toEqual([account])
      expect(account).toMatchObject({ username: "jane", homeAccountId: "248289761001" })
      expect((yield* Silent.acquire({ scopes: ["read"], account })).source).toBe("cache")
      const refreshed = yield* Silent.acquire({ scopes: ["read"], account, forceRefresh: true })
      expect(refreshed.source).toBe("identity-provider")
    }).pipe(Effect.provide(application(server)))
  ))

it.live.each(["used", "made up"])(
  "that is %s asks for a person, and nothing is cached",
  (kind) =>
    Effect.suspend(() =>
      Effect.gen(function*() {
        const used = yield* fromElsewhere
        yield* Effect.provide(RefreshToken.acquire({ refreshToken: used, scopes: ["read"] }), application(server))
        const refreshToken = kind === "used" ? used : Redacted.make("no-such-token")
        const error = yield* failureOf(RefreshToken.acquire({ refreshToken, scopes: ["read"] }))
        expect(error).toMatchObject({ _tag: "InteractionRequired", reason: "expired", error: "invalid_grant" })
        expect(JSON.stringify(error)).not.toContain(Redacted.value(refreshToken))
        expect(yield* Accounts.list()).toEqual([])
      }).pipe(Effect.provide(application(server)))
    )
)

it.live("of another client is refused", () =>
  Effect.suspend(() =>
    Effect.gen(function*() {
      const refreshToken = yield* fromElsewhere
      const error = yield* failureOf(RefreshToken.acquire({ refreshToken, scopes: ["read"] }))
      expect(error).toMatchObject({ _tag: "InteractionRequired", error: "invalid_grant" })
    }).pipe(Effect.provide(application(server, { clientId: server.clients.native.client_id })))
  ))

it.live("will not get more scopes than it has", () =>
  Effect.suspend(() =>
    Effect.gen(function*() {
      const refreshToken = yield* fromElsewhere
      const error = yield* failureOf(RefreshToken.acquire({ refreshToken, scopes: ["write"] }))
      expect(error).toMatchObject({ _tag: "InvalidScope", error: "invalid_scope" })
    }).pipe(Effect.provide(application(server)))
  ))
