import { expect, it } from "@effect/vitest"
import { Accounts, AuthorizationCode, Silent, UsernamePassword } from "@grantwork/core"
import { Emulator } from "@grantwork/emulator/Emulator"
import * as Emulated from "@grantwork/testing/emulator"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"

const scopes = ["User.Read"]

it.effect("signs in, refreshes by the test's clock, and is revoked", () =>
  Effect.gen(function*() {
    const emulator = yield* Emulator
    const flow = yield* AuthorizationCode.initiate({ scopes, redirectUri: "http://localhost/callback" })
    const person = { username: "jane@contoso.example", password: "correct horse" }
    const { parameters } = yield* emulator.signIn(flow.authorizationUrl, person)
    const { account } = yield* AuthorizationCode.complete({ flow, response: parameters })
    expect((yield* Silent.acquire({ scopes, account })).source).toBe("cache")

    yield* TestClock.adjust("56 minutes")
    expect((yield* Silent.acquire({ scopes, account })).source).toBe("identity-provider")

    yield* emulator.revokeSessions(person.username)
    const error = yield* Effect.flip(Silent.acquire({ scopes, account, forceRefresh: true }))
    expect(error).toMatchObject({ _tag: "InteractionRequired", reason: "expired", errorCodes: [50173] })
  }).pipe(Effect.provide(Emulated.layer())))

it.effect("plays the scenario and the application it is given", () =>
  Effect.gen(function*() {
    const password = Redacted.make("paper moon")
    const result = yield* UsernamePassword.acquire({ username: "ann@garden.example", password, scopes })
    expect(result).toMatchObject({ tenantId: "9a9d0000-0000-4000-8000-000000000001" })
    expect(yield* Accounts.list()).toMatchObject([{ username: "ann@garden.example", name: { value: "Ann" } }])
  }).pipe(Effect.provide(Emulated.layer({
    application: {
      clientId: "0b0b0000-0000-4000-8000-000000000001",
      authority: "https://login.microsoftonline.com/garden.example"
    },
    scenario: {
      tenants: [{ id: "9a9d0000-0000-4000-8000-000000000001", name: "Garden", domains: ["garden.example"] }],
      users: [{ username: "ann@garden.example", password: "paper moon", name: "Ann" }],
      apps: [{ id: "0b0b0000-0000-4000-8000-000000000001", name: "Watering can" }]
    }
  }))))
