/**
 * The authorization endpoint.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-3.1
 * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Ref from "effect/Ref"
import * as Directory from "../directory/Directory.js"
import * as ClientAuthentication from "../grants/ClientAuthentication.js"
import { Exchange } from "../http/Exchange.js"
import * as Interference from "../http/interference.js"
import type { Handler } from "../http/serve.js"
import * as Challenge from "../protocol/Challenge.js"
import * as ClaimsRequest from "../protocol/ClaimsRequest.js"
import { type EntraError, entraError } from "../protocol/EntraError.js"
import { type Parameters, parse, required } from "../protocol/Parameters.js"
import * as Scopes from "../protocol/Scopes.js"
import type { Purpose, ResponseMode, SignIn } from "../state/SignIn.js"
import { World } from "../state/World.js"
import * as AuthorizationResponse from "./AuthorizationResponse.js"
import * as Session from "./Session.js"
import * as SignInPages from "./SignInPages.js"
import { tenantOf } from "./tenantOf.js"

/**
 * Until application and redirect URI are known to be right, a refusal is shown as a page; from then on it is sent
 * back to the application.
 *
 * @category endpoints
 */
export const authorize: Handler = Effect.gen(function*() {
  const authority = yield* tenantOf
  const { form, method, query } = yield* Exchange
  const parameters = yield* parse(method === "POST" ? form : query)
  const app = yield* ClientAuthentication.find(yield* required(parameters, "client_id"), authority)
  const redirectUri = parameters["redirect_uri"] ?? app.redirectUris[0]
  if (redirectUri === undefined || !Directory.isRegistered(app, redirectUri)) {
    return yield* entraError(50011, { redirectUri: (redirectUri ?? "").slice(0, 200), app: app.name })
  }
  const oversized = remembered.find((field) => (parameters[field] ?? "").length > longestParameter)
  if (oversized !== undefined) return yield* entraError(90100, { field: oversized })
  const purpose = {
    _tag: "Authorization",
    redirectUri,
    responseMode: responseMode(parameters),
    state: parameters["state"],
    nonce: parameters["nonce"],
    challenge: parameters["code_challenge"],
    wantsClientInfo: parameters["client_info"] === "1"
  } as const
  return yield* Effect.zipRight(Interference.refuse, begin(parameters, authority, app, purpose)).pipe(
    Effect.catchTag("EntraError", (error) => AuthorizationResponse.refuse(purpose, error))
  )
})

/** Parameters that are kept until the end of the sign-in. */
const remembered = ["state", "nonce", "code_challenge", "login_hint", "domain_hint", "scope", "claims"] as const

const longestParameter = 4096

const responseModes: ReadonlyArray<ResponseMode> = ["query", "fragment", "form_post"]

const responseMode = (parameters: Parameters): ResponseMode =>
  responseModes.find((mode) => mode === parameters["response_mode"]) ?? "query"

const begin = (
  parameters: Parameters,
  authority: Directory.Authority,
  app: Directory.App,
  purpose: Purpose & { readonly _tag: "Authorization" }
): Handler =>
  Effect.gen(function*() {
    const { directory, identifiers } = yield* World
    const scopes = yield* Scopes.parse(
      yield* required(parameters, "scope"),
      app,
      yield* Ref.get(directory)
    )
    yield* check(parameters, purpose)
    const maxAge = parameters["max_age"]
    if (maxAge !== undefined && !/^\d{1,9}$/.test(maxAge)) return yield* entraError(90100, { field: "max_age" })
    const browser = yield* Session.browser
    const signIn: SignIn = {
      id: yield* identifiers.secret(""),
      browser: browser.id,
      authority,
      clientId: app.id,
      purpose,
      scopes,
      claims: yield* ClaimsRequest.parse(parameters["claims"]),
      startedAt: Math.floor((yield* Clock.currentTimeMillis) / 1000),
      prompt: yield* parsePrompt(parameters["prompt"], maxAge),
      loginHint: parameters["login_hint"],
      domainHint: parameters["domain_hint"],
      maxAge: maxAge === undefined ? undefined : Number(maxAge),
      personId: undefined,
      hasConsented: false,
      hasConfirmed: false,
      alert: undefined
    }
    return Session.remember(yield* SignInPages.go(signIn), browser)
  })

const check = (
  parameters: Parameters,
  { challenge }: Purpose & { readonly _tag: "Authorization" }
): Either.Either<void, EntraError> =>
  Either.gen(function*() {
    const responseType = yield* required(parameters, "response_type")
    if (responseType !== "code") {
      return yield* Either.left(entraError(700054, { responseType: responseType.slice(0, 100) }))
    }
    const mode = parameters["response_mode"]
    if (mode !== undefined && !responseModes.some((one) => one === mode)) {
      return yield* Either.left(entraError(90100, { field: "response_mode" }))
    }
    const method = parameters["code_challenge_method"]
    if (challenge === undefined ? method !== undefined : method !== "S256" || !Challenge.isChallenge(challenge)) {
      return yield* Either.left(entraError(90100, { field: "code_challenge" }))
    }
  })

const prompts = new Set(["none", "login", "consent", "select_account"])

/** The words still to be met; a `max_age` of 0 is `login` in other words. */
const parsePrompt = (
  text: string | undefined,
  maxAge: string | undefined
): Either.Either<ReadonlySet<string>, EntraError> => {
  const words = new Set((text ?? "").split(" ").filter((word) => word !== ""))
  const isKnown = [...words].every((word) => prompts.has(word))
  return isKnown && (!words.has("none") || words.size === 1)
    ? Either.right(Number(maxAge) === 0 && !words.has("none") ? words.add("login") : words)
    : Either.left(entraError(90100, { field: "prompt" }))
}
