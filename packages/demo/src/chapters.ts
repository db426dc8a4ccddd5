import type { AuthError } from "@grantwork/core/AuthError"
import type { MicrosoftSetting, Setting } from "./Setting.js"

/** What both doors' token results have. */
export interface Tokens {
  readonly scopes: ReadonlyArray<string>
  readonly source: "cache" | "identity-provider"
}

/** What both doors' accounts have. */
export interface Person {
  readonly username: string
}

/** What both doors' errors have. */
export interface Refusal {
  readonly _tag: string
  readonly message: string
  /** The server's own code, if it was the server that refused. */
  readonly error?: string | undefined
  /** What a new sign-in has to meet. */
  readonly claims?: string | undefined
}

/** What an API says to a token. */
export interface Answer {
  readonly status: number
}

/** Whom a token is for that an application has in its own name. */
const nobody = "nobody"

type Origin = "cache" | "network"

/** How a chapter ends. */
export type Ending =
  | { readonly _tag: "Granted"; readonly who: string; readonly scopes: ReadonlyArray<string>; readonly from: Origin }
  | { readonly _tag: "Listed"; readonly who: ReadonlyArray<string> }
  | { readonly _tag: "Refused"; readonly error: Refusal }
  | { readonly _tag: "Answered"; readonly answer: Answer }
  | { readonly _tag: "Shared"; readonly origins: ReadonlyArray<Origin>; readonly refreshes: number }

export const endsGranted = ({ scopes, source }: Tokens, person: Person | undefined): Ending => ({
  _tag: "Granted",
  who: person?.username ?? nobody,
  scopes,
  from: source === "cache" ? "cache" : "network"
})

export const endsListed = (people: ReadonlyArray<Person>): Ending => ({
  _tag: "Listed",
  who: people.map(({ username }) => username).sort()
})

export const endsRefused = (error: Refusal): Ending => ({ _tag: "Refused", error })

export const endsAnswered = (answer: Answer): Ending => ({ _tag: "Answered", answer })

export const endsShared = (sources: ReadonlyArray<Tokens["source"]>, refreshes: number): Ending => ({
  _tag: "Shared",
  origins: sources.map((source) => source === "cache" ? "cache" as const : "network" as const).sort(),
  refreshes
})

/** A title, who it is about, and the only way the chapter may end. */
export interface Chapter {
  readonly title: string
  readonly who: string
  readonly expected: string
}

/** What has to be the same each time the story is told. */
export const summarize = (ending: Ending): string => {
  switch (ending._tag) {
    case "Granted":
      return granted(ending.who, ending.from)
    case "Listed":
      return listed(ending.who)
    case "Refused":
      return refused(ending.error._tag)
    case "Answered":
      return answered(ending.answer)
    case "Shared":
      return shared(ending.origins, ending.refreshes)
  }
}

const granted = (who: string, from: Origin): string => `a token for ${who} from the ${from}`
const listed = (who: ReadonlyArray<string>): string => `signed in: ${who.join(", ")}`
const refused = (tag: string): string => `refused: ${tag}`

const shared = (origins: ReadonlyArray<Origin>, refreshes: number): string =>
  `shared: ${origins.join(" and ")}, refreshes: ${refreshes}`

const answered = ({ status }: Answer): string => `answered: ${status}`

const grants = (title: string, who: string, from: Origin): Chapter => ({ title, who, expected: granted(who, from) })
const lists = (title: string, ...who: ReadonlyArray<string>): Chapter => ({
  title,
  who: who.join(", "),
  expected: listed([...who].sort())
})
const refuses = (title: string, who: string, tag: AuthError["_tag"]): Chapter => ({
  title,
  who,
  expected: refused(tag)
})

const answers = (title: string, who: string, status: number): Chapter => ({
  title,
  who,
  expected: answered({ status })
})

/** Both tellings tell these chapters, in this order, at any provider. */
export const chapters = ({ jane: { username: jane }, kim: { username: kim }, sam: { username: sam } }: Setting) => ({
  browser: grants("Sign in by code and PKCE", jane, "network"),
  cached: grants("The token again", jane, "cache"),
  refreshed: grants("Forced refresh", jane, "network"),
  rotated: grants("Once more, by the rotated refresh token", jane, "network"),
  password: grants("Username and password", sam, "network"),
  imported: grants("Import of a refresh token", kim, "network"),
  accounts: lists("List of accounts", jane, sam, kim),
  wrongPassword: refuses("A wrong password", sam, "InvalidCredentials"),
  deniedConsent: refuses("A denied consent", jane, "AccessDenied"),
  tamperedState: refuses("A tampered state", jane, "ResponseMismatch"),
  removed: lists("Removal of an account", sam, kim),
  silentNoMore: refuses("The removed account's token", jane, "InteractionRequired")
})

/** And these at Microsoft's. */
export const microsoftChapters = (
  { jane: { username: jane }, kim: { username: kim }, sam: { username: sam } }: Setting,
  { mia: { username: mia } }: MicrosoftSetting
) => ({
  consentMissing: refuses("A password where consent is missing", sam, "InteractionRequired"),
  consentGiven: grants("Consent, asked for and given", sam, "network"),
  mfaDemanded: refuses("A password where a second factor is due", mia, "InteractionRequired"),
  mfaMet: grants("The second factor, by the claims demanded", mia, "network"),
  signedInAgain: grants("Sign in again", jane, "network"),
  profile: answers("Her profile, from the API", jane, 200),
  challengeMet: answers("The API demands a newer token, and gets it", jane, 200),
  proven: answers("Her profile, by a token bound to a key", jane, 200),
  family: grants("Sign in to an application of a family", jane, "network"),
  sibling: grants("Its sibling's token, without a sign-in", jane, "network"),
  daemon: grants("A daemon, proven by its certificate", nobody, "network"),
  daemonAgain: grants("Its token again", nobody, "cache"),
  guest: grants("A guest's token in another tenant", sam, "network"),
  bothTenants: lists("Accounts of two tenants", sam, kim, mia, jane)
})

/** And this where processes share a cache. */
export const sharedChapter = ({ kim: { username } }: Setting): Chapter => ({
  title: "Two processes ask for one token",
  who: username,
  expected: shared(["cache", "network"], 1)
})
