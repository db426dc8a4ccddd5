import * as Effect from "effect/Effect"
import type { Person } from "../../src/Browser.js"
import * as Emulator from "../../src/Emulator.js"
import { clientIds } from "../../src/scenario/defaultScenario.js"
import { type Form, formOf, type Headers, login, postForm, textOf } from "./http.js"
import { jane } from "./people.js"

export const redirectUri = "http://localhost/callback"
export const scope = "openid profile email offline_access User.Read"

/** The pair of RFC 7636, appendix B. */
export const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
export const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

export const authorizationUrl = (parameters: Form = {}, tenant = "contoso.example"): URL => {
  const url = new URL(`${login}/${tenant}/oauth2/v2.0/authorize`)
  url.search = formOf({
    client_id: clientIds.public,
    response_type: "code",
    redirect_uri: redirectUri,
    scope,
    state: "the state",
    code_challenge: challenge,
    code_challenge_method: "S256",
    ...parameters
  }).toString()
  return url
}

/** What a new browser brings back after somebody signed in. */
export const authorize = (parameters: Form = {}, person: Person = jane, tenant?: string) =>
  Effect.gen(function*() {
    const emulator = yield* Emulator.Emulator
    return (yield* emulator.signIn(authorizationUrl(parameters, tenant), person)).parameters
  })

export const codeOf = (parameters: URLSearchParams): string => {
  const code = parameters.get("code")
  if (code === null) throw new TypeError(`There is no code in ${parameters}`)
  return code
}

export const postToken = (form: Form, tenant = "contoso.example", headers: Headers = {}) =>
  postForm(`${login}/${tenant}/oauth2/v2.0/token`, { client_id: clientIds.public, ...form }, headers)

export const redeem = (code: string, form: Form = {}, tenant?: string) =>
  postToken(
    { grant_type: "authorization_code", code, redirect_uri: redirectUri, code_verifier: verifier, ...form },
    tenant
  )

/** Signs in and redeems the code. */
export const signIn = (parameters: Form = {}, person: Person = jane, tenant?: string) =>
  Effect.flatMap(
    authorize(parameters, person, tenant),
    (response) => redeem(codeOf(response), { client_id: parameters["client_id"] ?? clientIds.public }, tenant)
  )

export const refresh = (refreshToken: string, form: Form = {}, tenant?: string) =>
  postToken({ grant_type: "refresh_token", refresh_token: refreshToken, scope, ...form }, tenant)

export const passwordGrant = (form: Form = {}, tenant?: string) =>
  postToken({ grant_type: "password", scope, ...jane, ...form }, tenant)

/** An access token of Jane's. */
export const accessToken = (form: Form = {}, tenant?: string) =>
  Effect.map(passwordGrant(form, tenant), (answer) => textOf(answer, "access_token"))
