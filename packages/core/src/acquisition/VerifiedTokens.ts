/**
 * Tokens whose owner is proven: ready to be saved and handed out.
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import { IdTokenRejected, withDetails } from "../AuthError.js"
import { Account } from "../domain/Account.js"
import * as Authority from "../domain/Authority.js"
import * as Claims from "../domain/Claims.js"
import * as Scopes from "../domain/Scopes.js"
import type { TokenResult } from "../domain/TokenResult.js"
import * as ClientInfo from "../protocol/ClientInfo.js"
import * as ProviderMetadata from "../protocol/ProviderMetadata.js"
import type { Service as Application } from "../services/ClientApplication.js"
import { type IssuedTokens, requestedScopes } from "./TokenRequest.js"

/** @category models */
export interface VerifiedTokens extends TokenResult {
  readonly authority: Authority.Authority
  readonly receivedAt: DateTime.Utc
  readonly familyId: Option.Option<string>
  readonly refreshTokenExpiresAt: Option.Option<DateTime.Utc>
  /** Thumbprint of the key that the access token is bound to. */
  readonly keyId: string | undefined
}

const unannouncedLifetime = 600

/**
 * What came for a client in its own name: whatever the provider says of a person does not count.
 *
 * @category constructors
 */
export const ofClient = (issued: IssuedTokens): VerifiedTokens => ({
  ...make(issued, Option.none()),
  account: Option.none(),
  idToken: Option.none(),
  refreshToken: Option.none(),
  tenantId: Option.getOrElse(ProviderMetadata.tenantId(issued.metadata), () => "")
})

/**
 * What came for a person, with their verified claims; refused where people of their tenant may not sign in.
 *
 * @category constructors
 */
export const ofPerson = (
  issued: IssuedTokens,
  idTokenClaims: Option.Option<Claims.IdTokenClaims>,
  { allowsTenant }: Application
): Either.Either<VerifiedTokens, IdTokenRejected> =>
  Either.filterOrLeft(
    Either.right(make(issued, idTokenClaims)),
    ({ tenantId }) => allowsTenant(tenantId),
    () =>
      withDetails({ endpoint: issued.metadata.tokenEndpoint, correlationId: issued.correlationId })(
        new IdTokenRejected({
          rule: "tid",
          message: "People of this tenant may not sign in to this application. See allowedTenants."
        })
      )
  )

const make = (issued: IssuedTokens, idTokenClaims: Option.Option<Claims.IdTokenClaims>): VerifiedTokens => {
  const { correlationId, grant, receivedAt, response } = issued
  const account = accountOf(issued, idTokenClaims)
  const after = (seconds: number) => DateTime.addDuration(receivedAt, Duration.seconds(seconds))
  const expiresIn = Option.getOrElse(response.expiresIn, () =>
    Option.match(response.expiresOn, {
      onNone: () => unannouncedLifetime,
      onSome: (expiresOn) => Math.max(0, expiresOn - receivedAt.epochMillis / 1000)
    }))
  return {
    authority: grant.authority,
    receivedAt,
    familyId: response.familyId,
    refreshTokenExpiresAt: Option.map(response.refreshTokenExpiresIn, after),
    keyId: grant.keyId,
    accessToken: response.accessToken,
    tokenType: grant.keyId === undefined ? "Bearer" : "pop",
    scopes: Option.match(Option.filter(response.scope, (scope) => scope.trim() !== ""), {
      onNone: () => requestedScopes(grant),
      onSome: Scopes.fromWire
    }),
    expiresAt: after(expiresIn),
    extendedExpiresAt: Option.map(response.extendedExpiresIn, after),
    refreshAt: Option.map(Option.filter(response.refreshIn, (seconds) => seconds > 0), after),
    account,
    idToken: response.idToken,
    idTokenClaims,
    tenantId: tenantOf(issued, account, idTokenClaims),
    source: "identity-provider",
    correlationId: Option.some(correlationId),
    refreshToken: Option.orElse(response.refreshToken, () => Option.fromNullable(grant.hint.refreshToken))
  }
}

const tenantOf = (
  { grant: { authority }, metadata }: IssuedTokens,
  account: Option.Option<Account>,
  idTokenClaims: Option.Option<Claims.IdTokenClaims>
): string => {
  const isTold = authority._tag === "Entra" && Option.isNone(idTokenClaims)
  return Option.match(isTold ? ProviderMetadata.tenantId(metadata) : Option.none(), {
    onNone: () => Option.match(account, { onNone: () => "", onSome: ({ tenantId }) => tenantId }),
    onSome: (tenantId) => tenantId
  })
}

const tenantNamedIn = (claims: Claims.IdTokenClaims, authority: Authority.Authority): string => {
  switch (authority._tag) {
    case "Entra":
      return Option.getOrElse(Claims.text(claims, "tid"), () => "").toLowerCase()
    case "B2c":
    case "Ciam":
      return Option.getOrElse(Claims.text(claims, "tid", "tfp", "acr"), () => authority.tenant).toLowerCase()
    case "Adfs":
      return "adfs"
    default:
      return ""
  }
}

const accountOf = (
  { grant, response }: IssuedTokens,
  idTokenClaims: Option.Option<Claims.IdTokenClaims>
): Option.Option<Account> => {
  const { authority, hint } = grant
  const atMicrosoft = Authority.sendsClientInfo(authority)
  const homeAccountId = hint.account?.homeAccountId
    ?? Option.getOrUndefined(
      Option.orElse(
        atMicrosoft ? Option.flatMap(response.clientInfo, ClientInfo.homeAccountId) : Option.none(),
        () => Option.map(idTokenClaims, ({ sub }) => sub)
      )
    )
  if (homeAccountId === undefined) {
    return Option.none()
  }
  const shared = {
    homeAccountId,
    environment: Authority.environment(authority),
    authorityType: Authority.accountType(authority)
  }
  return Option.some(Option.match(idTokenClaims, {
    onNone: () => hint.account ?? withoutIdToken(shared, hint.username),
    onSome: (claims) =>
      new Account({
        ...shared,
        tenantId: tenantNamedIn(claims, authority),
        localAccountId: Option.getOrElse(atMicrosoft ? Claims.text(claims, "oid") : Option.none(), () => claims.sub),
        username: Option.getOrElse(usernameOf(claims), () => hint.username ?? hint.account?.username ?? ""),
        name: Option.orElse(Claims.text(claims, "name"), () => hint.account?.name ?? Option.none())
      })
  }))
}

const withoutIdToken = (
  shared: Pick<Account, "homeAccountId" | "environment" | "authorityType">,
  username = ""
): Account => {
  const dot = shared.homeAccountId.lastIndexOf(".")
  return new Account({
    ...shared,
    tenantId: shared.homeAccountId.slice(dot + 1),
    localAccountId: shared.homeAccountId.slice(0, dot),
    username,
    name: Option.none()
  })
}

const usernameOf = (claims: Claims.IdTokenClaims): Option.Option<string> =>
  Claims.text(claims, "preferred_username", "upn").pipe(
    Option.orElse(() => {
      const emails = claims["emails"]
      return Array.isArray(emails) && typeof emails[0] === "string" ? Option.some(emails[0]) : Option.none()
    }),
    Option.orElse(() => Claims.text(claims, "email"))
  )
