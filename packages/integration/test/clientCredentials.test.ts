import { describe, expect, it } from "@effect/vitest"
import { Accounts, ClientCredentials } from "@grantwork/core"
import { DefaultScenario } from "@grantwork/emulator"
import { ConfidentialClientApplication, InvalidClient } from "@grantwork/promise"
import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Agent } from "undici"
import { atEmulator } from "./support/atEmulator.js"
import { failureOf } from "./support/failureOf.js"
import "./support/patience.js"
import { tokenRequestsDuring } from "./support/tokenRequests.js"

const notes = ["api://notes/.default"]

describe("a client in its own name", () => {
  const provided = atEmulator()
  const asWeb = <A, E>(program: Parameters<typeof provided<A, E>>[0]) =>
    provided(program, ({ clients }) => clients.secretPost)

  it.live("gets a token, serves it from the cache, and is nobody's account", () =>
    asWeb((provider) =>
      Effect.gen(function*() {
        const sent = yield* tokenRequestsDuring(
          provider,
          Effect.gen(function*() {
            const first = yield* ClientCredentials.acquire({ scopes: notes })
            expect(first).toMatchObject({
              source: "identity-provider",
              scopes: notes,
              tenantId: DefaultScenario.contoso
            })
            const again = yield* ClientCredentials.acquire({ scopes: notes })
            expect(again.source).toBe("cache")
            expect(Redacted.value(again.accessToken)).toBe(Redacted.value(first.accessToken))
            expect(yield* Accounts.list()).toEqual([])
          })
        )
        expect(sent).toEqual(["client_credentials"])
      })
    ))

  it.live("keeps a token for each resource and tenant", () =>
    asWeb((provider) =>
      Effect.gen(function*() {
        const authority = `${new URL(provider.clients.secretPost.authority ?? "").origin}/fabrikam.example`
        const graph = ["https://graph.microsoft.com/.default"]
        for (const source of ["identity-provider", "cache"]) {
          for (const request of [{ scopes: notes }, { scopes: graph }, { scopes: notes, authority }]) {
            expect((yield* ClientCredentials.acquire(request)).source).toBe(source)
          }
        }
      })
    ))

  it.live("makes one request of a hundred equal calls", () =>
    asWeb((provider) =>
      Effect.gen(function*() {
        const calls = Array.replicate(ClientCredentials.acquire({ scopes: notes }), 100)
        const sent = yield* tokenRequestsDuring(provider, Effect.all(calls, { concurrency: "unbounded" }))
        expect(sent).toEqual(["client_credentials"])
      })
    ))

  it.live("is told what is wrong", () =>
    asWeb(() =>
      Effect.gen(function*() {
        expect(yield* failureOf(ClientCredentials.acquire({ scopes: ["api://notes/read"] }))).toMatchObject({
          _tag: "InvalidScope",
          errorCodes: [1002012]
        })
        const scopes = ["api://nothing/.default"]
        expect(yield* failureOf(ClientCredentials.acquire({ scopes }))).toMatchObject({ errorCodes: [500011] })
      })
    ))

  it.live("works in promises, and not with a wrong secret", () =>
    asWeb((provider) =>
      Effect.promise(async () => {
        const dispatcher = new Agent({ connect: { ca: provider.caCertificate } })
        const { authority, clientId, knownAuthorities } = provider.clients.secretPost
        const options = { clientId: clientId ?? "", authority, knownAuthorities, dispatcher }
        const app = new ConfidentialClientApplication({ ...options, clientSecret: DefaultScenario.webSecret })
        const wrong = new ConfidentialClientApplication({ ...options, clientSecret: "not the secret" })
        const token = await app.acquireTokenByClientCredential({ scopes: notes })
        expect(token).toMatchObject({ source: "identity-provider", account: null, idToken: null })
        expect((await app.acquireTokenByClientCredential({ scopes: notes })).accessToken).toBe(token.accessToken)
        await expect(wrong.acquireTokenByClientCredential({ scopes: notes })).rejects.toBeInstanceOf(InvalidClient)
        await Promise.all([app.dispose(), wrong.dispose()])
        await dispatcher.close()
      })
    ))
})
