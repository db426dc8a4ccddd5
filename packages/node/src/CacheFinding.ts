/**
 * What an examination of a cache file may find, and how it is told to people.
 */
import type * as Data from "effect/Data"

/**
 * What a lock file is for: changes of the file, one account's refresh, or making the key.
 *
 * @category models
 */
export type Lock = "file" | "refresh" | "key"

interface Problem {
  readonly severity: "problem"
}

/** In order, or will be by itself. */
interface Notice {
  readonly severity: "notice"
}

interface At {
  readonly path: string
}

interface Permissions extends At {
  /** The permission bits, such as `0o644`. */
  readonly mode: number
}

interface Locked extends At {
  readonly lock: Lock
  /** None where the file does not say. */
  readonly processId: number | undefined
}

interface Entries {
  /** Such as `RefreshToken`; other programs have sections of their own. */
  readonly section: string
  readonly count: number
}

/**
 * A problem wants somebody to do something; a notice does not. Nothing in it is secret.
 *
 * @category models
 */
export type Finding = Data.TaggedEnum<{
  readonly FileMissing: Notice & At
  readonly Unreadable: Problem & At & {
    /** What the system says, and what to do. */
    readonly reason: string
  }
  readonly FileOpenToOthers: Problem & Permissions
  readonly FolderOpenToOthers: Problem & Permissions
  readonly OfAnotherUser: Problem & At & { readonly userId: number }
  readonly FileDamaged: Problem & At
  readonly FileSealed: Notice & At
  readonly DamagedFileKept: Notice & At
  readonly TemporaryFileLeft: Notice & At & { readonly processId: number }
  readonly LockHeld: Notice & Locked
  readonly LockLeft: Problem & Locked
  readonly AccessTokensExpired: Notice & { readonly count: number }
  /** As many as there are besides the first for each purpose. */
  readonly RecordsDuplicate: Notice & Entries
  readonly EntriesNotUnderstood: Notice & Entries
  readonly RefreshTokensWithoutAccount: Problem & { readonly count: number }
}>

/**
 * Says what it is and what to do about it.
 *
 * @category destructors
 */
export const describe = (finding: Finding): string => {
  switch (finding._tag) {
    case "FileMissing":
      return `There is no token cache ${at(finding)}. It is made when somebody signs in.`
    case "Unreadable":
      return printable(finding.reason)
    case "FileOpenToOthers":
      return `Others may read or change the token cache ${at(finding)} (mode ${octal(finding)}).`
        + " Let its owner alone do so: chmod 600."
    case "FolderOpenToOthers":
      return `Others may change the folder ${at(finding)} (mode ${octal(finding)}), and with it the token cache.`
        + " Let its owner alone do so: chmod go-w, or choose another folder."
    case "OfAnotherUser":
      return `${at(finding)} belongs to user ${finding.userId}, who is not the one of this process.`
        + " Run the program as that user, or choose another path."
    case "FileDamaged":
      return `The token cache ${at(finding)} is damaged. Bring back a copy of it;`
        + " otherwise it is moved aside at the next use, and people sign in again."
    case "FileSealed":
      return `The token cache ${at(finding)} is encrypted: what is in it has not been examined.`
    case "DamagedFileKept":
      return `${at(finding)} is a damaged token cache that was moved aside. It may still hold tokens:`
        + " remove it when you have seen what you want to see."
    case "TemporaryFileLeft":
      return `${at(finding)} was left by process ${finding.processId}, which ended in the middle of a change.`
        + " It is removed at a later change, or remove it."
    case "LockHeld":
      return `The lock file ${at(finding)} is held by ${holder(finding)}, which ${work[finding.lock]}.`
        + " Wait for it; end it if it hangs."
    case "LockLeft":
      return `The lock file ${at(finding)} was left behind by ${holder(finding)}.`
        + " Remove it: it is taken over at the next use, but not by every program."
    case "AccessTokensExpired":
      return `${counted(finding.count, "access token has", "access tokens have")} expired.`
        + " New ones take their places when they are needed."
    case "RecordsDuplicate":
      return `${counted(finding.count, "entry", "entries")} of the section ${sectionOf(finding)}`
        + ` ${finding.count === 1 ? "is" : "are"} for the same purpose as another.`
        + " The newest counts, and takes the place of the others when it changes."
    case "EntriesNotUnderstood":
      return `${counted(finding.count, "entry", "entries")} of the section ${sectionOf(finding)}`
        + ` ${finding.count === 1 ? "is" : "are"} of use to other programs only, and left as they are.`
    case "RefreshTokensWithoutAccount":
      return `${counted(finding.count, "refresh token belongs", "refresh tokens belong")} to no account:`
        + ` no sign-out removes ${finding.count === 1 ? "it" : "them"}.`
        + " Remove the file to be rid of such tokens; people sign in again."
  }
}

const work: Readonly<Record<Lock, string>> = {
  file: "is changing the token cache",
  refresh: "is refreshing an account's tokens",
  key: "is making the key of the token cache"
}

/** What a terminal would take for a command, or for text that runs the other way, is not passed on to it. */
const printable = (text: string): string => text.replaceAll(/\p{C}/gu, "\u{FFFD}")

const at = ({ path }: At): string => printable(path)

const octal = ({ mode }: Permissions): string => mode.toString(8).padStart(4, "0")

const holder = ({ processId }: Locked): string =>
  processId === undefined ? "a process that is not named" : `process ${processId}`

const counted = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`

const longestSection = 40

const sectionOf = ({ section }: Entries): string => printable(section.slice(0, longestSection))
