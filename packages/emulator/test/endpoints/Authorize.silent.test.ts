import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Person } from "../../src/Browser.js"
import { clientIds } from "../../src/scenario/defaultScenario.js"
import { forgetful, openBrowser, whoHas } from "../support/browser.js"
import { emulator } from "../support/emulator.js"
import { type Answer, type Form, get } from "../support/http.js"
import { jane, sam } from "../support/people.js"
import { personOf } from "../support/personOf.js"
import { authorizationUrl } from "../support/signIn.js"

const ask = (parameters: Form, tenant?: string) => get(authorizationUrl(parameters, tenant))

const redirected = ({ headers, status }: Answer): URLSearchParams => {
  expect(status).toBe(303)
  return new URL(headers["location"] ?? "").searchParams
}

describe("prompt=none", () => {
  const silently: Form = { prompt: "none" }

  it.effect("brings an error where nobody is signed in", () =>
    Effect.gen(function*() {
      const response = redirected(yield* ask(silently))
      expect(response.get("error")).toBe("login_required")
      expect(response.get("error_description")).toMatch(/^AADSTS50058: /)
      expect(response.get("state")).toBe("the state")
      expect(response.has("code")).toBe(false)
    }).pipe(Effect.provide(emulator())))

  it.effect("brings a code where somebody is", () =>
    Effect.gen(function*() {
      const signIn = yield* openBrowser
      yield* signIn({}, jane)
      const response = yield* signIn(silently, forgetful(jane))
      expect(yield* whoHas(response)).toMatchObject({ preferred_username: jane.username })
    }).pipe(Effect.provide(emulator())))

  it.effect.each<readonly [what: string, first: Form, then: Form, error: string, person?: Person]>([
    ["somebody else is meant", {}, { login_hint: sam.username }, "login_required"],
    ["somebody of another domain is meant", {}, { domain_hint: "fabrikam.example" }, "login_required"],
    ["nobody consented", {}, { client_id: clientIds.native }, "consent_required"],
    ["nobody consented to what is asked for", { client_id: clientIds.native }, {
      client_id: clientIds.native,
      scope: "User.Read Mail.Read"
    }, "consent_required"],
    ["a second factor is needed", {}, { scope: "openid api://notes/share" }, "interaction_required"],
    ["the claims need a second factor", {}, {
      claims: "{\"id_token\":{\"acrs\":{\"essential\":true,\"value\":\"c1\"}}}"
    }, "interaction_required"]
  ])("brings an error where %s", ([, first, then, error, person = jane]) =>
    Effect.gen(function*() {
      const signIn = yield* openBrowser
      yield* signIn(first, person)
      const response = yield* signIn({ ...silently, ...then }, forgetful(person))
      expect(response.get("error")).toBe(error)
      expect(response.has("code")).toBe(false)
    }).pipe(Effect.provide(emulator())))

  it.effect("takes organizations and consumers as hints for the kind of account", () =>
    Effect.gen(function*() {
      const signIn = yield* openBrowser
      const pat = personOf("pat")
      for (const person of [jane, pat]) yield* signIn({ prompt: "login" }, person, "common")
      for (const [domain_hint, person] of [["organizations", jane], ["consumers", pat], ["Consumers", pat]] as const) {
        const response = yield* signIn({ ...silently, domain_hint }, forgetful(person), "common")
        expect(yield* whoHas(response, "common")).toMatchObject({ preferred_username: person.username })
      }
    }).pipe(Effect.provide(emulator())))

  it.effect("chooses by hint among several, and does not guess", () =>
    Effect.gen(function*() {
      const signIn = yield* openBrowser
      const kim = personOf("kim")
      for (const person of [jane, kim]) yield* signIn({ prompt: "login" }, person, "organizations")
      const at = (form: Form, person = jane) => signIn({ ...silently, ...form }, forgetful(person), "organizations")
      expect((yield* at({})).get("error")).toBe("interaction_required")
      for (
        const [form, person] of [
          [{ login_hint: jane.username }, jane],
          [{ login_hint: kim.username.toUpperCase() }, kim],
          [{ domain_hint: "fabrikam.example" }, kim],
          [{ domain_hint: "CONTOSO.example" }, jane]
        ] as const
      ) {
        expect(yield* whoHas(yield* at(form, person), "organizations")).toMatchObject({
          preferred_username: person.username
        })
      }
    }).pipe(Effect.provide(emulator())))
})
