import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import type { Person } from "../../src/Browser.js"
import * as Emulator from "../../src/Emulator.js"
import { clientIds } from "../../src/scenario/defaultScenario.js"
import { emulator, withApp } from "../support/emulator.js"
import { type Form, textOf } from "../support/http.js"
import { jane, mia, sam } from "../support/people.js"
import { personOf } from "../support/personOf.js"
import { authorizationUrl, authorize, codeOf, redeem } from "../support/signIn.js"
import { claimsOf } from "../support/tokens.js"

/** Somebody whose password will not do: fails where it is asked for. */
const forgetful = (person: Person): Person => ({ ...person, password: "forgotten" })

/** A browser, and a sign-in in it that does not fail. */
const openBrowser = Effect.gen(function*() {
  const { signIn } = yield* (yield* Emulator.Emulator).browser
  return (parameters: Form, person: Person, tenant?: string) =>
    Effect.map(signIn(authorizationUrl(parameters, tenant), person), ({ parameters }) => parameters)
})

const whoHas = (response: URLSearchParams, tenant?: string) =>
  Effect.flatMap(redeem(codeOf(response), {}, tenant), (answer) => claimsOf(textOf(answer, "id_token")))

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
