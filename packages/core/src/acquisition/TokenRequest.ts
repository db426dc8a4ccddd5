/**
 * Sends a grant to the authority's token endpoint.
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import type { AuthError } from "../AuthError.js"
import type { Account } from "../domain/Account.js"
import * as Authority from "../domain/Authority.js"
import * as Claims from "../domain/Claims.js"
import * as Scopes from "../domain/Scopes.js"
import * as Discovery from "../endpoints/Discovery.js"
import * as Token from "../endpoints/Token.js"
import * as Form from "../protocol/Form.js"
import type { Expectations } from "../protocol/IdToken.js"
import type * as MicrosoftHeaders from "../protocol/MicrosoftHeaders.js"
import type { ProviderMetadata } from "../protocol/ProviderMetadata.js"
import * as SignedHttpRequest from "../protocol/SignedHttpRequest.js"
import type { TokenResponse } from "../protocol/TokenResponse.js"
import { ClientApplication } from "../services/ClientApplication.js"
import type { Crypto } from "../services/Crypto.js"
import * as CorrelationId from "./CorrelationId.js"

/**
 * A grant to be sent: its own parameters, and what its answer has to say.
 *
 * @category models
 */
export interface Grant {
  readonly grantType: Token.Request["grantType"]
  readonly authority: Authority.Authority
  readonly parameters: Form.Form
  /** Scopes as the caller gave them. */
  readonly scopes: Scopes.Scopes
  readonly claims: string | undefined
  /** Thumbprint of the key that the access token is to be bound to; a bearer token where there is none. */
  readonly keyId?: string | undefined
  readonly correlationId: string | undefined
  readonly idToken: Pick<Expectations, "nonce" | "maxAge"> & { readonly required: boolean }
  readonly call: MicrosoftHeaders.Call
  readonly routing: Option.Option<MicrosoftHeaders.RoutingHint>
  /** What holds where the provider does not say. */
  readonly hint: {
    readonly account?: Account
    readonly username?: string
    readonly refreshToken?: Redacted.Redacted
  }
}

/**
 * Tokens that came and are not verified yet.
 *
 * @category models
 */
export interface IssuedTokens {
  readonly grant: Grant
  readonly metadata: ProviderMetadata
  readonly response: TokenResponse
  readonly receivedAt: DateTime.Utc
  readonly correlationId: string
}

/**
 * @category programs
 */
export const send = (
  grant: Grant
): Effect.Effect<IssuedTokens, AuthError, ClientApplication | HttpClient.HttpClient | Crypto> =>
  Effect.gen(function*() {
    const correlationId = yield* CorrelationId.orRandom(grant.correlationId)
    const { clientCapabilities } = yield* ClientApplication
    const claims = yield* Claims.parseChallenge(grant.claims)
    const metadata = yield* Discovery.metadata(grant.authority)
    const response = yield* Token.request({
      authority: grant.authority,
      metadata,
      grantType: grant.grantType,
      parameters: {
        ...grant.parameters,
        ...grant.keyId !== undefined && SignedHttpRequest.parameters(grant.keyId),
        scope: Scopes.toWire(requestedScopes(grant)),
        claims: Claims.withCapabilities(claims, clientCapabilities),
        client_info: Authority.sendsClientInfo(grant.authority) && grant.grantType !== "client_credentials"
          ? "1"
          : undefined
      },
      tokenType: grant.keyId === undefined ? "bearer" : "pop",
      correlationId,
      call: grant.call,
      routing: grant.routing,
      throttleKey: throttleKey(grant)
    })
    return { grant, metadata, response, receivedAt: yield* DateTime.now, correlationId }
  })

/** Whose request it is and for what; a code or token stands for its owner where no account is known. */
const throttleKey = ({ hint, parameters, scopes }: Grant): string =>
  JSON.stringify([
    [...scopes].sort(),
    hint.account?.homeAccountId ?? hint.username ?? Form.secrets(parameters)
  ])

/**
 * The scopes that go on the wire.
 *
 * @category getters
 */
export const requestedScopes = ({ authority, grantType, scopes }: Grant): Scopes.Scopes => {
  if (grantType === "client_credentials") {
    return scopes
  }
  return authority._tag === "OpenIdConnect" && grantType === "refresh_token"
    ? Scopes.forRefresh(scopes)
    : Scopes.forSignIn(scopes)
}
