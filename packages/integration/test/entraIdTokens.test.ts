import { describe, expect, it } from "@effect/vitest"
import { Accounts, Silent } from "@grantwork/core"
import { DefaultScenario, type Fault } from "@grantwork/emulator"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { atEmulator } from "./support/atEmulator.js"
import { clockAhead } from "./support/clockAhead.js"
import type { EmulatorProvider } from "./support/emulator.js"
import { failureOf } from "./support/failureOf.js"
import "./support/patience.js"
import { signIn } from "./support/signIn.js"

const provided = atEmulator()

const scopes = ["api://notes/read"]
const once = { on: { endpoint: "token" }, times: 1 } as const
const atContoso = ({ at }: EmulatorProvider) => at(DefaultScenario.contoso)

const befall = ({ emulator }: EmulatorProvider, fault: Fault.Input) => Effect.promise(() => emulator.addFault(fault))

type Case = readonly [string, Fault.Input, string]

/** Flaws that show in any ID token. */
const flaws: ReadonlyArray<Case> = [
  ["another issuer", { ...once, kind: "badIdToken", flaw: "issuer" }, "iss"],
  ["another audience", { ...once, kind: "badIdToken", flaw: "audience" }, "aud"],
  ["another tenant", { ...once, kind: "badIdToken", flaw: "tenant" }, "tid"],
  ["an end long ago", { ...once, kind: "badIdToken", flaw: "expired" }, "exp"],
  ["another key's signature", { ...once, kind: "badIdToken", flaw: "signature" }, "signature"],
  ["no signature", { ...once, kind: "badIdToken", flaw: "unsigned" }, "algorithm"],
  ["times ahead", { ...once, kind: "clockSkew", seconds: 600 }, "nbf"],
  ["times long past", { ...once, kind: "clockSkew", seconds: -7200 }, "exp"]
]

describe("an ID token with", () => {
  const ofSignIn: ReadonlyArray<Case> = [
    ...flaws,
    ["another nonce", { ...once, kind: "badIdToken", flaw: "nonce" }, "nonce"],
    ["nothing at all", { ...once, kind: "badIdToken", flaw: "missing" }, "missing"]
  ]

  it.live.each(ofSignIn)("%s signs nobody in", ([, fault, rule]) =>
    provided((provider) =>
      Effect.gen(function*() {
        yield* befall(provider, fault)
        const error = yield* failureOf(signIn(provider))
        expect(error).toMatchObject({ _tag: "IdTokenRejected", rule, endpoint: provider.endpoints.token })
        expect(yield* Accounts.list()).toEqual([])
        expect((yield* signIn(provider)).source).toBe("identity-provider")
      }), atContoso))

  const ofRefresh: ReadonlyArray<Case> = [
    ...flaws,
    ["another subject", { ...once, kind: "badIdToken", flaw: "subject" }, "sub"]
  ]

  it.live.each(ofRefresh)("%s refreshes nothing", ([, fault, rule]) =>
    provided((provider) =>
      Effect.gen(function*() {
        const signedIn = yield* signIn(provider)
        const { account } = signedIn
        yield* befall(provider, fault)
        const error = yield* failureOf(Silent.acquire({ scopes, account, forceRefresh: true }))
        expect(error).toMatchObject({ _tag: "IdTokenRejected", rule, endpoint: provider.endpoints.token })
        const cached = yield* Silent.acquire({ scopes, account })
        expect(Redacted.value(cached.accessToken)).toBe(Redacted.value(signedIn.accessToken))
      }), atContoso))
})

describe("a clock that is off", () => {
  it.live.each([60, -60])("by %i seconds is tolerated", (seconds) =>
    provided((provider) =>
      Effect.gen(function*() {
        yield* befall(provider, { ...once, kind: "clockSkew", seconds })
        expect((yield* signIn(provider)).source).toBe("identity-provider")
      })
    ))

  it.live("by more is tolerated where the application says so", () =>
    provided((provider) =>
      Effect.gen(function*() {
        yield* befall(provider, { ...once, kind: "clockSkew", seconds: 600 })
        expect((yield* signIn(provider)).source).toBe("identity-provider")
      }), ({ clients }) => ({ ...clients.public, clockSkew: "15 minutes" })))
})

describe.each([false, true])("a new signing key, the old one withdrawn: %s", (withdraw) => {
  it.live("is believed at once, being published ahead, and the one after it once it is fetched", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const fetchesOfKeys = Effect.promise(provider.fetchesOfKeys)
        const rotate = Effect.promise(() => provider.emulator.rotateSigningKey({ withdraw }))
        const { account } = yield* signIn(provider)
        const refresh = Silent.acquire({ scopes, account, forceRefresh: true })
        yield* rotate
        expect((yield* refresh).source).toBe("identity-provider")
        expect(yield* fetchesOfKeys).toBe(1)
        yield* rotate
        expect((yield* clockAhead("2 minutes")(refresh)).source).toBe("identity-provider")
        expect(yield* fetchesOfKeys).toBe(2)
      })
    ))
})
