import * as HttpClient from "@effect/platform/HttpClient"
import { describe, expect, it } from "@effect/vitest"
import { ProtectedResource, Silent, UsernamePassword } from "@grantwork/core"
import { PublicClientApplication } from "@grantwork/promise"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Agent, fetch } from "undici"
import { atEmulator } from "./support/atEmulator.js"
import "./support/patience.js"

const provided = atEmulator()
const scopes = ["User.Read"]

describe("an API that wants proof of possession", () => {
  it.live("gets each request signed, and the token from the cache (features 52, 93, 94)", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const { origin } = provider.emulator
        const { password, username } = provider.people.jane
        const { account } = yield* UsernamePassword.acquire({ username, password: Redacted.make(password), scopes })
        const api = ProtectedResource.authorize({
          origin,
          acquire: (claims, authScheme) => Silent.acquire({ scopes, account, claims, authScheme })
        })(yield* HttpClient.HttpClient)
        const before = (yield* Effect.promise(provider.grantTypes)).length
        for (const address of [`${origin}/v1.0/me`, `${origin}/oidc/userinfo`]) {
          expect((yield* api.get(address)).status).toBe(200)
        }
        expect((yield* Effect.promise(provider.grantTypes)).slice(before)).toEqual(["refresh_token"])
      }).pipe(Effect.scoped)
    ))

  it.live("takes no token of another request's, nor without its proof (feature 93)", () =>
    provided((provider) =>
      Effect.promise(async () => {
        const { caCertificate, clients, emulator: { origin }, people: { jane } } = provider
        const dispatcher = new Agent({ connect: { ca: caCertificate } })
        const { authority, clientId, knownAuthorities } = clients.public
        const app = new PublicClientApplication({ clientId, authority, knownAuthorities, dispatcher })
        expect(await app.isPopSupported()).toBe(true)
        const url = `${origin}/v1.0/me`
        const status = async (method: string, address: string, authorization: string) =>
          (await fetch(address, { method, dispatcher, headers: { authorization } })).status
        const authScheme = { method: "GET", url } as const
        const { accessToken, account, tokenType } = await app.acquireTokenByUsernamePassword({
          ...jane,
          scopes,
          authScheme
        })
        expect(tokenType).toBe("pop")
        expect(await status("GET", url, `PoP ${accessToken}`)).toBe(200)
        expect(await status("GET", `${origin}/oidc/userinfo`, `PoP ${accessToken}`)).toBe(401)
        const [, payload = ""] = accessToken.split(".")
        const { at }: { readonly at: string } = JSON.parse(Buffer.from(payload, "base64url").toString())
        expect(await status("GET", url, `Bearer ${at}`)).toBe(401)
        const again = await app.acquireTokenSilentWithError({ scopes, account, authScheme })
        expect(again).toMatchObject({ source: "cache", tokenType: "pop" })
        expect(await status("GET", url, `PoP ${again.accessToken}`)).toBe(200)
        const bearer = await app.acquireTokenSilentWithError({ scopes, account })
        expect(await status("GET", url, `Bearer ${bearer.accessToken}`)).toBe(200)
        await app.dispose()
        await dispatcher.close()
      })
    ))
})
