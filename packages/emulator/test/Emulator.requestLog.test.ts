import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import * as Emulator from "../src/Emulator.js"
import { apiSecret, clientIds, defaultScenario, webSecret } from "../src/scenario/defaultScenario.js"
import { assertionType, certificate, signAssertion } from "./support/assertion.js"
import { beginDevice, decideOnDevice, pollDevice } from "./support/device.js"
import { emulator, withApp } from "./support/emulator.js"
import { get, graph, login, postText } from "./support/http.js"
import { jane, mia } from "./support/people.js"
import {
  accessToken,
  authorizationUrl,
  authorize,
  codeOf,
  passwordGrant,
  postToken,
  redeem,
  refresh,
  scope,
  verifier
} from "./support/signIn.js"

describe("the request log", () => {
  it.effect("tells what was asked and answered", () =>
    Effect.gen(function*() {
      yield* TestClock.adjust("1 second")
      yield* passwordGrant({ password: "wrong" })
      const [request] = yield* (yield* Emulator.Emulator).requests
      expect(request).toMatchObject({
        at: 1000,
        method: "POST",
        origin: login,
        path: "/contoso.example/oauth2/v2.0/token",
        query: [],
        grantType: "password",
        correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        status: 400
      })
      expect(request?.form).toContainEqual(["username", jane.username])
      expect(request?.form).toContainEqual(["password", "•••"])
      expect(request?.answer).toContainEqual(["error", "invalid_grant"])
      expect(request?.answer).toContainEqual(["error_codes", "[50126]"])
    }).pipe(Effect.provide(emulator())))

  it.effect("does not grow with what is sent", () =>
    Effect.gen(function*() {
      const flood = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`scope${index}`, "x".repeat(50)]))
      yield* postToken({ ...flood, grant_type: "g".repeat(50_000), scope: "s".repeat(50_000) })
      yield* get(`${login}/${"p".repeat(50_000)}`)
      expect(JSON.stringify(yield* (yield* Emulator.Emulator).requests).length).toBeLessThan(20_000)
    }).pipe(Effect.provide(emulator())))

  it.effect.each<readonly [path: string, shown: string]>([
    ["/v1.0/me", "/v1.0/me"],
    ["/v1.0/s3cr3t", "/•••"],
    ["/s3cr3t/oauth2/v2.0/token", "/•••/oauth2/v2.0/token"],
    ["/contoso.example/oauth2/v2.0/token", "/contoso.example/oauth2/v2.0/token"],
    ["/sign-in/s3cr3t", "/sign-in/•••"],
    ["/common/userrealm/jane@contoso.example", "/common/userrealm/jane@contoso.example"],
    ["/common/userrealm/s3cr3t", "/common/userrealm/•••"],
    ["/_emulator/s3cr3t", "/•••"],
    ["/%s3cr3t", "/•••"]
  ])("shows of %s no more than %s", ([path, shown]) =>
    Effect.gen(function*() {
      yield* get(`${login}${path}`)
      expect((yield* (yield* Emulator.Emulator).requests).map(({ path }) => path)).toEqual([shown])
    }).pipe(Effect.provide(emulator())))

  it.effect("shows nothing of what was sent in the wrong place", () =>
    Effect.gen(function*() {
      yield* postToken({ grant_type: "s3cr3t", s3cr3t: "" })
      yield* postText(`${login}/common/oauth2/v2.0/token`, "s3cr3t", "application/x-www-form-urlencoded")
      yield* get(authorizationUrl({ redirect_uri: "http://localhost/callback?code=s3cr3t" }))
      yield* passwordGrant({ claims: "{\"s3cr3t\":{}}" })
      const requests = yield* (yield* Emulator.Emulator).requests
      expect(requests).toHaveLength(4)
      expect(JSON.stringify(requests)).not.toContain("s3cr3t")
    }).pipe(Effect.provide(emulator())))

  it.effect("shows no secret of a whole run", () =>
    Effect.gen(function*() {
      const secrets: Array<string> = [verifier, webSecret, apiSecret]
      for (const { password } of defaultScenario.users ?? []) secrets.push(password)
      const keep = (answer: { readonly body: Readonly<Record<string, unknown>> }) => {
        for (const name of ["access_token", "refresh_token", "id_token", "device_code", "user_code"]) {
          const value = answer.body[name]
          if (typeof value === "string") secrets.push(value, value.slice(-40))
        }
        return answer
      }
      for (const response_mode of ["query", "fragment", "form_post"]) {
        const response = yield* authorize({ response_mode, nonce: "s3cr3t nonce", state: "s3cr3t state" }, mia)
        const code = codeOf(response)
        secrets.push(code, "s3cr3t", response.get("session_state") ?? "")
        const signedIn = keep(yield* redeem(code))
        keep(yield* refresh(String(signedIn.body["refresh_token"])))
        yield* refresh(String(signedIn.body["refresh_token"]), { client_id: clientIds.native })
        yield* redeem(code)
      }
      keep(yield* passwordGrant())
      yield* passwordGrant({ password: "s3cr3t" })
      const device = yield* beginDevice()
      keep(device)
      yield* pollDevice(device)
      yield* decideOnDevice(device, jane, "accept")
      keep(yield* pollDevice(device))
      const assertion = yield* Effect.promise(() => signAssertion())
      secrets.push(assertion, assertion.slice(-40))
      const app = {
        client_id: clientIds.web,
        scope: "https://graph.microsoft.com/.default",
        grant_type: "client_credentials"
      }
      keep(yield* postToken({ ...app, client_assertion: assertion, client_assertion_type: assertionType }))
      keep(yield* postToken({ ...app, client_secret: webSecret }))
      yield* postToken({ ...app }, "contoso.example", { authorization: `Basic ${btoa(`${clientIds.web}:s3cr3t`)}` })
      const token = yield* accessToken({ scope: "api://notes/read" })
      secrets.push(token, token.slice(-40))
      keep(
        yield* postToken({
          client_id: clientIds.api,
          client_secret: apiSecret,
          grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
          requested_token_use: "on_behalf_of",
          assertion: token,
          scope
        })
      )
      yield* get(`${graph}/v1.0/me?access_token=s3cr3t`, { authorization: "Bearer s3cr3t" })
      yield* get(`${login}/contoso.example/oauth2/v2.0/token?refresh_token=s3cr3t&password=s3cr3t`)
      yield* get(`${login}/contoso.example/oauth2/v2.0/logout?id_token_hint=s3cr3t&state=s3cr3t`)
      yield* get(authorizationUrl({ id_token_hint: "s3cr3t", request: "s3cr3t" }))

      const shown = JSON.stringify(yield* (yield* Emulator.Emulator).requests)
      const { text } = yield* get(`${login}/_emulator/requests`)
      const page = (yield* get(`${login}/_emulator/requests`, { accept: "text/html" })).text
      for (const secret of secrets.filter((one) => one !== "")) {
        for (const one of [shown, text, page]) expect(one).not.toContain(secret)
      }
    }).pipe(Effect.provide(withApp(clientIds.web, { certificates: [certificate] }))))
})
