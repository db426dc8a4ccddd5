import type { User } from "../Provider.js"

/** How an application is registered, and the file in which it keeps its tokens. */
export interface Registration {
  readonly path: string
  readonly clientId: string
  /** Makes it a confidential client. */
  readonly clientSecret?: string
  /** As the authority names it. */
  readonly tenant: string
}

/** A running application. Tokens are told as text. */
export interface Application {
  readonly signIn: (person: User, scopes: ReadonlyArray<string>) => Promise<string>
  /** Usernames, as often as the library lists them. */
  readonly accounts: () => Promise<ReadonlyArray<string>>
  /** A token from the cache, or by a refresh where that has none, or where told to. */
  readonly silent: (username: string, scopes: ReadonlyArray<string>, refresh?: "refresh") => Promise<string>
  /** Gets a token that is bound to a key, where the library can. */
  readonly bound?: (username: string, scopes: ReadonlyArray<string>) => Promise<unknown>
  /** Signs out until the library lists nobody of this name. */
  readonly remove: (username: string) => Promise<void>
  /** A token in the client's own name, from the cache first. */
  readonly ownToken: (scopes: ReadonlyArray<string>) => Promise<string>
}

/** A library that keeps its tokens in a file which others share. */
export interface Peer {
  /** Starts an application that knows what is in the file, and nothing else. */
  readonly start: (registration: Registration) => Promise<Application>
  readonly close: () => Promise<void>
}

export const peerNames = ["Grantwork", "msal-node", "msal for Python"] as const

export type PeerName = typeof peerNames[number]

/** Who hands a file to whom. */
export const pairs = peerNames.flatMap((writer) =>
  peerNames.filter((name) => name !== writer).map((reader) => ({ writer, reader }))
)

export const authorityOf = ({ tenant }: Pick<Registration, "tenant">): string =>
  `https://login.microsoftonline.com/${tenant}`
