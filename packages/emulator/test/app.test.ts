import type * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type { HttpMethod } from "@effect/platform/HttpMethod"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Runtime from "effect/Runtime"
import fc from "fast-check"
import { routes } from "../src/routes.js"
import { clientIds, contoso } from "../src/scenario/defaultScenario.js"
import { emulator } from "./support/emulator.js"
import { get, login, postText, refusal, send } from "./support/http.js"
import { accessToken, authorizationUrl } from "./support/signIn.js"

const make = (method: HttpMethod, path: string) =>
  HttpClientRequest.setMethod(HttpClientRequest.get(`${login}${path}`), method)

describe("an address", () => {
  it.effect.each([
    "/nowhere",
    "/contoso.example",
    "/contoso.example/oauth2/v2.0",
    "/contoso.example/oauth2/v2.0/token/",
    "/contoso.example/oauth2/v2.0/TOKEN/x",
    "/contoso.example/oauth2/token",
    "/contoso.example/oauth2/v2.0/authorize/../token/x",
    "/v1.0/me/messages",
    "/_emulator",
    "/sign-in/",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/common%2Fdiscovery%2Finstance",
    "/common/discovery/instance%00",
    "/%",
    "/%E0%A4%A",
    "/%E0%A4%A/oauth2/v2.0/x",
    `/${"a".repeat(5000)}`
  ])("that is none is told: %s", (path) =>
    Effect.gen(function*() {
      const answer = yield* get(`${login}${path}`)
      expect(refusal(answer)).toEqual({ status: 404, error: "invalid_request", codes: [90023] })
    }).pipe(Effect.provide(emulator())))

  it.effect.each<readonly [method: HttpMethod, path: string, allow: string]>([
    ["GET", "/contoso.example/oauth2/v2.0/token", "POST"],
    ["PUT", "/contoso.example/oauth2/v2.0/token", "POST"],
    ["DELETE", "/contoso.example/oauth2/v2.0/authorize", "GET, POST"],
    ["OPTIONS", "/contoso.example/oauth2/v2.0/token", "POST"],
    ["GET", "/contoso.example/oauth2/v2.0/devicecode", "POST"],
    ["POST", "/common/discovery/instance", "GET"],
    ["POST", "/contoso.example/v2.0/.well-known/openid-configuration", "GET"],
    ["POST", "/v1.0/me", "GET"],
    ["PATCH", "/oidc/userinfo", "GET, POST"],
    ["PUT", "/_emulator/requests", "GET, DELETE"],
    ["GET", "/_emulator/users", "POST"]
  ])("is asked in the wrong way: %s %s", ([method, path, allow]) =>
    Effect.gen(function*() {
      const answer = yield* send(make(method, path))
      expect(refusal(answer)).toEqual({ status: 405, error: "invalid_request", codes: [900561] })
      expect(answer.headers["allow"]).toBe(allow)
    }).pipe(Effect.provide(emulator())))

  it.effect("tells its client to take JSON for nothing else, and its pages' readers nothing of another site's", () =>
    Effect.gen(function*() {
      for (const path of ["/common/discovery/v2.0/keys", "/nowhere", "/v1.0/me", "/_emulator/requests"]) {
        expect((yield* get(`${login}${path}`)).headers["x-content-type-options"]).toBe("nosniff")
      }
      for (const path of ["/", "/device", "/error?code=50058", "/common/oauth2/v2.0/authorize"]) {
        const { headers } = yield* get(`${login}${path}`)
        expect(headers["content-security-policy"]?.split("; ")).toContain("frame-ancestors 'none'")
        expect(headers["x-content-type-options"]).toBe("nosniff")
      }
    }).pipe(Effect.provide(emulator())))

  it.effect.each([256 * 1024, 256 * 1024 + 1, 17 * 1024 * 1024])(
    "takes a body of up to 256 kB: %i bytes",
    (size) =>
      Effect.gen(function*() {
        const body = `grant_type=x&a=${"b".repeat(size - 15)}`
        const answer = yield* postText(`${login}/common/oauth2/v2.0/token`, body, "application/x-www-form-urlencoded")
        expect(refusal(answer)).toMatchObject(
          size > 256 * 1024 ? { status: 413, codes: [9002313] } : { status: 400, codes: [70003] }
        )
        expect(answer.headers["connection"]).toBe(size > 256 * 1024 ? "close" : undefined)
      }).pipe(Effect.provide(emulator()))
  )

  it.effect.each<readonly [query: string, status: number, words: RegExp]>([
    ["?code=50058", 200, /AADSTS50058[^]*Nobody is signed in/],
    ["?code=7000215", 200, /AADSTS7000215[^]*secret is wrong/],
    ["?code=123", 404, /AADSTS123/],
    ["?code=x%3Cscript%3E", 400, /AADSTS90100/],
    ["", 400, /AADSTS90100/]
  ])("that error_uri names tells what its number stands for: %s", ([query, status, words]) =>
    Effect.gen(function*() {
      const answer = yield* get(`${login}/error${query}`)
      expect(answer.status).toBe(status)
      expect(answer.text).toMatch(words)
      expect(answer.text).not.toMatch(/x<script/)
    }).pipe(Effect.provide(emulator())))

  it.effect("is asked for its head only", () =>
    Effect.gen(function*() {
      const { headers, status } = yield* send(make("HEAD", "/common/discovery/v2.0/keys"))
      expect({ status, type: headers["content-type"] }).toEqual({
        status: 200,
        type: "application/json; charset=utf-8"
      })
    }).pipe(Effect.provide(emulator())))

  it.effect.each(
    [
      ["/contoso%2Eexample/v2.0/.well-known/openid-configuration", 400],
      ["/%63ommon/discovery/v2.0/keys", 400],
      ["/common/userrealm/%2E%2E%2F%2E%2E", 200],
      ["/contoso.example%00/discovery/v2.0/keys", 400],
      ["/contoso.example;x/discovery/v2.0/keys", 400],
      ["/__proto__/discovery/v2.0/keys", 400],
      ["/%3Cscript%3E/discovery/v2.0/keys", 400],
      ["/%E0%A4%A/discovery/v2.0/keys", 400]
    ] as const
  )("is written oddly: %s", ([path, status]) =>
    Effect.gen(function*() {
      const answer = yield* get(`${login}${path}`)
      expect([status, 404]).toContain(answer.status)
      expect(answer.text).not.toMatch(/<script|issuer":/)
    }).pipe(Effect.provide(emulator())))
})

/** The words that requests are made of. */
const words = [
  "grant_type",
  "authorization_code",
  "refresh_token",
  "password",
  "client_credentials",
  "device_code",
  "code",
  "urn:ietf:params:oauth:grant-type:device_code",
  "urn:ietf:params:oauth:grant-type:jwt-bearer",
  "on_behalf_of",
  "requested_token_use",
  "assertion",
  "client_id",
  clientIds.public,
  clientIds.web,
  clientIds.native,
  "client_secret",
  "client_assertion",
  "client_assertion_type",
  "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
  "redirect_uri",
  "http://localhost/callback",
  "code_verifier",
  "code_challenge",
  "code_challenge_method",
  "S256",
  "response_type",
  "response_mode",
  "form_post",
  "fragment",
  "scope",
  "openid",
  "openid profile offline_access",
  "User.Read",
  ".default",
  "api://notes/share",
  "username",
  "jane@contoso.example",
  "correct horse",
  "claims",
  "{\"access_token\":{}}",
  "{",
  "prompt",
  "none",
  "max_age",
  "login_hint",
  "domain_hint",
  "state",
  "nonce",
  "client_info",
  "1",
  "api-version",
  "1.1",
  "user_code",
  "authorization_endpoint",
  `${login}/common`,
  "post_logout_redirect_uri",
  "account",
  "decision",
  "accept",
  "__proto__"
]

const word = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...words) }, {
  weight: 1,
  arbitrary: fc.string({ unit: "binary" })
})

