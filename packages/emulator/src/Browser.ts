/**
 * A browser for tests: it answers the emulator's pages as a person would, without showing them.
 */
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import * as Directory from "./directory/Directory.js"
import { nextStep } from "./endpoints/SignInPages.js"
import type * as Reply from "./http/Reply.js"
import { RequestOrigin } from "./http/RequestOrigin.js"
import { answer, type Route } from "./http/serve.js"
import { authorizeRoute, devicePageRoute, deviceRoute, logoutRoute, signInRoute } from "./routes.js"
import { otherAccount, type Step } from "./state/SignIn.js"
import { World } from "./state/World.js"

/**
 * Who sits at the browser, and what they do there.
 *
 * @category models
 */
export interface Person {
  readonly username: string
  readonly password: string
  /** What to answer when asked for a second factor; the user's own code unless given. */
  readonly mfaCode?: string | undefined
  /** What to answer when asked for a new password. */
  readonly newPassword?: string | undefined
  /** Accept unless told otherwise. */
  readonly consent?: "accept" | "deny" | undefined
}

/**
 * What the browser brings to the redirect URI.
 *
 * @category models
 */
export interface AuthorizationResponse {
  /** As it stands in the address bar; without the parameters of a `form_post`. */
  readonly url: URL
  readonly parameters: URLSearchParams
}

/**
 * The emulator led nowhere: it refused with a page, or the person could not do what they wanted.
 *
 * @category errors
 */
export class SignInFailed extends Data.TaggedError("SignInFailed")<{
  readonly message: string
  /** AADSTS number, where the emulator refused. */
  readonly code?: number | undefined
}> {}

/**
 * Keeps its session from one sign-in to the next.
 *
 * @category models
 */
export interface Browser {
  /** Goes to the authorization endpoint, and comes back with what it answers. */
  readonly signIn: (
    authorizationUrl: string | URL,
    person: Person
  ) => Effect.Effect<AuthorizationResponse, SignInFailed>
  /** Enters the code that a device shows, signs in and decides. */
  readonly decideOnDevice: (
    device: { readonly verificationUri: string | URL; readonly userCode: string },
    person: Person
  ) => Effect.Effect<"approved" | "declined", SignInFailed>
  /** Goes to the logout endpoint; none where it leads nowhere else. */
  readonly signOut: (logoutUrl: string | URL) => Effect.Effect<URL | undefined, SignInFailed>
}

