import { DefaultScenario } from "@grantwork/emulator"
import { writeFileSync } from "node:fs"
import { type Contents, contentsOf, type Entry } from "./sharedFile.js"

const somebody = {
  home_account_id: `b0000000-0000-4000-8000-00000000000b.${DefaultScenario.contoso}`,
  environment: "login.microsoftonline.com"
}
const credential = { ...somebody, client_id: "another", secret: "a secret", realm: DefaultScenario.contoso }
const accessToken = {
  ...credential,
  target: "files.read",
  cached_at: "1",
  expires_on: "9999999999",
  extended_expires_on: "9999999999"
}

/** What other programs keep for purposes of their own, by section and key. */
const planted: Contents = {
  AccessToken: {
    "a token bound to a key": {
      ...accessToken,
      credential_type: "AccessToken_With_AuthScheme",
      token_type: "pop",
      key_id: "a key"
    },
    "a client's own token": { ...accessToken, credential_type: "AccessToken", home_account_id: null },
    "a token with more to its key": { ...accessToken, credential_type: "ATExt" },
    "a token of a kind to come": { ...accessToken, credential_type: "AccessToken_Of_Tomorrow" },
    "no token at all": { note: "who knows" }
  },
  RefreshToken: { "a family's": { ...credential, credential_type: "RefreshToken", family_id: "7" } },
  IdToken: { "another client's": { ...credential, credential_type: "IdToken" } },
  Account: {
    "somebody else": {
      ...somebody,
      realm: DefaultScenario.contoso,
      local_account_id: "b0000000-0000-4000-8000-00000000000b",
      username: "somebody@else.example",
      authority_type: "MSSTS",
      account_source: "device_code"
    }
  },
  AppMetadata: {
    "appmetadata-login.microsoftonline.com-another": {
      client_id: "another",
      environment: "login.microsoftonline.com",
      family_id: "7",
      note: "who knows"
    },
    "an application under a key of its own": { client_id: "another", environment: "login.microsoftonline.com" }
  },
  AnotherSection: { entry: { list: [1, { deep: true }], nothing: null } }
}

/** Keys of what msal-node drops when it writes. */
export const lostByMsalNode: ReadonlyArray<string> = [
  "a token with more to its key",
  "a token of a kind to come",
  "no token at all",
  "an application under a key of its own"
]

const note = { a_note: { of: ["another program"] } }

const mapEntries = (contents: Contents, change: (entry: Entry) => Entry): Contents =>
  Object.fromEntries(
    Object.entries(contents).map(([section, entries]) => [
      section,
      Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key, change(entry)]))
    ])
  )

/** Puts it all into a file, and a note into each entry that is there. */
export const plant = (path: string): void => {
  const noted = mapEntries(contentsOf(path), (entry) => ({ ...entry, ...note }))
  const sections = new Set([...Object.keys(noted), ...Object.keys(planted)])
  writeFileSync(
    path,
    JSON.stringify(
      Object.fromEntries(
        Array.from(sections, (section) => [section, { ...noted[section], ...planted[section] }])
      )
    )
  )
}

const equal = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/** What of it a file lacks, or holds in another form, by key. */
export const lostOf = (path: string): ReadonlyArray<string> => {
  const contents = contentsOf(path)
  return Object.entries(planted).flatMap(([section, entries]) =>
    Object.entries(entries).flatMap(([key, entry]) => equal(contents[section]?.[key], entry) ? [] : [key])
  )
}

/** Sections in which every entry of a person has the note still. */
export const notedSections = (path: string, homeAccountId: string): ReadonlyArray<string> =>
  Object.entries(contentsOf(path)).flatMap(([section, entries]) => {
    const own = Object.values(entries).filter((entry) => entry["home_account_id"] === homeAccountId)
    return own.length > 0 && own.every((entry) => equal(entry["a_note"], note.a_note)) ? [section] : []
  })

/** The account of this name. */
export const homeAccountIdOf = (path: string, username: string): string => {
  const account = Object.values(contentsOf(path)["Account"] ?? {}).find((one) => one["username"] === username)
  return String(account?.["home_account_id"])
}
