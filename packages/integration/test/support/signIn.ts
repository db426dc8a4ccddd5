import { type AuthError, AuthorizationCode, type Grantwork, type TokenResult } from "@grantwork/core"
import { type AuthorizationResponse, Browser, type IdentityServer, type Person } from "@grantwork/identity-server"
import * as Effect from "effect/Effect"

export const jane: Person = { username: "jane", password: "correct horse" }
export const sam: Person = { username: "sam", password: "battery staple" }

export const redirectUri = "https://app.example/callback"

export interface Arrival {
  readonly flow: AuthorizationCode.AuthorizationFlow
  readonly arrived: AuthorizationResponse
}

export interface SignInOptions extends Partial<AuthorizationCode.InitiateRequest> {
  readonly person?: Person
  readonly browser?: Browser
}

/** A person on their way to the redirect URI and back, with consent to a refresh token unless told otherwise. */
export const goAndComeBack = (
  server: IdentityServer,
  { browser = new Browser(server), person = jane, ...request }: SignInOptions = {}
): Effect.Effect<Arrival, AuthError.AuthError, Grantwork.Services> =>
  Effect.gen(function*() {
    const flow = yield* AuthorizationCode.initiate({ scopes: ["read"], redirectUri, prompt: "consent", ...request })
    const arrived = yield* Effect.promise(() => browser.signIn(flow.authorizationUrl, person))
    return { flow, arrived }
  })

export const signIn = (
  server: IdentityServer,
  options?: SignInOptions
): Effect.Effect<TokenResult.TokenResult, AuthError.AuthError, Grantwork.Services> =>
  Effect.flatMap(
    goAndComeBack(server, options),
    ({ arrived, flow }) => AuthorizationCode.complete({ flow, response: arrived.parameters })
  )
