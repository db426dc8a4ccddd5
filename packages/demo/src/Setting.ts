/** Somebody with a password. */
export interface Person {
  readonly username: string
  readonly password: string
}

/** What a person's browser brings back to the redirect URI, after they signed in and decided. */
type Browse = (
  authorizationUrl: string,
  person: Person,
  consent?: "accept" | "deny"
) => Promise<URLSearchParams>

/** Which provider an application signs people in at, and as whom it is registered there. */
export interface Registration {
  readonly clientId: string
  /** Of a tenant at Microsoft; instead of an issuer. */
  readonly authority?: string
  readonly knownAuthorities?: ReadonlyArray<string>
  /** Of any OpenID Connect provider. */
  readonly issuer?: string
  readonly clientCapabilities?: ReadonlyArray<string>
}

/** What proves an application, in PEM. */
export interface ClientCertificate {
  readonly certificate: string
  readonly privateKey: string
}

/** Where tokens are kept. */
export type Cache =
  | { readonly kind: "memory" }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "redis"; readonly url: string }

/** Where the story takes place. */
export interface Setting extends AsyncDisposable {
  /** Authority or issuer. */
  readonly address: string
  /** PEM; the one authority that vouches for the server. */
  readonly caCertificate: string
  readonly registration: Registration
  readonly redirectUri: string
  /** A permission that the application asks for. */
  readonly scope: string
  readonly jane: Person
  readonly sam: Person
  /** Kim comes along with what another library got for her. */
  readonly kim: Person
  readonly kimsRefreshToken: () => Promise<string>
  /** Opens a new browser. */
  readonly browse: Browse
  /** What only Microsoft's platform has. */
  readonly microsoft?: MicrosoftSetting
}

/** What the Microsoft chapters are about. */
export interface MicrosoftSetting {
  /** Asks people for consent. */
  readonly askingRegistration: Registration
  /** Two applications that share refresh tokens. */
  readonly family: readonly [Registration, Registration]
  /** An application that acts in its own name. */
  readonly daemon: Registration
  readonly daemonCertificate: ClientCertificate
  /** What the daemon asks for. */
  readonly daemonScope: string
  /** Has a second factor. */
  readonly mia: Person
  /** Another tenant, in which Sam is a guest. */
  readonly otherTenant: string
  /** Graph's `/me`. */
  readonly profileAddress: string
  /** A permission of another API, which nobody has asked for yet. */
  readonly otherScope: string
  /** How many tokens were refreshed so far. */
  readonly refreshes: () => Promise<number>
  /** Lets the API demand a newer token of a person. */
  readonly demandNewerToken: (person: Person) => Promise<void>
}
