import type { Account, ClientApplication } from "@grantwork/core"
import type { Person } from "@grantwork/identity-server"

/** Somebody whom the provider knows. */
export interface User extends Person {
  readonly username: string
}

/** A provider on a port of loopback, with what tests need to know of it. What differs from another is data here. */
export interface Provider {
  readonly caCertificate: string
  /** Registrations: two public clients, and two that send their secret in the form and in the header. */
  readonly clients: Readonly<
    Record<"public" | "native" | "secretPost" | "secretBasic", ClientApplication.Options>
  >
  /** The public client that has to ask for consent to each scope. */
  readonly asksConsent: "public" | "native"
  readonly scopes: { readonly read: string; readonly write: string }
  /** What a sign-in is granted besides the scopes it asks for. */
  readonly signInScopes: ReadonlyArray<string>
  readonly people: Readonly<Record<"jane" | "sam" | "jozef", User>>
  /** What people become. */
  readonly accounts: Readonly<Record<"jane" | "jozef", Account.Account>>
  readonly issuer: string
  /** The claim of an ID token that is the account's `localAccountId`. */
  readonly localAccountClaim: "sub" | "oid"
  /** Addresses that errors name. */
  readonly endpoints: { readonly authorization: string; readonly token: string }
  /** How a person's refusal is described. */
  readonly denial: RegExp
  /** The error for a client nobody registered. */
  readonly unknownClient: "invalid_client" | "unauthorized_client"
  /** Fields of a token request that begin with `client_`, besides those the client proves itself with. */
  readonly otherClientFields: ReadonlyArray<string>
  /** Grant types of the token requests so far, oldest first. */
  readonly grantTypes: () => Promise<ReadonlyArray<string | undefined>>
  /** Names of the fields of the last token request, in their order. */
  readonly lastTokenFields: () => Promise<ReadonlyArray<string>>
  readonly fetchesOfKeys: () => Promise<number>
  /** How often a page was shown or answered. */
  readonly pageVisits: () => Promise<number>
  /** To a key that was not published so far; those before it stay published. */
  readonly rotateSigningKey: () => Promise<void>
  readonly close: () => Promise<void>
}

export interface ProviderOptions {
  /** Seconds; an hour unless told otherwise. */
  readonly accessTokenLifetime?: number
  /** Whether a refresh brings a new refresh token; true unless told otherwise. */
  readonly rotatesRefreshTokens?: boolean
}

/** A password that only survives where it is encoded properly. */
export const unruly = "p+ä s=s&wörd%25 \u{1F511}\""
