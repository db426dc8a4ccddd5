import { describe, expect, it } from "@effect/vitest"
import { Accounts, Silent } from "@grantwork/core"
import { DefaultScenario } from "@grantwork/emulator"
import * as Effect from "effect/Effect"
import { atEmulator } from "./support/atEmulator.js"
import { type EmulatorProvider, known } from "./support/emulator.js"
import { failureOf } from "./support/failureOf.js"
import "./support/patience.js"
import { signIn } from "./support/signIn.js"

const provided = atEmulator()

const { contoso, fabrikam } = DefaultScenario

const discoveries = /\/common\/discovery\/instance$|\/\.well-known\/openid-configuration$/

const pathsOf = ({ emulator }: EmulatorProvider) =>
  Effect.map(Effect.promise(emulator.requests), (requests) => requests.map(({ path }) => path))

describe("instance discovery", () => {
  const instances = ({ emulator }: EmulatorProvider) => `${emulator.origin}/common/discovery/instance`
  const unknown = (provider: EmulatorProvider) => ({ ...provider.at("contoso.example"), knownAuthorities: [] })

  it.live("vouches for the host of a sign-in, once (feature 64)", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const { account } = yield* signIn(provider)
        yield* Silent.acquire({ scopes: [provider.scopes.read], account, forceRefresh: true })
        yield* signIn(provider)
        expect((yield* pathsOf(provider)).filter((path) => discoveries.test(path))).toEqual([
          "/common/discovery/instance",
          "/contoso.example/v2.0/.well-known/openid-configuration"
        ])
      }), (provider) => ({ ...unknown(provider), instanceDiscovery: instances(provider) })))

  it.live("does not vouch for a host by another name, which then is asked for nothing", () =>
    provided((provider) =>
      Effect.gen(function*() {
        expect(yield* failureOf(signIn(provider))).toMatchObject({
          _tag: "InvalidAuthority",
          reason: "unknown_host",
          error: "invalid_instance",
          errorCodes: [50049]
        })
        expect(yield* pathsOf(provider)).toEqual(["/common/discovery/instance"])
      }), (provider) => ({
        ...unknown(provider),
        authority: "https://login.contoso.example/contoso.example",
        instanceDiscovery: instances(provider)
      })))

  it.live("that cannot be had is no verdict on the host", () =>
    provided((provider) =>
      Effect.gen(function*() {
        expect(yield* failureOf(signIn(provider))).toMatchObject({ _tag: "NetworkFailure", reason: "connection" })
        expect(yield* pathsOf(provider)).toEqual([])
      }), (provider) => ({ ...unknown(provider), instanceDiscovery: "https://127.0.0.1:9/common/discovery/instance" })))
})

it.live("people of tenants that are not allowed do not sign in, and nothing of theirs is cached", () =>
  provided((provider) =>
    Effect.gen(function*() {
      const person = known("kim@fabrikam.example")
      expect((yield* signIn(provider)).tenantId).toBe(contoso)
      expect(yield* failureOf(signIn(provider, { person }))).toMatchObject({ _tag: "IdTokenRejected", rule: "tid" })
      expect((yield* Accounts.list()).map(({ tenantId }) => tenantId)).toEqual([contoso])
    }), ({ at }) => ({ ...at("organizations"), allowedTenants: (tenantId) => tenantId !== fabrikam })))
