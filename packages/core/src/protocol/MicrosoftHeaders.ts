/**
 * What a token request tells Microsoft besides its form: who asks, for whom, and how the last requests went.
 *
 * @see https://learn.microsoft.com/entra/architecture/resilience-client-app
 */
import * as Option from "effect/Option"
import type { Account } from "../domain/Account.js"

/**
 * Whose account it is about, for Microsoft to route the request to where the account lives.
 *
 * @category models
 */
export type RoutingHint =
  | { readonly _tag: "Account"; readonly homeAccountId: string }
  | { readonly _tag: "Username"; readonly username: string }

/** @category constructors */
export const ofAccount = ({ homeAccountId }: Pick<Account, "homeAccountId">): RoutingHint => ({
  _tag: "Account",
  homeAccountId
})

/** @category constructors */
export const ofUsername = (username: string): RoutingHint => ({ _tag: "Username", username })

/**
 * The hint as it goes on the wire: `Oid:{uid}@{utid}` or `UPN:{username}`; none where the account has no home tenant.
 *
 * @category encoders
 */
export const anchorMailbox = (hint: RoutingHint): Option.Option<string> => {
  if (hint._tag === "Username") {
    return isHeaderText(hint.username) ? Option.some(`UPN:${hint.username}`) : Option.none()
  }
  const [, uid, utid] = /^([^.]+)\.([^.]+)$/.exec(hint.homeAccountId) ?? []
  return Option.filter(Option.some(`Oid:${uid}@${utid}`), () => utid !== undefined && isHeaderText(hint.homeAccountId))
}

/** A name with other letters cannot go in a header; Microsoft finds the account without. */
const isHeaderText = (text: string): boolean => /^[\x21-\x7E](?:[\x20-\x7E]*[\x21-\x7E])?$/.test(text)

/**
 * Why a token was asked for although there is a cache.
 *
 * @category models
 */
export type CacheOutcome = "not_applicable" | "passed_over" | "absent" | "expired" | "aging"

/**
 * What kind of call it is, by MSAL's numbers.
 *
 * @category models
 */
export type Api = "authorization_code" | "silent" | "refresh_token" | "password" | "client_credentials"

const apiIds: Readonly<Record<Api, number>> = {
  authorization_code: 832,
  silent: 84,
  refresh_token: 85,
  password: 301,
  client_credentials: 730
}

const outcomes: Readonly<Record<CacheOutcome, number>> = {
  not_applicable: 0,
  passed_over: 1,
  absent: 2,
  expired: 3,
  aging: 4
}

/** @category models */
export interface Call {
  readonly api: Api
  readonly outcome: CacheOutcome
}

/** @category models */
export interface FailedCall extends Call {
  readonly correlationId: string
  /** The provider's `error`, or the tag of our own. */
  readonly error: string
}

/**
 * How earlier calls went that no request has told of yet.
 *
 * @category models
 */
export interface Report {
  readonly cacheHits: number
  readonly failures: ReadonlyArray<FailedCall>
}

/** @category encoders */
export const currentTelemetry = ({ api, outcome }: Call): string => `4|${apiIds[api]},${outcomes[outcome]}|`

const longestReport = 350

/**
 * The oldest failures, as many as 350 characters hold.
 *
 * @category encoders
 */
export const lastTelemetry = ({ cacheHits, failures }: Report): string => {
  const write = (some: ReadonlyArray<FailedCall>) =>
    `4|${cacheHits}|${some.map(({ api, correlationId }) => `${apiIds[api]},${correlationId}`).join(",")}|${
      some.map(({ error }) => error.replace(/[^\w.-]/g, "_").slice(0, 60)).join(",")
    }|`
  const fitting = failures.findIndex((_, index) => write(failures.slice(0, index + 1)).length > longestReport)
  return write(fitting === -1 ? failures : failures.slice(0, fitting))
}

/**
 * The application by its own name, for Microsoft's logs.
 *
 * @category models
 */
export interface Caller {
  readonly applicationName: Option.Option<string>
  readonly applicationVersion: Option.Option<string>
}

const libraryName = "Grantwork"
const libraryVersion = "0.1.0"

/**
 * Who asks: the library and, where it says so, the application; and that the client heeds `Retry-After`.
 *
 * @category encoders
 */
export const identity = ({ applicationName, applicationVersion }: Caller): Readonly<Record<string, string>> => ({
  "x-client-sku": libraryName,
  "x-client-ver": libraryVersion,
  "x-ms-lib-capability": "retry-after, h429",
  ...Option.match(applicationName, { onNone: () => ({}), onSome: (name) => ({ "x-app-name": name }) }),
  ...Option.match(applicationVersion, { onNone: () => ({}), onSome: (version) => ({ "x-app-ver": version }) })
})
