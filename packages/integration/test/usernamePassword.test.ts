import { describe, expect, it } from "@effect/vitest"
import { Accounts, Silent, UsernamePassword } from "@grantwork/core"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { atProvider } from "./support/atProvider.js"
import { failureOf } from "./support/failureOf.js"
import "./support/patience.js"
import { providerNames, startProvider } from "./support/providers.js"
import { tokenRequestsDuring } from "./support/tokenRequests.js"

const acquire = (
  { password, username }: { readonly username: string; readonly password: string },
  scopes: ReadonlyArray<string>
) => UsernamePassword.acquire({ username, password: Redacted.make(password), scopes })

describe.each(providerNames)("at %s", (name) => {
  const provided = atProvider(() => startProvider(name))

  it.live("takes any characters in name and password", () =>
    provided((provider) =>
      Effect.gen(function*() {
        expect(yield* (yield* acquire(provider.people.jozef, [provider.scopes.read])).account).toEqual(
          provider.accounts.jozef
        )
      })
    ))

  it.live("serves silent calls from then on", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const account = yield* (yield* acquire(provider.people.jane, [])).account
        expect((yield* Silent.acquire({ scopes: [], account })).source).toBe("cache")
        expect((yield* Silent.acquire({ scopes: [], account, forceRefresh: true })).source).toBe("identity-provider")
      })
    ))

  describe("InvalidCredentials", () => {
    it.live.each(
      [["a wrong password", { password: "not-her-password" }], ["an unknown name", { username: "nobody" }]] as const
    )(
      "for %s, without a word of it",
      ([, change]) =>
        provided((provider) =>
          Effect.gen(function*() {
            const credentials = { ...provider.people.jane, ...change }
            const error = yield* failureOf(acquire(credentials, [provider.scopes.read]))
            expect(error).toMatchObject({
              _tag: "InvalidCredentials",
              error: "invalid_grant",
              status: 400,
              endpoint: provider.endpoints.token
            })
            expect(JSON.stringify(error)).not.toContain(credentials.password)
            expect(yield* Accounts.list()).toEqual([])
          })
        )
    )
  })

  it.live.each([["", "password"], ["jane", ""]])(
    "sends nothing for %o and %o",
    ([username = "", password = ""]) =>
      provided((provider) =>
        Effect.gen(function*() {
          const sent = yield* tokenRequestsDuring(
            provider,
            Effect.gen(function*() {
              expect(yield* failureOf(acquire({ username, password }, []))).toMatchObject({ _tag: "InvalidArgument" })
            })
          )
          expect(sent).toEqual([])
        })
      )
  )
})