/** @category constructors */
export const make: Effect.Effect<Browser, never, World> = Effect.gen(function*() {
  const world = yield* World
  const cookie = yield* Ref.make("")

  const send = (route: Route, url: URL, form?: Readonly<Record<string, string>>) =>
    Effect.flatMap(Ref.get(cookie), (brought) =>
      answer(route).pipe(
        Effect.provideService(
          HttpServerRequest.HttpServerRequest,
          HttpServerRequest.fromWeb(
            new Request(url, {
              headers: { cookie: brought },
              ...(form !== undefined && { method: "POST", body: new URLSearchParams(form) })
            })
          )
        )
      )).pipe(
        Effect.tap(({ headers: { "set-cookie": set } }) =>
          set === undefined ? Effect.void : Ref.set(cookie, set.replace(/;.*/, ""))
        ),
        Effect.provideService(RequestOrigin, url.origin),
        Effect.provideService(World, world),
        Effect.mapError(() => new SignInFailed({ message: "The connection was dropped." }))
      )

  /** Until an answer leads away from the pages of the sign-in. */
  const answerPages = (
    reply: Reply.Reply,
    origin: string,
    person: Person,
    left: number = mostPages
  ): Effect.Effect<Reply.Reply, SignInFailed> =>
    Effect.gen(function*() {
      const id = reply._tag === "Redirect" ? signInId(reply.location, origin) : undefined
      if (id === undefined) return reply
      const present = yield* world.present
      const signIn = yield* present.signIns.get(id)
      if (signIn === undefined) return yield* new SignInFailed({ message: "The sign-in ended early." })
      if (signIn.alert !== undefined || left === 0) {
        return yield* new SignInFailed({ message: signIn.alert ?? "The sign-in has no end." })
      }
      const step = yield* nextStep(signIn).pipe(
        Effect.provideService(World, present),
        Effect.mapError(failed)
      )
      const url = new URL(`${origin}/sign-in/${id}`)
      const form = { step: step._tag, ...fillIn(step, person) }
      return yield* answerPages(yield* send(signInRoute, url, form), origin, person, left - 1)
    })

  return {
    signIn: (authorizationUrl, person) =>
      Effect.gen(function*() {
        const url = yield* address(authorizationUrl)
        const reply = yield* answerPages(yield* send(authorizeRoute, url), url.origin, person)
        const response = yield* arrive(reply)
        const code = yield* (yield* world.present).codes.get(response.parameters.get("code") ?? "")
        const { directory } = yield* world.present
        const known = yield* Ref.get(directory)
        const signedIn = code && Directory.personById(known, code.personId)
        return signedIn === undefined || signedIn === Directory.personByName(known, person.username)
          ? response
          : yield* new SignInFailed({
            message:
              `${signedIn.username} is signed in in this browser. Ask for prompt=select_account, or take a new one.`
          })
      }),
    decideOnDevice: ({ userCode, verificationUri }, person) =>
      Effect.gen(function*() {
        const url = yield* address(verificationUri)
        yield* send(devicePageRoute, url)
        const entered = yield* send(deviceRoute, url, { user_code: userCode })
        if (entered._tag !== "Redirect") {
          return yield* new SignInFailed({ message: "The code is wrong, was used, or has expired." })
        }
        const { refusal } = yield* answerPages(entered, url.origin, person)
        if (refusal === undefined) return "approved"
        return person.consent === "deny" ? "declined" : yield* failed(refusal)
      }),
    signOut: (logoutUrl) =>
      Effect.gen(function*() {
        const reply = yield* send(logoutRoute, yield* address(logoutUrl))
        if (reply.refusal !== undefined) return yield* failed(reply.refusal)
        return reply._tag === "Redirect" ? new URL(reply.location) : undefined
      })
  }
})

const failed = ({ description, number }: Reply.Refusal): SignInFailed =>
  new SignInFailed({ code: number, message: `AADSTS${number}: ${description}` })

const address = (url: string | URL): Effect.Effect<URL, SignInFailed> =>
  Effect.try({
    try: () => new URL(url),
    catch: () => new SignInFailed({ message: "This is no address of the emulator." })
  })

const signInId = (location: string, origin: string): string | undefined =>
  location.startsWith(`${origin}/sign-in/`) ? location.slice(`${origin}/sign-in/`.length) : undefined

const arrive = (reply: Reply.Reply): Effect.Effect<AuthorizationResponse, SignInFailed> => {
  switch (reply._tag) {
    case "FormPost":
      return Effect.succeed({ url: new URL(reply.action), parameters: reply.parameters })
    case "Redirect": {
      const url = new URL(reply.location)
      const text = url.hash === "" ? url.search : url.hash.slice(1)
      return Effect.succeed({ url, parameters: new URLSearchParams(text) })
    }
    default:
      return Effect.fail(
        reply.refusal === undefined
          ? new SignInFailed({ message: `The emulator answered with HTTP ${reply.status}.` })
          : failed(reply.refusal)
      )
  }
}

const mostPages = 10

const fillIn = (step: Step, person: Person): Readonly<Record<string, string>> => {
  const { consent = "accept", newPassword = "", password, username } = person
  switch (step._tag) {
    case "PickAccount": {
      const isListed = step.people.some((one) => one.username.toLowerCase() === username.toLowerCase())
      return { account: isListed ? username : otherAccount }
    }
    case "EnterPassword":
      return { username, password }
    case "EnterCode":
      return { code: person.mfaCode ?? step.person.mfaCode }
    case "ChangePassword":
      return { new_password: newPassword, confirm_password: newPassword }
    case "Consent":
    case "ConfirmDevice":
      return { decision: consent }
    case "Done":
    case "Refuse":
      return {}
  }
}
