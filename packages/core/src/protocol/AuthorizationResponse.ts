/**
 * What comes back at the redirect URI; every parameter is hostile until checked.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2
 */
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import { type InvalidArgument, ResponseMismatch } from "../AuthError.js"
import { invalid } from "../domain/Argument.js"
import * as Authority from "../domain/Authority.js"
import * as ClientInfo from "./ClientInfo.js"
import * as ErrorResponse from "./ErrorResponse.js"
import type { ProviderMetadata } from "./ProviderMetadata.js"

/**
 * A query or form body as text, the address that was called, or what a web framework made of it.
 *
 * @category models
 */
export type Input = string | URL | URLSearchParams | Readonly<Record<string, unknown>>

/**
 * A response whose state is right: a code, or the provider's error.
 *
 * @category models
 */
export interface AuthorizationResponse {
  readonly issuer: Option.Option<string>
  /** `uid.utid` of whoever signed in, for routing only. */
  readonly homeAccountId: Option.Option<string>
  readonly outcome: Either.Either<Redacted.Redacted, ErrorResponse.ErrorResponse>
}

const names = [
  "state",
  "code",
  "error",
  "error_description",
  "error_uri",
  "iss",
  "client_info",
  "suberror",
  "error_codes",
  "claims",
  "correlation_id",
  "trace_id",
  "timestamp"
] as const

/**
 * Reads a response and checks that it answers the flow with this state.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-10.12
 * @category constructors
 */
export const parse = (
  input: Input,
  expectedState: string
): Either.Either<AuthorizationResponse, ResponseMismatch | InvalidArgument> => {
  if (typeof input !== "string" && !Predicate.isRecord(input)) {
    return Either.left(
      invalid("response", "response has to be the address that was called, its query, or the form that was posted.")
    )
  }
  const values = valuesOf(input)
  const state = values("state")
  if (state.length === 0) {
    return mismatch("state", "state", "The response has no state. Pass the whole address, or start a new sign-in.")
  }
  if (state.length !== 1 || state[0] !== expectedState) {
    return mismatch("state", "state", "The response does not belong to this sign-in. Start a new one.")
  }
  const repeated = names.find((name) => values(name).length > 1)
  if (repeated !== undefined) {
    return mismatch("duplicate", repeated, `The response has ${repeated} more than once. Start a new sign-in.`)
  }
  const parameters = Object.fromEntries(names.map((name) => [name, values(name)[0]]))
  const code = parameters["code"] ?? ""
  const error = ErrorResponse.decode(parameters)
  if (code !== "" && Option.isSome(error)) {
    return mismatch("code_and_error", "code", "The response has both a code and an error. Start a new sign-in.")
  }
  if (code === "" && Option.isNone(error)) {
    return mismatch("no_code", "code", "The response has neither a code nor an error. Start a new sign-in.")
  }
  return Either.right({
    issuer: Option.fromNullable(parameters["iss"]),
    homeAccountId: Option.flatMap(Option.fromNullable(parameters["client_info"]), ClientInfo.homeAccountId),
    outcome: Option.match(error, {
      onNone: () => Either.right(Redacted.make(code)),
      onSome: (response) => Either.left(response)
    })
  })
}

/**
 * The response has to come from the provider that was asked.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9207#section-2.4
 * @category constructors
 */
export const checkIssuer = (
  response: AuthorizationResponse,
  authority: Authority.Authority,
  metadata: ProviderMetadata
): Either.Either<AuthorizationResponse, ResponseMismatch> => {
  const right = Option.match(response.issuer, {
    onNone: () => !metadata.sendsIssuer,
    onSome: (issuer) => issuer === metadata.issuer || isTenantOf(issuer, authority, metadata)
  })
  return right
    ? Either.right(response)
    : mismatch("issuer", "iss", "The response comes from another provider than the one asked. Start a new sign-in.")
}

const isTenantOf = (issuer: string, authority: Authority.Authority, metadata: ProviderMetadata): boolean => {
  const [before = "", after] = metadata.issuer.split("{tenantid}")
  if (authority._tag !== "Entra" || after === undefined || !issuer.startsWith(before) || !issuer.endsWith(after)) {
    return false
  }
  const tenantId = issuer.slice(before.length, issuer.length - after.length)
  return Authority.isTenantId(tenantId) && Authority.acceptsTenant(authority, tenantId)
}

const mismatch = (reason: ResponseMismatch["reason"], parameter: string, message: string) =>
  Either.left(new ResponseMismatch({ reason, parameter, message }))

const valuesOf = (input: Input): (name: string) => ReadonlyArray<string | undefined> => {
  if (typeof input === "string" || input instanceof URL || input instanceof URLSearchParams) {
    const parameters = searchParams(input)
    return (name) => parameters.getAll(name)
  }
  return (name) => {
    const value = Predicate.hasProperty(input, name) && Object.hasOwn(input, name) ? input[name] : undefined
    if (value === undefined || value === null) {
      return []
    }
    return (Array.isArray(value) ? value : [value]).map((one) => typeof one === "string" ? one : undefined)
  }
}

const searchParams = (input: string | URL | URLSearchParams): URLSearchParams => {
  if (input instanceof URLSearchParams) {
    return input
  }
  const text = String(input).trim().replace(/^["'<]|["'>]$/g, "")
  if (!URL.canParse(text)) {
    return new URLSearchParams(text.replace(/^(?:\/[^?]*)?\?/, "").replace(/^#/, ""))
  }
  const url = new URL(text)
  return new URLSearchParams([...url.searchParams, ...new URLSearchParams(url.hash.slice(1))])
}
