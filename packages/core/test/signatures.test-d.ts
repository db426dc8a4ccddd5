/**
 * Pins the signature of every program and layer; checked by the compiler alone.
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import type { Account, AuthError, Authority, Claims, Partition, Scopes, TokenResult } from "@grantwork/core"
import {
  Accounts,
  AuthorizationCode,
  ClientApplication,
  ClientCredentials,
  Crypto,
  Grantwork,
  ProofOfPossession,
  RefreshToken,
  Silent,
  TokenCache,
  UsernamePassword
} from "@grantwork/core"
import type * as Config from "effect/Config"
import type * as ConfigError from "effect/ConfigError"
import type * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { describe, expectTypeOf, it } from "vitest"

type Everything = ClientApplication.ClientApplication | HttpClient.HttpClient | TokenCache.TokenCache | Crypto.Crypto
type Grant<Request> = (request: Request) => Effect.Effect<TokenResult.TokenResult, AuthError.AuthError, Everything>

describe("grants", () => {
  it("Silent", () => {
    expectTypeOf(Silent.acquire).toEqualTypeOf<Grant<Silent.Request>>()
    expectTypeOf(Silent.acquireOption).toEqualTypeOf<
      (request: Silent.Request) => Effect.Effect<
        Option.Option<TokenResult.TokenResult>,
        Exclude<AuthError.AuthError, AuthError.InteractionRequired>,
        Everything
      >
    >()
    expectTypeOf<Silent.Request>().toEqualTypeOf<{
      readonly scopes: ReadonlyArray<string>
      readonly account: Account.Account | Option.Option<Account.Account> | undefined
      readonly forceRefresh?: boolean | undefined
      readonly claims?: string | undefined
      readonly authority?: string | undefined
      readonly minValidity?: Duration.DurationInput | undefined
      readonly authScheme?: ProofOfPossession.PopScheme | undefined
      readonly correlationId?: string | undefined
    }>()
  })

  it("AuthorizationCode", () => {
    expectTypeOf(AuthorizationCode.initiate).toEqualTypeOf<
      (request: AuthorizationCode.InitiateRequest) => Effect.Effect<
        AuthorizationCode.AuthorizationFlow,
        AuthError.AuthError,
        Everything
      >
    >()
    expectTypeOf(AuthorizationCode.complete).toEqualTypeOf<Grant<AuthorizationCode.CompleteRequest>>()
    expectTypeOf(AuthorizationCode.requestUrl).toEqualTypeOf<
      (request: AuthorizationCode.UrlRequest) => Effect.Effect<
        string,
        AuthError.AuthError,
        Everything
      >
    >()
    expectTypeOf(AuthorizationCode.redeem).toEqualTypeOf<Grant<AuthorizationCode.RedeemRequest>>()
    expectTypeOf<AuthorizationCode.RedeemRequest["code"]>().toEqualTypeOf<Redacted.Redacted>()
    expectTypeOf<AuthorizationCode.CompleteRequest["flow"]>().toEqualTypeOf<unknown>()
    expectTypeOf<AuthorizationCode.AuthorizationFlow["codeVerifier"]>().toEqualTypeOf<string>()
    expectTypeOf<AuthorizationCode.InitiateRequest["responseMode"]>().toEqualTypeOf<
      "query" | "form_post" | "fragment" | undefined
    >()
  })

  it("ClientCredentials", () => {
    expectTypeOf(ClientCredentials.acquire).toEqualTypeOf<Grant<ClientCredentials.Request>>()
    expectTypeOf<ClientCredentials.Request>().toEqualTypeOf<{
      readonly scopes: ReadonlyArray<string>
      readonly fmiPath?: string | undefined
      readonly authority?: string | undefined
      readonly forceRefresh?: boolean | undefined
      readonly claims?: string | undefined
      readonly minValidity?: Duration.DurationInput | undefined
      readonly authScheme?: ProofOfPossession.PopScheme | undefined
      readonly correlationId?: string | undefined
    }>()
  })

  it("UsernamePassword", () => {
    expectTypeOf(UsernamePassword.acquire).toEqualTypeOf<Grant<UsernamePassword.Request>>()
    expectTypeOf<UsernamePassword.Request>().toEqualTypeOf<{
      readonly username: string
      readonly password: Redacted.Redacted
      readonly scopes: ReadonlyArray<string>
      readonly claims?: string | undefined
      readonly authScheme?: ProofOfPossession.PopScheme | undefined
      readonly correlationId?: string | undefined
    }>()
  })

  it("ProofOfPossession", () => {
    expectTypeOf(ProofOfPossession.isSupported).toEqualTypeOf<
      Effect.Effect<boolean, never, ClientApplication.ClientApplication>
    >()
    expectTypeOf<ProofOfPossession.PopScheme>().toEqualTypeOf<{
      readonly method: "GET" | "POST" | "PUT" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS"
      readonly url: string
      readonly nonce?: string | undefined
    }>()
  })

  it("RefreshToken", () => {
    expectTypeOf(RefreshToken.acquire).toEqualTypeOf<Grant<RefreshToken.Request>>()
    expectTypeOf<RefreshToken.Request>().toEqualTypeOf<{
      readonly refreshToken: Redacted.Redacted
      readonly scopes: ReadonlyArray<string>
      readonly correlationId?: string | undefined
    }>()
  })

  it("Accounts", () => {
    type Here = ClientApplication.ClientApplication | TokenCache.TokenCache
    expectTypeOf(Accounts.list).toEqualTypeOf<
      (filter?: Accounts.Filter) => Effect.Effect<ReadonlyArray<Account.Account>, AuthError.CacheUnavailable, Here>
    >()
    expectTypeOf(Accounts.get).toEqualTypeOf<
      (homeAccountId: string) => Effect.Effect<Option.Option<Account.Account>, AuthError.CacheUnavailable, Here>
    >()
    expectTypeOf(Accounts.remove).toEqualTypeOf<
      (
        account: Account.Account
      ) => Effect.Effect<void, AuthError.CacheUnavailable | AuthError.InvalidArgument, Here>
    >()
  })
})

describe("values", () => {
  it("TokenResult", () => {
    expectTypeOf<TokenResult.TokenResult>().toEqualTypeOf<{
      readonly accessToken: Redacted.Redacted
      readonly tokenType: string
      readonly scopes: Scopes.Scopes
      readonly expiresAt: DateTime.Utc
      readonly extendedExpiresAt: Option.Option<DateTime.Utc>
      readonly refreshAt: Option.Option<DateTime.Utc>
      readonly account: Option.Option<Account.Account>
      readonly idToken: Option.Option<Redacted.Redacted>
      readonly idTokenClaims: Option.Option<Claims.IdTokenClaims>
      readonly tenantId: string
      readonly source: "cache" | "identity-provider"
      readonly correlationId: Option.Option<string>
      readonly refreshToken: Option.Option<Redacted.Redacted>
    }>()
  })

  it("Account", () => {
    expectTypeOf<keyof Account.Account>().toEqualTypeOf<
      "homeAccountId" | "environment" | "tenantId" | "localAccountId" | "username" | "name" | "authorityType"
    >()
    expectTypeOf<Account.Account["name"]>().toEqualTypeOf<Option.Option<string>>()
    expectTypeOf<Account.Account["authorityType"]>().toEqualTypeOf<"MSSTS" | "ADFS" | "Generic">()
  })

  it("AuthError is closed, and its reasons narrow", () => {
    expectTypeOf<AuthError.AuthError["_tag"]>().toEqualTypeOf<
      | "InteractionRequired"
      | "InvalidCredentials"
      | "InvalidGrant"
      | "InvalidClient"
      | "InvalidScope"
      | "AccessDenied"
      | "ServerRefused"
      | "Throttled"
      | "ServerUnavailable"
      | "NetworkFailure"
      | "MalformedResponse"
      | "InvalidAuthority"
      | "IdTokenRejected"
      | "ResponseMismatch"
      | "CacheUnavailable"
      | "CredentialUnavailable"
      | "InvalidConfiguration"
      | "InvalidArgument"
    >()
    expectTypeOf<AuthError.InteractionRequired["reason"]>().toEqualTypeOf<
      "no_account" | "no_token" | "expired" | "login" | "consent" | "mfa" | "password" | "policy" | "claims"
    >()
    expectTypeOf<AuthError.AuthError["errorCodes"]>().toEqualTypeOf<ReadonlyArray<number>>()
    expectTypeOf<AuthError.AuthError["correlationId"]>().toEqualTypeOf<string | undefined>()
    expectTypeOf<AuthError.AuthError["message"]>().toEqualTypeOf<string>()
  })

  it("Authority", () => {
    expectTypeOf<Authority.Authority["_tag"]>().toEqualTypeOf<
      "Entra" | "B2c" | "Ciam" | "Adfs" | "Dsts" | "OpenIdConnect"
    >()
  })
})

describe("services and layers", () => {
  it("ClientApplication", () => {
    type Refusals = AuthError.InvalidConfiguration | AuthError.InvalidAuthority
    expectTypeOf(ClientApplication.layer).toEqualTypeOf<
      (options: ClientApplication.Options) => Layer.Layer<ClientApplication.ClientApplication, Refusals>
    >()
    expectTypeOf(ClientApplication.layerConfig).toEqualTypeOf<
      (
        config?: Config.Config<ClientApplication.Options>
      ) => Layer.Layer<ClientApplication.ClientApplication, Refusals | ConfigError.ConfigError>
    >()
    expectTypeOf(ClientApplication.make).toEqualTypeOf<
      (options: ClientApplication.Options) => Effect.Effect<ClientApplication.Service, Refusals, Scope.Scope>
    >()
    expectTypeOf<ClientApplication.Options["clientSecret"]>().toEqualTypeOf<Redacted.Redacted | undefined>()
    type Algorithm = "PS256" | "RS256" | "ES256" | "ES384" | "ES512"
    expectTypeOf<ClientApplication.SigningAlgorithm>().toEqualTypeOf<Algorithm>()
    expectTypeOf<ClientApplication.ClientCertificate>().toEqualTypeOf<{
      readonly certificate?: string | undefined
      readonly thumbprint?: string | undefined
      readonly keyId?: string | undefined
      readonly algorithm?: Algorithm | undefined
      readonly sendCertificate?: boolean | undefined
      readonly privateKey: Redacted.Redacted
      readonly passphrase?: Redacted.Redacted | undefined
    }>()
    expectTypeOf<ClientApplication.ClientSigner["sign"]>().toEqualTypeOf<
      (bytes: Uint8Array, algorithm: Algorithm) => Effect.Effect<Uint8Array, unknown>
    >()
    type Assertion = Effect.Effect<Redacted.Redacted, unknown>
    expectTypeOf<ClientApplication.Options["clientAssertion"]>().toEqualTypeOf<
      | Redacted.Redacted
      | Assertion
      | ((request: ClientApplication.AssertionRequest) => Assertion)
      | undefined
    >()
  })

  it("Grantwork", () => {
    type Refusals = AuthError.InvalidConfiguration | AuthError.InvalidAuthority
    expectTypeOf<Grantwork.Services>().toEqualTypeOf<Everything>()
    expectTypeOf(Grantwork.layer).toEqualTypeOf<
      (options: ClientApplication.Options) => Layer.Layer<Everything, Refusals>
    >()
    expectTypeOf(Grantwork.layerConfig).toEqualTypeOf<
      Layer.Layer<Everything, Refusals | ConfigError.ConfigError>
    >()
  })

  it("TokenCache", () => {
    expectTypeOf(TokenCache.layerMemory).toEqualTypeOf<Layer.Layer<TokenCache.TokenCache>>()
    expectTypeOf<keyof TokenCache.Service>().toEqualTypeOf<"read" | "modify" | "list" | "withRefreshLock">()
    expectTypeOf<TokenCache.Service["read"]>().toEqualTypeOf<
      (key: Partition.Key) => Effect.Effect<Partition.Partition, AuthError.CacheUnavailable>
    >()
  })

  it("Crypto", () => {
    expectTypeOf(Crypto.layer).toEqualTypeOf<Layer.Layer<Crypto.Crypto>>()
    expectTypeOf<keyof Crypto.Service>().toEqualTypeOf<
      | "randomBytes"
      | "digest"
      | "sign"
      | "signer"
      | "generateProofKey"
      | "decryptKey"
      | "verify"
      | "encrypt"
      | "decrypt"
    >()
    expectTypeOf<Crypto.Service["randomBytes"]>().toEqualTypeOf<(size: number) => Effect.Effect<Uint8Array>>()
  })
})
