import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import { describe, expect, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import * as Emulator from "../../src/Emulator.js"
import * as Reply from "../../src/http/Reply.js"
import { RequestOrigin } from "../../src/http/RequestOrigin.js"
import { answer, type Handler, refuseClient, type Route } from "../../src/http/serve.js"
import { routes } from "../../src/routes.js"
import { login } from "../support/http.js"

const route = (changes: Partial<Route>): Route => ({
  method: "POST",
  path: "/:tenant/oauth2/v2.0/token",
  endpoint: undefined,
  isLogged: true,
  handler: Effect.dieMessage("s3cr3t"),
  refusesWith: refuseClient,
  ...changes
})

/** What the route answers, and what is logged meanwhile. */
const run = (changes: Partial<Route>) =>
  Effect.gen(function*() {
    const lines: Array<string> = []
    const reply = yield* answer(route(changes)).pipe(
      Effect.provideService(
        HttpServerRequest.HttpServerRequest,
        HttpServerRequest.fromWeb(
          new Request(`${login}/contoso.example/oauth2/v2.0/token`, {
            method: "POST",
            body: new URLSearchParams({ grant_type: "password", password: "s3cr3t" })
          })
        )
      ),
      Effect.provideService(RequestOrigin, login),
      Effect.exit,
      Effect.provide(Logger.replace(
        Logger.defaultLogger,
        Logger.make(({ cause, logLevel, message }) => {
          lines.push(`${logLevel.label} ${String(message)} ${Cause.pretty(cause)}`)
        })
      ))
    )
    return { reply, lines, requests: yield* (yield* Emulator.Emulator).requests }
  })

describe("a defect", () => {
  it.effect.each<readonly [what: string, handler: Handler]>([
    ["thrown", Effect.sync(() => Reply.redirect(new URL("s3cr3t").href))],
    ["an error", Effect.die(new TypeError("s3cr3t\n    at s3cr3t"))],
    ["a value", Effect.die({ password: "s3cr3t" })]
  ])(
    "is told as one of Entra's refusals, logged once, and without a value: %s",
    ([, handler]) =>
      Effect.gen(function*() {
        const { lines, reply, requests } = yield* run({ handler })
        expect(reply).toMatchObject({
          value: {
            status: 500,
            headers: { "x-ms-request-id": expect.any(String) },
            body: {
              error: "server_error",
              error_codes: [90033],
              error_description: expect.stringMatching(/^AADSTS90033: .*temporary failure inside the emulator/)
            }
          }
        })
        expect(requests).toMatchObject([{ status: 500, path: "/contoso.example/oauth2/v2.0/token" }])
        expect(lines).toHaveLength(1)
        expect(lines[0]).toMatch(/^ERROR .*POST \/:tenant\/oauth2\/v2\.0\/token/)
        expect(lines.join()).not.toContain("s3cr3t")
      }).pipe(Effect.provide(Emulator.layerWorld()))
  )

  it.effect("is shown to a person on a page", () =>
    Effect.gen(function*() {
      const refusesWith = routes.find(({ endpoint }) => endpoint === "authorize")?.refusesWith ?? refuseClient
      const { reply } = yield* run({ refusesWith })
      expect(reply).toMatchObject({ value: { _tag: "Page", status: 500 } })
      expect(JSON.stringify(reply)).toContain("AADSTS90033")
    }).pipe(Effect.provide(Emulator.layerWorld())))

  it.effect("is not what an interruption is", () =>
    Effect.gen(function*() {
      const { lines, reply, requests } = yield* run({ handler: Effect.interrupt })
      expect(Exit.isInterrupted(reply)).toBe(true)
      expect({ lines, requests }).toEqual({ lines: [], requests: [] })
    }).pipe(Effect.provide(Emulator.layerWorld())))
})
