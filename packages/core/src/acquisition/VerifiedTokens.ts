/**
 * Tokens whose owner is proven: ready to be saved and handed out.
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import { Account } from "../domain/Account.js"
import * as Authority from "../domain/Authority.js"
import * as Claims from "../domain/Claims.js"
import * as Scopes from "../domain/Scopes.js"
import type { TokenResult } from "../domain/TokenResult.js"
import * as ClientInfo from "../protocol/ClientInfo.js"
import * as ProviderMetadata from "../protocol/ProviderMetadata.js"
import { type IssuedTokens, requestedScopes } from "./TokenRequest.js"

/** @category models */
export interface VerifiedTokens extends TokenResult {
  readonly authority: Authority.Authority
  readonly receivedAt: DateTime.Utc
  readonly familyId: Option.Option<string>
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
 * Puts an answer and its verified claims together.
 *
 * @category constructors
 */
export const make = (issued: IssuedTokens, idTokenClaims: Option.Option<Claims.IdTokenClaims>): VerifiedTokens => {
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
    accessToken: response.accessToken,
    tokenType: "Bearer",
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
  if (authority._tag === "OpenIdConnect") {
    return ""
  }
  return Option.match(Option.isNone(idTokenClaims) ? ProviderMetadata.tenantId(metadata) : Option.none(), {
    onNone: () => Option.match(account, { onNone: () => "", onSome: ({ tenantId }) => tenantId }),
    onSome: (tenantId) => tenantId
  })
}

const accountOf = (
  { grant, response }: IssuedTokens,
  idTokenClaims: Option.Option<Claims.IdTokenClaims>
): Option.Option<Account> => {
  const { authority, hint } = grant
  const atMicrosoft = authority._tag === "Entra"
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
    authorityType: atMicrosoft ? "MSSTS" as const : "Generic" as const
  }
  return Option.some(Option.match(idTokenClaims, {
    onNone: () => hint.account ?? withoutIdToken(shared, atMicrosoft, hint.username),
    onSome: (claims) =>
      new Account({
        ...shared,
        tenantId: atMicrosoft ? Option.getOrElse(Claims.text(claims, "tid"), () => "").toLowerCase() : "",
        localAccountId: Option.getOrElse(atMicrosoft ? Claims.text(claims, "oid") : Option.none(), () => claims.sub),
        username: Option.getOrElse(usernameOf(claims), () => hint.username ?? hint.account?.username ?? ""),
        name: Option.orElse(Claims.text(claims, "name"), () => hint.account?.name ?? Option.none())
      })
  }))
}

const withoutIdToken = (
  shared: Pick<Account, "homeAccountId" | "environment" | "authorityType">,
  atMicrosoft: boolean,
  username = ""
): Account => {
  const [uid = "", utid = ""] = atMicrosoft ? shared.homeAccountId.split(".") : [shared.homeAccountId]
  return new Account({ ...shared, tenantId: utid, localAccountId: uid, username, name: Option.none() })
}

const usernameOf = (claims: Claims.IdTokenClaims): Option.Option<string> =>
  Claims.text(claims, "preferred_username", "upn").pipe(
    Option.orElse(() => {
      const emails = claims["emails"]
      return Array.isArray(emails) && typeof emails[0] === "string" ? Option.some(emails[0]) : Option.none()
    }),
    Option.orElse(() => Claims.text(claims, "email"))
  )
