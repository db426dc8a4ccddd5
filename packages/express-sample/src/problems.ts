/**
 * From errors to what a person is told of them: what happened and what to do, and nothing that is not theirs to see.
 */
import { AuthError, InteractionRequired, InvalidArgument } from "@grantwork/promise"
import { FormRefused } from "./forms.js"

/** What a page tells of an error. */
export interface Problem {
  /** HTTP status. */
  readonly status: number
  readonly title: string
  readonly text: string
  /** What to call the problem when asking for help. */
  readonly code: string
  /** The provider's identifier of the request, if there was one. */
  readonly correlationId?: string | undefined
  /** What the next sign-in has to bring. */
  readonly claims?: string | undefined
}

type Told = Pick<Problem, "status" | "title" | "text">

const mismatch: Told = {
  status: 400,
  title: "This sign-in cannot be finished",
  text:
    "The answer does not belong to a sign-in that this browser has begun. It may have been used before, changed on its way, or taken too long."
}

const unavailable: Told = {
  status: 503,
  title: "The identity provider does not answer",
  text: "Nothing is wrong on your side. Try again in a moment."
}

const interaction: Readonly<Record<InteractionRequired["reason"], string>> = {
  no_account: "Your sign-in has ended.",
  no_token: "Your sign-in has ended.",
  expired: "Your sign-in has ended.",
  login: "The identity provider wants you to sign in once more.",
  consent: "You, or an administrator, have to give this app permission first.",
  mfa: "The identity provider asks for a second proof that it is you.",
  password: "Your password has to be changed first.",
  policy: "A policy of your organisation asks for more than your device or network offers.",
  claims: "The identity provider asks for a stronger sign-in."
}

const told = (error: AuthError): Told => {
  if (error instanceof InteractionRequired) {
    return { status: 403, title: "One more step is needed", text: interaction[error.reason] }
  }
  if (error instanceof InvalidArgument && error.argument.startsWith("flow")) return mismatch
  switch (error._tag) {
    case "ResponseMismatch":
      return mismatch
    case "AccessDenied":
      return {
        status: 403,
        title: "You are not signed in",
        text: "You, or a policy of your organisation, said no. The app has learnt nothing about you."
      }
    case "InvalidGrant":
      return {
        status: 400,
        title: "This sign-in cannot be finished",
        text: "The identity provider no longer accepts its own answer: it was used before, or taken too long."
      }
    case "NetworkFailure":
    case "ServerUnavailable":
    case "Throttled":
      return unavailable
    default:
      return {
        status: 500,
        title: "The sign-in did not work",
        text: "This is for the people who run this app to mend. Tell them the code below."
      }
  }
}

const entraCodes = ({ errorCodes }: AuthError): string => errorCodes.map((code) => ` AADSTS${code}`).join("")

/** The status of a request that Express could not read, such as 413. */
const refusedStatus = (error: unknown): number | undefined =>
  error instanceof Error && "status" in error && typeof error.status === "number" && error.status < 500
    ? error.status
    : undefined

/** What the server's log says of an error: the provider's own words may hold what is personal, and stay out. */
export const logLine = (error: unknown): string => {
  const { code, correlationId } = problemOf(error)
  if (code === "Unexpected") return error instanceof Error ? error.stack ?? error.name : "Unexpected"
  return correlationId !== undefined && /^[\w-]{1,64}$/.test(correlationId) ? `${code} ${correlationId}` : code
}

export const problemOf = (error: unknown): Problem => {
  if (error instanceof AuthError) {
    return {
      ...told(error),
      code: `${error._tag}${entraCodes(error)}`,
      correlationId: error.correlationId,
      claims: error instanceof InteractionRequired ? error.claims : undefined
    }
  }
  if (error instanceof FormRefused) {
    return {
      status: 403,
      title: "This form is out of date",
      text: "Your session has changed since the page was made. Nothing was done.",
      code: error.name
    }
  }
  const status = refusedStatus(error)
  return status === undefined
    ? { status: 500, title: "Something went wrong", text: "It is not your fault.", code: "Unexpected" }
    : { status, title: "This request makes no sense", text: "The app could not read it.", code: `HTTP ${status}` }
}
