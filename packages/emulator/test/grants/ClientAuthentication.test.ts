import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Jose from "jose"
import { clientIds, webSecret } from "../../src/scenario/defaultScenario.js"
import { type AssertionChanges, assertionType, certificate, signAssertion, thumbprints } from "../support/assertion.js"
import { emulator, withApp } from "../support/emulator.js"
import { type Form, type Headers, login, refusal } from "../support/http.js"
import { postToken } from "../support/signIn.js"

const acquire = (form: Form, headers: Headers = {}) =>
  postToken(
    {
      grant_type: "client_credentials",
      client_id: clientIds.web,
      scope: "https://graph.microsoft.com/.default",
      ...form
    },
    "contoso.example",
    headers
  )

const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString("base64")}`
})

const wrongSecret = { status: 401, error: "invalid_client", codes: [7000215] }
/** RFC 6749, 5.2 */
const twice = { status: 400, error: "invalid_request", codes: [9002313] }
const graphId = "00000003-0000-0000-c000-000000000000"
const missing = { status: 401, error: "invalid_client", codes: [7000218] }

describe("a secret", () => {
  it.effect.each<readonly [what: string, form: Form, headers: Headers]>([
    ["in the body", { client_secret: webSecret }, {}],
    ["in the header", {}, basic(clientIds.web, webSecret)],
    ["in the header, without the id in the body", { client_id: undefined }, basic(clientIds.web, webSecret)],
    ["with the id in capitals", { client_id: clientIds.web.toUpperCase(), client_secret: webSecret }, {}]
  ])("is taken %s", ([, form, headers]) =>
    Effect.gen(function*() {
      expect((yield* acquire(form, headers)).status).toBe(200)
    }).pipe(Effect.provide(emulator())))

  it.effect("is form-encoded in the header (RFC 6749, 2.3.1)", () =>
    Effect.gen(function*() {
      expect((yield* acquire({}, basic(clientIds.web, "a:b+c d%&é"))).status).toBe(200)
    }).pipe(Effect.provide(withApp(clientIds.web, { secrets: ["a:b+c d%&é"] }))))

  it.effect("is one of several", () =>
    Effect.gen(function*() {
      for (const client_secret of ["old", "new"]) expect((yield* acquire({ client_secret })).status).toBe(200)
      expect(refusal(yield* acquire({ client_secret: "older" }))).toEqual(wrongSecret)
    }).pipe(Effect.provide(withApp(clientIds.web, { secrets: ["old", "new"] }))))

  it.effect.each<readonly [what: string, form: Form, headers: Headers, expected: object]>([
    ["a wrong one", { client_secret: "wrong" }, {}, wrongSecret],
    ["another letter case", { client_secret: webSecret.toUpperCase() }, {}, wrongSecret],
    ["none", {}, {}, missing],
    ["an empty one", { client_secret: "" }, {}, missing],
    ["a wrong one in the header", {}, basic(clientIds.web, "wrong"), wrongSecret],
    ["another client's header", {}, basic(clientIds.api, webSecret), wrongSecret],
    ["a header that is no base64", {}, { authorization: "Basic ====" }, wrongSecret],
    ["a header that is not form-encoded", {}, {
      authorization: `Basic ${Buffer.from(`${clientIds.web}:%E0%A4%A`).toString("base64")}`
    }, wrongSecret],
    ["a public client's", { client_id: clientIds.public, client_secret: webSecret }, {}, {
      status: 401,
      error: "invalid_client",
      codes: [700025]
    }],
    ["an unknown client's", { client_id: "a0000000-0000-4000-8000-00000000ffff", client_secret: webSecret }, {}, {
      status: 400,
      error: "unauthorized_client",
      codes: [700016]
    }],
    ["Graph's", { client_id: graphId, client_secret: undefined }, {}, {
      status: 400,
      error: "unauthorized_client",
      codes: [700016]
    }],
    ["in the header and the body", { client_secret: webSecret }, basic(clientIds.web, webSecret), twice],
    ["beside an assertion", { client_secret: webSecret, client_assertion: "a.b.c" }, {}, twice],
    ["in the header beside an assertion", { client_assertion: "a.b.c" }, basic(clientIds.web, webSecret), twice],
    ["no client's", { client_id: undefined, client_secret: webSecret }, {}, {
      status: 400,
      error: "invalid_request",
      codes: [900144]
    }]
  ])("is refused: %s", ([, form, headers, expected]) =>
    Effect.gen(function*() {
      expect(refusal(yield* acquire(form, headers))).toEqual(expected)
    }).pipe(Effect.provide(emulator())))
})

describe("an assertion", () => {
  const withCertificate = withApp(clientIds.web, { certificates: [certificate], secrets: [] })

  const prove = (changes: AssertionChanges = {}, form: Form = {}) =>
    Effect.gen(function*() {
      const assertion = yield* Effect.promise(() => signAssertion(changes))
      return yield* acquire({ client_assertion_type: assertionType, client_assertion: assertion, ...form })
    })

  it.effect.each<readonly [what: string, changes: AssertionChanges]>([
    ["PS256 and the SHA-256 thumbprint", {}],
    ["RS256 and the SHA-1 thumbprint", { header: { alg: "RS256", "x5t#S256": undefined, x5t: thumbprints.x5t } }],
    ["an audience among others", {
      claims: { aud: ["https://other.example", `${login}/contoso.example/oauth2/v2.0/token`] }
    }],
    ["its id in capitals", { claims: { iss: clientIds.web.toUpperCase(), sub: clientIds.web.toUpperCase() } }],
    ["a clock that is four minutes late", { claims: { exp: -240, nbf: -840 } }],
    ["a clock that is four minutes early", { claims: { exp: 840, nbf: 240 } }]
  ])("proves the client with %s", ([, changes]) =>
    Effect.gen(function*() {
      expect((yield* prove(changes)).status).toBe(200)
    }).pipe(Effect.provide(withCertificate)))

  const refusedWith = (code: number) => ({ status: 401, error: "invalid_client", codes: [code] })

  it.effect.each<readonly [what: string, changes: AssertionChanges, code: number]>([
    ["another key", { forged: true }, 700027],
    ["a thumbprint nobody registered", { header: { "x5t#S256": "A".repeat(43) } }, 700027],
    ["no thumbprint", { header: { "x5t#S256": undefined } }, 700027],
    ["another algorithm", { header: { alg: "RS512" } }, 700027],
    ["another audience", { claims: { aud: "https://evil.example/token" } }, 700023],
    ["another tenant's audience", { claims: { aud: `${login}/fabrikam.example/oauth2/v2.0/token` } }, 700023],
    ["another issuer", { claims: { iss: clientIds.api } }, 700021],
    ["another subject", { claims: { sub: clientIds.api } }, 700021],
    ["a number for its issuer", { claims: { iss: 7 } }, 700021],
    ["a list for its subject", { claims: { sub: [clientIds.web] } }, 700021],
    ["audiences that are no text", { claims: { aud: [7, { toString: 1 }] } }, 700023],
    ["a time that is past", { claims: { exp: -301, nbf: -901 } }, 700024],
    ["a time to come", { claims: { exp: 901, nbf: 301 } }, 700024],
    ["no audience", { claims: { aud: undefined } }, 700027],
    ["no end", { claims: { exp: undefined } }, 700027]
  ])("is refused with %s", ([, changes, code]) =>
    Effect.gen(function*() {
      expect(refusal(yield* prove(changes))).toEqual(refusedWith(code))
    }).pipe(Effect.provide(withCertificate)))

  const claims = { aud: `${login}/contoso.example/oauth2/v2.0/token`, iss: clientIds.web, sub: clientIds.web, exp: 600 }
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")

  it.effect.each<readonly [what: string, assertion: () => string | Promise<string>]>([
    ["no signature", () => `${part({ alg: "none", "x5t#S256": thumbprints["x5t#S256"] })}.${part(claims)}.`],
    [
      "the certificate as a shared secret",
      () =>
        new Jose.SignJWT(claims).setProtectedHeader({ alg: "HS256", "x5t#S256": thumbprints["x5t#S256"] })
          .sign(new TextEncoder().encode(certificate))
    ],
    ["words for an assertion", () => "nothing of the kind"],
    ["a header that is no object", () => `${Buffer.from("null").toString("base64url")}.${part(claims)}.x`],
    ["claims that are no object", () => `${part({ alg: "PS256", "x5t#S256": thumbprints["x5t#S256"] })}.bnVsbA.x`]
  ])("is refused with %s", ([, assertion]) =>
    Effect.gen(function*() {
      const text = yield* Effect.promise(async () => assertion())
      const answer = yield* acquire({ client_assertion_type: assertionType, client_assertion: text })
      expect(refusal(answer)).toEqual(refusedWith(700027))
    }).pipe(Effect.provide(withCertificate)))

  it.effect.each([undefined, "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"])(
    "is refused as %s",
    (type) =>
      Effect.gen(function*() {
        const answer = yield* prove({}, { client_assertion_type: type })
        expect(refusal(answer)).toEqual({ status: 400, error: "invalid_request", codes: [90100] })
      }).pipe(Effect.provide(withCertificate))
  )

  it.effect("is refused of a client that registered no certificate, and of a public one", () =>
    Effect.gen(function*() {
      expect(refusal(yield* prove())).toEqual(refusedWith(700027))
      expect(refusal(yield* prove({}, { client_id: clientIds.public }))).toEqual(refusedWith(700025))
    }).pipe(Effect.provide(emulator())))

  it.effect("is wanted where there is no secret to be had", () =>
    Effect.gen(function*() {
      expect(refusal(yield* acquire({ client_secret: webSecret }))).toEqual(wrongSecret)
      expect(refusal(yield* acquire({}))).toEqual(missing)
    }).pipe(Effect.provide(withCertificate)))
})
