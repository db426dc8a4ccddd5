import { describe, expect, it } from "@effect/vitest"
import { Accounts, ClientApplication, Silent } from "@grantwork/core"
import { DefaultScenario } from "@grantwork/emulator"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { atEmulator } from "./support/atEmulator.js"
import type { EmulatorProvider } from "./support/emulator.js"
import { failureOf } from "./support/failureOf.js"
import "./support/patience.js"
import { signIn } from "./support/signIn.js"

const provided = atEmulator()

const { clientIds } = DefaultScenario
const scopes = ["User.Read"]

const registered = ({ clients }: EmulatorProvider, clientId: string) => ({ ...clients.public, clientId })

/** As another application that shares the cache. */
const as = (provider: EmulatorProvider, clientId: string) =>
  Effect.provide(ClientApplication.layer(registered(provider, clientId)))

const member = (provider: EmulatorProvider) => registered(provider, clientIds.family)

describe("applications of one family (feature 55)", () => {
  it.live("share a sign-in, whose refresh token rotates from one to the other and back", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const signedIn = yield* signIn(provider, { scopes })
        const [account] = yield* Accounts.list().pipe(as(provider, clientIds.sibling))
        expect(account?.username).toBe(provider.people.jane.username)
        const refresh = Silent.acquire({ scopes, account, forceRefresh: true })
        const seen = new Set([Redacted.value(signedIn.accessToken)])
        for (let turn = 1; turn <= 3; turn++) {
          seen.add(Redacted.value((yield* refresh.pipe(as(provider, clientIds.sibling))).accessToken))
          seen.add(Redacted.value((yield* refresh).accessToken))
        }
        expect(seen.size).toBe(7)
      }), member))

  it.live("let nobody in who is no member", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const { account } = yield* signIn(provider, { scopes })
        const error = yield* failureOf(Silent.acquire({ scopes, account }).pipe(as(provider, clientIds.public)))
        expect(error).toMatchObject({ _tag: "InteractionRequired", reason: "no_token" })
        expect((yield* Silent.acquire({ scopes, account, forceRefresh: true })).source).toBe("identity-provider")
      }), member))

  it.live("lose the account together", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const account = yield* (yield* signIn(provider, { scopes })).account
        yield* Silent.acquire({ scopes, account }).pipe(as(provider, clientIds.sibling))
        yield* Accounts.remove(account)
        expect(yield* Accounts.list().pipe(as(provider, clientIds.sibling))).toEqual([])
      }), member))
})
