import * as Effect from "effect/Effect"
import type { Person } from "../../src/Browser.js"
import * as Emulator from "../../src/Emulator.js"
import { type Form, textOf } from "./http.js"
import { authorizationUrl, codeOf, redeem } from "./signIn.js"
import { claimsOf } from "./tokens.js"

/** Somebody whose password will not do: fails where it is asked for. */
export const forgetful = (person: Person): Person => ({ ...person, password: "forgotten" })

/** A browser, and a sign-in in it that does not fail. */
export const openBrowser = Effect.gen(function*() {
  const { signIn } = yield* (yield* Emulator.Emulator).browser
  return (parameters: Form, person: Person, tenant?: string) =>
    Effect.map(signIn(authorizationUrl(parameters, tenant), person), ({ parameters }) => parameters)
})

export const whoHas = (response: URLSearchParams, tenant?: string) =>
  Effect.flatMap(redeem(codeOf(response), {}, tenant), (answer) => claimsOf(textOf(answer, "id_token")))
