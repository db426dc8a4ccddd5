import type { Account } from "@grantwork/core/Account"
import type * as Core from "@grantwork/core/AuthError"
import type { AuthorizationFlow, InitiateRequest } from "@grantwork/core/AuthorizationCode"
import type {
  AssertionRequest,
  ClientCertificate,
  ClientSigner,
  Options,
  SigningAlgorithm
} from "@grantwork/core/ClientApplication"
import type { TokenResult } from "@grantwork/core/TokenResult"
import type * as Facade from "@grantwork/promise"
import type * as Redis from "@grantwork/redis/RedisTokenCache"
import { expectTypeOf } from "vitest"

type OwnFields = Exclude<keyof ConstructorParameters<typeof Core.InvalidGrant>[0], "message">

/** The plain types say what core says; the other direction is proven where they are converted. */
expectTypeOf<Facade.AuthErrorTag>().toEqualTypeOf<Core.AuthError["_tag"] | "ApplicationDisposed">()
expectTypeOf<Facade.ErrorDetails>().toExtend<Pick<Core.InvalidGrant, "message" | Exclude<OwnFields, "errorCodes">>>()
expectTypeOf<Required<Facade.ErrorDetails>>().toHaveProperty("errorCodes")
expectTypeOf<Facade.InteractionReason>().toEqualTypeOf<Core.InteractionReason>()
expectTypeOf<Facade.NetworkFailure["reason"]>().toEqualTypeOf<Core.NetworkFailure["reason"]>()
expectTypeOf<Facade.MalformedResponse["reason"]>().toEqualTypeOf<Core.MalformedResponse["reason"]>()
expectTypeOf<Facade.InvalidAuthority["reason"]>().toEqualTypeOf<Core.InvalidAuthority["reason"]>()
expectTypeOf<Facade.IdTokenRejected["rule"]>().toEqualTypeOf<Core.IdTokenRejected["rule"]>()
expectTypeOf<Facade.ResponseMismatch["reason"]>().toEqualTypeOf<Core.ResponseMismatch["reason"]>()
expectTypeOf<Facade.CacheUnavailable["operation"]>().toEqualTypeOf<Core.CacheUnavailable["operation"]>()

expectTypeOf<Facade.CredentialUnavailable["option"]>().toEqualTypeOf<Core.CredentialUnavailable["option"]>()

expectTypeOf<Facade.ClientSigningAlgorithm>().toEqualTypeOf<SigningAlgorithm>()
expectTypeOf<keyof Facade.ClientCertificate>().toEqualTypeOf<keyof ClientCertificate>()
expectTypeOf<keyof Facade.ClientSigner>().toEqualTypeOf<keyof ClientSigner>()
expectTypeOf<Facade.ClientAssertionRequest>().toEqualTypeOf<AssertionRequest>()
expectTypeOf<ReadonlyArray<Facade.SigningAlgorithm> | undefined>().toEqualTypeOf<Options["idTokenSigningAlgorithms"]>()
expectTypeOf<keyof Facade.ConfidentialClientOptions>().toEqualTypeOf<
  keyof Options | "fetch" | "dispatcher" | "tokenCache"
>()
expectTypeOf<Facade.RedisClient>().toEqualTypeOf<Redis.Options["client"]>()
expectTypeOf<Facade.RedisTokenCacheOptions["plainEntries"]>().toEqualTypeOf<Redis.Options["plainEntries"]>()
expectTypeOf<keyof Facade.RedisTokenCacheOptions>().toEqualTypeOf<
  Exclude<keyof Redis.Options, "client"> | "redis"
>()
expectTypeOf<keyof Facade.TokenResult>().toEqualTypeOf<keyof TokenResult>()
expectTypeOf<keyof Facade.Account>().toEqualTypeOf<keyof Account>()
expectTypeOf<Facade.Account["authorityType"]>().toEqualTypeOf<Account["authorityType"]>()
expectTypeOf<Facade.AuthCodeFlow>().toEqualTypeOf<Readonly<Omit<AuthorizationFlow, never>>>()
expectTypeOf<keyof Facade.AuthCodeFlowRequest>().toEqualTypeOf<keyof InitiateRequest | "signal">()
