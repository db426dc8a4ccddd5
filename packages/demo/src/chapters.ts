import type { AuthError } from "@grantwork/core/AuthError"

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
}

type Origin = "cache" | "network"

/** How a chapter ends. */
export type Ending =
  | { readonly _tag: "Granted"; readonly who: string; readonly scopes: ReadonlyArray<string>; readonly from: Origin }
  | { readonly _tag: "Listed"; readonly who: ReadonlyArray<string> }
  | { readonly _tag: "Refused"; readonly error: Refusal }

export const endsGranted = ({ scopes, source }: Tokens, person: Person | undefined): Ending => ({
  _tag: "Granted",
  who: person?.username ?? "nobody",
  scopes,
  from: source === "cache" ? "cache" : "network"
})

export const endsListed = (people: ReadonlyArray<Person>): Ending => ({
  _tag: "Listed",
  who: people.map(({ username }) => username)
})

export const endsRefused = ({ _tag, error, message }: Refusal): Ending => ({
  _tag: "Refused",
  error: { _tag, message, error }
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
  }
}

const granted = (who: string, from: Origin): string => `a token for ${who} from the ${from}`
const listed = (who: ReadonlyArray<string>): string => `signed in: ${who.join(", ")}`
const refused = (tag: string): string => `refused: ${tag}`

const grants = (title: string, who: string, from: Origin): Chapter => ({ title, who, expected: granted(who, from) })
const lists = (title: string, ...who: ReadonlyArray<string>): Chapter => ({
  title,
  who: who.join(", "),
  expected: listed(who)
})
const refuses = (title: string, who: string, tag: AuthError["_tag"]): Chapter => ({
  title,
  who,
  expected: refused(tag)
})

/** Both tellings tell these chapters, in this order. */
export const chapters = {
  browser: grants("Sign in by code and PKCE", "jane", "network"),
  cached: grants("The token again", "jane", "cache"),
  refreshed: grants("Forced refresh", "jane", "network"),
  rotated: grants("Once more, by the rotated refresh token", "jane", "network"),
  password: grants("Username and password", "sam", "network"),
  imported: grants("Import of a refresh token", "kim", "network"),
  accounts: lists("List of accounts", "jane", "sam", "kim"),
  wrongPassword: refuses("A wrong password", "sam", "InvalidCredentials"),
  deniedConsent: refuses("A denied consent", "jane", "AccessDenied"),
  tamperedState: refuses("A tampered state", "jane", "ResponseMismatch"),
  removed: lists("Removal of an account", "sam", "kim"),
  silentNoMore: refuses("The removed account's token", "jane", "InteractionRequired")
}
