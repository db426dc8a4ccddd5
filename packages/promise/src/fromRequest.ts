/**
 * From plain requests to those of core.
 */
import type { Account } from "@grantwork/core/Account"
import type { Filter } from "@grantwork/core/Accounts"
import type * as AuthorizationCode from "@grantwork/core/AuthorizationCode"
import type * as ClientCredentials from "@grantwork/core/ClientCredentials"
import type * as RefreshToken from "@grantwork/core/RefreshToken"
import type * as Silent from "@grantwork/core/Silent"
import type * as UsernamePassword from "@grantwork/core/UsernamePassword"
import type * as Redacted from "effect/Redacted"
import * as Argument from "./arguments.js"
import type * as Requests from "./Requests.js"

export const silent = (request: Requests.SilentRequest): Silent.Request => ({
  scopes: request.scopes,
  account: request.account ? Argument.account(request.account) : undefined,
  forceRefresh: request.forceRefresh,
  claims: request.claims,
  authority: Argument.optionalText("authority", request.authority),
  minValidity: Argument.optionalSeconds("minValidity", request.minValidity),
  authScheme: request.authScheme,
  correlationId: request.correlationId
})

export const authCodeFlow = (request: Requests.AuthCodeFlowRequest): AuthorizationCode.InitiateRequest => ({
  scopes: request.scopes,
  redirectUri: Argument.text("redirectUri", request.redirectUri),
  state: Argument.optionalText("state", request.state),
  prompt: Argument.optionalText("prompt", request.prompt),
  loginHint: Argument.optionalText("loginHint", request.loginHint),
  domainHint: Argument.optionalText("domainHint", request.domainHint),
  account: request.account && Argument.account(request.account),
  sid: Argument.optionalText("sid", request.sid),
  claims: request.claims,
  maxAge: Argument.optionalSeconds("maxAge", request.maxAge),
  responseMode: request.responseMode,
  extraParameters: request.extraParameters,
  extraScopesToConsent: request.extraScopesToConsent
})

export const authorizationUrl = (request: Requests.AuthorizationUrlRequest): AuthorizationCode.UrlRequest => ({
  ...authCodeFlow(request),
  nonce: Argument.optionalText("nonce", request.nonce),
  codeVerifier: Argument.optionalSecret("codeVerifier", request.codeVerifier)
})

export const authCodeFlowResponse = (request: Requests.AuthCodeFlowResponse): AuthorizationCode.CompleteRequest => ({
  flow: request.flow,
  response: request.authResponse,
  scopes: request.scopes,
  correlationId: request.correlationId
})

export const authorizationCode = (request: Requests.AuthorizationCodeRequest): AuthorizationCode.RedeemRequest => ({
  code: Argument.secret("code", request.code),
  redirectUri: Argument.text("redirectUri", request.redirectUri),
  scopes: request.scopes,
  nonce: Argument.optionalText("nonce", request.nonce),
  codeVerifier: Argument.optionalSecret("codeVerifier", request.codeVerifier),
  claims: request.claims,
  correlationId: request.correlationId
})

export const usernamePassword = (request: Requests.UsernamePasswordRequest): UsernamePassword.Request => ({
  username: Argument.text("username", request.username),
  password: Argument.secret("password", request.password),
  scopes: request.scopes,
  claims: request.claims,
  authScheme: request.authScheme,
  correlationId: request.correlationId
})

export const refreshToken = (request: Requests.RefreshTokenRequest): RefreshToken.Request => ({
  refreshToken: Argument.secret("refreshToken", request.refreshToken),
  scopes: request.scopes,
  correlationId: request.correlationId
})

export const clientCredential = (request: Requests.ClientCredentialRequest): ClientCredentials.Request => ({
  scopes: request.scopes,
  fmiPath: Argument.optionalText("fmiPath", request.fmiPath),
  authority: Argument.optionalText("authority", request.authority),
  forceRefresh: request.forceRefresh,
  claims: request.claims,
  minValidity: Argument.optionalSeconds("minValidity", request.minValidity),
  authScheme: request.authScheme,
  correlationId: request.correlationId
})

export const ownTokens = (request: Requests.RemoveTokensForClientRequest): ClientCredentials.RemoveRequest => ({
  authority: Argument.optionalText("authority", request.authority)
})

export const filter = (request: Requests.AccountsRequest): Filter => ({
  username: Argument.optionalText("username", request.username)
})

export const homeAccountId = (request: Requests.AccountRequest): string =>
  Argument.text("homeAccountId", request.homeAccountId)

export const account = (request: Requests.RemoveAccountRequest): Account => Argument.account(request.account)

export const tokenCacheJson = (request: Requests.ImportTokenCacheRequest): Redacted.Redacted =>
  Argument.secret("json", request.json)
