/**
 * A sign-in under way in a browser, and what has to come next.
 */
import * as Either from "effect/Either"
import * as Directory from "../directory/Directory.js"
import type { ClaimsRequest } from "../protocol/ClaimsRequest.js"
import { type EntraError, entraError } from "../protocol/EntraError.js"
import type { Scopes } from "../protocol/Scopes.js"
import type { Permission, Tenant } from "../scenario/Scenario.js"
import * as Admission from "./Admission.js"
import type { Authentication } from "./Authentication.js"

/**
 * Somebody whom a browser's session knows.
 *
 * @category models
 */
export interface SignedIn {
  readonly personId: string
  readonly authentication: Authentication
}

/** @category models */
export type ResponseMode = "query" | "fragment" | "form_post"

/**
 * What the sign-in is for.
 *
 * @category models
 */
export type Purpose =
  | {
    readonly _tag: "Authorization"
    readonly redirectUri: string
    readonly responseMode: ResponseMode
    readonly state: string | undefined
    readonly nonce: string | undefined
    readonly challenge: string | undefined
    readonly wantsClientInfo: boolean
  }
  | { readonly _tag: "Device"; readonly deviceCode: string }

/** @category models */
export interface SignIn {
  readonly id: string
  /** The browser it was begun in, which alone can go on with it. */
  readonly browser: string
  readonly authority: Directory.Authority
  readonly clientId: string
  readonly purpose: Purpose
  readonly scopes: Scopes
  readonly claims: ClaimsRequest
  /** Seconds since 1970. */
  readonly startedAt: number
  /** Words of `prompt` that are still to be met. */
  readonly prompt: ReadonlySet<string>
  readonly loginHint: string | undefined
  /** Domain whose people are meant, or `organizations` or `consumers`. */
  readonly domainHint: string | undefined
  /** Seconds that somebody may have been signed in for when the sign-in starts. */
  readonly maxAge: number | undefined
  /** Whom the person chose, or is. */
  readonly personId: string | undefined
  readonly hasConsented: boolean
  /** Whether the person said that it is their device that is signing in. */
  readonly hasConfirmed: boolean
  /** What was wrong with the last answer. */
  readonly alert: string | undefined
}

/**
 * What comes next.
 *
 * @category models
 */
export type Step =
  | { readonly _tag: "PickAccount"; readonly people: ReadonlyArray<Directory.Person> }
  | { readonly _tag: "EnterPassword"; readonly username: string }
  | { readonly _tag: "ChangePassword"; readonly person: Directory.Person }
  | { readonly _tag: "EnterCode"; readonly person: Directory.Person }
  | { readonly _tag: "Consent"; readonly person: Directory.Person; readonly permissions: ReadonlyArray<Permission> }
  | { readonly _tag: "ConfirmDevice"; readonly person: Directory.Person }
  | { readonly _tag: "Refuse"; readonly error: EntraError }
  | {
    readonly _tag: "Done"
    readonly membership: Directory.Membership
    readonly authentication: Authentication
  }

/**
 * What the step depends on besides the sign-in itself.
 *
 * @category models
 */
export interface Circumstances {
  readonly directory: Directory.Directory
  readonly app: Directory.App
  readonly signedIn: ReadonlyArray<SignedIn>
  readonly consented: (membership: Directory.Membership) => ReadonlySet<string>
}

const other = "other"

/** The choice of an account that is not in the list. */
export const otherAccount = other

