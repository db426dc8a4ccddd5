import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import type { Person } from "../../src/Browser.js"
import * as Emulator from "../../src/Emulator.js"
import { clientIds } from "../../src/scenario/defaultScenario.js"
import { forgetful, openBrowser, whoHas } from "../support/browser.js"
import { emulator, withApp } from "../support/emulator.js"
import type { Form } from "../support/http.js"
import { jane, mia, sam } from "../support/people.js"
import { personOf } from "../support/personOf.js"
import { authorizationUrl, authorize } from "../support/signIn.js"
import { locationOf, makeVisitor } from "../support/visitor.js"

describe("prompt", () => {
  it.effect("=login asks for the password again", () =>
    Effect.gen(function*() {
      const signIn = yield* openBrowser
      yield* signIn({}, jane)
      expect((yield* signIn({}, forgetful(jane))).has("code")).toBe(true)
      for (const form of [{}, { login_hint: jane.username }]) {
        const failed = yield* Effect.flip(signIn({ prompt: "login", ...form }, forgetful(jane)))
        expect(failed._tag).toBe("SignInFailed")
      }
      yield* TestClock.adjust("1 hour")
      expect(yield* whoHas(yield* signIn({ prompt: "login" }, jane))).toMatchObject({ auth_time: 3600 })
    }).pipe(Effect.provide(emulator())))

  it.effect("=consent asks though nobody need be asked", () =>
    Effect.gen(function*() {
      const response = yield* authorize({ prompt: "consent" }, { ...jane, consent: "deny" })
      expect(response.get("error")).toBe("access_denied")
      expect(response.get("error_description")).toMatch(/^AADSTS65004: /)
      expect((yield* authorize({ prompt: "consent" })).has("code")).toBe(true)
      expect((yield* authorize({}, { ...jane, consent: "deny" })).has("code")).toBe(true)
    }).pipe(Effect.provide(emulator())))

  it.effect("=select_account lets another account be chosen", () =>
    Effect.gen(function*() {
      const signIn = yield* openBrowser
      yield* signIn({}, jane)
      const response = yield* signIn({ prompt: "select_account" }, sam)
      expect(yield* whoHas(response)).toMatchObject({ preferred_username: sam.username })
      const again = yield* signIn({ prompt: "select_account" }, forgetful(jane))
      expect(yield* whoHas(again)).toMatchObject({ preferred_username: jane.username })
    }).pipe(Effect.provide(emulator())))

  it.effect("may be of several words", () =>
    Effect.gen(function*() {
      const signIn = yield* openBrowser
      yield* signIn({}, jane)
      const response = yield* signIn({ prompt: "select_account consent" }, { ...jane, consent: "deny" })
      expect(response.get("error")).toBe("access_denied")
    }).pipe(Effect.provide(emulator())))
})

describe("max_age", () => {
  it.effect("of 0 takes no sign-in of before, even of the same second", () =>
    Effect.gen(function*() {
      const signIn = yield* openBrowser
      yield* signIn({}, jane)
      expect((yield* signIn({ max_age: "0", prompt: "none" }, jane)).get("error")).toBe("login_required")
      expect((yield* Effect.flip(signIn({ max_age: "0" }, forgetful(jane))))._tag).toBe("SignInFailed")
    }).pipe(Effect.provide(emulator())))

  it.effect("asks for the password of who signed in too long ago", () =>
    Effect.gen(function*() {
      const signIn = yield* openBrowser
      yield* signIn({}, jane)
      yield* TestClock.adjust("10 minutes")
      expect((yield* signIn({ max_age: "600", prompt: "none" }, jane)).has("code")).toBe(true)
      expect((yield* signIn({ max_age: "599", prompt: "none" }, jane)).get("error")).toBe("login_required")
      const failed = yield* Effect.flip(signIn({ max_age: "599" }, forgetful(jane)))
      expect(failed._tag).toBe("SignInFailed")
      expect(yield* whoHas(yield* signIn({ max_age: "0" }, jane))).toMatchObject({ auth_time: 600 })
    }).pipe(Effect.provide(emulator())))
})

describe("max_age and pages after the password", () => {
  it.effect.each<readonly [what: string, form: Form, person: Person, last: Form]>([
    ["consent", { client_id: clientIds.native }, jane, { decision: "accept" }],
    ["a second factor", {}, mia, { code: "123456" }]
  ])("leave time for %s", ([, form, person, last]) =>
    Effect.gen(function*() {
      const visitor = makeVisitor()
      const page = locationOf(yield* visitor.get(authorizationUrl({ max_age: "0", ...form })))
      yield* TestClock.adjust("1 minute")
      yield* visitor.post(page, { ...person })
      yield* TestClock.adjust("50 minutes")
      expect(locationOf(yield* visitor.post(page, last))).toContain("code=")
    }).pipe(Effect.provide(emulator())))
})

