import { type AuthError, AuthorizationCode, type Grantwork, type TokenResult } from "@grantwork/core"
import { type AuthorizationResponse, Browser, type Person } from "@grantwork/identity-server"
import * as Effect from "effect/Effect"
import type { Provider } from "./Provider.js"

export const redirectUri = "https://app.example/callback"

export interface Arrival {
  readonly flow: AuthorizationCode.AuthorizationFlow
  readonly arrived: AuthorizationResponse
}

export interface SignInOptions extends Partial<AuthorizationCode.InitiateRequest> {
  readonly person?: Person
  readonly browser?: Browser
}

/**
 * A person, Jane unless told otherwise, on their way to the redirect URI and back, with consent to a refresh token
 * unless told otherwise.
 */
export const goAndComeBack = (
  provider: Provider,
  { browser = new Browser(provider), person = provider.people.jane, ...request }: SignInOptions = {}
): Effect.Effect<Arrival, AuthError.AuthError, Grantwork.Services> =>
  Effect.gen(function*() {
    const scopes = [provider.scopes.read]
    const flow = yield* AuthorizationCode.initiate({ scopes, redirectUri, prompt: "consent", ...request })
    const arrived = yield* Effect.promise(() => browser.signIn(flow.authorizationUrl, person))
    return { flow, arrived }
  })

export const signIn = (
  provider: Provider,
  options?: SignInOptions
): Effect.Effect<TokenResult.TokenResult, AuthError.AuthError, Grantwork.Services> =>
  Effect.flatMap(
    goAndComeBack(provider, options),
    ({ arrived, flow }) => AuthorizationCode.complete({ flow, response: arrived.parameters })
  )
