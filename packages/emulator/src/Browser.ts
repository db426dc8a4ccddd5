/**
 * A browser for tests: it answers the emulator's pages as a person would, without showing them.
 */
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Session from "./endpoints/Session.js"
import { nextStep } from "./endpoints/SignInPages.js"
import type * as Reply from "./http/Reply.js"
import { RequestOrigin } from "./http/RequestOrigin.js"
import { answer, type Route } from "./http/serve.js"
import { authorizeRoute, signInRoute } from "./routes.js"
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
 * The emulator showed a page that leads no further.
 *
 * @category errors
 */
export class SignInFailed extends Data.TaggedError("SignInFailed")<{ readonly message: string }> {}

/**
 * Keeps its session from one sign-in to the next.
 *
 * @category models
 */
export interface Browser {
  readonly signIn: (
    authorizationUrl: string | URL,
    person: Person
  ) => Effect.Effect<AuthorizationResponse, SignInFailed>
}

/** @category constructors */
export const make: Effect.Effect<Browser, never, World> = Effect.gen(function*() {
  const world = yield* World
  const cookie = Session.cookie(yield* world.identifiers.secret(""))

  const send = (route: Route, url: URL, form?: Readonly<Record<string, string>>) =>
    answer(route).pipe(
      Effect.provideService(
        HttpServerRequest.HttpServerRequest,
        HttpServerRequest.fromWeb(
          new Request(url, {
            headers: { cookie },
            ...(form !== undefined && { method: "POST", body: new URLSearchParams(form) })
          })
        )
      ),
      Effect.provideService(RequestOrigin, url.origin),
      Effect.provideService(World, world),
      Effect.mapError(() => new SignInFailed({ message: "The connection was dropped." }))
    )

  const answerPages = (
    reply: Reply.Reply,
    origin: string,
    person: Person,
    left: number
  ): ReturnType<Browser["signIn"]> =>
    Effect.gen(function*() {
      if (reply._tag === "FormPost") return { url: new URL(reply.action), parameters: reply.parameters }
      if (reply._tag !== "Redirect") return yield* new SignInFailed({ message: "The emulator showed an error page." })
      const url = new URL(reply.location)
      if (url.origin !== origin || !url.pathname.startsWith("/sign-in/")) {
        return { url, parameters: new URLSearchParams(url.hash === "" ? url.search : url.hash.slice(1)) }
      }
      const signIn = yield* world.signIns.get(url.pathname.slice("/sign-in/".length))
      if (signIn === undefined) return yield* new SignInFailed({ message: "The sign-in ended early." })
      if (signIn.alert !== undefined || left === 0) {
        return yield* new SignInFailed({ message: signIn.alert ?? "The sign-in has no end." })
      }
      const step = yield* nextStep(signIn).pipe(
        Effect.provideService(World, world),
        Effect.mapError(({ description }) => new SignInFailed({ message: description }))
      )
      return yield* answerPages(yield* send(signInRoute, url, fillIn(step, person)), origin, person, left - 1)
    })

  return {
    signIn: (authorizationUrl, person) =>
      Effect.gen(function*() {
        const url = new URL(authorizationUrl)
        return yield* answerPages(yield* send(authorizeRoute, url), url.origin, person, mostPages)
      })
  }
})

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