describe("who", () => {
  it.effect("needs a second factor is asked for it", () =>
    Effect.gen(function*() {
      expect((yield* authorize({}, mia)).has("code")).toBe(true)
      expect((yield* Effect.flip(authorize({}, { ...mia, mfaCode: "999999" })))._tag).toBe("SignInFailed")
    }).pipe(Effect.provide(emulator())))

  it.effect("has to choose a new password does, and has it then", () =>
    Effect.gen(function*() {
      const person = personOf("new")
      expect((yield* Effect.flip(authorize({}, { ...person, newPassword: "short" })))._tag).toBe("SignInFailed")
      expect((yield* Effect.flip(authorize({}, { ...person, newPassword: person.password })))._tag).toBe("SignInFailed")
      expect((yield* authorize({}, { ...person, newPassword: "a better one" })).has("code")).toBe(true)
      expect((yield* authorize({}, { ...person, password: "a better one" })).has("code")).toBe(true)
      expect((yield* Effect.flip(authorize({}, person)))._tag).toBe("SignInFailed")
    }).pipe(Effect.provide(emulator())))

  it.effect("chose a new password goes on in that browser, and has to enter it in the others", () =>
    Effect.gen(function*() {
      const [here, there] = [yield* openBrowser, yield* openBrowser]
      yield* there({}, jane)
      yield* (yield* Emulator.Emulator).changeUser(jane.username, { mustChangePassword: true })
      yield* TestClock.adjust("1 minute")
      const response = yield* here({}, { ...jane, newPassword: "a better one" })
      expect(yield* whoHas(response)).toMatchObject({ auth_time: 60 })
      expect((yield* here({ prompt: "none" }, jane)).has("code")).toBe(true)
      expect((yield* there({ prompt: "none" }, jane)).get("error")).toBe("login_required")
    }).pipe(Effect.provide(emulator())))

  it.effect.each<readonly [what: string, happen: (emulator: Emulator.Service) => Effect.Effect<void, unknown>]>([
    ["was signed out everywhere", ({ revokeSessions }) => revokeSessions(jane.username)],
    ["was given another password", ({ changeUser }) => changeUser(jane.username, { password: "another one" })]
  ])("%s has to enter the password again", ([, happen]) =>
    Effect.gen(function*() {
      const signIn = yield* openBrowser
      yield* signIn({}, jane)
      yield* happen(yield* Emulator.Emulator)
      expect((yield* signIn({ prompt: "none" }, jane)).get("error")).toBe("login_required")
      for (const form of [{}, { login_hint: jane.username }]) {
        expect((yield* Effect.flip(signIn(form, forgetful(jane))))._tag).toBe("SignInFailed")
      }
    }).pipe(Effect.provide(emulator())))

  it.effect("was blocked since the last sign-in is told to the application", () =>
    Effect.gen(function*() {
      const signIn = yield* openBrowser
      yield* signIn({}, jane)
      yield* (yield* Emulator.Emulator).changeUser(jane.username, { blocked: true })
      for (const form of [{}, { prompt: "none" }]) {
        const response = yield* signIn(form, jane)
        expect(response.get("error_description")).toMatch(/^AADSTS50057: /)
        expect(response.has("code")).toBe(false)
      }
    }).pipe(Effect.provide(emulator())))

  it.effect("was never asked is asked to consent to being signed in alone", () =>
    Effect.gen(function*() {
      const form = { client_id: clientIds.native, scope: "openid profile" }
      expect((yield* authorize(form, { ...jane, consent: "deny" })).get("error")).toBe("access_denied")
      expect((yield* authorize(form)).has("code")).toBe(true)
      expect((yield* authorize(form, { ...jane, consent: "deny" })).has("code")).toBe(true)
    }).pipe(Effect.provide(emulator())))

  it.effect.each([clientIds.public, clientIds.native])(
    "is no administrator gets nothing that needs one, in application %s",
    (client_id) =>
      Effect.gen(function*() {
        const response = yield* authorize({ client_id, scope: "openid api://notes/purge" })
        expect(response.get("error_description")).toMatch(/^AADSTS90094: /)
        expect(response.has("code")).toBe(false)
      }).pipe(Effect.provide(emulator()))
  )

  it.effect.each<readonly [who: string, person: Person, message: RegExp]>([
    ["is blocked", personOf("bob"), /disabled/],
    ["has forgotten the password", forgetful(jane), /password is wrong/],
    ["is nobody", { username: "nobody@contoso.example", password: "x" }, /no account/]
  ])("%s gets no further", ([, person, message]) =>
    Effect.gen(function*() {
      expect((yield* Effect.flip(authorize({}, person))).message).toMatch(message)
    }).pipe(Effect.provide(emulator())))

  it.effect.each<readonly [who: string, person: Person, tenant: string, number: number]>([
    ["is at home elsewhere", personOf("kim"), "contoso.example", 50020],
    ["has a personal account", personOf("pat"), "organizations", 50020],
    ["has a work account", jane, "consumers", 50020]
  ])("%s is told to the application", ([, person, tenant, number]) =>
    Effect.gen(function*() {
      const response = yield* authorize({}, person, tenant)
      expect(response.get("error_description")).toMatch(new RegExp(`^AADSTS${number}: `))
      expect(response.has("code")).toBe(false)
    }).pipe(Effect.provide(emulator())))

  it.effect("has a personal account is not admitted to an application of organizations", () =>
    Effect.gen(function*() {
      const response = yield* authorize({}, personOf("pat"), "common")
      expect(response.get("error")).toBe("unauthorized_client")
      expect((yield* authorize({}, personOf("kim"), "common")).has("code")).toBe(true)
    }).pipe(Effect.provide(withApp(clientIds.public, { audience: "organizations" }))))
})
