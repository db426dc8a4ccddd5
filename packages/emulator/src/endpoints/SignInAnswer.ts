/**
 * What a person's answer changes.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import * as Directory from "../directory/Directory.js"
import * as Consent from "../grants/Consent.js"
import { type EntraError, entraError } from "../protocol/EntraError.js"
import type { Parameters } from "../protocol/Parameters.js"
import * as Control from "../state/Control.js"
import * as SignIn from "../state/SignIn.js"
import { nextSerial, World } from "../state/World.js"
import * as Session from "./Session.js"

/**
 * The sign-in after the answer, or why it ends. A wrong answer asks again, and so does the form of another step.
 *
 * @category programs
 */
export const take = (
  signIn: SignIn.SignIn,
  step: SignIn.Step,
  answer: Parameters,
  app: Directory.App
): Effect.Effect<SignIn.SignIn | EntraError, never, World> => {
  const calm = { ...signIn, alert: undefined }
  if (!answers(answer, step)) return Effect.succeed(calm)
  switch (step._tag) {
    case "PickAccount": {
      const picked = step.people.find(({ username }) => username === answer["account"])
      return Effect.succeed({
        ...calm,
        ...without(signIn, "select_account"),
        ...(picked === undefined ? { personId: SignIn.otherAccount, loginHint: undefined } : { personId: picked.id })
      })
    }
    case "EnterPassword":
      return enterPassword(calm, answer)
    case "EnterCode":
      return enterCode(calm, step.person, answer)
    case "ChangePassword":
      return changePassword(calm, step.person, answer)
    case "Consent":
      return answer["decision"] === "accept"
        ? Effect.gen(function*() {
          const membership = Directory.membership(signIn.authority, step.person)
          if (membership !== undefined) yield* Consent.give(app, membership, signIn.scopes)
          return { ...calm, ...without(signIn, "consent"), hasConsented: true }
        })
        : Effect.succeed(entraError(65004))
    case "ConfirmDevice":
      return Effect.succeed(answer["decision"] === "accept" ? { ...calm, hasConfirmed: true } : entraError(65004))
    case "Done":
    case "Refuse":
      return Effect.succeed(calm)
  }
}

/** What a form that does not name its step is known by. */
const telling: Readonly<Record<SignIn.Step["_tag"], string | undefined>> = {
  PickAccount: "account",
  EnterPassword: "password",
  EnterCode: "code",
  ChangePassword: "new_password",
  Consent: "decision",
  ConfirmDevice: "decision",
  Done: undefined,
  Refuse: undefined
}

/** Whether the form is the step's own, and not one of a page shown before. */
const answers = (answer: Parameters, { _tag }: SignIn.Step): boolean => {
  const field = telling[_tag]
  return answer["step"] === undefined ? field !== undefined && answer[field] !== undefined : answer["step"] === _tag
}

const longestUsername = 256

const without = ({ prompt }: SignIn.SignIn, word: string) => ({
  prompt: new Set([...prompt].filter((one) => one !== word))
})

const alerts = (signIn: SignIn.SignIn, { description }: EntraError): SignIn.SignIn => ({
  ...signIn,
  alert: description
})

const enterPassword = (signIn: SignIn.SignIn, answer: Parameters) =>
  Effect.gen(function*() {
    const { directory, identifiers } = yield* World
    const username = (answer["username"] ?? "").trim().slice(0, longestUsername)
    const remembered = {
      ...signIn,
      loginHint: username === "" ? signIn.loginHint : username,
      personId: SignIn.otherAccount
    }
    const person = Directory.personByName(yield* Ref.get(directory), username)
    if (person === undefined) {
      return alerts(
        remembered,
        entraError(50034, { username, tenant: signIn.authority.tenant?.name ?? signIn.authority.segment })
      )
    }
    if (person.password !== answer["password"]) return alerts(remembered, entraError(50126))
    if (person.blocked) return alerts(remembered, entraError(50057))
    const browser = yield* Session.renew(signIn.browser)
    yield* Session.add(browser, person.id, {
      authTime: Math.floor((yield* Clock.currentTimeMillis) / 1000),
      methods: ["pwd"],
      sessionId: yield* identifiers.guid,
      serial: yield* nextSerial
    })
    return { ...signIn, ...without(signIn, "login"), browser, personId: person.id }
  })

const enterCode = (signIn: SignIn.SignIn, person: Directory.Person, answer: Parameters) =>
  Effect.gen(function*() {
    if (answer["code"]?.trim() !== person.mfaCode) {
      return { ...signIn, personId: person.id, alert: "The code is wrong." }
    }
    const session = (yield* Session.signedIn(signIn.browser)).find(({ personId }) => personId === person.id)
    if (session !== undefined) {
      const { methods } = session.authentication
      yield* Session.add(signIn.browser, person.id, { ...session.authentication, methods: [...methods, "mfa"] })
    }
    return { ...signIn, personId: person.id }
  })

const changePassword = (signIn: SignIn.SignIn, person: Directory.Person, answer: Parameters) =>
  Effect.gen(function*() {
    const password = answer["new_password"] ?? ""
    if (password.length < 8 || password === person.password) {
      return { ...signIn, personId: person.id, alert: "Choose a new password of at least eight characters." }
    }
    if (password !== answer["confirm_password"]) {
      return { ...signIn, personId: person.id, alert: "The two passwords differ." }
    }
    const session = (yield* Session.signedIn(signIn.browser)).find(({ personId }) => personId === person.id)
    yield* Effect.orDie(Control.changeUser(person.username, { password, mustChangePassword: false }))
    // A new password ends every sign-in but the one it was chosen in.
    if (session !== undefined) {
      yield* Session.add(signIn.browser, person.id, { ...session.authentication, serial: yield* nextSerial })
    }
    return { ...signIn, personId: person.id }
  })