const scenarioPart = fc.constantFrom(
  "{}",
  "[]",
  "null",
  "7",
  "\"x\"",
  "{\"kind\":\"latency\",\"milliseconds\":0}",
  "{\"withdraw\":true}",
  "{\"username\":\"x@contoso.example\",\"password\":\"x\",\"name\":\"x\"}",
  "{\"mfa\":true}",
  "{\"__proto__\":{\"mfa\":true}}",
  `{"tenants":[{"id":"${contoso}","name":"x","domains":["contoso.example"]}]}`
)

const formText = fc.array(fc.tuple(word, word), { maxLength: 12 }).map((pairs) => new URLSearchParams(pairs).toString())

const body = fc.oneof(
  fc.record({
    type: fc.constant("application/x-www-form-urlencoded"),
    bytes: formText.map((text) => new TextEncoder().encode(text))
  }),
  fc.record({
    type: fc.constantFrom("application/x-www-form-urlencoded", "application/json", "", "text/plain"),
    bytes: fc.uint8Array({ maxLength: 300 })
  }),
  fc.record({
    type: fc.constant("application/json"),
    bytes: fc.oneof(scenarioPart, fc.json()).map((text) => new TextEncoder().encode(text))
  })
)

const segment = fc.oneof(
  fc.constantFrom(
    "common",
    "organizations",
    "consumers",
    "contoso.example",
    contoso,
    "x",
    "%00",
    "%E0%A4%A",
    "..",
    "jane@contoso.example"
  ),
  fc.string({ unit: "binary", minLength: 1 }).map((text) => {
    const bytes = [...new TextEncoder().encode(text)]
    return bytes.map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("")
  })
)

