import type * as HttpClient from "@effect/platform/HttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as TestClock from "effect/TestClock"
import * as Emulator from "../src/Emulator.js"
import type { Code } from "../src/protocol/EntraError.js"
import { apiSecret, clientIds, webSecret } from "../src/scenario/defaultScenario.js"
import { type AssertionChanges, assertionType, certificate, signAssertion } from "./support/assertion.js"
import { beginDevice, decideOnDevice, pollDevice } from "./support/device.js"
import { emulator, withApp } from "./support/emulator.js"
import { type Answer, type Form, get, login, postForm, refusal, textOf } from "./support/http.js"
import { jane, mia, sam } from "./support/people.js"
import { personOf } from "./support/personOf.js"
import {
  accessToken,
  authorizationUrl,
  authorize,
  codeOf,
  passwordGrant,
  postToken,
  redeem,
  refresh,
  signIn
} from "./support/signIn.js"

type Asking<A> = Effect.Effect<A, unknown, HttpClient.HttpClient | Emulator.Emulator>

interface Row {
  readonly error: string
  readonly status?: number
  readonly suberror?: string
  readonly ask: Asking<Answer>
  readonly layer?: Layer.Layer<HttpClient.HttpClient | Emulator.Emulator, unknown>
}

const own = (form: Form, tenant?: string) =>
  postToken(
    { client_id: clientIds.web, grant_type: "client_credentials", scope: "api://notes/.default", ...form },
    tenant
  )

const onBehalfOf = (assertion: string) =>
  postToken({
    client_id: clientIds.api,
    client_secret: apiSecret,
    grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
    requested_token_use: "on_behalf_of",
    scope: "User.Read",
    assertion
  })

const later = (time: "10 minutes" | "15 minutes" | "91 days", ask: Asking<Answer>) =>
  Effect.zipRight(TestClock.adjust(time), ask)

const certified = withApp(clientIds.web, { secrets: [], certificates: [certificate] })

const asserted = (changes: AssertionChanges) =>
  Effect.flatMap(
    Effect.promise(() => signAssertion(changes)),
    (client_assertion) => own({ client_assertion_type: assertionType, client_assertion })
  )

const code = (parameters: Form = {}) => Effect.map(authorize(parameters), codeOf)
const refreshTokenOf = (clientId: string) =>
  Effect.map(signIn({ client_id: clientId }), (answer) => textOf(answer, "refresh_token"))
const invalid_grant = { error: "invalid_grant" }
const invalid_client = { error: "invalid_client", status: 401 }

