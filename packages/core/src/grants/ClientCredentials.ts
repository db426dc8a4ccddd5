/**
 * A token in the client's own name, such as a daemon's.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as CachedToken from "../acquisition/CachedToken.js"
import * as OtherTenant from "../acquisition/OtherTenant.js"
import * as ProofOfPossession from "../acquisition/ProofOfPossession.js"
import * as TokenRequest from "../acquisition/TokenRequest.js"
import * as TokenSaving from "../acquisition/TokenSaving.js"
import * as VerifiedTokens from "../acquisition/VerifiedTokens.js"
import { type AuthError, type InvalidArgument, type InvalidAuthority, InvalidConfiguration } from "../AuthError.js"
import type { TokenKind } from "../cache/CacheRecord.js"
import * as ExtendedCacheKey from "../cache/ExtendedCacheKey.js"
import * as Partition from "../cache/Partition.js"
import * as Argument from "../domain/Argument.js"
import * as Authority from "../domain/Authority.js"
import * as Scopes from "../domain/Scopes.js"
import type { TokenResult } from "../domain/TokenResult.js"
import type { CacheOutcome } from "../protocol/MicrosoftHeaders.js"
import { ClientApplication, type Service as Application } from "../services/ClientApplication.js"
import { Crypto } from "../services/Crypto.js"
import { TokenCache } from "../services/TokenCache.js"

/** @category models */
export interface Request extends CachedToken.Request {
  /** At Microsoft one resource's: `api://orders/.default`. */
  readonly scopes: ReadonlyArray<string>
  /** For whom the token is within a Federated Managed Identity, such as an agent's path; cached apart from others. */
  readonly fmiPath?: string | undefined
}

/**
 * From the cache, else from the provider. Equal calls at the same time share one request.
 *
 * @category programs
 */
export const acquire = (
  request: Request
): Effect.Effect<TokenResult, AuthError, ClientApplication | HttpClient.HttpClient | TokenCache | Crypto> =>
  ProofOfPossession.bind(request.authScheme, (keyId) =>
    Effect.gen(function*() {
      const parameters = yield* parametersOf(request)
      const kind = { keyId, extendedCacheKey: yield* extendedCacheKeyOf(parameters) }
      const wanted = yield* read(request, kind, yield* ClientApplication)
      return yield* CachedToken.getOr(wanted, {
        requires: () => Effect.void,
        run: (_, outcome) => issue(wanted, outcome, parameters)
      })
    }))

/** @category models */
export interface RemoveRequest {
  /** Another tenant of the application's cloud. */
  readonly authority?: string | undefined
}

/**
 * Removes every token that the client got in its own name at a tenant, and nobody's who signed in.
 *
 * @category programs
 */
export const remove = (
  request: RemoveRequest = {}
): Effect.Effect<void, AuthError, ClientApplication | TokenCache> =>
  Effect.gen(function*() {
    const application = yield* ClientApplication
    const cache = yield* TokenCache
    const authority = yield* authorityOf(request, application)
    yield* cache.modify(Partition.appKey(authority, application.clientId), () => [undefined, Partition.empty])
  })

type Parameters = Readonly<Record<string, string>>

const extendedCacheKeyOf = (parameters: Parameters) =>
  Option.match(ExtendedCacheKey.bytes(parameters), {
    onNone: () => Effect.succeed(undefined),
    onSome: (bytes) =>
      Effect.flatMap(Crypto, (crypto) => Effect.map(crypto.digest("SHA-256", bytes), ExtendedCacheKey.fromDigest))
  })

const issue = (wanted: CachedToken.Wanted, outcome: CacheOutcome, parameters: Parameters) =>
  Effect.gen(function*() {
    const cache = yield* TokenCache
    const { authority, clientId, demands, extendedCacheKey, key, scopes } = wanted
    const issued = yield* TokenRequest.send({
      grantType: "client_credentials",
      authority,
      parameters,
      scopes,
      claims: demands.claims,
      keyId: demands.keyId,
      correlationId: demands.correlationId,
      idToken: { nonce: "unchecked", maxAge: Option.none(), required: false },
      call: { api: "client_credentials", outcome },
      routing: Option.none(),
      hint: {}
    })
    const tokens = VerifiedTokens.ofClient(issued)
    return yield* cache.modify(key, (partition) => [
      TokenSaving.resultOf(tokens),
      TokenSaving.addAppToken(partition, clientId, scopes, extendedCacheKey, tokens)
    ])
  })

const read = (
  request: Request,
  { extendedCacheKey, keyId }: TokenKind,
  application: Application
): Either.Either<CachedToken.Wanted, InvalidArgument | InvalidAuthority | InvalidConfiguration> =>
  Option.isNone(application.credential)
    ? Either.left(withoutCredential())
    : Either.flatMap(authorityOf(request, application), (authority) =>
      Either.all({
        demands: CachedToken.demands(request, keyId),
        scopes: scopesOf(request, authority)
      }).pipe(Either.map(({ demands, scopes }) => ({
        demands,
        key: Partition.appKey(authority, application.clientId),
        clientId: application.clientId,
        authority,
        scopes,
        tenantId: "",
        acceptsTenant: () => true,
        exactScopes: true,
        extendedCacheKey
      }))))

const withoutCredential = () =>
  new InvalidConfiguration({
    option: "clientSecret",
    message: "A client acts in its own name only with a credential."
      + " Pass clientSecret, clientCertificate, clientSigner or clientAssertion."
  })

const authorityOf = ({ authority }: RemoveRequest, application: Application) =>
  Either.filterOrLeft(
    authority === undefined ? Either.right(application.authority) : OtherTenant.parse(authority, application),
    Authority.namesOneTenant,
    () =>
      Argument.invalid(
        "authority",
        "authority has to name one tenant, by id or domain: a client in its own name has none of its own."
      )
  )

const parametersOf = ({ fmiPath }: Request): Either.Either<Parameters, InvalidArgument> =>
  fmiPath === undefined
    ? Either.right({})
    : Either.map(Argument.nonEmptyText("fmiPath", fmiPath), (path) => ({ fmi_path: path }))

const scopesOf = ({ scopes }: Request, authority: Authority.Authority) =>
  Either.filterOrLeft(
    Scopes.parseForClient(scopes),
    (parsed) => authority._tag === "OpenIdConnect" || parsed.length > 0,
    () => Argument.invalid("scopes", "scopes has to name a resource, such as api://orders/.default.")
  )
