import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import { Accounts, Silent, UsernamePassword } from "@grantwork/core"
import { type IdentityServer, startIdentityServer } from "@grantwork/identity-server"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { application } from "./support/application.js"
import { failureOf } from "./support/failureOf.js"
import "./support/patience.js"
import { jane } from "./support/signIn.js"
import { tokenRequestsDuring } from "./support/tokenRequests.js"

const unruly = "p+ä s=s&wörd%25 \u{1F511}\""

let server: IdentityServer

beforeAll(async () => {
  server = await startIdentityServer({
    users: [
      { sub: "1", username: "jane", password: jane.password, name: "Jane Doe", email: "jane@example.com" },
      { sub: "2", username: "józef+o'neill", password: unruly, name: "Józef", email: "jozef@example.com" }
    ]
  })
})

afterAll(() => server.close())

const acquire = (username: string, password: string, scopes: ReadonlyArray<string> = ["read"]) =>
  UsernamePassword.acquire({ username, password: Redacted.make(password), scopes })

it.live("takes any characters in name and password", () =>
  Effect.suspend(() =>
    Effect.gen(function*() {
      const account = yield* (yield* acquire("józef+o'neill", unruly)).account
      expect(account).toMatchObject({ homeAccountId: "2", username: "józef+o'neill" })
    }).pipe(Effect.provide(application(server)))
  ))

it.live("serves silent calls from then on", () =>
  Effect.suspend(() =>
    Effect.gen(function*() {
      const account = yield* (yield* acquire("jane", jane.password, [])).account
      expect((yield* Silent.acquire({ scopes: [], account })).source).toBe("cache")
      expect((yield* Silent.acquire({ scopes: [], account, forceRefresh: true })).source).toBe("identity-provider")
    }).pipe(Effect.provide(application(server)))
  ))

describe("InvalidCredentials", () => {
  it.live.each([["a wrong password", "jane", "not-her-password"], ["an unknown name", "nobody", jane.password]])(
    "for %s, without a word of it",
    ([, username = "", password = ""]) =>
      Effect.suspend(() =>
        Effect.gen(function*() {
          const error = yield* failureOf(acquire(username, password))
          expect(error).toMatchObject({
            _tag: "InvalidCredentials",
            error: "invalid_grant",
            status: 400,
            endpoint: `${server.issuer}/token`
          })
          expect(JSON.stringify(error)).not.toContain(password)
          expect(yield* Accounts.list()).toEqual([])
        }).pipe(Effect.provide(application(server)))
      )
  )
})

it.live.each([["", "password"], ["jane", ""]])(
  "sends nothing for %o and %o",
  ([username = "", password = ""]) =>
    Effect.suspend(() =>
      Effect.gen(function*() {
        const sent = yield* tokenRequestsDuring(
          server,
          Effect.gen(function*() {
            expect(yield* failureOf(acquire(username, password))).toMatchObject({ _tag: "InvalidArgument" })
          })
        )
        expect(sent).toEqual([])
      }).pipe(Effect.provide(application(server)))
    )
)