const told = {
  28000: { error: "invalid_scope", ask: passwordGrant({ scope: "User.Read api://notes/read" }) },
  50013: { ...invalid_grant, ask: onBehalfOf("no.token.atall") },
  50020: { ...invalid_grant, ask: passwordGrant({ ...personOf("kim") }) },
  50034: { ...invalid_grant, ask: passwordGrant({ username: "nobody@contoso.example" }) },
  50049: {
    error: "invalid_instance",
    ask: get(`${login}/common/discovery/instance?api-version=1.1&authorization_endpoint=https://login.example/common`)
  },
  50055: { ...invalid_grant, suberror: "user_password_expired", ask: passwordGrant({ ...personOf("new") }) },
  50057: { ...invalid_grant, ask: passwordGrant({ ...personOf("bob") }) },
  50059: { error: "invalid_request", ask: own({ client_secret: webSecret }, "common") },
  50076: { ...invalid_grant, suberror: "basic_action", ask: passwordGrant({ ...mia }) },
  50126: { ...invalid_grant, ask: passwordGrant({ password: "wrong" }) },
  50173: {
    ...invalid_grant,
    suberror: "bad_token",
    ask: Effect.gen(function*() {
      const refreshToken = yield* refreshTokenOf(clientIds.public)
      yield* (yield* Emulator.Emulator).revokeSessions(jane.username)
      return yield* refresh(refreshToken)
    })
  },
  54005: { ...invalid_grant, ask: Effect.flatMap(code(), (text) => Effect.zipRight(redeem(text), redeem(text))) },
  65001: { ...invalid_grant, suberror: "consent_required", ask: passwordGrant({ client_id: clientIds.native }) },
  70000: { ...invalid_grant, ask: redeem("never issued") },
  70002: {
    error: "authorization_declined",
    ask: Effect.tap(beginDevice(), (device) => decideOnDevice(device, jane, "deny")).pipe(
      Effect.flatMap((device) => pollDevice(device))
    )
  },
  70003: { error: "unsupported_grant_type", ask: postToken({ grant_type: "implicit" }) },
  70008: { ...invalid_grant, ask: Effect.flatMap(code(), (text) => later("10 minutes", redeem(text))) },
  70011: { error: "invalid_scope", ask: Effect.flatMap(code(), (text) => redeem(text, { scope: "Mail.Read" })) },
  70016: { error: "authorization_pending", ask: Effect.flatMap(beginDevice(), (device) => pollDevice(device)) },
  70018: { error: "bad_verification_code", ask: postToken({ grant_type: "device_code", device_code: "never issued" }) },
  70020: {
    error: "expired_token",
    ask: Effect.flatMap(beginDevice(), (device) => later("15 minutes", pollDevice(device)))
  },
  90002: { error: "invalid_request", ask: passwordGrant({}, "unknown.example") },
  90023: { error: "invalid_request", status: 404, ask: get(`${login}/contoso.example/oauth2/v3.0/token`) },
  500011: { error: "invalid_resource", ask: passwordGrant({ scope: "api://nothing/read" }) },
  500112: {
    ...invalid_grant,
    ask: Effect.flatMap(code(), (text) => redeem(text, { redirect_uri: "http://127.0.0.1/callback" }))
  },
  500131: { ...invalid_grant, ask: Effect.flatMap(accessToken(), onBehalfOf) },
  500133: {
    ...invalid_grant,
    ask: Effect.flatMap(accessToken({ scope: "api://notes/read" }), (token) => later("91 days", onBehalfOf(token)))
  },
  501481: { ...invalid_grant, ask: Effect.flatMap(code(), (text) => redeem(text, { code_verifier: "v".repeat(43) })) },
  650053: { error: "invalid_client", ask: passwordGrant({ scope: "api://notes/burn" }) },
  700003: {
    ...invalid_grant,
    suberror: "client_mismatch",
    ask: Effect.flatMap(refreshTokenOf(clientIds.family), (token) => refresh(token))
  },
  700005: {
    ...invalid_grant,
    ask: Effect.flatMap(
      Effect.map(authorize({}, sam), codeOf),
      (text) => redeem(text, {}, "fabrikam.example")
    )
  },
  700007: { ...invalid_grant, ask: Effect.flatMap(refreshTokenOf(clientIds.native), (token) => refresh(token)) },
  700016: { error: "unauthorized_client", ask: passwordGrant({ client_id: "unknown" }) },
  700021: { ...invalid_client, ask: asserted({ claims: { iss: clientIds.api } }), layer: certified },
  700023: { ...invalid_client, ask: asserted({ claims: { aud: "https://login.example" } }), layer: certified },
  700024: { ...invalid_client, ask: later("91 days", asserted({})), layer: certified },
  700025: { ...invalid_client, ask: passwordGrant({ client_secret: "not needed" }) },
  700027: { ...invalid_client, ask: asserted({ forged: true }), layer: certified },
  700082: {
    ...invalid_grant,
    suberror: "token_expired",
    ask: Effect.flatMap(refreshTokenOf(clientIds.public), (token) => later("91 days", refresh(token)))
  },
  900144: { error: "invalid_request", ask: postToken({}) },
  900561: { error: "invalid_request", status: 405, ask: get(`${login}/contoso.example/oauth2/v2.0/token`) },
  1002012: { error: "invalid_scope", ask: own({ client_secret: webSecret, scope: "api://notes/read" }) },
  7000215: { ...invalid_client, ask: own({ client_secret: "wrong" }) },
  7000218: { ...invalid_client, ask: own({}) },
  9000411: {
    error: "invalid_request",
    ask: get(`${login}/common/discovery/instance?api-version=1.0&api-version=1.1`)
  },
  9001023: { error: "invalid_request", ask: passwordGrant({}, "common") },
  9002313: { error: "invalid_request", ask: get(`${login}/common/userrealm/%ff?api-version=1.0`) }
} satisfies Partial<Record<Code, Row>>

