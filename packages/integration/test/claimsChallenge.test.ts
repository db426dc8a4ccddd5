import * as HttpClient from "@effect/platform/HttpClient"
import { describe, expect, it } from "@effect/vitest"
import { type Account, ProtectedResource, Silent } from "@grantwork/core"
import { claimsChallenge, InteractionRequired, PublicClientApplication } from "@grantwork/promise"
import * as Effect from "effect/Effect"
import { Agent, fetch } from "undici"
import { atEmulator } from "./support/atEmulator.js"
import type { EmulatorProvider } from "./support/emulator.js"
import { failureOf } from "./support/failureOf.js"
import "./support/patience.js"
import { signIn } from "./support/signIn.js"

const provided = atEmulator()

const scopes = ["User.Read"]

const capable = ({ clients }: EmulatorProvider) => ({ ...clients.public, clientCapabilities: ["cp1"] })

const addressOf = ({ emulator: { origin } }: EmulatorProvider) => `${origin}/v1.0/me`

const profile = (provider: EmulatorProvider, account: Account.Account) =>
  Effect.gen(function*() {
    const api = ProtectedResource.authorize({
      origin: provider.emulator.origin,
      acquire: (claims) => Silent.acquire({ scopes, account, claims })
    })(yield* HttpClient.HttpClient)
    return (yield* api.get(addressOf(provider))).status
  }).pipe(Effect.scoped, Effect.catchTags({ RequestError: Effect.die, ResponseError: Effect.die }))

describe("an API that demands a newer token", () => {
  it.live("gets one, once, and everybody after that from the cache (features 96, 102)", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const account = yield* (yield* signIn(provider, { scopes })).account
        expect(yield* profile(provider, account)).toBe(200)
        yield* Effect.promise(() => provider.emulator.challenge(provider.people.jane.username))
        const before = (yield* Effect.promise(provider.grantTypes)).length
        expect(yield* profile(provider, account)).toBe(200)
        expect(yield* profile(provider, account)).toBe(200)
        expect((yield* Effect.promise(provider.grantTypes)).slice(before)).toEqual(["refresh_token"])
      }), capable))

  it.live("gets none where a person has to sign in, who meets its claims", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const { people: { jane } } = provider
        const account = yield* (yield* signIn(provider, { scopes })).account
        yield* Effect.promise(() => provider.emulator.revokeSessions(jane.username))
        yield* Effect.promise(() => provider.emulator.challenge(jane.username))
        const error = yield* failureOf(profile(provider, account))
        expect(error).toMatchObject({ _tag: "InteractionRequired", claims: expect.stringContaining("access_token") })
        const claims = error._tag === "InteractionRequired" ? error.claims : undefined
        yield* signIn(provider, { scopes, claims })
        expect(yield* profile(provider, account)).toBe(200)
      }), capable))

  it.live("tells callers of the facade what it demands", () =>
    provided((provider) =>
      Effect.promise(async () => {
        const { caCertificate, emulator, people: { jane } } = provider
        const dispatcher = new Agent({ connect: { ca: caCertificate } })
        const { authority, clientId, knownAuthorities } = provider.clients.public
        const clientCapabilities = ["cp1"]
        const app = new PublicClientApplication({
          clientId,
          authority,
          knownAuthorities,
          dispatcher,
          clientCapabilities
        })
        const { account } = await app.acquireTokenByUsernamePassword({ ...jane, scopes })
        const get = async (claims?: string) => {
          const { accessToken } = await app.acquireTokenSilentWithError({ scopes, account, claims })
          return fetch(addressOf(provider), { dispatcher, headers: { authorization: `Bearer ${accessToken}` } })
        }
        expect(claimsChallenge((await get()).headers.get("www-authenticate"))).toBeUndefined()
        await emulator.challenge(jane.username)
        const refused = await get()
        expect(refused.status).toBe(401)
        const claims = claimsChallenge(refused.headers.get("www-authenticate"))
        expect(claims).toContain("access_token")
        expect((await get(claims)).status).toBe(200)
        await emulator.revokeSessions(jane.username)
        await expect(get(claims)).rejects.toBeInstanceOf(InteractionRequired)
        await app.dispose()
        await dispatcher.close()
      })
    ))
})
