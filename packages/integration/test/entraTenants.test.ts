import { describe, expect, it } from "@effect/vitest"
import { Accounts, Silent, UsernamePassword } from "@grantwork/core"
import { DefaultScenario } from "@grantwork/emulator"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { atEmulator } from "./support/atEmulator.js"
import { known } from "./support/emulator.js"
import { failureOf } from "./support/failureOf.js"
import "./support/patience.js"
import { signIn } from "./support/signIn.js"

const provided = atEmulator()

const { consumers, contoso, fabrikam } = DefaultScenario

const scopes = ["api://notes/read"]
/** Of another organisation than Jane. */
const kim = known("kim@fabrikam.example")
/** With a personal account. */
const pat = known("pat@outlook.example")

const acquire = ({ password, username }: { readonly username: string; readonly password: string }) =>
  UsernamePassword.acquire({ username, password: Redacted.make(password), scopes })

describe.each(["common", "organizations", "contoso.example", "contoso.onmicrosoft.com", contoso])(
  "the authority %s",
  (tenant) => {
    it.live("signs in, serves from the cache and refreshes", () =>
      provided((provider) =>
        Effect.gen(function*() {
          const signedIn = yield* signIn(provider)
          expect(signedIn.tenantId).toBe(contoso)
          const account = yield* signedIn.account
          expect(account).toEqual(provider.accounts.jane)
          expect(Option.getOrThrow(signedIn.idTokenClaims).iss).toBe(provider.issuer)
          expect((yield* Silent.acquire({ scopes, account })).source).toBe("cache")
          const refreshed = yield* Silent.acquire({ scopes, account, forceRefresh: true })
          expect(refreshed).toMatchObject({ source: "identity-provider", tenantId: contoso })
        }), ({ at }) => at(tenant)))
  }
)

describe("a password", () => {
  it.live.each(["organizations", contoso])("is taken at %s", (tenant) =>
    provided((provider) =>
      Effect.gen(function*() {
        expect(Option.getOrThrow((yield* acquire(provider.people.jane)).account)).toEqual(provider.accounts.jane)
      }), ({ at }) => at(tenant)))

  it.live.each(["common", "consumers"])("is refused at %s", (tenant) =>
    provided((provider) =>
      Effect.gen(function*() {
        const error = yield* failureOf(acquire(provider.people.jane))
        expect(error).toMatchObject({ _tag: "ServerRefused", error: "invalid_request", errorCodes: [9001023] })
      }), ({ at }) => at(tenant)))
})

describe("a personal account", () => {
  it.live.each(["common", "consumers", consumers])(
    "signs in at %s",
    (tenant) =>
      provided((provider) =>
        Effect.gen(function*() {
          const account = yield* (yield* signIn(provider, { person: pat })).account
          expect(account).toMatchObject({ tenantId: consumers, username: pat.username })
          expect((yield* Silent.acquire({ scopes, account })).source).toBe("cache")
        }), ({ at }) => at(tenant))
  )

  it.live("is refused at organizations, by browser and by password", () =>
    provided((provider) =>
      Effect.gen(function*() {
        for (const attempt of [signIn(provider, { person: pat }), acquire(pat)]) {
          expect(yield* failureOf(attempt)).toMatchObject({
            _tag: "InteractionRequired",
            reason: "login",
            errorCodes: [50020]
          })
        }
        expect(yield* Accounts.list()).toEqual([])
      }), ({ at }) => at("organizations")))
})

it.live("people of several tenants are listed side by side", () =>
  provided((provider) =>
    Effect.gen(function*() {
      const people = [provider.people.jane, kim, pat]
      for (const person of people) yield* signIn(provider, { person })
      const accounts = yield* Accounts.list()
      expect(accounts.map(({ username }) => username)).toEqual(people.map(({ username }) => username))
      expect(accounts.map(({ tenantId }) => tenantId)).toEqual([contoso, fabrikam, consumers])
      for (const account of accounts) {
        const refreshed = yield* Silent.acquire({ scopes, account, forceRefresh: true })
        expect(refreshed.tenantId).toBe(account.tenantId)
      }
    }), ({ at }) => at("common")))

describe("a guest", () => {
  it.live("gets a token of the other tenant, beside the one at home", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const atHome = yield* signIn(provider, { person: provider.people.sam })
        const account = yield* atHome.account
        const authority = `${provider.emulator.origin}/fabrikam.example`
        const abroad = yield* Silent.acquire({ scopes, account, authority })
        expect(abroad).toMatchObject({ source: "identity-provider", tenantId: fabrikam })
        const guest = yield* abroad.account
        expect(guest).toMatchObject({ homeAccountId: account.homeAccountId, tenantId: fabrikam })
        expect(guest.localAccountId).not.toBe(account.localAccountId)

        const again = yield* Silent.acquire({ scopes, account, authority })
        expect(again).toMatchObject({ source: "cache", tenantId: fabrikam })
        expect(Redacted.value(again.accessToken)).toBe(Redacted.value(abroad.accessToken))
        const home = yield* Silent.acquire({ scopes, account })
        expect(Redacted.value(home.accessToken)).toBe(Redacted.value(atHome.accessToken))
        expect(yield* Accounts.list()).toEqual([account])
      })
    ))

  it.live("is served in the tenant that the account names, where the application names none", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const account = yield* (yield* signIn(provider, { person: provider.people.sam })).account
        const authority = `${provider.emulator.origin}/${fabrikam}`
        const guest = yield* (yield* Silent.acquire({ scopes, account, authority })).account
        for (const source of ["cache", "identity-provider"]) {
          const result = yield* Silent.acquire({ scopes, account: guest, forceRefresh: source !== "cache" })
          expect(result).toMatchObject({ source, tenantId: fabrikam })
        }
      }), ({ at }) => at("common")))

  it.live("somebody who is none has to sign in there", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const account = yield* (yield* signIn(provider)).account
        const authority = `${provider.emulator.origin}/fabrikam.example`
        expect(yield* failureOf(Silent.acquire({ scopes, account, authority }))).toMatchObject({
          _tag: "InteractionRequired",
          errorCodes: [50020]
        })
        expect((yield* Silent.acquire({ scopes, account, forceRefresh: true })).source).toBe("identity-provider")
      })
    ))
})