interface SentBack {
  readonly error: string
  readonly ask: Asking<URLSearchParams>
  readonly layer?: Row["layer"]
}

/** What a browser that somebody is signed in at brings back without a page. */
const silently = (parameters: Form, ...people: ReadonlyArray<typeof jane>) =>
  Effect.gen(function*() {
    const { browser } = yield* Emulator.Emulator
    const { signIn } = yield* browser
    for (const person of people) yield* signIn(authorizationUrl({ prompt: "select_account" }), person)
    return (yield* signIn(authorizationUrl({ prompt: "none", ...parameters }), jane)).parameters
  })

const sentBack = {
  16000: { error: "interaction_required", ask: silently({}, jane, sam) },
  50058: { error: "login_required", ask: silently({}) },
  65004: { error: "access_denied", ask: authorize({ client_id: clientIds.native }, { ...jane, consent: "deny" }) },
  90094: {
    error: "consent_required",
    ask: authorize({ client_id: clientIds.native, scope: "openid api://notes/purge" })
  },
  90100: { error: "invalid_request", ask: authorize({ prompt: "whatever" }) },
  500200: {
    error: "unauthorized_client",
    ask: authorize({}, personOf("pat"), "common"),
    layer: withApp(clientIds.public, { audience: "organizations" })
  },
  700054: { error: "unsupported_response_type", ask: authorize({ response_type: "token" }) }
} satisfies Partial<Record<Code, SentBack>>

/** Who asks is not known to be right, or has nowhere to be sent back to: a person is shown a page. */
const shown = {
  50011: get(authorizationUrl({ redirect_uri: "https://other.example/callback" })),
  50089: postForm(`${login}/sign-in/never-begun`, { username: jane.username, password: jane.password })
} satisfies Partial<Record<Code, Asking<Answer>>>

type Untold = Exclude<Code, keyof typeof told | keyof typeof sentBack | keyof typeof shown>

describe("an error", () => {
  it("is in one of the tables, whichever it is", () => {
    const untold: ReadonlyArray<Untold> = [] satisfies ReadonlyArray<never>
    expect(untold).toEqual([])
  })

  it.effect.each(Object.entries<Row>(told))(
    "%s is told to the client",
    ([number, { ask, error, layer, status, suberror }]) =>
      Effect.gen(function*() {
        const answer = yield* ask
        expect(refusal(answer)).toEqual({
          status: status ?? 400,
          error,
          codes: [Number(number)],
          ...(suberror !== undefined && { suberror })
        })
        const { correlation_id, error_description, timestamp, trace_id } = answer.body
        expect([correlation_id, trace_id]).toEqual([expect.stringMatching(guid), expect.stringMatching(guid)])
        expect(timestamp).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/)
        expect(String(error_description).startsWith(`AADSTS${number}: `)).toBe(true)
        expect(error_description).toContain(`Trace ID: ${String(trace_id)} Correlation ID: ${String(correlation_id)}`)
        expect(answer.headers["cache-control"]).toContain("no-store")
      }).pipe(Effect.provide(layer ?? emulator()))
  )

  it.effect.each(Object.entries<SentBack>(sentBack))(
    "%s is sent back to the application",
    ([number, { ask, error, layer }]) =>
      Effect.gen(function*() {
        const parameters = yield* ask
        expect(parameters.get("error")).toBe(error)
        expect(parameters.get("error_description")).toMatch(new RegExp(`^AADSTS${number}: `))
        expect(parameters.get("error_uri")).toMatch(new RegExp(`code=${number}$`))
        expect(parameters.get("state")).toBe("the state")
        expect(parameters.has("code")).toBe(false)
      }).pipe(Effect.provide(layer ?? emulator()))
  )

  it.effect.each(Object.entries(shown))("%s is shown to a person", ([number, ask]) =>
    Effect.gen(function*() {
      const answer = yield* ask
      expect(answer.status).toBe(400)
      expect(answer.headers["content-type"]).toMatch(/^text\/html/)
      expect(answer.headers["location"]).toBeUndefined()
      expect(answer.text).toContain(`AADSTS${number}`)
    }).pipe(Effect.provide(emulator())))
})

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
