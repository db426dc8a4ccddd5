/**
 * What an application keeps between sending a person away and seeing them back.
 */
import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { InvalidArgument } from "../AuthError.js"
import { invalid } from "../domain/Argument.js"
import * as Scopes from "../domain/Scopes.js"
import * as IssuePath from "./IssuePath.js"

const ScopeTokens = Schema.Array(Schema.NonEmptyString.pipe(Schema.pattern(/^\S+$/)))

const Flow = Schema.Struct({
  /** Where to send the person's browser. */
  authorizationUrl: Schema.NonEmptyString,
  /** Metadata address of the authority the flow began at. */
  authority: Schema.NonEmptyString,
  clientId: Schema.NonEmptyString,
  redirectUri: Schema.NonEmptyString,
  scopes: ScopeTokens,
  /** Consented to as well, and not for the flow's token. */
  extraScopesToConsent: Schema.optional(ScopeTokens),
  state: Schema.NonEmptyString,
  nonce: Schema.Redacted(Schema.NonEmptyString),
  codeVerifier: Schema.Redacted(Schema.NonEmptyString),
  claims: Schema.optional(Schema.String),
  /** Seconds. */
  maxAge: Schema.optional(Schema.NonNegativeInt)
})

/**
 * A flow as JSON can hold it: for the server's side of a web session, since the verifier in it is a secret.
 *
 * @category models
 */
export interface AuthorizationFlow extends Schema.Schema.Encoded<typeof Flow> {}

/**
 * A flow with its secrets wrapped.
 *
 * @category models
 */
export interface OpenFlow extends Schema.Schema.Type<typeof Flow> {}

/**
 * @category destructors
 */
export const encode: (flow: OpenFlow) => AuthorizationFlow = Schema.encodeSync(Flow)

/**
 * Every scope that the person is asked for.
 *
 * @category getters
 */
export const requested = ({ extraScopesToConsent = [], scopes }: {
  readonly scopes: Scopes.Scopes
  readonly extraScopesToConsent?: Scopes.Scopes | undefined
}): Scopes.Scopes => [...new Set([...scopes, ...extraScopesToConsent])]

const decodeUnknown = Schema.decodeUnknownEither(Flow)

/**
 * Reads a flow back, and checks that its parts still belong together.
 *
 * @category constructors
 */
export const decode = (
  flow: unknown,
  expected: { readonly clientId: string; readonly authority: string }
): Either.Either<OpenFlow, InvalidArgument> =>
  Either.gen(function*() {
    if (typeof flow === "string") {
      return yield* Either.left(invalid("flow", "flow is text. Parse it with JSON.parse first."))
    }
    const open = yield* Either.mapLeft(
      decodeUnknown(flow),
      (issue) => refuse(IssuePath.first(issue)[0] ?? "")
    )
    const url = yield* Either.fromNullable(
      URL.canParse(open.authorizationUrl) ? new URL(open.authorizationUrl) : null,
      () => refuse("authorizationUrl")
    )
    const pairs: ReadonlyArray<readonly [string, string | null | undefined, string | null]> = [
      ["clientId", open.clientId, expected.clientId],
      ["authority", open.authority, expected.authority],
      ["clientId", open.clientId, url.searchParams.get("client_id")],
      ["redirectUri", open.redirectUri, url.searchParams.get("redirect_uri")],
      ["scopes", Scopes.toWire(requested(open)), url.searchParams.get("scope")],
      ["state", open.state, url.searchParams.get("state")],
      ["nonce", Redacted.value(open.nonce), url.searchParams.get("nonce")],
      ["claims", open.claims ?? null, url.searchParams.get("claims")],
      ["maxAge", open.maxAge?.toString() ?? null, url.searchParams.get("max_age")]
    ]
    const changed = pairs.find(([, held, sent]) => held !== sent)
    return changed === undefined ? open : yield* Either.left(refuse(changed[0]))
  })

const refuse = (field: string) =>
  new InvalidArgument({
    argument: field === "" ? "flow" : `flow.${field}`,
    message: field === ""
      ? "This is no flow that began here: the web session may be lost or expired. Start a new sign-in."
      : `The flow's ${field} is missing, changed, or from another application. Keep the flow as it was returned.`
  })

/**
 * The challenge the flow was sent with has to be the verifier's.
 *
 * @category constructors
 */
export const checkChallenge = (flow: OpenFlow, challenge: string): Either.Either<OpenFlow, InvalidArgument> =>
  new URL(flow.authorizationUrl).searchParams.get("code_challenge") === challenge
    ? Either.right(flow)
    : Either.left(refuse("codeVerifier"))
