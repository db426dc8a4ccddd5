import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { SignInFailed } from "../src/Browser.js"
import * as Emulator from "../src/Emulator.js"
import { beginDevice, pollDevice } from "./support/device.js"
import { emulator } from "./support/emulator.js"
import { login, refusal, textOf } from "./support/http.js"
import { jane, mia, sam } from "./support/people.js"
import { authorizationUrl } from "./support/signIn.js"

const open = Effect.flatMap(Emulator.Emulator, ({ browser }) => browser)

const silently = authorizationUrl({ prompt: "none" })

const device = Effect.map(beginDevice(), (answer) => ({
  answer,
  shown: { verificationUri: textOf(answer, "verification_uri"), userCode: textOf(answer, "user_code") }
}))

describe("a browser", () => {
  it.effect("keeps its session until it signs out, and goes where it is led", () =>
    Effect.gen(function*() {
      const browser = yield* open
      yield* browser.signIn(authorizationUrl(), jane)
      expect((yield* browser.signIn(silently, jane)).parameters.has("code")).toBe(true)
      const logout = `${login}/contoso.example/oauth2/v2.0/logout`
      const back = `${logout}?post_logout_redirect_uri=${encodeURIComponent("http://localhost/callback")}&state=s`
      expect((yield* browser.signOut(back))?.href).toBe("http://localhost/callback?state=s")
      expect((yield* browser.signIn(silently, jane)).parameters.get("error")).toBe("login_required")
      expect(yield* browser.signOut(logout)).toBeUndefined()
    }).pipe(Effect.provide(emulator())))

  it.effect("tells when somebody else is signed in there", () =>
    Effect.gen(function*() {
      const browser = yield* open
      yield* browser.signIn(authorizationUrl(), jane)
      const failure = yield* Effect.flip(browser.signIn(authorizationUrl(), sam))
      expect(failure.message).toContain(jane.username)
      const chosen = yield* browser.signIn(authorizationUrl({ prompt: "select_account" }), sam)
      expect(chosen.parameters.has("code")).toBe(true)
    }).pipe(Effect.provide(emulator())))

  it.effect.each([
    ["an unknown application", authorizationUrl({ client_id: "nobody" }), 700016],
    ["an unregistered redirect URI", authorizationUrl({ redirect_uri: "https://evil.example/" }), 50011],
    ["an unknown tenant", authorizationUrl({}, "nowhere.example"), 90002]
  ])("fails with the number of %s", ([, url, code]) =>
    Effect.gen(function*() {
      const failure = yield* Effect.flip((yield* open).signIn(url as URL, jane))
      expect(failure).toBeInstanceOf(SignInFailed)
      expect(failure).toMatchObject({ code, message: expect.stringContaining(`AADSTS${code}`) })
    }).pipe(Effect.provide(emulator())))

  it.effect("fails with what the page says, and at what is no address", () =>
    Effect.gen(function*() {
      const browser = yield* open
      const wrong = yield* Effect.flip(browser.signIn(authorizationUrl(), { ...jane, password: "not hers" }))
      expect(wrong.message).toContain("password")
      expect(yield* Effect.flip(browser.signIn("garbage", jane))).toBeInstanceOf(SignInFailed)
      expect(yield* Effect.flip(browser.signOut("garbage"))).toBeInstanceOf(SignInFailed)
    }).pipe(Effect.provide(emulator())))
})

describe("a device", () => {
  it.effect("is approved, with a second factor if need be", () =>
    Effect.gen(function*() {
      const browser = yield* open
      for (const person of [jane, mia]) {
        const { answer, shown } = yield* device
        expect(refusal(yield* pollDevice(answer))).toMatchObject({ codes: [70016] })
        const { decideOnDevice } = person === jane ? browser : yield* open
        expect(yield* decideOnDevice(shown, person)).toBe("approved")
        expect((yield* pollDevice(answer)).status).toBe(200)
      }
    }).pipe(Effect.provide(emulator())))

  it.effect("is declined", () =>
    Effect.gen(function*() {
      const { answer, shown } = yield* device
      const { decideOnDevice } = yield* Emulator.Emulator
      expect(yield* decideOnDevice(shown, { ...jane, consent: "deny" })).toBe("declined")
      expect(refusal(yield* pollDevice(answer))).toMatchObject({ codes: [70002] })
    }).pipe(Effect.provide(emulator())))

  it.effect("is not decided on with a wrong code, or by whom it does not admit", () =>
    Effect.gen(function*() {
      const { answer, shown } = yield* device
      const { decideOnDevice } = yield* Emulator.Emulator
      const wrong = yield* Effect.flip(decideOnDevice({ ...shown, userCode: "WRONGCODE" }, jane))
      expect(wrong.message).toContain("code is wrong")
      const stranger = { username: "kim@fabrikam.example", password: "rainy window" }
      expect(yield* Effect.flip(decideOnDevice(shown, stranger))).toMatchObject({ code: 50020 })
      expect(refusal(yield* pollDevice(answer))).toMatchObject({ codes: [70002] })
    }).pipe(Effect.provide(emulator())))
})
