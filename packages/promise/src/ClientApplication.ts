/**
 * What public and confidential applications have in common: every grant, one method each.
 */
import * as Accounts from "@grantwork/core/Accounts"
import * as AuthorizationCode from "@grantwork/core/AuthorizationCode"
import * as CacheTransfer from "@grantwork/core/CacheTransfer"
import * as ProofOfPossession from "@grantwork/core/ProofOfPossession"
import * as RefreshToken from "@grantwork/core/RefreshToken"
import * as Silent from "@grantwork/core/Silent"
import * as UsernamePassword from "@grantwork/core/UsernamePassword"
import * as Redacted from "effect/Redacted"
import * as Bridge from "./Bridge.js"
import { checkOptions } from "./checkOptions.js"
import type { Credential } from "./Credential.js"
import * as From from "./fromRequest.js"
import { layer } from "./layer.js"
import type { PublicClientOptions } from "./Options.js"
import type * as Requests from "./Requests.js"
import type { Account, AuthCodeFlow, TokenResult } from "./TokenResult.js"
import * as Plain from "./toPlain.js"

declare global {
  /** As in TypeScript's `ESNext.Disposable`, which callers may not have. */
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol
  }
}

/**
 * An application and its token cache, which lasts as long as the object.
 *
 * Every method rejects with an `AuthError`, or with the reason of the request's `signal` once that is aborted. An abort
 * ends the waiting: a refresh that other calls share goes on.
 */
export abstract class ClientApplication {
  /** Throws `InvalidConfiguration` or `InvalidAuthority`. Sends nothing. */
  constructor(options: PublicClientOptions, credential?: Credential) {
    Bridge.attach(this, layer(checkOptions(options, credential !== undefined), credential))
  }

  /** A token from the cache, else by the cached refresh token; `null` where the person has to sign in. */
  acquireTokenSilent(request: Requests.SilentRequest): Promise<TokenResult | null> {
    return Bridge.of(this).run(request, From.silent, Silent.acquireOption, Plain.optionalTokenResult)
  }

  /** Like `acquireTokenSilent`, but rejects with `InteractionRequired`, which tells why the person has to sign in. */
  acquireTokenSilentWithError(request: Requests.SilentRequest): Promise<TokenResult> {
    return Bridge.of(this).run(request, From.silent, Silent.acquire, Plain.tokenResult)
  }

  /** Begins a sign-in by browser: send the person to the flow's `authorizationUrl`, keep the flow in their session. */
  initiateAuthCodeFlow(request: Requests.AuthCodeFlowRequest): Promise<AuthCodeFlow> {
    return Bridge.of(this).run(request, From.authCodeFlow, AuthorizationCode.initiate, (flow) => flow)
  }

  /** Ends a sign-in by browser; rejects with `ResponseMismatch` where the response does not answer the flow. */
  acquireTokenByAuthCodeFlow(request: Requests.AuthCodeFlowResponse): Promise<TokenResult> {
    return Bridge.of(this).run(request, From.authCodeFlowResponse, AuthorizationCode.complete, Plain.tokenResult)
  }

  /** The address alone, for those who keep state, nonce and verifier themselves; prefer `initiateAuthCodeFlow`. */
  getAuthorizationRequestUrl(request: Requests.AuthorizationUrlRequest): Promise<string> {
    return Bridge.of(this).run(request, From.authorizationUrl, AuthorizationCode.requestUrl, (url) => url)
  }

  /** Redeems a code whose state the caller has checked; prefer `acquireTokenByAuthCodeFlow`, which checks it. */
  acquireTokenByAuthorizationCode(request: Requests.AuthorizationCodeRequest): Promise<TokenResult> {
    return Bridge.of(this).run(request, From.authorizationCode, AuthorizationCode.redeem, Plain.tokenResult)
  }

  /** Rejects with `InvalidCredentials` where name or password is wrong; prefer any grant that knows a second factor. */
  acquireTokenByUsernamePassword(request: Requests.UsernamePasswordRequest): Promise<TokenResult> {
    return Bridge.of(this).run(request, From.usernamePassword, UsernamePassword.acquire, Plain.tokenResult)
  }

  /** Whether `authScheme` may be passed: the provider binds tokens to a key of this application's. Microsoft Entra does. */
  isPopSupported(request: Requests.PopSupportRequest = {}): Promise<boolean> {
    return Bridge.of(this).run(
      request,
      (nothing) => nothing,
      () => ProofOfPossession.isSupported,
      (supported) => supported
    )
  }

  /** Takes over a refresh token from elsewhere, such as another library's cache. */
  acquireTokenByRefreshToken(request: Requests.RefreshTokenRequest): Promise<TokenResult> {
    return Bridge.of(this).run(request, From.refreshToken, RefreshToken.acquire, Plain.tokenResult)
  }

  /** Who is signed in: one account for each person, whatever the tenants. */
  getAccounts(request: Requests.AccountsRequest = {}): Promise<ReadonlyArray<Account>> {
    return Bridge.of(this).run(request, From.filter, Accounts.list, Plain.accounts)
  }

  /** The account of this identifier; `null` where it is not signed in. */
  getAccount(request: Requests.AccountRequest): Promise<Account | null> {
    return Bridge.of(this).run(request, From.homeAccountId, Accounts.get, Plain.optionalAccount)
  }

  /** Forgets every token of the account; a refresh that is under way saves nothing more. */
  removeAccount(request: Requests.RemoveAccountRequest): Promise<void> {
    return Bridge.of(this).run(request, From.account, Accounts.remove, (nothing) => nothing)
  }

  /** Adds what another token cache holds, such as one of MSAL's; of two tokens for one purpose the newer one stays. */
  importTokenCache(request: Requests.ImportTokenCacheRequest): Promise<void> {
    return Bridge.of(this).run(request, From.tokenCacheJson, CacheTransfer.importJson, (nothing) => nothing)
  }

  /**
   * The accounts of the application's provider, and what the application holds in its own name, as MSAL serializes them.
   * The text has every token and refresh token in plain: who reads it is signed in as each of them.
   */
  exportTokenCache(request: Requests.ExportTokenCacheRequest = {}): Promise<string> {
    return Bridge.of(this).run(request, (nothing) => nothing, CacheTransfer.exportJson, Redacted.value)
  }

  /** Lets calls under way come to their end, closes connections and forgets the cache; later calls reject. */
  dispose(): Promise<void> {
    return Bridge.of(this).dispose()
  }

  /** What `await using` calls: `dispose`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose()
  }
}