describe("whatever is sent", () => {
  const any = fc.record({
    route: fc.constantFrom(...routes),
    segment,
    query: formText,
    body,
    headers: fc.record({
      authorization: fc.constantFrom("", "Bearer x", "Basic eDp5", "Basic ====", "Bearer TOKEN"),
      cookie: fc.constantFrom(
        "",
        "%",
        "grantwork-emulator=x",
        `grantwork-emulator=${"a".repeat(43)}`,
        "a=b; a=c; =; ;"
      ),
      "client-request-id": fc.constantFrom("", "x", "11111111-2222-4333-8444-555555555555"),
      accept: fc.constantFrom("*/*", "text/html", "")
    })
  })

  it.effect("every address has an answer, and none of them is its own fault", () =>
    Effect.gen(function*() {
      const run = Runtime.runPromise(yield* Effect.runtime<HttpClient.HttpClient>())
      const token = yield* accessToken()
      const ask = (
        { body: { bytes, type }, headers, query, route, segment }: typeof any extends fc.Arbitrary<infer A> ? A : never
      ) => {
        const path = `${route.path.replaceAll(/:\w+/g, segment)}?${query}`
        const request = HttpClientRequest.setHeaders(make(route.method, path), {
          ...headers,
          authorization: headers.authorization.replace("TOKEN", token)
        })
        return send(route.method === "GET" ? request : HttpClientRequest.bodyUint8Array(request, bytes, type))
      }
      yield* Effect.promise(() =>
        fc.assert(
          fc.asyncProperty(any, async (request) => {
            const { headers, status, text } = await run(ask(request))
            expect(status).toBeGreaterThanOrEqual(200)
            expect(status).toBeLessThan(500)
            if (headers["content-type"]?.includes("json") === true) JSON.parse(text)
            const location = headers["location"]
            if (location !== undefined) {
              expect(location).toMatch(/^(https:\/\/login\.microsoftonline\.com\/sign-in\/|http:\/\/localhost[/?])/)
            }
          }),
          { numRuns: 600 }
        )
      )
    }).pipe(Effect.provide(emulator())))

  it.effect("a sign-in that is under way has an answer to it", () =>
    Effect.gen(function*() {
      const run = Runtime.runPromise(yield* Effect.runtime<HttpClient.HttpClient>())
      const ask = (form: string) =>
        Effect.gen(function*() {
          const first = yield* get(authorizationUrl({ client_id: clientIds.native, prompt: "select_account consent" }))
          const [cookie = ""] = (first.headers["set-cookie"] ?? "").split(";")
          const request = HttpClientRequest.post(first.headers["location"] ?? "", { headers: { cookie } })
          return yield* send(HttpClientRequest.bodyText(request, form, "application/x-www-form-urlencoded"))
        })
      yield* Effect.promise(() =>
        fc.assert(fc.asyncProperty(formText, async (form) => {
          expect((await run(ask(form))).status).toBeLessThan(500)
        }))
      )
    }).pipe(Effect.provide(emulator())))
})
