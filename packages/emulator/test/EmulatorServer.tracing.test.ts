import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { expect, it } from "vitest"
import * as EmulatorServer from "../src/EmulatorServer.js"
import { formOf } from "./support/http.js"
import { createFetch } from "./support/leadingFetch.js"
import { jane } from "./support/people.js"
import { makeRecordingTracer } from "./support/recordingTracer.js"
import { authorizationUrl, redirectUri, verifier } from "./support/signIn.js"

it("tells a tracer nothing of what its requests hold", async () => {
  const { told, tracer } = makeRecordingTracer()
  const secrets = await Effect.gen(function*() {
    const server = yield* EmulatorServer.EmulatorServer
    return yield* Effect.promise(() => signIn(server))
  }).pipe(
    Effect.withSpan("of the application"),
    Effect.provide(Layer.provide(EmulatorServer.layer(), Layer.setTracer(tracer))),
    Effect.withTracer(tracer),
    Effect.runPromise
  )
  expect(told()).toContain("of the application")
  expect(secrets).toHaveLength(9)
  for (const secret of secrets) {
    expect(secret).not.toBe("")
    expect(told()).not.toContain(secret)
    expect(told()).not.toContain(encodeURIComponent(secret))
  }
})

/** Whatever of a whole sign-in may be nobody's to see. */
const signIn = async (server: EmulatorServer.Service): Promise<ReadonlyArray<string>> => {
  const fetch = createFetch(server)
  const begun = await fetch(
    authorizationUrl({ state: "s3cr3t state", nonce: "s3cr3t nonce" }).href.replace(
      "https://login.microsoftonline.com",
      server.origin
    )
  )
  const page = begun.headers.get("location") ?? ""
  const cookie = (begun.headers.get("set-cookie") ?? "").replace(/;.*/, "")
  const form = formOf({ step: "EnterPassword", username: jane.username, password: jane.password })
  const done = await fetch(page, { method: "POST", headers: { cookie }, body: form })
  const code = new URL(done.headers.get("location") ?? "").searchParams.get("code") ?? ""
  const tokens: unknown = await (await fetch(`${server.origin}/contoso.example/oauth2/v2.0/token`, {
    method: "POST",
    body: formOf({
      grant_type: "authorization_code",
      client_id: authorizationUrl().searchParams.get("client_id") ?? "",
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier
    })
  })).json()
  const members = new Map<string, unknown>(Object.entries(typeof tokens === "object" ? { ...tokens } : {}))
  return [
    "s3cr3t state",
    "s3cr3t nonce",
    jane.password,
    code,
    page.slice(page.lastIndexOf("/") + 1),
    cookie.slice(cookie.indexOf("=") + 1),
    ...["access_token", "refresh_token", "id_token"].map((name) => String(members.get(name) ?? ""))
  ]
}
