import * as Effect from "effect/Effect"
import type { Person } from "../../src/Browser.js"
import { clientIds } from "../../src/scenario/defaultScenario.js"
import { type Answer, type Form, get, login, postForm, textOf } from "./http.js"
import { postToken, scope } from "./signIn.js"

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

/** Enters what the device shows on another one, signs in there and decides; the last page. */
export const decideOnDevice = (device: Answer, { password, username }: Person, decision: "accept" | "deny") =>
  Effect.gen(function*() {
    let page = new URL(textOf(device, "verification_uri"))
    const first = yield* get(page)
    const [cookie = ""] = (first.headers["set-cookie"] ?? "").split(";")
    let answer = first
    for (const form of [{ user_code: textOf(device, "user_code") }, { username, password }, { decision }]) {
      answer = yield* postForm(page, form, { cookie })
      const { location } = answer.headers
      if (location === undefined) break
      page = new URL(location, page)
    }
    return answer
  })
