/**
 * The pages that a person is led through, one answer at a time.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import * as Directory from "../directory/Directory.js"
import * as Consent from "../grants/Consent.js"
import { Exchange } from "../http/Exchange.js"
import * as Reply from "../http/Reply.js"
import type { Handler } from "../http/serve.js"
import { messagePage } from "../pages/messagePage.js"
import { stepPage } from "../pages/stepPage.js"
import { type EntraError, entraError } from "../protocol/EntraError.js"
import { type Parameters, parse } from "../protocol/Parameters.js"
import * as SignIn from "../state/SignIn.js"
import { type DeviceCode, World } from "../state/World.js"
import * as AuthorizationResponse from "./AuthorizationResponse.js"
import { ownPagesOnly } from "./ownPagesOnly.js"
import * as Session from "./Session.js"
import * as Answer from "./SignInAnswer.js"

/**
 * Goes on with a sign-in: to its next page, or to its end.
 *
 * @category programs
 */
export const go = (signIn: SignIn.SignIn): Effect.Effect<Reply.Reply, EntraError, World | Exchange> =>
  Effect.gen(function*() {
    const { signIns } = yield* World
    const step = yield* nextStep(signIn)
    switch (step._tag) {
      case "Done":
        yield* signIns.take(signIn.id)
        return yield* finish(signIn, step)
      case "Refuse":
        yield* signIns.take(signIn.id)
        return yield* refuse(signIn, step.error)
      default:
        yield* signIns.set(signIn.id, signIn)
        return Reply.redirect(`${(yield* Exchange).origin}/sign-in/${signIn.id}`)
    }
  })

/** @category endpoints */
export const show: Handler = Effect.gen(function*() {
  const signIn = yield* underWay
  const directory = yield* Ref.get((yield* World).directory)
  const step = yield* nextStep(signIn)
  if (step._tag === "Done" || step._tag === "Refuse") return yield* go(signIn)
  return Reply.page(stepPage({
    step,
    app: yield* appOf(signIn),
    alert: signIn.alert,
    authority: signIn.authority,
    people: directory.people.filter((person) => Directory.membership(signIn.authority, person) !== undefined),
    scopes: signIn.scopes
  }))
})

/** @category endpoints */
export const submit: Handler = Effect.gen(function*() {
  yield* ownPagesOnly
  const signIn = yield* underWay
  const answer = yield* parse((yield* Exchange).form)
  // Of several answers at once, one counts.
  if ((yield* (yield* World).signIns.take(signIn.id)) === undefined) return yield* entraError(50089)
  return yield* answerWith(signIn, answer)
})

/** Takes a person's answer to the step that is next. */
const answerWith = (
  signIn: SignIn.SignIn,
  answer: Parameters
): Effect.Effect<Reply.Reply, EntraError, World | Exchange> =>
  Effect.gen(function*() {
    const step = yield* nextStep(signIn)
    const app = yield* appOf(signIn)
    const outcome = yield* Answer.take(signIn, step, answer, app)
    if ("number" in outcome) return yield* refuse(signIn, outcome)
    return Session.remember(yield* go(outcome), { id: outcome.browser, isNew: outcome.browser !== signIn.browser })
  })

/**
 * What comes next in a sign-in.
 *
 * @category getters
 */
export const nextStep = (signIn: SignIn.SignIn): Effect.Effect<SignIn.Step, EntraError, World> =>
  Effect.gen(function*() {
    const { directory } = yield* World
    const known = yield* Ref.get(directory)
    const app = yield* appOf(signIn)
    const consents = new Map<string, ReadonlySet<string>>()
    const signedIn = yield* Session.signedIn(signIn.browser)
    for (const { personId } of signedIn) {
      const person = Directory.personById(known, personId)
      const membership = person && Directory.membership(signIn.authority, person)
      if (membership !== undefined) consents.set(personId, yield* Consent.given(app, membership))
    }
    return SignIn.next(signIn, {
      directory: known,
      app,
      signedIn,
      consented: ({ person }) => consents.get(person.id) ?? new Set()
    })
  })

const underWay = Effect.gen(function*() {
  const { path } = yield* Exchange
  const signIn = yield* (yield* World).signIns.get(path.split("/")[2] ?? "")
  const id = yield* Session.known
  return signIn === undefined || signIn.browser !== id ? yield* entraError(50089) : signIn
})

const appOf = ({ clientId }: SignIn.SignIn) =>
  Effect.gen(function*() {
    const directory = yield* Ref.get((yield* World).directory)
    return Directory.appById(directory, clientId)
      ?? (yield* entraError(700016, { app: clientId, tenant: "of the request" }))
  })

const finish = (
  { claims, clientId, purpose, scopes, ...signIn }: SignIn.SignIn,
  { authentication, membership }: SignIn.Step & { readonly _tag: "Done" }
) =>
  Effect.gen(function*() {
    const { codes, directory, identifiers } = yield* World
    const app = yield* appOf({ ...signIn, claims, clientId, purpose, scopes })
    const personId = membership.person.id
    const tenantId = membership.tenant.id
    if (purpose._tag === "Device") {
      yield* decide(purpose.deviceCode, { _tag: "Approved", personId, tenantId, authentication })
      return Reply.page(messagePage({
        title: "You are signed in",
        text: `${app.name} goes on with your sign-in. You can close this page.`
      }))
    }
    const code = yield* identifiers.secret("1.")
    const { policies } = (yield* Ref.get(directory)).scenario
    yield* codes.set(code, {
      clientId,
      redirectUri: purpose.redirectUri,
      personId,
      tenantId,
      authentication,
      scopes,
      claims,
      nonce: purpose.nonce,
      challenge: purpose.challenge,
      expiresAt: Math.floor((yield* Clock.currentTimeMillis) / 1000) + policies.codeLifetime,
      lineage: yield* identifiers.guid,
      isRedeemed: false
    })
    return AuthorizationResponse.grant(purpose, code, membership, authentication)
  })

const refuse = ({ purpose }: SignIn.SignIn, error: EntraError) =>
  Effect.gen(function*() {
    if (purpose._tag === "Authorization") return yield* AuthorizationResponse.refuse(purpose, error)
    yield* decide(purpose.deviceCode, { _tag: "Declined" })
    const page = messagePage({ title: "The device is not signed in", text: error.description })
    return { ...Reply.page(page), refusal: error }
  })

/** The first decision on a device stands. */
const decide = (deviceCode: string, outcome: DeviceCode["outcome"]) =>
  Effect.gen(function*() {
    const { deviceCodes } = yield* World
    const device = yield* deviceCodes.get(deviceCode)
    if (device === undefined || device.outcome._tag !== "Pending") return yield* entraError(50089)
    if (device.expiresAt <= Math.floor((yield* Clock.currentTimeMillis) / 1000)) return yield* entraError(70020)
    return yield* deviceCodes.set(deviceCode, { ...device, outcome })
  })
