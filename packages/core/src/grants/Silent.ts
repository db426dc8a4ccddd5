/**
 * Tokens without a person: from the cache, else by the cached refresh token.
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as CachedToken from "../acquisition/CachedToken.js"
import * as OtherTenant from "../acquisition/OtherTenant.js"
import * as ProofOfPossession from "../acquisition/ProofOfPossession.js"
import * as Refresh from "../acquisition/Refresh.js"
import { type AuthError, InteractionRequired, type InvalidArgument, type InvalidAuthority } from "../AuthError.js"
import * as Partition from "../cache/Partition.js"
import type { Account } from "../domain/Account.js"
import * as Argument from "../domain/Argument.js"
import * as Authority from "../domain/Authority.js"
import * as Scopes from "../domain/Scopes.js"
import type { TokenResult } from "../domain/TokenResult.js"
import { ClientApplication, type Service as Application } from "../services/ClientApplication.js"
import type { Crypto } from "../services/Crypto.js"
import type { TokenCache } from "../services/TokenCache.js"

/** @category models */
export interface Request extends CachedToken.Request {
  /** Whose token, as `Accounts` or an earlier result tells; none asks for interaction. */
  readonly account: Account | Option.Option<Account> | undefined
}

/**
 * A valid token for the scopes and the account. Equal calls at the same time share one request, and one account's
 * refreshes run one after the other. Fails with `InteractionRequired` where a person has to sign in.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-6
 * @category programs
 */
export const acquire = (
  request: Request
): Effect.Effect<TokenResult, AuthError, ClientApplication | HttpClient.HttpClient | TokenCache | Crypto> =>
  ProofOfPossession.bind(request.authScheme, (keyId) =>
    Effect.gen(function*() {
      const wanted = yield* read(request, keyId, yield* ClientApplication)
      return yield* CachedToken.getOr(wanted, {
        requires: (partition) => Refresh.redeemable(partition, wanted),
        run: (partition, outcome) => Refresh.refresh({ ...wanted, ...wanted.demands, outcome }, partition)
      })
    }))

/**
 * Like `acquire`, with none where a person has to sign in.
 *
 * @category programs
 */
export const acquireOption = (
  request: Request
): Effect.Effect<
  Option.Option<TokenResult>,
  Exclude<AuthError, InteractionRequired>,
  ClientApplication | HttpClient.HttpClient | TokenCache | Crypto
> =>
  acquire(request).pipe(
    Effect.asSome,
    Effect.catchTag("InteractionRequired", () => Effect.succeedNone)
  )

interface Wanted extends CachedToken.Wanted {
  readonly account: Account
}

const read = (
  request: Request,
  keyId: string | undefined,
  application: Application
): Either.Either<Wanted, InvalidArgument | InvalidAuthority | InteractionRequired> => {
  const scopes = Scopes.parse(request.scopes)
  const account = Option.isOption(request.account) ? Option.getOrUndefined(request.account) : request.account
  if (account === undefined || account === null) {
    return Either.flatMap(scopes, () =>
      Either.left(
        new InteractionRequired({ reason: "no_account", message: "No account was given. Sign in interactively." })
      ))
  }
  return Either.all({
    scopes,
    authority: authorityOf(request, account, application),
    demands: CachedToken.demands(request, keyId)
  }).pipe(Either.map(({ authority, demands, scopes }) => ({
    demands,
    key: Partition.userKey(authority, account.homeAccountId),
    clientId: application.clientId,
    authority,
    account,
    scopes,
    tenantId: account.tenantId,
    acceptsTenant: (token) =>
      Authority.servesTenant(authority, account, token) && application.allowsTenant(token.tenantId),
    exactScopes: false
  })))
}

const authorityOf = (request: Request, account: Account, application: Application) =>
  Either.filterOrLeft(
    request.authority === undefined
      ? Either.right(Authority.forAccount(application.authority, account))
      : OtherTenant.parse(request.authority, application),
    (authority) => Authority.knows(authority, account),
    () => Argument.invalid("account", "account is from another provider than this application's.")
  )