/** @category getters */
export const next = (signIn: SignIn, circumstances: Circumstances): Step => {
  const { app, signedIn } = circumstances
  const choice = chosen(signIn, circumstances)
  if (choice._tag !== "Person") return choice

  const { person } = choice
  const session = signedIn.find(({ personId }) => personId === person.id)
  const isStale = session !== undefined && signIn.maxAge !== undefined
    && (signIn.startedAt - session.authentication.authTime > signIn.maxAge
      // No earlier sign-in is recent enough then, even one of the same second.
      || (signIn.maxAge === 0 && signIn.prompt.has("none")))
  if (session === undefined || isStale || signIn.prompt.has("login")) {
    return asking(signIn, { _tag: "EnterPassword", username: person.username }, 50058)
  }
  const { claims, scopes } = signIn
  const admission = Admission.check({
    app,
    authority: signIn.authority,
    person,
    methods: session.authentication.methods,
    scopes,
    claims,
    consented: circumstances.consented
  })
  if (Either.isLeft(admission)) {
    switch (admission.left._tag) {
      case "Refused":
        return refuse(admission.left.error)
      case "PasswordDue":
        return asking(signIn, { _tag: "ChangePassword", person }, 50058)
      case "SecondFactorDue":
        return asking(signIn, { _tag: "EnterCode", person }, 50076)
      case "ConsentDue":
        return asking(signIn, { _tag: "Consent", person, permissions: scopes.permissions }, 65001)
    }
  }
  if (signIn.prompt.has("consent") && !signIn.hasConsented) {
    return asking(signIn, { _tag: "Consent", person, permissions: scopes.permissions }, 65001)
  }
  return signIn.purpose._tag === "Device" && !signIn.hasConfirmed
    ? { _tag: "ConfirmDevice", person }
    : { _tag: "Done", membership: admission.right, authentication: session.authentication }

  function refuse(error: EntraError): Step {
    return { _tag: "Refuse", error }
  }

  function asking(signIn: SignIn, step: Step, code: 50058 | 50076 | 65001): Step {
    return signIn.prompt.has("none") ? refuse(silently(code, app, signIn)) : step
  }
}

const silently = (code: 50058 | 50076 | 65001, app: Directory.App, { scopes }: SignIn): EntraError => {
  const words = { app: app.name, resource: scopes.resource.name }
  switch (code) {
    case 50058:
      return entraError(code, words)
    case 50076:
      return entraError(code, words, { error: "interaction_required" })
    case 65001:
      return entraError(code, words, { error: "consent_required" })
  }
}

const isMeant = ({ domains, personal }: Tenant, hint: string | undefined): boolean => {
  switch (hint) {
    case undefined:
      return true
    case "organizations":
      return !personal
    case "consumers":
      return personal
    default:
      return domains.includes(hint)
  }
}

const chosen = (
  signIn: SignIn,
  { directory, signedIn }: Circumstances
): { readonly _tag: "Person"; readonly person: Directory.Person } | Step => {
  const people = signedIn
    .flatMap(({ personId }) => Directory.personById(directory, personId) ?? [])
    .filter(({ home }) => isMeant(home, signIn.domainHint?.toLowerCase()))
  const none = signIn.prompt.has("none")
  if (signIn.personId === other) return { _tag: "EnterPassword", username: signIn.loginHint ?? "" }
  if (signIn.personId !== undefined) {
    const person = Directory.personById(directory, signIn.personId)
    return person === undefined ? { _tag: "EnterPassword", username: "" } : { _tag: "Person", person }
  }
  if (signIn.prompt.has("select_account") && people.length > 0) return { _tag: "PickAccount", people }
  if (signIn.loginHint !== undefined) {
    const hinted = Directory.personByName(directory, signIn.loginHint)
    if (hinted !== undefined && people.includes(hinted)) return { _tag: "Person", person: hinted }
    return none
      ? { _tag: "Refuse", error: entraError(50058) }
      : { _tag: "EnterPassword", username: signIn.loginHint }
  }
  const [person, ...more] = people
  if (person === undefined) {
    return none ? { _tag: "Refuse", error: entraError(50058) } : { _tag: "EnterPassword", username: "" }
  }
  if (signIn.prompt.has("login")) return { _tag: "EnterPassword", username: more.length === 0 ? person.username : "" }
  if (more.length === 0) return { _tag: "Person", person }
  return none ? { _tag: "Refuse", error: entraError(16000) } : { _tag: "PickAccount", people }
}
