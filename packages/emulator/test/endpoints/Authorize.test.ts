import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Person } from "../../src/Browser.js"
import * as Emulator from "../../src/Emulator.js"
import { clientIds, contoso } from "../../src/scenario/defaultScenario.js"
import { emulator, withApp } from "../support/emulator.js"
import { type Answer, type Form, get, type Headers, login, postForm, textOf } from "../support/http.js"
import { jane, sam } from "../support/people.js"
import { authorizationUrl, authorize, codeOf, redeem, redirectUri } from "../support/signIn.js"
import { claimsOf } from "../support/tokens.js"
import { locationOf, makeVisitor } from "../support/visitor.js"

const ask = (parameters: Form, tenant?: string) => get(authorizationUrl(parameters, tenant))

const redirected = ({ headers, status }: Answer): URLSearchParams => {
  expect(status).toBe(303)
  return new URL(headers["location"] ?? "").searchParams
}

describe("a request to sign in", () => {
  it.effect("leads to a page, and from there back with a code and the state", () =>
    Effect.gen(function*() {
      const { headers, status } = yield* ask({})
      expect(status).toBe(303)
      expect(headers["location"]).toMatch(/^https:\/\/login\.microsoftonline\.com\/sign-in\//)
      expect(headers["set-cookie"]).toMatch(/HttpOnly; Secure; SameSite=None$/)
      const response = yield* authorize({ state: "a b&c=é" })
      expect(response.get("state")).toBe("a b&c=é")
      expect(response.get("session_state")).toMatch(/./)
      expect(response.has("error")).toBe(false)
    }).pipe(Effect.provide(emulator())))

  it.effect("may be a form", () =>
    Effect.gen(function*() {
      const { origin, pathname, searchParams } = authorizationUrl()
      const answer = yield* postForm(`${origin}${pathname}`, Object.fromEntries(searchParams))
      expect(answer.headers["location"]).toContain("/sign-in/")
    }).pipe(Effect.provide(emulator())))

  it.effect("brings no state where none came", () =>
    Effect.gen(function*() {
      expect((yield* authorize({ state: undefined })).has("state")).toBe(false)
    }).pipe(Effect.provide(emulator())))

  it.effect("tells client_info where it is asked for", () =>
    Effect.gen(function*() {
      expect((yield* authorize({ client_info: "1" })).has("client_info")).toBe(true)
      expect((yield* authorize()).has("client_info")).toBe(false)
    }).pipe(Effect.provide(emulator())))

  it.effect("goes to the first redirect URI where it names none", () =>
    Effect.gen(function*() {
      const { url } = yield* (yield* Emulator.Emulator).signIn(authorizationUrl({ redirect_uri: undefined }), jane)
      expect(url.origin + url.pathname).toBe("http://localhost/")
    }).pipe(Effect.provide(emulator())))
})

describe("the response mode", () => {
  const at = (response_mode: string | undefined, person: Person = jane) =>
    Effect.gen(function*() {
      const url = authorizationUrl({ response_mode, client_id: clientIds.native })
      return yield* (yield* Emulator.Emulator).signIn(url, { ...person })
    })

  it.effect.each<readonly [mode: string | undefined, where: "search" | "hash" | "body"]>([
    [undefined, "search"],
    ["query", "search"],
    ["fragment", "hash"],
    ["form_post", "body"]
  ])("%s", ([mode, where]) =>
    Effect.gen(function*() {
      for (const [consent, name] of [["accept", "code"], ["deny", "error"]] as const) {
        const { parameters, url } = yield* at(mode, { ...(consent === "accept" ? jane : sam), consent })
        expect(parameters.has(name)).toBe(true)
        expect(parameters.get("state")).toBe("the state")
        expect({ search: url.search !== "", hash: url.hash !== "" }).toEqual({
          search: where === "search",
          hash: where === "hash"
        })
        expect(url.origin + url.pathname).toBe(redirectUri)
      }
    }).pipe(Effect.provide(emulator())))

  it.effect("keeps the query of the redirect URI", () =>
    Effect.gen(function*() {
      const redirect_uri = "https://app.example/callback?tenant=a"
      const { url } = yield* (yield* Emulator.Emulator).signIn(authorizationUrl({ redirect_uri }), jane)
      expect([...url.searchParams.keys()].slice(0, 2)).toEqual(["tenant", "code"])
    }).pipe(Effect.provide(withApp(clientIds.public, { redirectUris: ["https://app.example/callback?tenant=a"] }))))
})

describe("claims", () => {
  const claims = "{\"access_token\":{\"acrs\":{\"essential\":true,\"value\":\"c1\"},\"xms_cc\":{\"values\":[\"cp1\"]}}}"

  it.effect("that demand a context are met by a second factor, and told in the tokens", () =>
    Effect.gen(function*() {
      const answer = yield* redeem(codeOf(yield* authorize({ claims })))
      const access = yield* claimsOf(textOf(answer, "access_token"))
      expect(access).toMatchObject({ acrs: ["c1"], amr: ["pwd", "mfa"], xms_cc: ["CP1"] })
      const failed = yield* Effect.flip(authorize({ claims }, { ...jane, mfaCode: "000000" }))
      expect(failed).toMatchObject({ _tag: "SignInFailed", message: "The code is wrong." })
    }).pipe(Effect.provide(emulator())))

  it.effect("that are malformed are told to the application", () =>
    Effect.gen(function*() {
      expect(redirected(yield* ask({ claims: "{" })).get("error")).toBe("invalid_request")
    }).pipe(Effect.provide(emulator())))
})

describe("what is sent back", () => {
  const registered = "https://app.example/callback?tenant=a%20b+c&x=%7e&flag"

  it.effect("leaves the query of the redirect URI to the letter", () =>
    Effect.gen(function*() {
      const { url } = yield* (yield* Emulator.Emulator).signIn(authorizationUrl({ redirect_uri: registered }), jane)
      expect(url.href).toMatch(new RegExp(`^${registered.replace(/[.?+]/g, "\\$&")}&code=`))
    }).pipe(Effect.provide(withApp(clientIds.public, { redirectUris: [registered] }))))

  it.effect("says all that an error of the token endpoint says", () =>
    Effect.gen(function*() {
      const headers = { "client-request-id": "b0000000-0000-4000-8000-000000000001" }
      const claims = "{\"access_token\":{\"acrs\":{\"essential\":true,\"value\":\"c1\"}}}"
      const visitor = makeVisitor()
      const page = locationOf(yield* visitor.get(authorizationUrl()))
      yield* visitor.post(page, { ...jane })
      const answer = yield* get(authorizationUrl({ prompt: "none", claims }), {
        ...headers,
        cookie: visitor.cookie()
      })
      expect(Object.fromEntries(new URL(locationOf(answer)).searchParams)).toEqual({
        error: "interaction_required",
        error_description: expect.stringMatching(/^AADSTS50076: /),
        error_uri: `${login}/error?code=50076`,
        error_codes: "[50076]",
        suberror: "basic_action",
        correlation_id: headers["client-request-id"],
        trace_id: answer.headers["x-ms-request-id"],
        timestamp: "1970-01-01 00:00:00Z",
        state: "the state"
      })
    }).pipe(Effect.provide(emulator())))
})

describe("a parameter of more than four kilobytes", () => {
  it.effect.each(["state", "nonce", "code_challenge", "login_hint", "domain_hint", "scope", "claims"])(
    "is refused on a page: %s",
    (name) =>
      Effect.gen(function*() {
        const longest = yield* ask({ [name]: "a".repeat(4096) })
        expect(longest.status).toBe(303)
        const { headers, status, text } = yield* ask({ [name]: "a".repeat(4097) })
        expect(status).toBe(400)
        expect(headers).not.toHaveProperty("location")
        expect(text).toContain("AADSTS90100")
        expect(text).toContain(name)
      }).pipe(Effect.provide(emulator()))
  )
})

describe("the browser's cookie", () => {
  const begin = (cookie?: string) =>
    Effect.gen(function*() {
      const visitor = makeVisitor(cookie)
      return { visitor, page: locationOf(yield* visitor.get(authorizationUrl())) }
    })

  it.effect("is none that the emulator did not issue", () =>
    Effect.gen(function*() {
      const planted = `grantwork-emulator=${"A".repeat(43)}`
      const { page, visitor } = yield* begin(planted)
      expect(visitor.cookie()).not.toBe(planted)
      expect((yield* visitor.post(page, { ...jane })).headers["location"]).toContain("code=")
      expect((yield* get(authorizationUrl({ prompt: "none" }), { cookie: planted })).headers["location"]).toContain(
        "error=login_required"
      )
    }).pipe(Effect.provide(emulator())))

  it.effect("is another one once a password was entered, and the old one lets nobody in", () =>
    Effect.gen(function*() {
      const attacker = yield* begin()
      const planted = attacker.visitor.cookie()
      const { page, visitor } = yield* begin(planted)
      yield* visitor.post(page, { ...jane })
      expect(visitor.cookie()).not.toBe(planted)
      const silently = authorizationUrl({ prompt: "none" })
      expect((yield* visitor.get(silently)).headers["location"]).toContain("code=")
      expect((yield* attacker.visitor.get(silently)).headers["location"]).toContain("error=login_required")
      expect((yield* get(attacker.page, { cookie: planted })).text).toContain("AADSTS50089")
    }).pipe(Effect.provide(emulator())))

  it.effect("stays the same for a wrong password", () =>
    Effect.gen(function*() {
      const { page, visitor } = yield* begin()
      const before = visitor.cookie()
      yield* visitor.post(page, { ...jane, password: "wrong" })
      expect(visitor.cookie()).toBe(before)
    }).pipe(Effect.provide(emulator())))

  it.effect("brings along who is signed in, and the sign-ins of other tabs", () =>
    Effect.gen(function*() {
      const visitor = makeVisitor()
      yield* visitor.post(locationOf(yield* visitor.get(authorizationUrl())), { ...jane })
      const login = authorizationUrl({ prompt: "login" })
      const [one, other] = [locationOf(yield* visitor.get(login)), locationOf(yield* visitor.get(login))]
      expect(locationOf(yield* visitor.post(one, { ...sam }))).toContain("code=")
      expect(locationOf(yield* visitor.post(other, { ...jane }))).toContain("code=")
      const picker = yield* visitor.get(locationOf(yield* visitor.get(authorizationUrl())))
      for (const { username } of [jane, sam]) expect(picker.text).toContain(username)
    }).pipe(Effect.provide(emulator())))
})

describe("a redirect URI that is not registered", () => {
  it.effect.each([
    "https://evil.example/callback",
    "http://localhost.evil.example/callback",
    "http://127.0.0.1@evil.example/callback",
    "http://localhost:80@evil.example/callback",
    "http://localhost/callback/../elsewhere",
    "http://localhost/callback#fragment",
    "//evil.example/callback",
    "javascript:alert(1)",
    "data:text/html,hello",
    "callback",
    "https://app.example./callback",
    "https://app.example/callback?next=https://evil.example",
    "http://localhost:99999/callback",
    `https://evil.example/${"a".repeat(5000)}`
  ])("is never led to: %s", (redirect_uri) =>
    Effect.gen(function*() {
      const more: ReadonlyArray<Form> = [
        {},
        { prompt: "none" },
        { response_mode: "form_post" },
        { response_mode: "fragment" },
        { response_type: "nonsense" },
        { scope: undefined },
        { claims: "{" }
      ]
      for (const form of more) {
        const { headers, status, text } = yield* ask({ ...form, redirect_uri })
        expect(status).toBe(400)
        expect(headers).not.toHaveProperty("location")
        expect(headers["content-type"]).toMatch(/^text\/html/)
        expect(text).toContain("AADSTS50011")
        expect(text).not.toMatch(/<form|<a [^>]*href="(javascript|data|https:\/\/evil)/)
      }
    }).pipe(Effect.provide(emulator())))
})

describe("a request that cannot be trusted with a redirect", () => {
  const repeat = (name: string, value: string) => {
    const url = authorizationUrl()
    url.searchParams.append(name, value)
    return url
  }

  it.effect.each<readonly [what: string, url: URL, code: number]>([
    ["an unknown application", authorizationUrl({ client_id: "a0000000-0000-4000-8000-00000000ffff" }), 700016],
    ["no application", authorizationUrl({ client_id: undefined }), 900144],
    ["an application that is no id", authorizationUrl({ client_id: "<script>" }), 700016],
    ["an unknown tenant", authorizationUrl({}, "unknown.example"), 90002],
    ["a repeated redirect URI", repeat("redirect_uri", "https://evil.example"), 9000411],
    ["a repeated client", repeat("client_id", clientIds.web), 9000411],
    ["a repeated state", repeat("state", "other"), 9000411],
    ["a parameter repeated as it was", repeat("scope", "openid"), 9000411]
  ])("is refused on a page: %s", ([, url, code]) =>
    Effect.gen(function*() {
      const { headers, status, text } = yield* get(url)
      expect(status).toBe(400)
      expect(headers).not.toHaveProperty("location")
      expect(text).toContain(`AADSTS${code}`)
      expect(text).not.toContain("<script>")
    }).pipe(Effect.provide(emulator())))

  it.effect("is refused of an application of one other tenant", () =>
    Effect.gen(function*() {
      expect((yield* ask({}, "fabrikam.example")).text).toContain("AADSTS700016")
      expect((yield* ask({}, contoso)).status).toBe(303)
      expect((yield* ask({}, "common")).status).toBe(303)
    }).pipe(Effect.provide(withApp(clientIds.public, { audience: "tenant" }))))
})

describe("a mistake of the application", () => {
  it.effect.each<readonly [what: string, form: Form, error: string]>([
    ["another response type", { response_type: "token" }, "unsupported_response_type"],
    ["a hybrid response type", { response_type: "code id_token" }, "unsupported_response_type"],
    ["no response type", { response_type: undefined }, "invalid_request"],
    ["another response mode", { response_mode: "carrier_pigeon" }, "invalid_request"],
    ["no scope", { scope: undefined }, "invalid_request"],
    ["an unknown permission", { scope: "openid Nonsense" }, "invalid_client"],
    ["two resources", { scope: "User.Read api://notes/read" }, "invalid_scope"],
    ["an unknown resource", { scope: "api://unknown/read" }, "invalid_resource"],
    ["a challenge without its method", { code_challenge_method: undefined }, "invalid_request"],
    ["a challenge in plain", { code_challenge_method: "plain" }, "invalid_request"],
    ["a method without its challenge", { code_challenge: undefined }, "invalid_request"],
    ["a challenge that is too short", { code_challenge: "short" }, "invalid_request"],
    ["an unknown prompt", { prompt: "please" }, "invalid_request"],
    ["prompts that contradict each other", { prompt: "none login" }, "invalid_request"],
    ["a max_age that is no number", { max_age: "soon" }, "invalid_request"],
    ["a negative max_age", { max_age: "-1" }, "invalid_request"]
  ])("is told to it: %s", ([, form, error]) =>
    Effect.gen(function*() {
      const response = redirected(yield* ask(form))
      expect(response.get("error")).toBe(error)
      expect(response.get("error_description")).toMatch(/^AADSTS\d+: /)
      expect(response.get("state")).toBe("the state")
      expect(response.has("code")).toBe(false)
    }).pipe(Effect.provide(emulator())))
})

describe("a sign-in under way", () => {
  it.effect("goes on in the browser it was begun in, and nowhere else", () =>
    Effect.gen(function*() {
      const { headers } = yield* ask({})
      const page = headers["location"] ?? ""
      const [cookie = ""] = (headers["set-cookie"] ?? "").split(";")
      const [name = ""] = cookie.split("=")
      const strangers = [{}, { cookie: `${name}=${"a".repeat(43)}` }, { cookie: "%" }]
      for (const headers of strangers) {
        expect((yield* get(page, headers)).text).toContain("AADSTS50089")
        expect((yield* postForm(page, { ...jane }, headers)).text).toContain("AADSTS50089")
      }
      expect((yield* get(page, { cookie })).status).toBe(200)
      const visitor = makeVisitor(cookie)
      const done = yield* visitor.post(page, { ...jane })
      expect(done.headers["location"]).toMatch(/^http:\/\/localhost\/callback\?code=/)
      expect((yield* visitor.get(page)).text).toContain("AADSTS50089")
    }).pipe(Effect.provide(emulator())))

  it.effect("gives one code, however often and at once the last page is answered", () =>
    Effect.gen(function*() {
      const visitor = makeVisitor()
      const page = locationOf(yield* visitor.get(authorizationUrl({ client_id: clientIds.native })))
      yield* visitor.post(page, { ...jane })
      const accept = visitor.post(page, { decision: "accept" })
      const answers = yield* Effect.all([accept, accept, accept], { concurrency: "unbounded" })
      expect(answers.filter(({ headers }) => headers["location"]?.includes("code=") === true)).toHaveLength(1)
    }).pipe(Effect.provide(emulator())))

  it.effect("ends where the person declines, whatever is answered afterwards", () =>
    Effect.gen(function*() {
      const visitor = makeVisitor()
      const page = locationOf(yield* visitor.get(authorizationUrl({ client_id: clientIds.native })))
      yield* visitor.post(page, { ...jane })
      expect(locationOf(yield* visitor.post(page, { decision: "deny" }))).toContain("error=access_denied")
      const late = yield* visitor.post(page, { decision: "accept" })
      expect(late.headers).not.toHaveProperty("location")
      expect(late.text).toContain("AADSTS50089")
    }).pipe(Effect.provide(emulator())))

  it.effect.each<readonly [what: string, form: Form]>([
    ["names another step", { step: "Consent", ...jane }],
    ["is another step's by its fields", { decision: "accept" }],
    ["holds nothing", {}]
  ])("shows its page anew, without an alert, for a form that %s", ([, form]) =>
    Effect.gen(function*() {
      const visitor = makeVisitor()
      const page = locationOf(yield* visitor.get(authorizationUrl()))
      expect(locationOf(yield* visitor.post(page, form))).toBe(page)
      const { text } = yield* visitor.get(page)
      expect(text).toContain("<h1>Sign in</h1>")
      expect(text).not.toContain("role=\"alert\"")
    }).pipe(Effect.provide(emulator())))

  it.effect("tells what is wrong with a form of its own step, though a field is empty", () =>
    Effect.gen(function*() {
      const visitor = makeVisitor()
      const page = locationOf(yield* visitor.get(authorizationUrl()))
      yield* visitor.post(page, { step: "EnterPassword", username: jane.username, password: "" })
      expect((yield* visitor.get(page)).text).toContain("role=\"alert\"")
    }).pipe(Effect.provide(emulator())))

  const sites: ReadonlyArray<readonly [what: string, headers: Headers, isTaken: boolean]> = [
    ["another site", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }, false],
    ["another site that hides its origin", { "sec-fetch-site": "cross-site", origin: "null" }, false],
    [
      "another port of the host",
      { "sec-fetch-site": "same-site", origin: "https://login.microsoftonline.com:1" },
      false
    ],
    ["another site in an old browser", { origin: "https://evil.example" }, false],
    ["the page itself, which tells no referrer", { "sec-fetch-site": "same-origin", origin: "null" }, true],
    ["the page itself in an old browser", { origin: login }, true]
  ]

  it.effect.each(sites)("heeds who posts its form: %s", ([, headers, isTaken]) =>
    Effect.gen(function*() {
      const visitor = makeVisitor()
      const page = locationOf(yield* visitor.get(authorizationUrl()))
      const answer = yield* visitor.post(page, { ...jane }, headers)
      expect(answer.status).toBe(isTaken ? 303 : 400)
      expect((yield* visitor.get(authorizationUrl())).headers["location"]).toMatch(isTaken ? /code=/ : /sign-in/)
      const device = yield* visitor.post(`${login}/device`, { user_code: "wrong" }, headers)
      expect(device.text.includes("The code is wrong")).toBe(isTaken)
    }).pipe(Effect.provide(emulator())))

  it.effect("is none at an address somebody made up", () =>
    Effect.gen(function*() {
      expect((yield* get(`${login}/sign-in/made-up`)).text).toContain("AADSTS50089")
      expect((yield* postForm(`${login}/sign-in/%00`, {})).status).toBe(400)
    }).pipe(Effect.provide(emulator())))
})
