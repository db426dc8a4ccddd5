import { describe, expect, it } from "@effect/vitest"
import { AuthorizationCode } from "@grantwork/core"
import type { AuthorizationResponse } from "@grantwork/identity-server"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { atProvider } from "./support/atProvider.js"
import { failureOf } from "./support/failureOf.js"
import { startOidcProvider } from "./support/oidcProvider.js"
import "./support/patience.js"
import type { Provider } from "./support/Provider.js"
import { providerNames, startProvider } from "./support/providers.js"
import { goAndComeBack, signIn } from "./support/signIn.js"
import { tokenRequestsDuring } from "./support/tokenRequests.js"

type Shape = (arrived: AuthorizationResponse) => AuthorizationCode.AuthorizationResponse

const shapes: ReadonlyArray<Shape> = [
  ({ parameters }) => parameters,
  ({ parameters }) => parameters.toString(),
  ({ parameters }) => Object.fromEntries(parameters)
]

const addresses: ReadonlyArray<Shape> = [({ url }) => url, ({ url }) => url.href]

const addressLooks = { query: /\?code=/, fragment: /callback#code=/, form_post: /callback$/ }

const mismatches: ReadonlyArray<readonly [string, Readonly<Record<string, string | undefined>>, object]> = [
  ["another state", { state: "another" }, { reason: "state", parameter: "state" }],
  ["no state", { state: undefined }, { reason: "state", parameter: "state" }],
  ["another issuer", { iss: "https://elsewhere.example" }, { reason: "issuer", parameter: "iss" }],
  ["the issuer's host alone", { iss: "localhost" }, { reason: "issuer", parameter: "iss" }],
  ["no code", { code: undefined }, { reason: "no_code", parameter: "code" }],
  ["a code and an error", { error: "access_denied" }, { reason: "code_and_error", parameter: "code" }]
]

/** Sends nothing for the response with this change, and completes with the response as it came. */
const isRefused = (provider: Provider, change: Readonly<Record<string, string | undefined>>, expected: object) =>
  Effect.gen(function*() {
    const { arrived, flow } = yield* goAndComeBack(provider)
    const response = { ...Object.fromEntries(arrived.parameters), ...change }
    const sent = yield* tokenRequestsDuring(
      provider,
      Effect.gen(function*() {
        const error = yield* failureOf(AuthorizationCode.complete({ flow, response }))
        expect(error).toMatchObject({ _tag: "ResponseMismatch", ...expected })
      })
    )
    expect(sent).toEqual([])
    const result = yield* AuthorizationCode.complete({ flow, response: arrived.parameters })
    expect(result.source).toBe("identity-provider")
  })

describe.each(providerNames)("at %s", (name) => {
  const provided = atProvider(() => startProvider(name))

  describe("the response", () => {
    it.live.each(["query", "fragment", "form_post"] as const)(
      "comes as %s, in whatever shape it is passed on",
      (mode) =>
        provided((provider) =>
          Effect.gen(function*() {
            for (const shape of [...shapes, ...(mode === "form_post" ? [] : addresses)]) {
              const { arrived, flow } = yield* goAndComeBack(provider, { responseMode: mode })
              expect(arrived.url.href).toMatch(addressLooks[mode])
              const result = yield* AuthorizationCode.complete({ flow, response: shape(arrived) })
              expect(Option.getOrThrow(result.account).username).toBe(provider.people.jane.username)
            }
          })
        )
    )

    it.live("of a person who says no is AccessDenied", () =>
      provided((provider) =>
        Effect.gen(function*() {
          const signsIn = failureOf(signIn(provider, { person: { ...provider.people.jane, consent: "deny" } }))
          const sent = yield* tokenRequestsDuring(
            provider,
            Effect.tap(signsIn, (error) =>
              expect(error).toMatchObject({
                _tag: "AccessDenied",
                error: "access_denied",
                errorDescription: expect.stringMatching(provider.denial),
                endpoint: provider.endpoints.authorization
              }))
          )
          expect(sent).toEqual([])
        })
      ))

    it.live.each(mismatches)(
      "with %s is refused before anything is sent",
      ([, change, expected]) => provided((provider) => isRefused(provider, change, expected))
    )

    it.live("to another sign-in of the same application is refused", () =>
      provided((provider) =>
        Effect.gen(function*() {
          const first = yield* goAndComeBack(provider)
          const second = yield* goAndComeBack(provider, { person: provider.people.sam })
          const error = yield* failureOf(
            AuthorizationCode.complete({ flow: first.flow, response: second.arrived.parameters })
          )
          expect(error).toMatchObject({ _tag: "ResponseMismatch", reason: "state" })
        })
      ))

    it.live("to another sign-in, given this one's state, is refused by its code", () =>
      provided((provider) =>
        Effect.gen(function*() {
          const first = yield* goAndComeBack(provider)
          const second = yield* goAndComeBack(provider, { person: provider.people.sam })
          const response = { ...Object.fromEntries(second.arrived.parameters), state: first.flow.state }
          const error = yield* failureOf(AuthorizationCode.complete({ flow: first.flow, response }))
          expect(error).toMatchObject({ _tag: "InvalidGrant", error: "invalid_grant" })
        })
      ))
  })
})

describe("at oidc-provider, which announces that it names itself", () => {
  const provided = atProvider(startOidcProvider)

  it.live("a response without an issuer is refused before anything is sent", () =>
    provided((provider) => isRefused(provider, { iss: undefined }, { reason: "issuer", parameter: "iss" })))
})
