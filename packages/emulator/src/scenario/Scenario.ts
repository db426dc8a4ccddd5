/**
 * Who and what an emulator knows when it starts: tenants, users, applications, policies and faults.
 */
import * as Schema from "effect/Schema"
import { Fault } from "./Fault.js"

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const Guid = Schema.Lowercase.pipe(
  Schema.pattern(guid, { message: () => "has to be a GUID such as 11111111-2222-4333-8444-555555555555" })
)

const Domain = Schema.Lowercase.pipe(
  Schema.pattern(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, { message: () => "has to be a domain such as contoso.example" })
)

const isAbsoluteUri = (text: string): boolean =>
  URL.canParse(text) && /^[!-~]+$/.test(text) && !text.includes("#") && !text.includes("*")

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"])

/** A private-use scheme is a reversed domain name, or Microsoft's own for an application. */
const leadsToTheApplication = (text: string): boolean => {
  if (!isAbsoluteUri(text)) return true
  const { hostname, protocol } = new URL(text)
  return protocol === "https:" || (protocol === "http:" && loopback.has(hostname)) || protocol.includes(".")
    || /^msal[\w-]+:\/\/auth$/i.test(text)
}

/** @see https://www.rfc-editor.org/rfc/rfc8252#section-7 */
const RedirectUri = Schema.String.pipe(
  Schema.filter(isAbsoluteUri, { message: () => "has to be an absolute URI without a fragment or a wildcard" }),
  Schema.filter(leadsToTheApplication, {
    message: () => "has to begin with https, http on loopback, or a scheme such as com.example.app or msal{id}"
  })
)

const pem = /^\s*-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*$/

/** Whether the text is one DER sequence, nothing cut off and nothing added. */
const holdsSequence = (text: string): boolean => {
  try {
    const der = atob(text.replace(/-----[^-]+-----|\s/g, ""))
    const [tag, first = 0, ...more] = Array.from(der.slice(0, 6), (character) => character.charCodeAt(0))
    const count = first < 0x80 ? 0 : first - 0x80
    const length = count === 0 ? first : more.slice(0, count).reduce((sum, byte) => sum * 256 + byte, 0)
    return tag === 0x30 && count <= 4 && length > 0 && der.length === 2 + count + length
  } catch {
    return false
  }
}

const Certificate = Schema.String.pipe(
  Schema.filter((text) => pem.test(text) && holdsSequence(text), { message: () => "has to be a certificate in PEM" })
)

const Seconds = Schema.Int.pipe(Schema.positive({ message: () => "has to be a positive number of seconds" }))

const flag = Schema.optionalWith(Schema.Boolean, { default: () => false })
const listOf = <A, I>(schema: Schema.Schema<A, I>) => Schema.optionalWith(Schema.Array(schema), { default: () => [] })

/**
 * An organisation, or everybody's personal accounts.
 *
 * @category models
 */
export const Tenant = Schema.Struct({
  id: Guid,
  name: Schema.NonEmptyString,
  /** The first one names its users. */
  domains: Schema.NonEmptyArray(Domain),
  /** Holds personal accounts: answers `consumers`, and not `organizations`. */
  personal: flag
})

/** @category models */
export type Tenant = typeof Tenant.Type

/**
 * A person, at home in one tenant and perhaps a guest in others.
 *
 * @category models
 */
export const User = Schema.Struct({
  /** Object id in the home tenant; derived from the username unless given. */
  id: Schema.optional(Guid),
  /** Sign-in name; its domain is one of the home tenant's. */
  username: Schema.NonEmptyString.pipe(
    Schema.pattern(/^[^@\s]+@[^@\s]+$/, { message: () => "has to be a sign-in name such as jane@contoso.example" })
  ),
  password: Schema.NonEmptyString,
  name: Schema.NonEmptyString,
  email: Schema.optional(Schema.NonEmptyString),
  /** Tenant id or domain of the home tenant; told by the username's domain unless given. */
  tenant: Schema.optional(Schema.NonEmptyString),
  /** Tenant ids or domains. */
  guestIn: listOf(Schema.NonEmptyString),
  /** Has to enter a code at every sign-in. */
  mfa: flag,
  mfaCode: Schema.optionalWith(
    Schema.String.pipe(Schema.pattern(/^\d{6}$/, { message: () => "has to be six digits" })),
    { default: () => "123456" }
  ),
  mustChangePassword: flag,
  blocked: flag
})

