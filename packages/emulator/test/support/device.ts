import * as Effect from "effect/Effect"
import type { Person } from "../../src/Browser.js"
import { clientIds } from "../../src/scenario/defaultScenario.js"
import { type Answer, type Form, login, postForm, textOf } from "./http.js"
import { postToken, scope } from "./signIn.js"
import { makeVisitor } from "./visitor.js"

export const beginDevice = (form: Form = {}, tenant = "contoso.example") =>
  postForm(`${login}/${tenant}/oauth2/v2.0/devicecode`, { client_id: clientIds.public, scope, ...form })

export const pollDevice = (device: Answer, form: Form = {}, tenant?: string) =>
  postToken(
    {
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      device_code: textOf(device, "device_code"),
      ...form
    },
    tenant
  )

/** Enters what the device shows on another one and signs in there, until the question whose device it is. */
export const signInForDevice = (device: Answer, { password, username }: Person) =>
  Effect.gen(function*() {
    const { get, post } = makeVisitor()
    let page = textOf(device, "verification_uri")
    let last = yield* get(page)
    for (const form of [{ user_code: textOf(device, "user_code") }, { username, password }]) {
      last = yield* post(page, form)
      const { location } = last.headers
      if (location === undefined) break
      page = location
    }
    return {
      last,
      page,
      decide: (decision: "accept" | "deny") => post(page, { step: "ConfirmDevice", decision })
    }
  })

/** The same, and decides; the last page. */
export const decideOnDevice = (device: Answer, person: Person, decision: "accept" | "deny") =>
  Effect.flatMap(
    signInForDevice(device, person),
    ({ decide, last }) => last.headers["location"] === undefined ? Effect.succeed(last) : decide(decision)
  )