/** @category models */
export type User = typeof User.Type

const PermissionDetails = Schema.Struct({
  name: Schema.NonEmptyString.pipe(
    Schema.pattern(/^[^\s/]+$/, { message: () => "has to be one word without a slash" })
  ),
  /** What the consent page says of it. */
  description: Schema.optional(Schema.NonEmptyString),
  /** Needs a second factor. */
  mfa: flag,
  /** Nobody but an administrator can consent to it. */
  adminOnly: flag
})

/**
 * What an application lets others do in a user's name; a name alone will do.
 *
 * @category models
 */
export const Permission = Schema.Union(
  PermissionDetails,
  Schema.transform(Schema.NonEmptyString, Schema.typeSchema(PermissionDetails), {
    strict: true,
    decode: (name) => ({ name, mfa: false, adminOnly: false }),
    encode: ({ name }) => name
  })
)

/** @category models */
export type Permission = typeof PermissionDetails.Type

/**
 * A registered application: a client, a resource, or both.
 *
 * @category models
 */
export const App = Schema.Struct({
  /** Client id. */
  id: Guid,
  name: Schema.NonEmptyString,
  /** Tenant id or domain of the tenant it is registered in; the first tenant unless given. */
  tenant: Schema.optional(Schema.NonEmptyString),
  /** Whose users may sign in to it. */
  audience: Schema.optionalWith(Schema.Literal("tenant", "organizations", "everyone"), {
    default: () => "everyone" as const
  }),
  /** On loopback any port goes. */
  redirectUris: listOf(RedirectUri),
  secrets: listOf(Schema.NonEmptyString),
  certificates: listOf(Certificate),
  /** Refresh tokens are shared among the applications of a family. */
  family: Schema.optional(Schema.NonEmptyString),
  /** Whether the password grant is on. */
  ropc: Schema.optionalWith(Schema.Boolean, { default: () => true }),
  /** Whether people are asked before the application gets their data. */
  consent: Schema.optionalWith(Schema.Literal("ask", "granted"), { default: () => "granted" as const }),
  /** Names it as a resource, beside `api://{id}` and the id itself. */
  identifierUris: listOf(Schema.NonEmptyString),
  /** What it lets clients do in a user's name. */
  permissions: listOf(Permission),
  /** What it lets clients do in their own name. */
  roles: listOf(Schema.NonEmptyString)
})

/** @category models */
export type App = typeof App.Type

/**
 * How long things last, and what becomes of a used refresh token; times in seconds.
 *
 * @category models
 */
export const Policies = Schema.Struct({
  accessTokenLifetime: Schema.optionalWith(Seconds, { default: () => 3600 }),
  /** For clients that declare the capability `cp1`. */
  continuousAccessTokenLifetime: Schema.optionalWith(Seconds, { default: () => 86_400 }),
  refreshTokenLifetime: Schema.optionalWith(Seconds, { default: () => 7_776_000 }),
  codeLifetime: Schema.optionalWith(Seconds, { default: () => 600 }),
  deviceCodeLifetime: Schema.optionalWith(Seconds, { default: () => 900 }),
  /** How long a device waits before it asks again. */
  deviceCodeInterval: Schema.optionalWith(Seconds, { default: () => 5 }),
  /** `accept`, as Entra does, lets a used refresh token be used again; `revoke` revokes all that came of it. */
  refreshTokenReplay: Schema.optionalWith(Schema.Literal("accept", "revoke"), { default: () => "accept" as const }),
  /** Whether a refresh brings a new refresh token. */
  refreshTokenRotation: Schema.optionalWith(Schema.Boolean, { default: () => true })
})

/** @category models */
export type Policies = typeof Policies.Type

/**
 * All of it. What refers to a tenant names its id or one of its domains.
 *
 * @category models
 */
export const Scenario = Schema.Struct({
  tenants: Schema.NonEmptyArray(Tenant),
  users: listOf(User),
  apps: listOf(App),
  policies: Schema.optionalWith(Policies, { default: () => Policies.make({}) }),
  faults: listOf(Fault)
})

/** @category models */
export type Scenario = typeof Scenario.Type

/**
 * A scenario as one writes it, in code or in JSON.
 *
 * @category models
 */
export type Input = typeof Scenario.Encoded

/** @category models */
export type UserInput = typeof User.Encoded

/** @category models */
export type AppInput = typeof App.Encoded
